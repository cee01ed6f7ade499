"""Somebody sending out far more than came back by a service or port that hardly anybody here uses for it.

Every organisation sends by a few services, and by others only to ask. An amount is shared out among the devices that
had sent by the same service, so that the common ones weigh little and a port of one's own weighs in full.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis import selectors as s

from tidegate.detectors._asked import firsts, kept
from tidegate.detectors._company import company
from tidegate.detectors._episodes import unusual
from tidegate.detectors._watched import since
from tidegate.events.transfers import DELIVERY
from tidegate.units import detector

GATEWAY = 10  # places that a device had delivered mail to, from which on that is its work


@detector(
    reads=("hourly",),
    attack=("T1048", "T1571", "T1095"),
    severity="medium",
    pattern="covert_channel",
    says=(
        "{who} sent {bytes_out:bytes} to {destination} by {via}, more than came back, within {days:days}; "
        "{others:others} sent anything worth mention by it"
    ),
    misses="an upload by a service that many use, such as TLS; one that hides its service from the sensor; mail from a "
    "machine that delivers mail to many places",
    twin="a video conference or a remote desktop on a port of its own; a file transfer that only one server does",
    question="What runs on this port, and who agreed with the other side to use it?",
)
def odd_protocol_upload(
    hourly: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 7, 30),  # days
    common: float = 0.05,  # share of devices that had sent by a service from which on it is no odd one
) -> ir.Table:
    sent = hourly.filter(
        _.via.notnull(), _.device.notnull(), ~_.kind.isin(("own", "approved", "partner")), ~_.permitted
    )
    sent = _without_gateways(sent)
    leaving = _typical(sent.mutate(excess=_.bytes - _.bytes_in.fill_null(0), time=_.last_time).filter(_.excess > 0))
    known = company(leaving, "via", counting=_.excess.ln() >= _.typical).rename(users="others")
    keyed = kept(known).mutate(
        key=ibis.coalesce(_.actor, _.device) + " " + _.via,
        amount=(_.excess / (_.users + 1)).floor().cast("int64"),
        files=ibis.literal(0, "int64"),
    )
    found = unusual(keyed.filter(_.amount > 0), watched=since(hourly), horizons=horizons, at_most=at_most)
    return (
        found.left_join(_facts(keyed, found), ["key", "time"], rname="{name}_of_facts")
        .filter(_.share < common)
        .drop("key_of_facts", "time_of_facts")
    )


def _without_gateways(sent: ir.Table) -> ir.Table:
    """Without what mail gateways deliver; a device that delivers to few places is none."""
    places = firsts(sent.filter(_.via.isin(DELIVERY)), "device", "destination")
    number = ibis.row_number().over(group_by="device", order_by=("day", "destination"))
    gateways = places.mutate(number=number).filter(_.number == GATEWAY - 1).select("device", since="day")
    return sent.anti_join(
        gateways, [sent.device == gateways.device, sent.via.isin(DELIVERY), sent.day > gateways.since]
    )


def _facts(rows: ir.Table, found: ir.Table) -> ir.Table:
    """Of each finding: the service, how many used it by then, and their share of all devices that sent."""
    wanted = found.select("key", "time").distinct().mutate(found=ibis.literal(True))
    asked = rows.left_join(wanted, ["key", "time"]).drop(s.endswith("_right"))
    sending = company(asked, "channel", of=_.found)  # which is the same for all that has a service
    told = sending.filter(_.amount > 0).mutate(share=_.users / ibis.greatest(_.others, 1))
    return told.group_by("key", "time").agg(via=_.via.min(), others=_.users.min(), share=_.share.min())


def _typical(leaving: ir.Table) -> ir.Table:
    """Add `typical`: the mean level (log) of what left in an hour, of everybody, by any service, on the days before.

    Who only ever sent less by a service, as unanswered pings do, is not counted among those who send by it.
    """
    before = ibis.window(order_by="day", preceding=(None, 1))
    days = kept(leaving.group_by("day").agg(level=_.excess.ln().sum(), n=_.count()))
    means = days.select("day", typical=_.level.sum().over(before) / _.n.sum().over(before))
    return leaving.inner_join(means, "day")
