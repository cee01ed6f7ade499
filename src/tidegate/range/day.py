"""One day of logs: the background, what scenes add to it, and the files' bytes. Days do not depend on one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from tidegate.range import observe
from tidegate.range.habits import accounts, clouds, desks, files, lookups, machines, mail, web
from tidegate.range.happenings import adoption, migration, on_call, telemetry
from tidegate.range.logs import cloudtrail, microsoft365, squid, windows, zeek
from tidegate.range.logs.rendering import Written
from tidegate.range.scene import Scene
from tidegate.range.tables import AUDIT, CALL, DAY, EVENT, LOOKUP, MAIL, SESSION, Ints, between, joined, marked
from tidegate.range.world import World

Habit = Callable[[World, int, np.random.Generator], pa.Table]

SESSIONS: tuple[Habit, ...] = (
    *(web.browsing, web.uploads, web.calls),
    *(machines.stations, machines.updates, machines.antivirus, machines.clocks, machines.guests),
    *(adoption.new_services, telemetry.reports),
)
LOOKUPS: tuple[Habit, ...] = (lookups.reputation, lookups.content, lookups.mail_checks, lookups.reverse)
MAILS: tuple[Habit, ...] = (mail.border,)
AUDITS: tuple[Habit, ...] = (
    *(files.files, files.library_syncs, files.sign_ins, files.shares, mail.sending, mail.reading),
    *(accounts.vendor, accounts.administrators, accounts.rules),
    *(on_call.night_work, migration.moved_mailboxes, migration.moved_files),
)
EVENTS: tuple[Habit, ...] = (desks.sign_ons, desks.programs, desks.archives, desks.sticks)
CALLS: tuple[Habit, ...] = (clouds.engineers, clouds.platform, clouds.snapshots)

ROUTINE: frozenset[Habit] = frozenset(
    (
        *(web.browsing, web.calls, mail.reading, desks.programs, clouds.platform),
        *(machines.stations, machines.updates, machines.antivirus, machines.clocks, machines.guests),
        *LOOKUPS,
    )
)
"""What fills logs and carries little away: left out of thin ones."""


def written(db: duckdb.DuckDBPyConnection, world: World, scenes: Sequence[Scene], day: int) -> Iterator[Written]:
    """Every log of a day; `mark` in its rows is the index of the scene a row belongs to.

    db: an in-memory database, which may be shared by days that run side by side.
    """
    sessions = _rows(world, day, SESSION, SESSIONS, [scene.sessions for scene in scenes])
    mails = _rows(world, day, MAIL, MAILS, [scene.mails for scene in scenes])
    audits = _rows(world, day, AUDIT, AUDITS, [scene.audits for scene in scenes])
    asked = _rows(world, day, LOOKUP, LOOKUPS, [scene.lookups for scene in scenes])
    events = _rows(world, day, EVENT, EVENTS, [scene.events for scene in scenes])
    calls = _rows(world, day, CALL, CALLS, [scene.calls for scene in scenes])
    behind = observe.proxied(world, sessions)
    flows = observe.flows(world, sessions.filter(pa.array(~behind)), asked, mails, day, world.random("flows", day))
    rng = world.random("logs", day)
    seen = pa.concat_tables([table.select(["time", "device", "mark"]) for table in (sessions, asked)])
    leases = observe.leases(world, day, _active(world, day), seen, rng)
    with db.cursor() as con:
        yield from zeek.logs(con, f"zeek/{world.workdays.date(day)}", flows, leases, rng)
        yield squid.access(con, world, day, sessions.filter(pa.array(behind)))
        yield microsoft365.audit(con, world, day, audits)
        yield windows.events(con, world, day, events)
        yield cloudtrail.calls(con, world, day, calls)


def _rows(world: World, day: int, schema: pa.Schema, habits: Sequence[Habit], scenes: Sequence[pa.Table]) -> pa.Table:
    start = world.workdays.midnight(day)
    played = [habit for habit in habits if not (world.thin and habit in ROUTINE)]
    background = [habit(world, day, world.random(habit.__name__, day)) for habit in played]
    added = [marked(between(table, start, start + DAY), mark) for mark, table in enumerate(scenes) if table.num_rows]
    table = joined(schema, [*background, *added])
    return between(table, start, start + DAY)


def _active(world: World, day: int) -> Ints:
    """Devices that ask for an address: laptops of those in an office, phones of those there."""
    laptops = world.organisation.laptops[world.at_work(day, office=True), day]
    return np.concatenate([laptops, machines.phones_present(world, day)])
