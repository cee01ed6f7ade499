"""Columns in which scanners and telephones write what cells of mobile networks they hear."""

from __future__ import annotations

import re

from tidegate.content.document import Table
from tidegate.content.recognisers._measurements import words

_CHANNEL = re.compile(
    r"(?:ue?|e|nr )?arfcn(?: (?:dl|ul))?|rx ?lev(?:el)?(?: (?:dbm|full|sub))?|rx ?qual|bsic"
    r"|rsrp(?: dbm)?|rsrq(?: db)?|rscp|ec ?(?:n0|no|io)|pci|phys(?:ical)? cell id"
    r"|(?:timing advance|ta)"
)
_CELL = re.compile(
    r"mcc|mnc|lac|tac|area|(?:e ?)?cell ?(?:id|identity|name)?|ci|cid|eci|cgi|enb(?: id)?|radio|net|bts"
    r"|plmn|operator|rssi(?: dbm)?|sinr|snr|band|freq(?:uency)?(?: mhz| hz)?|基站|小区"
)
_COUNTRY = 3  # columns about cells in a list of countries and their networks, at most
RAILWAY_CHANNELS = range(940, 975)
"""Channels of GSM-R: 955 to 974, and the extension below it from 940 (UIC, EIRENE SRS 16, chapter 3)."""


def heard(part: Table) -> dict[str, int]:
    """Columns of cells by their names; nothing unless two of them say it, one of which nobody else has."""
    names = {words(name): number for number, name in enumerate(part.header)}
    sure = {name: number for name, number in names.items() if _CHANNEL.fullmatch(name) and name not in {"ta", "pci"}}
    more = {name: number for name, number in names.items() if _CHANNEL.fullmatch(name) or _CELL.fullmatch(name)}
    listed = "mcc" in more and bool({"mnc", "net"} & more.keys()) and len(more) > _COUNTRY
    return more if (sure and len(more) > 1) or listed else {}


def of_railway(part: Table, columns: dict[str, int]) -> bool:
    """Whether channels of GSM-R are among those heard."""
    number = next((n for name, n in columns.items() if name.startswith("arfcn")), None)
    cells = [row[number].strip() for row in part.rows] if number is not None else []
    return any(cell.isdecimal() and int(cell[:6]) in RAILWAY_CHANNELS for cell in cells)
