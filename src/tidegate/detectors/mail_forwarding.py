"""A mailbox made to send copies outside: forwarding, inbox rule, transport rule, or an outside delegate."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept, recent
from tidegate.detectors._statistics import rarity
from tidegate.units import detector


@detector(
    reads=("account_change", "endpoints"),
    attack=("T1114.003", "T1098.002"),
    severity="critical",
    pattern="mail_leak",
    says=(
        "{who} used {operation} on {what}, so that mail goes to {destination}; {before:others} done such a thing before"
    ),
    misses="rules that copy to an inside address which is itself forwarded; forwarding set in a mail client",
    twin="forwarding to the person's second official mailbox at a partner that destinations.csv does not list",
    question="Does the owner of the mailbox know of this rule, and whose is the address it sends to?",
)
def mail_forwarding(
    changes: ir.Table,
    endpoints: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_person_week: float = 0.0005,  # assumed before a past is seen: one outside rule in 2,000 person-weeks
) -> ir.Table:
    changes = recent(changes)
    rules = (
        changes.filter(
            _.activity.isin(("Forward", "Delegate")), _.recipient.notnull(), _.status.fill_null("") != "Failure"
        )
        .mutate(endpoint=_.recipient.split(";").unnest())
        .mutate(endpoint=_.endpoint.strip().lower())
        .inner_join(endpoints.filter(~_.kind.isin(("own", "approved", "partner"))), "endpoint")
    )
    acts = rules.filter(_.endpoint.contains("@")).mutate(key=ibis.coalesce(_.actor, _.target), kind=_.activity)
    events = kept(acts)
    rated = rarity(
        events,
        changes.select("time", "day", key=ibis.coalesce(_.actor, _.target)),
        per_person_week=per_person_week,
    )
    return rated.filter(_.per_week <= at_most).select(
        "time",
        "per_week",
        "device",
        "destination",
        "operation",
        "before",
        what=ibis.cases(
            (_.target.isnull(), "the organisation's mail flow"),
            (_.target == _.actor, "their own mailbox"),
            else_="another's mailbox",
        ),
        actor=_.key,
        first_time=_.time,
        last_time=_.time,
        bytes_out=ibis.literal(0, "int64"),
        files=ibis.literal(0, "int64"),
        evidence=ibis.array([_.uid]),
    )
