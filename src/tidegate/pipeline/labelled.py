"""Events joined with the labels of the files they speak of, and what of that left.

A label is of when the file was looked at, which may be after the event: it says what the file holds, not what it held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends.duckdb import Backend

from tidegate.cases.model import Case, Left
from tidegate.content.grade import GRADES
from tidegate.events.transfers import moved
from tidegate.measures.marked import marked
from tidegate.pipeline.labels import GRAVITY, SCHEMA

Tables = Mapping[str, ir.Table]

CARRYING = ("network_activity", "http_activity", "email_activity")
"""Classes whose events carried the files that a sensor saw in their connection."""
MOVING = ("http_activity", "email_activity", "file_hosting", "file_activity", "web_resources", "network_activity")

LABELLED = ibis.schema(
    dict.fromkeys(("uid", "actor", "device", "destination", "kind", "scope", "channel"), "string")
    | {"time": "timestamp(6)", "day": "date", "hour": "timestamp(6)", "bytes": "int64", "files": "int64"}
    | {"file": "string", "data_class": "string", "grade": "string", "gravity": "int64", "count": "int64"}
    | {"marking": "string", "way": "int64"}
)
"""Columns of `labelled`: a row for each transfer, file of it and class of that. gravity: of the grade, as a number."""


def known(con: Backend, tables: Tables, labels: pa.Table | None) -> ir.Table:
    """`uid, file` of events with the labels of the file, each by the surest way in which it is known."""
    keys = con.create_table("labels", ibis.memtable(labels or SCHEMA.empty_table()), temp=True, overwrite=True)
    if not labels:
        return keys.mutate(uid=ibis.null("string"), file=ibis.null("string"))
    named = ibis.union(*_named(tables))
    spoken = named.mutate(key=ibis.array(_keys(named)).unnest()).filter(_.key.notnull()).select("uid", "file", "key")
    found = spoken.inner_join(keys, "key").drop("key").distinct()
    surest = found.mutate(best=_.way.min().over(group_by=("uid", "file"))).filter(_.way == _.best).drop("best")
    return con.create_table("known", surest, temp=True, overwrite=True)


def labelled(con: Backend, tables: Tables, files: ir.Table, labels: pa.Table | None) -> ir.Table:
    """What left of labelled files: the transfers among the events of `files`, of `LABELLED` columns.

    Who, to where and of which kind is what the hourly measure has resolved: what stayed inside is not in it.
    """
    if not labels:
        nothing = pa.table({name: pa.array([], type_.to_pyarrow()) for name, type_ in LABELLED.items()})
        return con.create_table("labelled", ibis.memtable(nothing), temp=True, overwrite=True)
    uids = files.select("uid").distinct()
    sent = moved({name: tables[name].semi_join(uids, "uid") for name in MOVING}).mutate(hour=_.time.truncate("h"))
    said = ("hour", "endpoint", "channel", "actor", "device", "src_ip", "destination", "kind", "scope")
    hours = tables["hourly"].select(*said).distinct()
    pairs = sent.inner_join(hours, ["hour", "endpoint", "channel"], rname="{name}_seen")
    same = pairs.filter(
        (_.src_ip == _.src_ip_seen) | (_.src_ip.isnull() & _.src_ip_seen.isnull()),
        _.actor.isnull() | (_.actor == _.actor_seen),
    )
    resolved = (
        same.mutate(actor=_.actor_seen, device=_.device_seen)
        .group_by("uid", "endpoint")
        .agg(**{name: _[name].arbitrary() for name in (*LABELLED,) if name in (*sent.columns, *said) and name != "uid"})
    )
    gravity = ibis.cases(*((_.grade == grade, number) for grade, number in GRAVITY.items()), else_=0)
    both = resolved.inner_join(files, "uid").mutate(gravity=gravity).cast(dict(LABELLED.items())).select(*LABELLED)
    return con.create_table("labelled", both, temp=True, overwrite=True)


def with_marked(con: Backend, tables: Tables, files: ir.Table) -> ir.Table:
    """The measure `marked`, and what was done with files whose marking stands inside them."""
    measure = tables["marked"]
    inside = files.filter(_.data_class == "marked").group_by("uid").agg(marking=_.marking.min().fill_null("inside"))
    new = inside.anti_join(measure, "uid")
    own = {name: tables[name].semi_join(new, "uid") for name in MOVING}
    made = marked(own["file_hosting"], own["file_activity"], moved(own), known=new)
    rows = measure.union(made.cast(dict(measure.schema().items())).select(*measure.columns))
    return con.create_table("with_marked", rows, temp=True, overwrite=True)


def left(con: Backend, table: ir.Table, cases: Iterable[Case]) -> dict[str, tuple[Left, ...]]:
    """What is known to have left with each case, by uid, the gravest first. table: of `LABELLED` columns."""
    return {case.uid: tuple(_left(con, table, case)) for case in cases}


def _left(con: Backend, table: ir.Table, case: Case) -> Iterator[Left]:
    evidence = sorted({uid for finding in case.findings for uid in finding.evidence})
    theirs = _.actor.isin(case.actors) | (_.actor.isnull() & _.device.isin(case.devices))
    meant = theirs & _.destination.isin(case.destinations) & _.time.between(case.first_time, case.last_time)
    mine = table.filter(_.uid.isin(evidence) | meant)
    by_class = mine.group_by("data_class").agg(gravity=_.gravity.max(), files=_.file.nunique())
    for row in con.to_pyarrow(by_class.order_by(ibis.desc("gravity"), ibis.desc("files"), "data_class")).to_pylist():
        yield Left(data_class=row["data_class"], grade=GRADES[row["gravity"]], files=row["files"])


def _named(tables: Tables) -> list[ir.Table]:
    """Files that events name: `uid, path, name, size, hash, body`, each null where the log does not say."""
    seen = tables["file_activity"]
    bodies = seen.filter(seen.connection.notnull()).select(
        "connection", path="file_path", name="file_name", size="file_size", hash=_.hash.lower(), body="uid"
    )
    carried = [
        tables[name].filter(_.connection.notnull()).select("connection", event="uid").inner_join(bodies, "connection")
        if "connection" in tables[name].columns
        else None
        for name in CARRYING
    ]
    told = (
        (tables["file_hosting"], {"path": _.file_path, "name": _.file_name, "size": _.file_size}),
        (seen, {"path": _.file_path, "name": _.file_name, "size": _.file_size, "hash": _.hash.lower(), "body": _.uid}),
        (tables["http_activity"], {"name": _.file_name}),
        (tables["email_activity"].filter(_.attachments.length() > 0), {"name": _.attachments.unnest()}),
        (tables["web_resources"], {"path": _.resource + "/" + _.object}),
        *(
            (table, {n: _[n] for n in ("path", "name", "size", "hash", "body")})
            for table in carried
            if table is not None
        ),
    )
    return [_shaped(table, columns) for table, columns in told]


def _shaped(table: ir.Table, columns: Mapping[str, ibis.Deferred]) -> ir.Table:
    types = {"path": "string", "name": "string", "size": "int64", "hash": "string", "body": "string"}
    empty = {name: ibis.null(type_) for name, type_ in types.items() if name not in columns}
    uid = _.event if "event" in table.columns else _.uid
    made = table.select(**{"uid": uid, **columns, **empty}).select("uid", *types)
    leaf = made.path.re_extract(r"[^/\\]*$", 0)
    named = made.mutate(path=made.path.lower(), name=ibis.coalesce(made.name, leaf).lower())
    return named.mutate(file=ibis.coalesce(_.path, _.name, _.hash, _.body)).filter(_.file.notnull())


def _keys(named: ir.Table) -> list[ir.StringValue]:
    """What labels may be known by, of a file that an event names."""
    slashed = named.path.replace("\\", "/")
    size = named["size"].cast("string")
    return [
        "body:" + named.body,
        "hash:" + named.hash,
        "path:" + slashed,
        "size:" + named.name + ":" + size,
        "end:" + slashed.re_extract(r"([^/]+/[^/]+)$", 1).nullif(""),
        "name:" + named.name,
    ]
