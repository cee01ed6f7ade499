"""The system log of a Linux host, in which the lines of all its services come mixed.

Logs that say they come `within` this one are read here with it; lines of other programs are ignored.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _linux as linux
from tidegate.sources import _syslog
from tidegate.units import LINEAGE, Log, source

SYSLOG = Log(
    id="syslog",
    title="Linux system log",
    formats=("lines",),
    how=(
        "Take /var/log/syslog (or messages), auth.log (or secure) and kern.log with their rotated parts; keep their "
        "dates, as the times may have no year."
    ),
    reference="https://www.rfc-editor.org/rfc/rfc5424",
    files=("syslog*", "messages*", "auth.log*", "secure*", "daemon.log*", "kern.log*", "user.log*"),
    probe=_syslog.header(r"[\w./()@-]+"),
    ignore=rf"^(?:(?:<\d+>(?:1 )?)?{_syslog.STAMP}[ :]|[ \t])",
)
MODIFIED = {"source_modified": "timestamp(6)"}


@source(
    log=SYSLOG,
    produces="process_activity",
    columns=MODIFIED,
    pattern=_syslog.fields(linux.SUDO.programs) + linux.SUDO.pattern,
)
def syslog_sudo(raw: ibis.Table) -> ibis.Table:
    """Commands given through sudo, the refused ones too."""
    return raw.select(*LINEAGE, time=_syslog.time(raw.stamp, raw.source_modified), **linux.SUDO.columns(raw))


@source(
    log=SYSLOG,
    produces="authentication",
    columns=MODIFIED,
    pattern=_syslog.fields(linux.LOGIN.programs) + linux.LOGIN.pattern,
)
def syslog_logins(raw: ibis.Table) -> ibis.Table:
    """Sessions that began on the host, at its own keyboard too."""
    return raw.select(*LINEAGE, time=_syslog.time(raw.stamp, raw.source_modified), **linux.LOGIN.columns(raw))


@source(
    log=SYSLOG,
    produces="peripheral_activity",
    columns=MODIFIED,
    pattern=_syslog.fields(linux.USB.programs) + linux.USB.pattern,
)
def syslog_usb(raw: ibis.Table) -> ibis.Table:
    """USB devices plugged in and out."""
    return raw.select(*LINEAGE, time=_syslog.time(raw.stamp, raw.source_modified), **linux.USB.columns(raw))
