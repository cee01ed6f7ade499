"""The journal of a Linux host as JSON: what its services say, each record with the journal's own id.

Of services that it does not know, and of other messages, nothing is kept.
"""

from __future__ import annotations

import re

import ibis
import ibis.expr.types as ir

from tidegate.sources import _encoded as encoded
from tidegate.sources import _fields as f
from tidegate.sources import _linux as linux
from tidegate.sources._linux import Message
from tidegate.units import LINEAGE, Log, source

JOURNALD = Log(
    id="journald",
    title="systemd journal",
    formats=("json",),
    how="Run `journalctl -o json --since yesterday` on the host, once a day; what comes twice counts once.",
    reference="https://systemd.io/JOURNAL_EXPORT_FORMATS/",
    files=("journal*.json*",),
    kind=("SYSLOG_IDENTIFIER",),
    ignore=r'"__REALTIME_TIMESTAMP"\s*:',
    redelivers=True,
)
COLUMNS = {
    "__CURSOR": "string",
    "__REALTIME_TIMESTAMP": "int64",
    "_HOSTNAME": "string",
    "_PID": "string",
    "SYSLOG_IDENTIFIER": "string",
    "MESSAGE": "string",
}
NEEDS = ("__REALTIME_TIMESTAMP", "MESSAGE")


def _is(message: Message, raw: ibis.Table) -> ir.BooleanValue:
    """Whether a record is such a message."""
    by = raw.SYSLOG_IDENTIFIER.re_search(f"^(?:{message.programs})$")
    return by & _text(raw).re_search("^ *" + message.pattern)


def _text(raw: ibis.Table) -> ir.StringValue:
    """The message, which is a list of bytes where it is not UTF-8."""
    return ibis.ifelse(raw.MESSAGE.re_search(r"^\[[\d, ]+\]$"), encoded.listed(raw.MESSAGE), raw.MESSAGE)


def _only(name: str, pattern: str) -> str:
    """The pattern with no group but this one: the engine tells no more than nine apart."""
    return re.sub(r"\(\?P<(\w+)>", lambda group: "(" if group[1] == name else "(?:", pattern)


def _event(message: Message, raw: ibis.Table) -> ibis.Table:
    """The event of such a message."""
    names = re.compile(message.pattern).groupindex
    groups = {name: f.text(_text(raw).re_extract("^ *" + _only(name, message.pattern), 1)) for name in names}
    told = raw.mutate(host=raw["_HOSTNAME"], pid=raw["_PID"], **groups)
    return told.select(
        *LINEAGE,
        uid=told["__CURSOR"],
        time=f.epoch(told["__REALTIME_TIMESTAMP"] / 1e6),
        **message.columns(told),
    )


@source(
    log=JOURNALD,
    produces="authentication",
    columns=COLUMNS,
    needs=NEEDS,
    where=lambda raw: _is(linux.SIGNIN, raw),
)
def journald_signins(raw: ibis.Table) -> ibis.Table:
    """Sign-ins through SSH, the failed ones too, and sessions of its SFTP server."""
    return _event(linux.SIGNIN, raw)


@source(log=JOURNALD, produces="file_hosting", columns=COLUMNS, needs=NEEDS, where=lambda raw: _is(linux.SFTP, raw))
def journald_sftp(raw: ibis.Table) -> ibis.Table:
    """Files fetched, stored, renamed and removed through SFTP."""
    return _event(linux.SFTP, raw)


@source(log=JOURNALD, produces="process_activity", columns=COLUMNS, needs=NEEDS, where=lambda raw: _is(linux.SUDO, raw))
def journald_sudo(raw: ibis.Table) -> ibis.Table:
    """Commands given through sudo, the refused ones too."""
    return _event(linux.SUDO, raw)


@source(log=JOURNALD, produces="authentication", columns=COLUMNS, needs=NEEDS, where=lambda raw: _is(linux.LOGIN, raw))
def journald_logins(raw: ibis.Table) -> ibis.Table:
    """Sessions that began on the host, at its own keyboard too."""
    return _event(linux.LOGIN, raw)


@source(
    log=JOURNALD, produces="peripheral_activity", columns=COLUMNS, needs=NEEDS, where=lambda raw: _is(linux.USB, raw)
)
def journald_usb(raw: ibis.Table) -> ibis.Table:
    """USB devices plugged in and out."""
    return _event(linux.USB, raw)
