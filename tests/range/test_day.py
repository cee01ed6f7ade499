"""One day's logs: complete, in order, and no row of another day."""

from __future__ import annotations

from dataclasses import replace

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


def test_thin_logs_keep_what_leaves_and_drop_what_fills(stage: World) -> None:
    thin = replace(stage, thin=True)
    with duckdb.connect() as db:
        kept, full = (
            {log.source: log.rows for log in day.written(db, world, (), OFFICE_DAY)} for world in (thin, stage)
        )
    assert kept["zeek_dns"].num_rows == 0
    assert sum(table.num_rows for table in kept.values()) < sum(table.num_rows for table in full.values()) / 3
    # The same day all the same: who sends what where is not drawn anew.
    assert kept["zeek_smtp"]["recipient"] == full["zeek_smtp"]["recipient"]
    uploads = {(row["host"], row["sent"]) for row in kept["squid"].to_pylist() if row["sent"] > 1e6}
    assert uploads <= {(row["host"], row["sent"]) for row in full["squid"].to_pylist()}
    assert uploads
    operations = set(kept["microsoft365"]["operation"].to_pylist())
    assert {"FileAccessed", "UserLoggedIn", "Send"} <= operations
    assert "MailItemsAccessed" not in operations
