"""One day's logs: complete, in order, and no row of another day."""

from __future__ import annotations

import duckdb

from tidegate.range import day
from tidegate.range.tables import DAY, numbers
from tidegate.range.world import World

OFFICE_DAY = 8


def test_a_day_writes_every_log_in_the_order_of_time(stage: World) -> None:
    with duckdb.connect() as db:
        logs = list(day.written(db, stage, (), OFFICE_DAY))
    assert [log.source for log in logs] == [
        *("zeek_conn", "zeek_ssl", "zeek_http", "zeek_files", "zeek_dns", "zeek_smtp", "zeek_dhcp"),
        *("squid", "microsoft365", "windows", "cloudtrail"),
    ]
    start = stage.workdays.midnight(OFFICE_DAY)
    for log in logs:
        time = numbers(log.rows, "time")
        assert len(log.lines) == len(time) > 0, log.source
        assert (time[1:] >= time[:-1]).all(), log.source
        assert time.max() < start + DAY
        assert (numbers(log.rows, "mark") == -1).all()


def test_habits_have_names_of_their_own() -> None:
    # A habit's name is the seed of its draws: two of one name would draw the same.
    names = [
        habit.__name__ for habit in (*day.SESSIONS, *day.LOOKUPS, *day.MAILS, *day.AUDITS, *day.EVENTS, *day.CALLS)
    ]
    assert len(set(names)) == len(names)
