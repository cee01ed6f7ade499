"""A device that nobody registered and that sends round the clock to one place outside.

Visitors' phones send as long as the visit lasts; an instrument somebody put up sends hour after hour to its maker's
cloud. How steady a device is, is the number of the last 24 hours in which it sent to a place, times that place's share
of what it sent. Each level of steadiness is an act, rare where few unregistered devices have reached it: a register
with gaps makes it common, and the finding weak.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._listed import unapproved
from tidegate.detectors._statistics import rarity
from tidegate.units import detector

HOURS = 24  # of which the hours with sending are counted: a day, as found within a day is what is asked
LEVELS = (8, 16)  # hours with sending to one place: one in three of a day, and more than any working day
STAY = 12  # hours for which it goes on: longer than a visitor stays,
PAUSE = 6  # without a pause of so many: shorter than a night


@detector(
    reads=("hourly", "devices", "device_inventory"),
    attack=("T1200", "T1020"),
    severity="high",
    pattern="unknown_instrument",
    says=(
        "{who} is in no register and sent to {destination} in {hours:count} of the last 24 hours, {percent:count} % of "
        "all it sent; {before:others} been as steady"
    ),
    misses=(
        "an instrument that sends a few times a day, or is off at night, that a registered device stands in front of, "
        "or that bears the name or address of a registered one; everything where devices.csv is missing"
    ),
    twin=(
        "an instrument of one's own that nobody has entered yet; a guest's device left on overnight; a printer that "
        "reports its toner"
    ),
    question="What is this device, where does it stand, and who put it there?",
)
def unknown_instrument(
    hourly: ir.Table,
    devices: ir.Table,
    inventory: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    per_device_week: float = 0.0005,  # assumed before a past is seen: one such device in 2,000 device-weeks
) -> ir.Table:
    sent = hourly.filter(_.device.notnull(), _.channel.isin(("network", "web")), _.bytes > 0)
    strange = _strange(unapproved(sent), devices, inventory)
    steady = _steadiness(strange)
    levels = [steady.filter(_.steady >= level).mutate(kind=ibis.literal(str(level))) for level in LEVELS]
    acts = ibis.union(*levels).mutate(key=_.device)
    everyone = sent.select("day", key="device", time="last_time")
    rated = rarity(acts, everyone, per_person_week=per_device_week).mutate(per_week=_.per_week * len(LEVELS))
    return _described(rated.filter(_.per_week <= at_most), steady)


def _strange(sent: ir.Table, devices: ir.Table, inventory: ir.Table) -> ir.Table:
    """What was sent by devices not in the register on that day, whether by name, hardware or network address."""
    by_mac = devices.filter(_.mac.notnull()).select("mac", "registered")
    named = inventory.select("mac", label=_.device).filter(_.label.notnull()).distinct().inner_join(by_mac, "mac")
    columns = (devices.select("registered", label=devices[column]) for column in ("device", "mac", "ip"))
    known = ibis.union(*columns, named.select("registered", "label")).filter(_.label.notnull())
    always = ibis.literal("0001-01-01").cast("date")
    listed = known.group_by(label=_.label.lower()).agg(since=ibis.coalesce(_.registered, always).min())
    kept = devices.agg(entries=_.count())  # where there is no register, nothing is missing from it
    rows = sent.mutate(name=_.device.lower()).left_join(listed, _.name == listed.label)
    return rows.filter(_.since.isnull() | (_.since > _.day)).cross_join(kept).filter(_.entries > 0)


def _steadiness(strange: ir.Table) -> ir.Table:
    """One row a device, destination and hour with sending: `hours, share` of the last 24, and `steady`, their product,
    which is nothing before it has gone on for `STAY`.

    An hour is judged at its end, when it is known where else the device sent in it.
    """
    hours = strange.group_by("device", "destination", n=_.hour.epoch_seconds() // 3600).agg(
        bytes=_.bytes.sum(),
        files=_.files.sum(),
        actor=_.actor.min(),
        last_time=_.last_time.max(),
        first_time=_.first_time.min(),
        uid=_.uid.argmax(ibis.struct({"bytes": _.bytes, "uid": _.uid})),
    )
    pair = ("device", "destination")
    pause = _.n - _.n.lag().over(ibis.window(group_by=pair, order_by="n")) >= PAUSE
    so_far = ibis.window(group_by=pair, order_by="n", preceding=(None, 0))
    hours = hours.mutate(begins=pause.fill_null(True)).mutate(stay=_.begins.cast("int64").sum().over(so_far))
    here = ibis.range_window(group_by=pair, order_by="n", preceding=HOURS - 1, following=0)
    anywhere = ibis.range_window(group_by="device", order_by="n", preceding=HOURS - 1, following=0)
    return hours.mutate(
        time=_.last_time.max().over(ibis.window(group_by=("device", "n"))),
        hours=_.count().over(here),
        share=_.bytes.sum().over(here) / _.bytes.sum().over(anywhere),
        stayed=_.n - _.n.min().over(ibis.window(group_by=(*pair, "stay"))) + 1,
    ).mutate(steady=ibis.ifelse(_.stayed >= STAY, _.hours * _.share, 0))


def _described(found: ir.Table, steady: ir.Table) -> ir.Table:
    """Findings with what the device sent there in the 24 hours before."""
    acts = found.select("device", "destination", "kind", "time", "per_week", "before", "actor", "hours", "share", "n")
    parts = steady.select("device", "destination", "first_time", "last_time", "bytes", "files", "uid", of="n")
    facts = (
        acts.select("device", "destination", "kind", "n")
        .inner_join(parts, ["device", "destination"])
        .filter(_.n - _.of < HOURS, _.of <= _.n)
        .group_by("device", "destination", "kind")
        .agg(
            first_time=_.first_time.min(),
            last_time=_.last_time.max(),
            bytes_out=_.bytes.sum(),
            files=_.files.sum(),
            evidence=_.uid.collect(order_by=(ibis.desc("bytes"), "uid")),
        )
    )
    return acts.inner_join(facts, ["device", "destination", "kind"]).mutate(percent=_.share * 100).drop("n", "kind")
