"""Gather, pack, send, clean up: in order, or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.detectors.lives import PEOPLE, START, accesses, opened, sending, sent
from tests.tables import Row, run
from tidegate.detectors.staged_exfiltration import staged_exfiltration

DAY = START + timedelta(days=45, hours=10)  # a Thursday
Rows = list[dict[str, Any]]
HOUR = timedelta(hours=1)


def gather(time: datetime = DAY, files: int = 300) -> Rows:
    return [opened("p3", time + timedelta(seconds=9 * n), f"/sites/core{n % 9}/x{n}.docx") for n in range(files)]


def pack(time: datetime = DAY + 2 * HOUR, actor: str = "p3") -> Rows:
    return [opened(actor, time, "C:\\tmp\\all.7z", activity="Create")]


def send(time: datetime = DAY + 4 * HOUR, **more: Any) -> Rows:
    return [sent("p3", time + n * HOUR, 5 * 10**6, **{"to": "drop.example", **more}) for n in range(4)]


def clean(time: datetime = DAY + 9 * HOUR) -> Rows:
    return [opened("p3", time, "C:\\tmp\\all.7z", activity="Delete")]


def zips() -> Rows:
    """Now and then somebody else packs what they work on, and everybody sends something somewhere every day."""
    others = (p for p in PEOPLE if p != "p3")
    return [f for n, p in enumerate(others) for f in pack(START + timedelta(days=n, hours=11), p)]


def rare(hosted: Sequence[Row] = (), local: Sequence[Row] = (), out: Sequence[Row] = (), below: float = 0.1) -> Rows:
    made = run(
        staged_exfiltration,
        file_hosting=[*accesses(), *hosted],
        file_activity=[*zips(), *local],
        hourly=[*sending(), *out],
    )
    return [r for r in made if r["per_week"] < below]


def test_a_sequence_is_found_at_the_first_part_of_the_sending() -> None:
    found = rare(gather(), pack(), send())
    assert {r["actor"] for r in found} == {"p3"}
    first = next(r for r in found if r["destination"] == "drop.example")
    assert first["time"] == DAY + 4 * HOUR
    assert first["files"] >= 300
    assert not first["cleaned"]


def test_cleaning_up_makes_it_rarer() -> None:
    swept = rare(gather(), [*pack(), *clean()], send())
    assert {r["cleaned"] for r in swept} == {"", " and deleted files afterwards"}


def test_who_gathers_packs_and_sends_every_week_does_so_again() -> None:
    weeks = [DAY - timedelta(days=8 * n) for n in range(1, 5)]
    files = [f for week in weeks for f in gather(week)]
    again = [f for week in weeks for f in pack(week + 2 * HOUR)]
    sends = [s for week in weeks for s in send(week + 4 * HOUR)]
    found = rare([*gather(), *files], [*pack(), *again], [*send(), *sends])
    assert not [r for r in found if r["time"] >= DAY]


def test_small_archives_of_before_excuse_nothing() -> None:
    small = [f for n in range(1, 6) for f in pack(DAY - timedelta(days=7 * n + 1))]
    assert rare(gather(), [*small, *pack()], send())


def test_the_same_acts_out_of_order_are_none() -> None:
    assert not rare(gather(DAY + 5 * HOUR), pack(DAY + 7 * HOUR), send(DAY))


def test_an_archive_that_is_not_sent_is_none() -> None:
    assert not rare(gather(), pack())


def test_a_release_build_to_an_approved_place_is_none() -> None:
    assert not rare(gather(), pack(), send(kind="approved"))
    assert not rare(gather(), pack(), send(permitted=True))


def test_next_to_nothing_sent_after_packing_is_no_sending_of_it() -> None:
    # 15 MB were gathered: a form filled in on the web is not what became of them.
    assert not rare(gather(), pack(), [sent("p3", DAY + 4 * HOUR, 20_000, "form.example")])


def test_ordinary_archives_and_sendings_are_quiet() -> None:
    assert len({r["actor"] for r in rare()}) <= 1


def test_nothing_looks_ahead() -> None:
    everything, cut = (gather(), [*pack(), *clean()], send()), DAY + 6 * HOUR

    def before(rows: Rows) -> Rows:
        return [r for r in rows if (r.get("last_time") or r["time"]) < cut]

    known = [(r["time"], r["per_week"]) for r in rare(*everything) if r["time"] < cut]
    hosted, local, out = map(before, everything)
    assert known == [(r["time"], r["per_week"]) for r in rare(hosted, local, out) if r["time"] < cut]
