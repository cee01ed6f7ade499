"""A device that calls at a steady beat somewhere that hardly any other device calls, sending more than it gets.

People are irregular and common software has company. What counts of an hour is its steady beats, weighed by the share
that was sent and shared out among the devices that had called there by then.
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

CHANCE = 0.02  # share of calls at random moments that happen to come on a beat, or somewhat less
FEED = 10  # times as much received as sent, from which on it is a feed that is fetched
BARE = 128  # bytes a call: who sends no more asks for the time, or whether somebody is there


@detector(
    reads=("hourly",),
    attack=("T1071.001", "T1029"),
    severity="medium",
    pattern="covert_channel",
    says=(
        "{who} called {destination} at a steady beat and sent {bytes_out:bytes} within {days:days}: in the last hour "
        "{beats:count} of {events:count} calls came on the beat; {others:others} called there"
    ),
    misses=(
        "a beat that varies by more than a fifth; one that receives far more than it sends; one to a service that "
        "many devices use; one slower than some hours"
    ),
    twin="a monitoring agent, a time server, update checks, the first of many laptops to get new software",
    question="Which program calls there, and was it installed on purpose?",
)
def beacon(
    hourly: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 7, 30),  # days: a fast beat on its first day, slow ones later
    few: int = 4,  # other devices that called there, from which on it is a service
) -> ir.Table:
    calls = hourly.filter(
        _.channel.isin(("network", "web")), ~_.kind.isin(("own", "approved", "partner")), ~_.permitted
    )
    calls = calls.mutate(device=ibis.coalesce(_.device, _.actor), time=_.last_time).filter(_.device.notnull())
    sent = _.bytes / ibis.greatest(_.bytes + _.bytes_in.fill_null(0), 1)
    beats = ibis.greatest(_.beats - CHANCE * _.events, 0)
    rows = kept(
        company(calls, "destination", of=_.beats > 0)
        .filter(_.others < few, _.bytes_in.fill_null(0) <= FEED * _.bytes, _.bytes > BARE * _.events)
        .mutate(
            key=_.device + " " + _.destination,
            amount=beats * sent / (_.others + 1) + once_a_day("device", "destination"),  # a single beat says nothing
            files=ibis.literal(0, "int64"),
        )
        .filter(_.amount > 0)
    )
    found = unusual(rows, watched=since(hourly), horizons=horizons, at_most=at_most)
    facts = rows.group_by("key", "time").agg(beats=_.beats.sum(), events=_.events.sum(), others=_.others.min())
    return found.left_join(facts, ["key", "time"], rname="{name}_of_facts").drop("key_of_facts", "time_of_facts")
