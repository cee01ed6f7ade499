"""Machine readable zones of passports, identity cards and visas."""

from __future__ import annotations

import re

from tidegate.content.recognisers._checksums import is_date, mrz
from tidegate.content.units import Found, Match, Recogniser


def _zone(value: str) -> bool:
    """Whether the check digits of the number, of birth and of expiry hold; TD1 has them in its second line."""
    fields: tuple[tuple[str, str], ...]
    if value[0].isdigit() and len(value) == 30:
        fields = ((value[:6], value[6]), (value[8:14], value[14]))
        birth = value[:6]
    else:
        fields = ((value[:9], value[9]), (value[13:19], value[19]), (value[21:27], value[27]))
        birth = value[13:19]
    month, day = int(birth[2:4] or 0), int(birth[4:6] or 0)
    return all(digit.isdigit() and mrz(text) == int(digit) for text, digit in fields) and is_date(2000, month, day)


_PASSPORT = re.compile(r"[A-Z0-9<]{9}\d[A-Z<]{3}$")


def _read(match: Match) -> Found | None:
    """The second line, from its dates outwards: before them number and state, where it is not a card's."""
    lead = _PASSPORT.search(match.before(13))
    line = (lead[0] if lead else "") + match.value + match.after(15)
    found = _LINE.match(line)
    if found is None or not _zone(found[0]):
        return None
    start = -len(lead[0]) if lead else 0
    return Found(confidence=0.97, value=found[0], start=start, end=len(found[0]) + start)


_LINE = re.compile(
    r"[A-Z0-9<]{9}\d[A-Z<]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{7,16}|\d{7}[MFX<]\d{7}[A-Z<]{3}[A-Z0-9<]{11}\d(?!\w)"
)


MACHINE_READABLE = Recogniser(
    id="machine_readable_zone",
    data_class="personal",
    source="ICAO Doc 9303, parts 3 to 7",
    pattern=r"\d{7}[MFX<]\d{7}[A-Z0-9<]{7}",
    read=_read,
    hits=("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n",),
    misses=("L898902C37UTO7408122F1204159ZE184226B<<<<<10\n",),  # wrong check digit
)
