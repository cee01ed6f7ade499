"""Observations of stations, ships and buoys in the codes in which services exchange them: SYNOP, SHIP, BUOY."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.units import Found, Match, Recogniser

_SECTION = re.compile(
    r"(?:AAXX|(?:BBXX|OOXX|ZZYY)\s{1,20}([A-Z0-9]{3,9}))\s{1,20}(\d\d)(\d\d)[0134/]\s"  # ships have call signs
)
_NEXT = re.compile(r"\b(?:AAXX|BBXX|OOXX|ZZYY)\s")
_GROUP = re.compile(r"[0-9/]{5}")
_LONGEST = 1 << 16  # bytes of a section looked at; bulletins of a country stay under ten thousand
_GROUPS = 2  # after the station: wind and clouds, without which no report is sent


def _section(match: Match) -> Found | None:
    """Reports of a section; stations by their numbers, ships by their call signs."""
    section = _SECTION.match(match.value)
    if section is None:
        return None
    body = match.text.data[match.end : match.end + _LONGEST].decode("utf-8", "ignore")
    following = _NEXT.search(body)
    stations = tuple(_stations(body[: following.start() if following else None], ship=section[1]))
    if not stations:
        return None
    observed = f"day {section[2]}, {section[3]} UTC"
    return Found(count=len(stations), confidence=0.95, facts={"stations": stations[:40], "observed": (observed,)})


def _stations(body: str, *, ship: str | None) -> Iterator[str]:
    """Of each report that holds more than its station."""
    for report in body.split("="):
        groups = report.split()[:12]
        name, rest = (ship, groups) if ship else (groups[0] if groups else "", groups[1:])
        if sum(bool(_GROUP.fullmatch(group)) for group in rest[:4]) >= _GROUPS and (ship or name.isdigit()):
            yield name


SYNOP = Recogniser(
    id="synop",
    data_class="meteorological",
    source="WMO-No. 306, Manual on Codes, volume I.1: FM 12 SYNOP, FM 13 SHIP, FM 14 SYNOP MOBIL, FM 18 BUOY",
    pattern=r"\b(?:AAXX|(?:BBXX|OOXX|ZZYY)\s{1,20}[A-Z0-9]{3,9})\s{1,20}\d{4}[0134/]\s",
    read=_section,
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
