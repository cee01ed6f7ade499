"""A machine's cloud identity reading stored data from an address at which a person works."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import firsts, kept, recent
from tidegate.detectors._episodes import EVIDENCE
from tidegate.detectors._statistics import rarity
from tidegate.units import detector

READS = ("GetObject", "REST.GET.OBJECT")  # as CloudTrail and S3's own access log write it
INSTANCE = r"^i-[0-9a-f]{8,17}$"  # the session name that EC2 gives to an instance's role


@detector(
    reads=("web_resources", "api_activity"),
    attack=("T1552.005", "T1530", "T1078.004"),
    severity="high",
    pattern="springboard",
    says=(
        "{who} is the identity of a machine, but read {files:count} objects ({bytes_out:bytes}) of {place} from an "
        "address that a person works from; {before:others} done such a thing before"
    ),
    misses="stolen keys used from an address that nobody else is seen at; keys of people",
    twin="an engineer testing a role by hand, or a machine and its administrators behind one address translator",
    question="Did somebody take this machine's keys to their own computer, and on whose order?",
)
def instance_credentials(
    resources: ir.Table,
    calls: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_person_week: float = 0.0005,  # assumed before a past is seen: once in 2,000 identity-weeks
) -> ir.Table:
    resources, calls = recent(resources), recent(calls)
    who = ("day", "time", "actor", "device", "src_ip")
    seen = calls.select(*who).union(resources.select(*who))
    people = seen.filter(_.actor.notnull(), ~_.device.fill_null("").re_search(INSTANCE), _.src_ip.notnull())
    people = firsts(people, "src_ip", since=_.time.min()).drop("day")
    reads = kept(
        resources.filter(_.device.re_search(INSTANCE), _.operation.isin(READS), _.error.isnull())
        .inner_join(people, "src_ip")
        .filter(_.since <= _.time)
        .mutate(key=_.device, kind=ibis.literal("machine"), destination=_.src_ip)
    )
    everyone = seen.select("time", "day", key=ibis.coalesce(_.device, _.actor))
    rated = rarity(reads, everyone, per_person_week=per_person_week)
    taken = reads.group_by("key", "destination").agg(
        last_time=_.time.max(),
        bytes_out=_.bytes_out.sum(),
        files=_.count(),
        evidence=_.uid.collect(order_by="time")[:EVIDENCE],
    )
    return (
        rated.filter(_.per_week <= at_most)
        .select("key", "time", "actor", "device", "destination", "before", "per_week", place="resource")
        .inner_join(taken, ["key", "destination"])
        .mutate(first_time=_.time)
    )
