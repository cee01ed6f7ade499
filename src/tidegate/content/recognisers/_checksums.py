"""Check digits of the numbers that people, accounts and cards go by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def digits(value: str) -> list[int]:
    """Its digits, whatever stands between them."""
    return [int(c) for c in value if c.isdecimal() and c.isascii()]


def weighted(numbers: Sequence[int], weights: Sequence[int]) -> int:
    """Sum of digits times weights."""
    return sum(n * w for n, w in zip(numbers, weights, strict=False))


def luhn(numbers: Sequence[int]) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = [n if i % 2 == 0 else sum(divmod(2 * n, 10)) for i, n in enumerate(reversed(numbers))]
    return bool(numbers) and sum(doubled) % 10 == 0


def mod97(text: str) -> bool:
    """ISO/IEC 7064, MOD 97-10, over letters and digits, the first four taken to the end, as ISO 13616 does."""
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def mod11_10(numbers: Sequence[int]) -> bool:
    """ISO/IEC 7064, MOD 11,10."""
    product = 10
    for number in numbers[:-1]:
        product = ((number + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == numbers[-1]


_TURN = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
         (8, 9, 1, 6, 0, 4, 3, 5, 2, 7), (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
         (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8))  # fmt: skip


def _times(a: int, b: int) -> int:
    """The product of two elements of the dihedral group of ten."""
    if a < 5:
        return (a + b) % 5 + (5 if b >= 5 else 0)
    return (a - b) % 5 + (0 if b >= 5 else 5)


def verhoeff(numbers: Sequence[int]) -> bool:
    """Verhoeff 1969, as Aadhaar numbers use it."""
    check = 0
    for place, number in enumerate(reversed(numbers)):
        check = _times(check, _TURN[place % 8][number])
    return check == 0


def mrz(text: str) -> int:
    """ICAO Doc 9303-3, section 4.9: the check digit of a field of a machine readable zone."""
    values = (0 if c == "<" else int(c, 36) for c in text)
    return sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(values)) % 10


def is_date(year: int, month: int, day: int) -> bool:
    """Whether there was such a day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
