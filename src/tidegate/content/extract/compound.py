"""Old documents of Office (Word, PowerPoint, Publisher): the runs of text in their streams, and their properties."""

from __future__ import annotations

import re

from tidegate.content.document import Opaque, Parts, blocks
from tidegate.content.extract.sheets import bounded, compound_directory, summary
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_MOST = 128 << 20  # bytes
_NARROW = re.compile(rb"[\t\r\n\x20-\x7e\x91-\x97\xa0-\xff]{8,}")
_WIDE = re.compile(rb"(?:[\t\r\n\x20-\x7e\xa0-\xff]\x00|(?!\x00[\x4e-\x7e]\x00)[\x00-\xff][\x04\x30\x4e-\x9f\xff]){6,}")
"""Runs of UTF-16: of letters of Europe, and of others; a zero before a letter is the end of what stands before it."""

_STREAMS = {"WordDocument": "doc", "PowerPoint Document": "ppt", "Quill": "pub", "VisioDocument": "vsd"}


def _kind(source: Source) -> str:
    names = compound_directory(source)
    return next((kind for name, kind in _STREAMS.items() if name.encode("utf-16-le") in names), "ole")


@extractor(formats=(*_STREAMS.values(), "ole"), rank=15, magic=((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),), sniff=_kind)
def compound(source: Source) -> Parts:
    """Text of its streams, in the order in which they were stored; of all its bytes where it has no order."""
    import olefile

    source.bound(_MOST)
    with source.open() as raw:
        try:
            file = bounded(olefile.OleFileIO(raw))
        except (OSError, ValueError) as error:
            yield from _text(source.read(_MOST), "")
            raise InputError("damaged: its text is read without its structure", file=source.name) from error
        yield from summary(file)
        for path in file.listdir():
            if path[-1].startswith("\x05") or "Macros" in path or "VBA" in path:
                continue
            where = "/".join(path).lstrip("\x01\x03")
            try:
                yield from _text(file.openstream(path).read(), where)
            except OSError as error:
                yield Opaque(f"cannot be read ({error})", where)


def _text(data: bytes, where: str) -> Parts:
    wide = [run.decode("utf-16-le", "replace") for run in _WIDE.findall(data) if _is_wide(run)]
    narrow = [run.decode("cp1252", "replace") for run in _NARROW.findall(data)]
    yield from blocks(iter(["\n".join((*wide, *narrow)).replace("\r", "\n")]), where=where)


def _is_wide(run: bytes) -> bool:
    """Whether a run is meant as UTF-16: pairs of ASCII letters, or zeros one byte off, look like rare Chinese."""
    return run[::2].count(0) * 4 < len(run) and (b"\0" in run or not run.isascii())
