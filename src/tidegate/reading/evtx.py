"""Windows event logs (EVTX) as JSON, one record a line, as the `evtx` library decodes them.

A file is a header and chunks of 64 KiB, each of which can be read by itself: so they are, one after another as they
come, and a damaged one costs no other. What is lost leaves lines in its place, `{"unreadable": "…"}`, that say so.
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Any

import numpy as np
from evtx import PyEvtxParser

from tidegate.errors import InputError

MAGIC = b"ElfFile\0"
_HEADER, _CHUNK = 4096, 65536
_BEFORE = MAGIC + bytes(_HEADER - len(MAGIC))
"""A header for each chunk: the library looks at its magic only, so it matters not if the file's own is damaged."""
_RECORDS = struct.Struct("<QQ")
"""Numbers of the first and the last record of a chunk, after its own magic of eight bytes."""
_LISTS = (128, 96)
"""Where the heads of the lists of names (64) and templates (32) lie in a chunk, and how many they are."""
_LONGEST = _CHUNK // 12
"""Links in such a list: more than fit into a chunk lead in a circle, in which the library would run for ever."""
_text: Callable[[Any], str] = itemgetter("data")


def lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Lines of JSON, those of a chunk at a time. Raises InputError after the last where the stream is damaged."""
    for number, chunk in enumerate(_chunks(pieces), 1):
        if chunk[0] or chunk.strip(b"\0"):  # Windows reserves chunks before it uses them
            records, lost = _read(chunk.ljust(_CHUNK, b"\0"))
            if len(chunk) < _CHUNK:
                lost.append("the file ends within it")
            records += [json.dumps({"unreadable": f"chunk {number}: {reason}"}) for reason in lost]
            yield "\n".join([*records, ""]).encode()


def _chunks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks of a file; of one that is cut off, what there is."""
    held, wanted, damage = b"", _HEADER, None
    try:
        for piece in pieces:
            held += piece
            at = 0
            while len(held) - at >= wanted:
                if wanted == _CHUNK:
                    yield held[at : at + _CHUNK]
                at, wanted = at + wanted, _CHUNK
            held = held[at:]
    except InputError as error:
        damage = error
    if wanted == _CHUNK and held:
        yield held
    if damage:
        raise damage


def _read(chunk: bytes) -> tuple[list[str], list[str]]:
    """The records of a chunk, and why others cannot be read."""
    records: list[str] = []
    lost: list[str] = []
    if not _lists_end(chunk):
        return [], ["its lists of names lead in a circle"]
    found = PyEvtxParser(io.BytesIO(_BEFORE + chunk), number_of_threads=1).records_json()
    while True:
        try:
            records.extend(map(_text, found))
            break
        except RuntimeError as error:  # that of one record, or of all that follow
            lost.append(str(error))
    first, last = _RECORDS.unpack_from(chunk, 8)
    missing = last - first + 1 - len(records) - len(lost)
    if 0 < missing < _CHUNK:
        lost.append(f"{missing} of its records are not found")
    return records, lost


def _lists_end(chunk: bytes) -> bool:
    words = np.ndarray((_CHUNK - 3,), "<u4", chunk, strides=(1,))  # those that begin at each byte
    at, count = _LISTS
    links = words[at : at + 4 * count : 4]
    for _ in range(_LONGEST):
        links = words[links[(links > 0) & (links < len(words))]]
        if not len(links):
            return True
    return False
