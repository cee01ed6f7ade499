"""Words of a list, written one after the other."""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """What stands between spaces."""
    return frozenset(text.split())


def ending(form: re.Pattern[str], text: str) -> str:
    """What of a form, given by its letters, a text ends with. Read from the end: a search for `$` takes its square."""
    found = form.match(text[::-1])
    return found[0][::-1] if found else ""
