"""What the sources of the Windows event log share: the log, and how each declares what it takes and reads."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._windows_forms import EVTX, SHIPPED, Event, Form
from tidegate.units import LINEAGE, Log, Source, source

WINDOWS = Log(
    id="windows",
    title="Windows event log",
    formats=("json", "csv"),
    how=(
        r"Take the .evtx files of C:\Windows\System32\winevt\Logs (`wevtutil epl Security security.evtx` copies one), "
        "or what Winlogbeat or NXLog (`to_json`) write. From PowerShell, take the XML and the time in UTC along: "
        "`Get-WinEvent Security | Select-Object LogName,Id,MachineName,RecordId,UserId,@{n='TimeCreated';"
        "e={$_.TimeCreated.ToUniversalTime().ToString('o')}},@{n='Xml';e={$_.ToXml()}} | Export-Csv security.csv`."
    ),
    reference="https://learn.microsoft.com/windows-server/identity/ad-ds/plan/appendix-l--events-to-monitor",
    files=("*.evtx*", "*winlogbeat*", "*windows*", "*sysmon*"),
    kind=("unreadable",),  # what `reading.evtx` says of records that it could not read
    # Any whole event: of the thousands of kinds that Windows has, few say who took what where.
    ignore=r'(?s)^\{.*"(?:EventID|event_id|Id)": ?[\d"{].*\}$|^[^{]',
    redelivers=True,  # exports overlap, and a log that is full begins anew in the same file
)
SECURITY, SYSMON = "Security", "Microsoft-Windows-Sysmon/Operational"
Maps = Callable[[Event], Mapping[str, ir.Value]]


@dataclass(frozen=True)
class Take:
    """Events that a source takes: ids within a channel; having: RE2 of their records; without: a text not in them."""

    channel: str
    ids: tuple[int, ...]
    having: str = ""
    without: str = ""


def windows(
    *takes: Take, produces: str, fields: tuple[str, ...] = (), user: tuple[str, ...] = ()
) -> Callable[[Maps], tuple[Source, ...]]:
    """Declare a source of Windows events, once for each form they come in. It maps an event to columns of its class.

    fields, user: what it reads of EventData and of UserData.
    """

    def declare(maps: Maps) -> tuple[Source, ...]:
        return tuple(_source(form, maps, takes, produces, fields, user) for form in (EVTX, SHIPPED))

    return declare


def _source(
    form: Form, maps: Maps, takes: tuple[Take, ...], produces: str, fields: tuple[str, ...], user: tuple[str, ...]
) -> Source:
    def where(raw: ibis.Table) -> ir.BooleanValue:
        id_, channel = form.told(raw)
        return f.either(*(_taken(take, id_, channel, raw.record) for take in takes))

    def mapped(raw: ibis.Table) -> ibis.Table:
        event = form.event(raw, user)
        return raw.select(*LINEAGE, uid=event.uid, time=event.time, **maps(event))

    mapped.__name__ = maps.__name__ + form.suffix
    mapped.__doc__ = f"{inspect.getdoc(maps)} ({form.name})"
    columns = form.columns(fields, user)
    return source(log=WINDOWS, produces=produces, columns=columns, needs=form.needs, where=where)(mapped)


def _taken(take: Take, id_: ir.StringValue, channel: ir.StringValue, record: ir.StringValue) -> ir.BooleanValue:
    taken = id_.isin([str(number) for number in take.ids]) & (channel == take.channel)  # hardly an id is in two
    if take.having:
        taken &= record.re_search(take.having)
    return taken & ~record.contains(take.without) if take.without else taken


def bare(account: ir.StringValue) -> ir.StringValue:
    r"""The account of `DOMAIN\account`: Security events keep the domain in a field of its own."""
    return account.re_replace(r"^.*\\", "").lower()


def reached(address: ir.StringValue) -> ir.StringValue:
    """An address as of another computer: null for the own, which would make one of all computers."""
    plain = address.re_replace("^::ffff:", "").lower()
    return ibis.cases((~plain.re_search(r"^127\.|^::1$|[^0-9a-f.:]"), plain))
