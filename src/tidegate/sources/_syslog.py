"""What logs that came through syslog share: the header of a line, and its time.

Headers are those of RFC 3164 (`Nov 30 23:59:58 host program[12]: `), its form with an ISO 8601 time, as rsyslog and
systemd write it, and RFC 5424 (`<86>1 2025-11-30T23:59:58Z host program 12 - - `); each with or without `<priority>`,
the first also with `facility.level` (BusyBox) and without a host (what a daemon writes to a file of its own).
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f

STAMP = r"(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8}|\d{4}-\d\d-\d\dT[\d:.,]+(?:Z|[+-]\d\d:?\d\d)?)"
_HEADER = r"^(?:<\d+>(?:1 )?)?{stamp} (?:{host} )?(?:\w+\.\w+ )?(?:{program})(?:[\[ ]{pid}\]?)?"
# Between header and message; RFC 5424 has a message id and structured data there.
_AFTER = "(?:: | \\S+ (?:-|(?:\\[[^\\]]*\\])+) \ufeff?) *"
_PID = r"[^\]\s:]+"


def header(program: str) -> str:
    """RE2 of the header of a program (itself RE2) up to the message: for a probe."""
    return _HEADER.format(stamp=STAMP, host=r"\S+", program=program, pid=_PID) + _AFTER


def fields(program: str, *, pid: bool = False) -> str:
    """The same for a source's pattern, with the groups `stamp` and `host`, and `pid` where wanted."""
    named = rf"(?P<pid>{_PID})" if pid else _PID
    stamp, host = rf"(?P<stamp>{STAMP})", r"(?P<host>\S+)"
    return _HEADER.format(stamp=stamp, host=host, program=program, pid=named) + _AFTER


def time(stamp: ir.StringValue, modified: ir.TimestampValue) -> ir.TimestampValue:
    """UTC time of a header. Without a year it is the latest that does not lie after the file was last written.

    A time without an offset is taken to be UTC.
    """
    month = f.month(stamp.re_extract("^([A-Z][a-z]{2}) ", 1))
    day = stamp.re_extract(r"^\w{3} ([ \d]\d [\d:]{8})", 1)  # ` 2 03:58:01`
    day_time = "-" + month + "-" + day.re_replace("^ ", "0").replace(" ", "T")
    latest = modified + ibis.interval(days=1)  # the zones of the writer and of the file may differ
    this_year, last_year = (f.iso((latest.year() - back).cast("string") + day_time) for back in (0, 1))
    return ibis.coalesce(f.iso(stamp), ibis.ifelse(this_year <= latest, this_year, last_year))
