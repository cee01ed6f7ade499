"""Made-up names: pronounceable syllables of no language, so that nobody and no nation is meant."""

from __future__ import annotations

import numpy as np

_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "dr", "fl", "gr", "tr")
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "oa")
_CODAS = ("", "", "", "l", "m", "n", "r", "s")


def word(rng: np.random.Generator, syllables: int) -> str:
    """One word of so many syllables, lower case."""
    parts = [_ONSETS[rng.integers(len(_ONSETS))] + _VOWELS[rng.integers(len(_VOWELS))] for _ in range(syllables)]
    return "".join(parts) + _CODAS[rng.integers(len(_CODAS))]


def words(rng: np.random.Generator, count: int, *, syllables: tuple[int, int] = (2, 3)) -> list[str]:
    """So many distinct words, of the fewest to the most syllables given."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[word(rng, int(rng.integers(syllables[0], syllables[1] + 1)))] = None
    return list(found)
