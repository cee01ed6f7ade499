"""A snapshot, image, bucket, database or drive given to an account outside: data that leaves without being sent."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept, recent
from tidegate.detectors._listed import unannounced
from tidegate.detectors._statistics import rarity
from tidegate.units import detector


@detector(
    reads=("api_activity", "endpoints", "permits"),
    attack=("T1537", "T1578.001"),
    severity="critical",
    pattern="open_share",
    says="{who} gave {resource} to {destination} by {operation}; {before:others} done such a thing before",
    misses="copies pulled from inside by an identity of the other account; accounts that nobody told from one's own",
    twin="an image given to a supplier, a backup account that destinations.csv does not list as own",
    question="Whose account is this, and which agreement lets it hold these data?",
)
def cloud_tenant_transfer(
    calls: ir.Table,
    endpoints: ir.Table,
    permits: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_person_week: float = 0.0005,  # assumed before a past is seen: one new account in 2,000 person-weeks
) -> ir.Table:
    calls = recent(calls)
    given = (
        calls.filter(_.recipient.notnull(), ibis.coalesce(_.status != "Failure", True))
        .mutate(endpoint=_.recipient.split(";").unnest())
        .mutate(endpoint=_.endpoint.strip().lower())
        .filter(_.endpoint != "anyone", _.endpoint != _.account.fill_null("").lower())
        .inner_join(endpoints.filter(~_.kind.isin(("own", "approved", "partner"))), "endpoint")
    )
    allowed = permits.filter(_.destination.notnull())
    holder = allowed.holder.isnull() | (allowed.holder == given.actor)
    acts = unannounced(given, allowed, given.destination == allowed.destination, holder).mutate(
        key=ibis.coalesce(_.actor, "somebody"), kind=ibis.coalesce(_.operation, "share")
    )
    rated = rarity(kept(acts), calls.select("time", "day", key="actor"), per_person_week=per_person_week)
    return rated.filter(_.per_week <= at_most).mutate(
        resource=ibis.coalesce(_.resource, "a resource"),
        first_time=_.time,
        last_time=_.time,
        bytes_out=ibis.literal(0, "int64"),
        files=ibis.literal(1, "int64"),
        evidence=ibis.array([_.uid]),
    )
