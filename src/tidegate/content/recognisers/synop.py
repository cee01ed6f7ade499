"""Observations of stations, ships and buoys in the codes in which services exchange them: SYNOP, SHIP, BUOY."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Text
from tidegate.content.units import Found, recogniser

_MARKS = (b"AAXX", b"BBXX", b"OOXX", b"ZZYY")
_SECTION = re.compile(
    r"\b(?:AAXX|(?:BBXX|OOXX|ZZYY)\s{1,20}([A-Z0-9]{3,9}))\s{1,20}(\d\d)(\d\d)[0134/]\s"  # ships have call signs
)
_GROUP = re.compile(r"[0-9/]{5}")
_LONGEST = 1 << 16  # characters of a section looked at; bulletins of a country stay under ten thousand
_GROUPS = 2  # after the station: wind and clouds, without which no report is sent


@recogniser(
    data_class="meteorological",
    source="WMO-No. 306, Manual on Codes, volume I.1: FM 12 SYNOP, FM 13 SHIP, FM 14 SYNOP MOBIL, FM 18 BUOY",
    sees=(Text,),
    hits=(
        "SMRO01 YRBK 171200 CCA\n\nAAXX 17121\n\n15108 01/92 92514 11028 21028 37901 48315=",
        "AAXX 31001\n78310 01470 70303 10250 20214 30094 40104=\n78315 01462 70402 10233=",
        "BBXX\nDBLK 23064 99536 70102 41498 61511 10045=",
    ),
    misses=(
        "AAXX\nAGGC\nAGGH\nAGGL\n",  # a list of stations
        "AAXX 12 00 34",  # groups that are too short
        "AAXX 17121\n15108 NIL=\n",  # a station that says it has nothing
    ),
)
def synop(part: Text) -> Iterator[Found]:
    """Reports by section; stations by their numbers, ships by their call signs."""
    if not any(mark in part.data for mark in _MARKS):
        return
    sections = list(_SECTION.finditer(part.text))
    for number, section in enumerate(sections):
        end = sections[number + 1].start() if number + 1 < len(sections) else len(part.text)
        body = part.text[section.end() : min(end, section.end() + _LONGEST)]
        stations = tuple(_stations(body, ship=section[1]))
        if stations:
            yield Found(
                count=len(stations),
                start=section.start(),
                end=section.end(),
                confidence=0.95,
                facts={"stations": stations[:40], "observed": (f"day {section[2]}, {section[3]} UTC",)},
            )


def _stations(body: str, *, ship: str | None) -> Iterator[str]:
    """Of each report that holds more than its station."""
    for report in body.split("="):
        groups = report.split()[:12]
        name, rest = (ship, groups) if ship else (groups[0] if groups else "", groups[1:])
        if sum(bool(_GROUP.fullmatch(group)) for group in rest[:4]) >= _GROUPS and (ship or name.isdigit()):
            yield name
