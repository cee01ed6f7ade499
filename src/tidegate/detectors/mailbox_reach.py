"""One account reaching into many mailboxes that it never touched: reading, granting itself, consenting, exporting."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept, recent
from tidegate.detectors._listed import unannounced
from tidegate.detectors._passages import passages, told, within
from tidegate.detectors._statistics import earliest, rarity
from tidegate.detectors._watched import since
from tidegate.detectors._wording import others_have
from tidegate.units import detector

# What opens all mailboxes at once, as Entra, Exchange, Purview and Google Workspace name it.
CONSENT = r"(?i)^(consent to application|add (app role assignment|delegated permission grant)|authorize_api_client)"
EXPORT = (
    r"(?i)^(new-mailboxexportrequest|new-compliancesearchaction|searchexport\w*|customer_takeout\w*|data_export\w*)"
)
HABIT = 28  # days after which as many new mailboxes as before are an account's own habit: a help desk's, a journal's
COLUMNS = (
    *("time", "first_time", "last_time", "actor", "device", "destination", "per_week", "bytes_out", "files"),
    *("evidence", "amount", "did", "why"),
)


@detector(
    reads=("mailboxes", "account_change", "api_activity", "signins", "permits"),
    attack=("T1114.002", "T1098.002", "T1098.003", "T1078"),
    severity="critical",
    pattern="springboard",
    says="{who} {did}; {why}",
    misses="one mailbox a week; an account that reads everybody's mail as its work, put to another use",
    twin="a mailbox migration under a change ticket (permits.csv, class mail); a journaling service on its first days",
    question="Is there a change ticket for this account's access to these mailboxes?",
)
def mailbox_reach(
    mailboxes: ir.Table,
    changes: ir.Table,
    calls: ir.Table,
    signins: ir.Table,
    permits: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 30),  # days: a burst, and a patient reader
    per_person_week: float = 0.0005,  # assumed before a past is seen: a consent or export in 2,000 person-weeks
    signin_days: int = 3,  # days after a sign-in from a network new to the account that count as after it
    familiar_days: int = 14,  # days an account must be known for a network to be new to it
    fewest: int = 3,  # mailboxes after such a sign-in below which it is a colleague on the road
) -> ir.Table:
    changes, calls = recent(changes), recent(calls)
    new = kept(_unannounced(_touched(mailboxes, changes), permits))
    start = since(mailboxes, changes, signins)
    after = _after_signin(new, signins, signin_days, familiar_days)
    many = _counted(new, start, horizons, fewest, at_most).mutate(
        did="reached into " + _.total.cast("string") + " mailboxes of others that it had never touched before"
    )
    sudden = _counted(after, start, (signin_days,), fewest, at_most).mutate(
        did="signed in from a network new to it and reached into " + _.total.cast("string") + " strange mailboxes"
    )
    parts = (many, sudden, _opened_all(changes, calls, permits, per_person_week))
    both = ibis.union(*(part.select(*COLUMNS) for part in parts))
    return both.mutate(per_week=_.per_week * len(parts)).filter(_.per_week <= at_most)


def _counted(new: ir.Table, start: ir.Table, horizons: tuple[int, ...], fewest: int, at_most: float) -> ir.Table:
    """Accounts whose number of mailboxes within a horizon is rare among all, and above what is their own habit."""
    rare = passages(within(new, horizons), start, least=fewest, at_most=at_most / len(horizons), lag=HABIT)
    return told(rare, new).mutate(
        per_week=_.per_week * len(horizons),
        amount=_.total,
        why="of "
        + _.peers.cast("string")
        + " others "
        + _.as_high.cast("string")
        + " ever did as much within "
        + _.days.cast("string")
        + " days",
    )


def _touched(mailboxes: ir.Table, changes: ir.Table) -> ir.Table:
    """The first time each account was in, or let itself into, each mailbox of another."""
    columns = ("uid", "time", "day", "actor", "device", "mailbox")
    granted = changes.filter(_.activity == "Delegate", ibis.coalesce(_.status != "Failure", True)).mutate(
        mailbox=_.target, actor=ibis.coalesce(_.recipient, _.actor)
    )
    touched = mailboxes.mutate(time=_.first_time).select(*columns).union(kept(granted.select(*columns)))
    return earliest(touched.filter(_.actor != _.mailbox), "actor", "mailbox").mutate(
        key=_.actor,
        amount=ibis.literal(1, "int64"),
        destination=ibis.null("string"),
        bytes=ibis.literal(0, "int64"),
        files=ibis.literal(1, "int64"),
    )


def _unannounced(rows: ir.Table, permits: ir.Table) -> ir.Table:
    permitted = permits.filter(_.data_class == "mail")
    return unannounced(rows, permitted, rows.actor == permitted.holder)


def _after_signin(new: ir.Table, signins: ir.Table, days: int, familiar_days: int) -> ir.Table:
    """Mailboxes first touched within days after the account came from a network that it never came from before."""
    firsts = signins.group_by("actor", "network").agg(came=_.first_time.min(), day=_.day.min())
    strange = firsts.mutate(known=_.day.min().over(group_by="actor")).filter(
        _.day.delta(_.known, unit="day") >= familiar_days
    )
    latest = new.asof_join(strange.select("actor", "came"), on=new.time >= strange.came, predicates="actor")
    return latest.filter(_.came.notnull(), _.time.delta(_.came, unit="hour") <= 24 * days).select(*new.columns)


def _opened_all(changes: ir.Table, calls: ir.Table, permits: ir.Table, per_person_week: float) -> ir.Table:
    """Consents for applications and exports of mailboxes: each open many mailboxes in one act."""
    columns = ("uid", "time", "day", "actor", "device", "operation", "status")
    acts = changes.select(*columns).union(calls.select(*columns)).filter(_.actor.notnull())
    kinds = ibis.cases((acts.operation.re_search(CONSENT), "consent"), (acts.operation.re_search(EXPORT), "export"))
    opened = acts.mutate(kind=kinds).filter(_.kind.notnull(), ibis.coalesce(_.status != "Failure", True))
    events = kept(_unannounced(opened, permits)).mutate(key=_.actor, destination=ibis.null("string"))
    everyone = acts.select("time", "day", key="actor")
    return rarity(events, everyone, per_person_week=per_person_week).mutate(
        amount=ibis.literal(1, "int64"),
        did="used " + _.operation + ibis.ifelse(_.kind == "consent", ", which lets an application in", ", an export"),
        why=others_have("done such a thing before"),
        first_time=_.time,
        last_time=_.time,
        bytes_out=ibis.literal(0, "int64"),
        files=ibis.literal(0, "int64"),
        evidence=ibis.array([_.uid]),
    )
