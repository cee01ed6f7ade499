"""Random identifiers in the forms products use, many at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_BASE62 = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype=np.uint8)
_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def zeek(rng: np.random.Generator, count: int, *, first: str = "C") -> pa.Array:
    """Zeek's ids: a letter (C a connection, F a file) and 17 characters of base 62."""
    letters = np.empty((count, 18), dtype=np.uint8)
    letters[:, 0] = ord(first)
    letters[:, 1:] = _BASE62[rng.integers(0, 62, (count, 17), dtype=np.uint8)]
    return _texts(letters)


def guids(rng: np.random.Generator, count: int) -> pa.Array:
    """Random UUIDs (version 4), hyphenated."""
    letters = _HEX[rng.integers(0, 16, (count, 36), dtype=np.uint8)]
    letters[:, [8, 13, 18, 23]] = ord("-")
    letters[:, 14] = ord("4")
    letters[:, 19] = _HEX[8 + letters[:, 19] % 4]
    return _texts(letters)


def hexadecimal(rng: np.random.Generator, count: int, size: int) -> pa.Array:
    """Words of so many hexadecimal digits."""
    return _texts(_HEX[rng.integers(0, 16, (count, size), dtype=np.uint8)])


def _texts(letters: npt.NDArray[np.uint8]) -> pa.Array:
    """Rows of characters as an Arrow text column, without a copy."""
    count, size = letters.shape
    ends = np.arange(0, (count + 1) * size, size, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), count, [None, pa.py_buffer(ends), pa.py_buffer(letters)])
