"""How a text is encoded, told from its first bytes: nobody writes it down, and many tables are not UTF-8."""

from __future__ import annotations

import codecs
import contextlib

_BOMS = (("utf-8", codecs.BOM_UTF8), ("utf-32", codecs.BOM_UTF32_LE), ("utf-32", codecs.BOM_UTF32_BE),
         ("utf-16", codecs.BOM_UTF16_LE), ("utf-16", codecs.BOM_UTF16_BE))  # fmt: skip
_CONTROL = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27}) + b"\x7f"


def encoding_of(head: bytes, *, whole: bool) -> str | None:
    """Encoding of a text by its first bytes: a mark, UTF-8, UTF-16 by its zeros, GB 18030 by its common characters."""
    for name, mark in _BOMS:
        if head.startswith(mark):
            return name
    if not head:
        return None
    sample = head if whole else head[: len(head) - 4]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) / 5 and min(even, odd) < len(sample) / 50:
        return "utf-16-le" if odd > even else "utf-16-be"
    if max(even, odd) > 1 and min(even, odd) == 0 and _wide(sample, name := "utf-16-le" if odd else "utf-16-be"):
        return name
    if len(sample.translate(None, _CONTROL)) < len(sample) * 0.99 or b"\0" in sample[:1024]:
        return None
    with contextlib.suppress(UnicodeDecodeError):
        codecs.getincrementaldecoder("utf-8")("strict").decode(sample)
        return "utf-8"
    return "gb18030" if _chinese(sample) else "cp1252" if _western(sample) else None


def _wide(sample: bytes, encoding: str) -> bool:
    """Whether a text decodes to characters that are printed, nearly all."""
    with contextlib.suppress(UnicodeDecodeError):
        text = sample[: len(sample) // 2 * 2].decode(encoding)
        return sum(c.isprintable() or c in "\r\n\t" for c in text) >= 0.99 * len(text)
    return False


def _chinese(sample: bytes) -> bool:
    """Whether nearly all that is not ASCII are pairs of bytes that stand for the 3,755 most common characters."""
    high = common = 0
    place = 0
    while place < len(sample) - 1:
        if sample[place] < 0x80:
            place += 1
            continue
        high += 1
        common += (0xB0 <= sample[place] <= 0xD7 or 0xA1 <= sample[place] <= 0xA3) and sample[place + 1] >= 0xA1
        place += 2
    return high > 0 and common / high > 0.85


def _western(sample: bytes) -> bool:
    """Whether few bytes are not ASCII, as in languages of Latin letters."""
    return sum(byte >= 0x80 for byte in sample) < len(sample) * 0.3
