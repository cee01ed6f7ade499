"""Zeek's tab-separated logs: what their header lines say."""

from __future__ import annotations

import re

from tidegate.reading.headers import Headers
from tidegate.reading.layout import Layout


class ZeekHeader(Headers):
    """What Zeek's `#separator`, `#fields` and the like leave."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def read(self, line: str) -> None:
        """Take in a line that begins with `#`; what is no header says nothing."""
        # The word is followed by the separator, and by a space only where the separator is not known yet.
        name, _, value = line.removeprefix("#").partition(self._separator if self._separator in line else " ")
        name, value = name.strip(), value.strip("\r")
        if name.startswith("separator"):
            self._said = {"separator": _plain(value.strip() or "\t")}
        else:
            self._said[name] = value

    @property
    def _separator(self) -> str:
        return self._said.get("separator", "\t")

    @property
    def layout(self) -> Layout | None:
        """None as long as no line has named the fields."""
        if "fields" not in self._said:
            return None
        path = self._said.get("path")
        return Layout(
            format="zeek",
            fields=tuple(self._said["fields"].split(self._separator)),
            constants=(("_path", path),) if path else (),
            separator=self._separator,
            set_separator=self._said.get("set_separator", ","),
            unset=self._said.get("unset_field", "-"),
            empty=self._said.get("empty_field", "(empty)"),
        )


def _plain(text: str) -> str:
    r"""`\x09` and the like as the character."""
    return re.sub(r"\\x([0-9a-fA-F]{2})", lambda code: chr(int(code[1], 16)), text)
