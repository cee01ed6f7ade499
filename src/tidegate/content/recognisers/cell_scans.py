"""Scans of mobile networks' cells, and sweeps over the spectrum."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tidegate.content.document import Table
from tidegate.content.recognisers import _cells
from tidegate.content.units import Found, Recogniser, recogniser

_DATE = re.compile(r"\d{4}-\d\d-\d\d$")
_CLOCK = re.compile(r"\d\d:\d\d:\d\d(?:\.\d{1,6})?$")


@recogniser(
    data_class="radio",
    source="3GPP TS 45.008 and 36.214 (measurements), 23.003 (identities); rtl_power and hackrf_sweep output",
    sees=(Table,),
    hits=(
        "time,arfcn,mcc,mnc,lac,ci,rxlev\n10:00,975,222,1,31,1204,-71\n10:01,980,222,1,31,1205,-75\n",
        "km,EARFCN,PCI,RSRP,RSRQ\n12.1,1300,101,-95,-11\n12.2,1300,102,-97,-12\n",
        (
            "2026-03-01, 10:00:00, 921000000, 925000000, 9765.62, 4096, -60.1, -59.9, -58.2\n"
            "2026-03-01, 10:00:10, 921000000, 925000000, 9765.62, 4096, -61.1, -59.2, -58.0\n"
        ),
    ),
    misses=(
        "network,operator,band,fans\nA,B,Beatles,9\nC,D,Kinks,7\n",  # music
        "country,mcc,net\nItaly,222,1\nAustria,232,1\n",  # a list of countries
        "2026-03-01,10:00:00,12.5,13.5,1,7,8\n2026-03-01,10:10:00,12.5,13.5,1,7,8\n",  # a table of temperatures
    ),
)
def cell_scans(part: Table) -> Iterator[Found]:
    """By columns of channels, levels and identities; sweeps by their rows, which have no header."""
    if columns := _cells.heard(part):
        if part.rows:
            yield Found(count=len(part.rows), where=", ".join(columns)[:120], facts={"columns": tuple(columns)[:20]})
    elif part.rows and sum(_sweep(row) for row in part.rows[:20]) * 2 > min(len(part.rows), 20):
        low = min(float(row[2]) for row in part.rows if _sweep(row))
        high = max(float(row[3]) for row in part.rows if _sweep(row))
        yield Found(count=len(part.rows), where="sweep", facts={"band": (f"{low / 1e6:g} to {high / 1e6:g} MHz",)})


def _sweep(row: Sequence[str]) -> bool:
    """A date, a time, the lowest and highest frequency in hertz, the width of a bin, samples, and levels."""
    cells = [cell.strip() for cell in row[:8]]
    if len(cells) < 7 or not _DATE.match(cells[0]) or not _CLOCK.match(cells[1]):
        return False
    try:
        low, high, width, _, level = (float(cell) for cell in cells[2:7])
    except ValueError:
        return False
    return 10_000 <= low < high <= 1e11 and 0 < width <= high - low and -250 < level < 100


SCANNERS = Recogniser(
    id="scanner_output",
    data_class="radio",
    source="gr-gsm grgsm_scanner, kalibrate-rtl, LTE-Cell-Scanner output; Quectel AT+QENG",
    pattern=(
        r"^(?:ARFCN: {1,5}\d{1,4}, Freq: {1,6}[\d.]{3,8}M, CID:"
        r"|\s{0,4}chan: {1,3}\d{1,4} \([\d.]{3,7}MHz [+-] |\+QENG: ?\"(?:servingcell|neighbourcell))"
    ),
    confidence=0.95,
    hits=(
        "ARFCN:  975, Freq:  925.2M, CID: 1204, LAC:    31, MCC: 222, MNC:   1, Pwr: -40",
        "\tchan:   12 (937.4MHz + 123Hz)\tpower:  123456.78",
        '+QENG: "servingcell","NOCONN","LTE","FDD",222,01,1A2B3C',
    ),
    misses=("Watch chan: 12 (the news)", "The ARFCN: a number of a channel"),  # television; an explanation
)
