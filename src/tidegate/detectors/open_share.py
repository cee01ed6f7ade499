"""Files opened to an outsider or to anybody with a link, and cloud resources opened to everybody."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept, recent
from tidegate.detectors._episodes import unusual
from tidegate.detectors._statistics import earliest, rarity
from tidegate.detectors._watched import since
from tidegate.detectors._wording import others_have, whole
from tidegate.units import detector


@detector(
    reads=("file_hosting", "api_activity", "endpoints"),
    attack=("T1567", "T1530"),
    severity="critical",
    pattern="open_share",
    says=("{who} opened {amount:count} of the organisation's files or resources to {destination} ({operation}); {why}"),
    misses="shares inside the organisation that an outsider later joins; a link shared by somebody who shares daily",
    twin="a press kit, or a data set meant for the open-data portal",
    question="Was this meant to be public, and does it hold nothing else than what was meant?",
)
def open_share(
    files: ir.Table,
    calls: ir.Table,
    endpoints: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_person_week: float = 0.01,  # assumed before a past is seen: a person in a hundred starts to share in a week
    per_account_week: float = 0.0005,  # the same for cloud resources opened to everybody: one in 2,000
) -> ir.Table:
    files, calls = recent(files), recent(calls)
    shares = kept(_outward(files, calls, endpoints))
    everyone = files.select("time", "day", key="actor").union(calls.select("time", "day", key="actor"))
    rated = rarity(shares, everyone, per_person_week=ibis.ifelse(_.cloud, per_account_week, per_person_week))
    first = rated.mutate(
        amount=ibis.literal(1, "int64"),
        first_time=_.time,
        last_time=_.time,
        files=ibis.literal(1, "int64"),
        evidence=ibis.array([_.uid]),
        why=others_have("done such a thing before"),
    )
    rows = earliest(shares, "key", "object").mutate(amount=ibis.literal(1, "int64"), files=ibis.literal(1, "int64"))
    many = unusual(rows, horizons=(1, 7, 30), at_most=at_most, watched=since(files, calls)).mutate(
        operation=ibis.literal("one after the other"),
        why=whole(_.usual) + " is usual in that time",
    )
    columns = ("time", "first_time", "last_time", "actor", "device", "destination", "evidence", "files")
    shown = (*columns, "operation", "amount", "why", "per_week")
    both = first.select(*shown).union(many.select(*shown))
    return both.mutate(per_week=_.per_week * 2, bytes_out=ibis.literal(0, "int64")).filter(_.per_week <= at_most)


def _outward(files: ir.Table, calls: ir.Table, endpoints: ir.Table) -> ir.Table:
    """Everything that gave somebody outside access, one row a recipient, in one shape.

    A cloud resource given to one outside account is no open share: `cloud_tenant_transfer` asks for it.
    """
    columns = ("uid", "time", "day", "actor", "device", "operation", "object", "recipient", "cloud")
    done = _.status.fill_null("") != "Failure"
    shared = files.filter(_.activity == "Share", done).mutate(
        object=ibis.coalesce(_.file_path, _.file_name, _.site), cloud=ibis.literal(False)
    )
    opened = calls.filter(done, _.recipient.contains("anyone")).mutate(
        recipient=ibis.literal("anyone"),
        object=_.resource,
        cloud=ibis.literal(True),
    )
    return (
        shared.select(*columns)
        .union(opened.select(*columns))
        .filter(_.recipient.notnull())
        .mutate(endpoint=_.recipient.split(";").unnest())
        .mutate(endpoint=_.endpoint.strip().lower())
        .inner_join(endpoints.filter(~_.kind.isin(("own", "approved", "partner"))), "endpoint")
        .mutate(key=_.actor, kind=ibis.coalesce(_.operation, "share"), bytes=ibis.literal(0, "int64"))
    )
