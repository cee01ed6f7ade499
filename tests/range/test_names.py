"""Made-up names and identifiers."""

from __future__ import annotations

import re

import numpy as np

from tidegate.range import ids, names


def test_words_are_distinct_and_plain() -> None:
    found = names.words(np.random.default_rng(1), 5_000)
    assert len(set(found)) == 5_000
    assert all(word.isascii() and word.isalpha() and word.islower() for word in found)


def test_identifiers_have_the_products_forms() -> None:
    rng = np.random.default_rng(1)
    assert re.fullmatch(r"F[0-9A-Za-z]{17}", ids.zeek(rng, 3, first="F")[2].as_py())
    guid = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(guid, text) for text in ids.guids(rng, 50).to_pylist())
    assert len(set(ids.hexadecimal(rng, 100, 10).to_pylist())) == 100
