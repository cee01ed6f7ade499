"""A device that puts far more into the names it asks of one domain than look-ups need.

A tunnel's names are the data: each is asked once, is long, and of a domain that hardly anybody else asks. Anti-virus
and content networks put much into names too, but about as much from every device: what counts is what a device puts
into names beyond what the domain's other devices did before. That these do so at all says how much is usual here.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._asked import kept
from tidegate.detectors._company import company, once_a_day
from tidegate.detectors._episodes import unusual
from tidegate.detectors._watched import since
from tidegate.units import detector

LOG = 1_000_000  # parts of a natural logarithm
LONGEST = 253  # bytes: a name of the greatest length there is (RFC 1035); differences below one a day say nothing


@detector(
    reads=("lookups",),
    attack=("T1071.004", "T1048.003"),
    severity="high",
    pattern="covert_channel",
    says=(
        "{who} asked {destination} for names that hold {bytes_out:bytes} within {days:days}, {names:count} of them "
        "within the last hour, {long:count} by queries of types that carry data; {others:others} asked that domain; "
        "the usual for a device and a domain is {peer_usual:bytes}"
    ),
    misses=(
        "a tunnel inside DNS over HTTPS; one that carries as little as ordinary look-ups do; one that many devices "
        "begin to use together"
    ),
    twin="anti-virus and content networks that put hashes into names; a mail server that asks block lists",
    question="Which program asks these names, and who runs the name server of that domain?",
)
def dns_tunnel(
    lookups: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 7, 30),  # days: a burst, and tunnels that take their time
) -> ir.Table:
    asked = lookups.filter(
        _.device.notnull(), _.label_bytes > 0, ~_.kind.fill_null("unknown").isin(("own", "approved"))
    ).mutate(time=_.last_time)
    beyond = ibis.greatest(_.label_bytes - _.usual_there, 0).floor().cast("int64")
    rows = kept(company(_usual_there(asked), "destination")).mutate(
        key=_.device + " " + _.destination,
        amount=beyond + LONGEST * once_a_day("device", "destination"),
        bytes=_.label_bytes,
        files=ibis.literal(0, "int64"),
    )
    rows = rows.filter(_.amount > 0)
    found = unusual(rows, watched=since(lookups), horizons=horizons, at_most=at_most)
    # The hour in which it was noticed, for what the names looked like.
    facts = rows.group_by("key", "time").agg(names=_.names.sum(), long=_["long"].sum(), others=_.others.min())
    return found.left_join(facts, ["key", "time"], rname="{name}_of_facts").drop("key_of_facts", "time_of_facts")


def _usual_there(asked: ir.Table) -> ir.Table:
    """Add `usual_there`: what the domain's other devices put into names in an hour with look-ups, up to then.

    On all days or on this one, whichever is more: a service may grow chatty from one day to the next.
    """
    ever, today = _others_usual("destination"), _others_usual("destination", "day")
    return asked.mutate(usual_there=ibis.greatest(ever, today))


def _others_usual(*of: str) -> ibis.Deferred:
    """The geometric mean, which a few tunnels among many do not move, and the less of it the fewer hours there are."""
    order = ("time", "uid", "device")
    everybody = ibis.window(group_by=of, order_by=order, preceding=(None, 0))
    own = ibis.window(group_by=(*of, "device"), order_by=order, preceding=(None, 0))
    level = (_.label_bytes.ln() * LOG).round().cast("int64")  # whole numbers: their sum does not depend on the order
    levels = level.sum().over(everybody) - level.sum().over(own)
    hours = _.label_bytes.count().over(everybody) - _.label_bytes.count().over(own)
    return (levels / ibis.greatest(hours, 1) / LOG).exp() * hours / (hours + 1)
