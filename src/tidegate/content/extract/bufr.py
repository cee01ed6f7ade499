"""BUFR editions 2 to 4 (WMO 306): observations, told from the headers of their messages."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tidegate.content.document import Metadata, Parts
from tidegate.content.extract._bulletin import first, messages
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_MARK = b"BUFR"

# WMO 306, table A: what the data of a message are.
_CATEGORIES = {
    0: "surface, land",
    1: "surface, sea",
    2: "soundings",
    3: "satellite soundings",
    4: "upper air, single level",
    5: "upper air, satellite",
    6: "radar",
    7: "synoptic features",
    8: "physical and chemical constituents",
    9: "dispersal and transport",
    10: "radiology",
    12: "surface, satellite",
    21: "radiances, satellite",
    31: "ocean",
}


@dataclass(frozen=True)
class _Message:
    """What the header of a message says."""

    category: str
    date: str
    subsets: int  # reports in it


def _kind(source: Source) -> str | None:
    place = first(source.head, _MARK)
    if place is None or not 2 <= (source.head[place + 7 : place + 8] or b"\0")[0] <= 4:
        return None
    return "bufr"


@extractor(formats=("bufr",), rank=10, sniff=_kind)
def bufr(source: Source) -> Parts:
    """Number of messages and reports, what they are about, and their times."""
    count, reports, kinds, dates, whole = 0, 0, dict[str, None](), list[str](), True
    for message in messages(source, _MARK, _length, _header):
        if message is None:
            whole = False
            break
        count, reports = count + 1, reports + message.subsets
        kinds[message.category] = None
        if "-00" not in message.date[:10]:  # tables, which some centres send along, have no date
            dates = [min((*dates[:1], message.date)), max((*dates[1:], message.date))]
    yield Metadata(
        "weather",
        {
            "format": "bufr",
            "records": count,
            "values": reports,
            "variables": tuple(kinds),
            **({"since": dates[0], "until": dates[1]} if dates else {}),
        },
    )
    if not whole:
        raise InputError("cut off or damaged within a message", file=source.name)


def _length(head: bytes) -> int:
    return int.from_bytes(head[4:7], "big")


def _header(head: bytes) -> _Message:
    edition, section = head[7], head[8:]
    size = int.from_bytes(section[:3], "big")
    if edition == 4:
        category, flags = section[10], section[9]
        year, month, day, hour, minute = struct.unpack_from(">H4B", section, 15)
    else:
        category, flags = section[8], section[7]
        year, month, day, hour, minute = section[12:17]
    year += 0 if year > 100 else 2000 if year < 70 else 1900
    after = section[size:]
    if flags & 0x80 and len(after) > 3:
        after = after[int.from_bytes(after[:3], "big") :]
    subsets = struct.unpack_from(">H", after, 4)[0] if len(after) > 6 else 1
    date = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}"
    return _Message(_CATEGORIES.get(category, f"category {category}"), date, max(1, subsets))
