"""What a case shows besides its findings: the events it rests on, what left per day, and who sent how much to where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends.duckdb import Backend

from tidegate.cases.model import Case, EventRef, Flow
from tidegate.events.schema import CLASSES
from tidegate.lake.compiled import answer
from tidegate.pipeline.pictures import pictured, timeline

REMEMBERED = ("hourly", "lookups", "seen")  # measures that between them remember every kind of event there was
WIDELY = 5  # senders of a destination, or users of a device, from which on it is too common to tie findings together
FLOWS = 12  # pairs in the picture of flows, the largest
LISTED = 200  # events listed of a case, the earliest

# A path where there is one; some products give an identifier there, which tells nobody anything.
_FILE = ibis.ifelse(_.file_path.re_search(r"[/\\]"), _.file_path, ibis.coalesce(_.file_name, _.file_path))
_SHOWN: Mapping[str, tuple[ibis.Deferred, ibis.Deferred, ibis.Deferred]] = {  # destination, file, bytes of an event
    "network_activity": (ibis.coalesce(_.dst_host, _.dst_ip), ibis.null("string"), _.bytes_out),
    "http_activity": (ibis.coalesce(_.dst_host, _.dst_ip), _.file_name, _.bytes_out),
    "email_activity": (ibis.coalesce(_.mailbox, _.recipients.join(", ")), _.attachments.join(", "), _.bytes_out),
    "file_hosting": (_.recipient, _FILE, _.file_size),
    "file_activity": (_.medium, _FILE, _.file_size),
    "api_activity": (_.recipient, _.resource, _.bytes_out),
    "web_resources": (_.src_ip, _.resource + "/" + _.object.fill_null(""), _.bytes_out),
    "account_change": (_.recipient, _.target, ibis.null("int64")),
    "dns_activity": (_.query, ibis.null("string"), ibis.null("int64")),
    "authentication": (_.dst_host, ibis.null("string"), ibis.null("int64")),
    "process_activity": (ibis.null("string"), _.process, ibis.null("int64")),
    "script_activity": (ibis.null("string"), _.file_path, _.script_size),
    "peripheral_activity": (_.medium, ibis.null("string"), ibis.null("int64")),
    "detection_finding": (ibis.coalesce(_.dst_host, _.dst_ip), _.rule, ibis.null("int64")),
}


def span(con: Backend, tables: Mapping[str, ir.Table]) -> tuple[datetime | None, datetime | None]:
    """Time of the first and the last event, those that have expired and only measures remember among them."""
    events = (tables[name].agg(first=_.time.min(), last=_.time.max()) for name in CLASSES)
    kept = (tables[name].agg(first=_.first_time.min(), last=_.last_time.max()) for name in REMEMBERED)
    ends = ibis.union(*events, *kept)
    row = con.to_pyarrow(ends.agg(first=_["first"].min(), last=_["last"].max())).to_pylist()[0]
    return row["first"], row["last"]


def common(con: Backend, tables: Mapping[str, ir.Table]) -> frozenset[str]:
    """Destinations of many senders, devices that many people use, and `anyone`: sharing one says nothing."""
    senders = tables["hourly"].group_by(name="destination").agg(n=ibis.coalesce(_.actor, _.device).nunique())
    used = ibis.union(*(tables[name].select("actor", "device") for name in ("hourly", "handled", "visits")))
    users = used.group_by(name="device").agg(n=_.actor.nunique())
    many = senders.union(users).filter(_.n >= WIDELY, _["name"].notnull())
    return frozenset(con.to_pyarrow(many)["name"].to_pylist()) | {"anyone"}


def illustrated(con: Backend, tables: Mapping[str, ir.Table], cases: Sequence[Case]) -> tuple[Case, ...]:
    """The cases with their events, their timelines and their flows."""
    listed = _events(con, tables, cases)
    return tuple(_illustrated(con, tables, replace(case, events=listed[case.uid])) for case in cases)


def _illustrated(con: Backend, tables: Mapping[str, ir.Table], case: Case) -> Case:
    hourly = tables["hourly"]
    subjects = _.actor.isin(case.actors) | (_.actor.isnull() & _.device.isin(case.devices))
    sent = hourly.filter(subjects, _.destination.isin(case.destinations), _.day >= case.first_time.date())
    whole = con.to_pyarrow(sent.agg(left=_.bytes.sum(), last=_.day.max())).to_pylist()[0]
    left, last = whole["left"] or 0, whole["last"] or case.last_time.date()
    if left:
        daily = hourly.filter(subjects).group_by("day").agg(amount=_.bytes.sum())
    else:
        acts = [
            tables[name].filter(_.actor.isin(case.actors)).select("day")
            for name in ("file_hosting", "file_activity", "email_activity", "account_change", "api_activity")
        ]
        daily = ibis.union(*acts).group_by("day").agg(amount=_.count())
    until = max(last, case.last_time.date())
    return replace(
        pictured(con, tables, case),
        flows=_flows(con, sent),
        timeline=timeline(con, daily, case.first_time.date(), until, in_bytes=left > 0),
        bytes_out=max(left, case.bytes_out),
    )


def _flows(con: Backend, sent: ir.Table) -> tuple[Flow, ...]:
    pairs = (
        sent.group_by(who=ibis.coalesce(_.actor, _.device), destination="destination")
        .agg(bytes=_.bytes.sum(), events=_.events.sum())
        .order_by(ibis.desc("bytes"), "who", "destination")
        .limit(FLOWS)
    )
    return tuple(Flow(**row) for row in con.to_pyarrow(pairs).to_pylist())


def _events(con: Backend, tables: Mapping[str, ir.Table], cases: Sequence[Case]) -> dict[str, tuple[EventRef, ...]]:
    """The events each case rests on, the earliest `LISTED` of them; its findings may reach beyond it."""
    listed: dict[str, list[EventRef]] = {case.uid: [] for case in cases}
    asked = sorted({(case.uid, uid) for case in cases for finding in case.findings for uid in finding.evidence})
    if not asked:
        return dict.fromkeys(listed, ())
    of, uids = (pa.array(column, pa.string()) for column in zip(*asked, strict=True))
    wanted = con.create_table("asked", ibis.memtable(pa.table({"of": of, "uid": uids})), temp=True, overwrite=True)
    spans = [(case.first_time.date(), case.last_time.date()) for case in cases]
    spans += [(f.first_time.date(), f.last_time.date()) for case in cases for f in case.findings]
    first, last = min(begin for begin, _end in spans), max(end for _begin, end in spans)
    near = {name: tables[name].filter(_.day.between(first, last)) for name in _SHOWN}
    for row in answer(con, _listed, {"asked": wanted, **near}, name="events_of_cases").to_pylist():
        listed[row.pop("of")].append(EventRef(**row))
    return {case: tuple(events) for case, events in listed.items()}


def _listed(asked: ir.Table, *logs: ir.Table) -> ir.Table:
    parts = [
        log.inner_join(asked, "uid").select(
            "of",
            "uid",
            "time",
            "actor",
            "activity",
            "source_file",
            "source_line",
            device=ibis.coalesce(_.device, _.src_ip),
            destination=destination,
            file_name=file_name,
            bytes=size,
        )
        for log, (destination, file_name, size) in zip(logs, _SHOWN.values(), strict=True)
    ]
    number = ibis.row_number().over(ibis.window(group_by="of", order_by=("time", "uid")))
    numbered = ibis.union(*parts).mutate(number=number)
    return numbered.filter(_.number < LISTED).order_by("of", "number").drop("number")
