"""When a running total became unusual, and whom the finding names."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from tests.tables import engine, stored
from tidegate.detectors._episodes import EVIDENCE, unusual
from tidegate.detectors._watched import since

START = datetime(2026, 1, 5)
LAST = START + timedelta(days=40)
SCHEMA = pa.schema(
    [("key", pa.string()), ("time", pa.timestamp("us")), ("day", pa.date32()), ("amount", pa.int64()),
     ("uid", pa.string()), ("actor", pa.string()), ("device", pa.string()), ("destination", pa.string()),
     ("bytes", pa.int64()), ("files", pa.int64())]
)  # fmt: skip
Rows = list[dict[str, Any]]


def row(key: str, time: datetime, amount: int, **more: Any) -> dict[str, Any]:
    uid = f"{key}-{time:%m%d%H}-{amount}"
    plain = {"uid": uid, "actor": key, "device": f"{key}-pc", "destination": "d", "bytes": amount, "files": 1}
    return {"key": key, "time": time, "day": time.date(), "amount": amount, **plain, **more}


def quiet() -> Rows:
    """Thirty people, about 100 a day each, in two halves."""
    return [
        row(f"p{n}", START + timedelta(days=day, hours=hour), 40 + (7 * n + 11 * day + hour) % 20)
        for n in range(30)
        for day in range(41)
        for hour in (9, 15)
    ]


MORNING = next(r["amount"] for r in quiet() if r["key"] == "p0" and r["time"] == LAST + timedelta(hours=9))


def found(extra: Rows, days: int = 1, at_most: float = 0.5) -> Rows:
    """Findings about p0, in order of time."""
    rows = stored(pa.Table.from_pylist(quiet() + extra, schema=SCHEMA))
    made = engine().to_pyarrow(unusual(rows, watched=since(rows), horizons=(days,), at_most=at_most)).to_pylist()
    return sorted((r for r in made if r["key"] == "p0"), key=lambda r: r["time"])


def test_it_is_found_in_the_hour_in_which_the_day_became_unusual() -> None:
    first, *later = found([row("p0", LAST + timedelta(hours=10 + n), 230) for n in range(3)])
    assert (first["time"], first["first_time"]) == (LAST + timedelta(hours=11), LAST + timedelta(hours=9))
    assert first["last_time"] == first["time"]
    assert first["amount"] == 460 + MORNING
    assert first["evidence"] == ["p0-021410-230", "p0-021411-230", f"p0-021409-{MORNING}"]  # nothing later
    rates = [f["per_week"] for f in (first, *later)]
    assert rates == sorted(rates, reverse=True)
    # The near miss: a busy day, half as much again.
    assert not found([row("p0", LAST + timedelta(hours=10), 50)])


def test_what_goes_on_is_noted_once_more_after_a_week() -> None:
    weeks = [row("p0", LAST + timedelta(days=day, hours=10), 500) for day in range(16)]
    noted = {f["time"].date() for f in found(weeks)}
    assert 1 <= len(noted) <= 4


def test_a_total_of_days_holds_what_lies_within_them_and_nothing_older() -> None:
    def twice(gap: int) -> Rows:
        noon = LAST + timedelta(hours=12)
        return found([row("p0", noon - timedelta(days=gap), 1_500), row("p0", noon, 1_500)], days=7)

    last = twice(6)[-1]
    assert (last["time"], last["first_time"].date()) == (LAST + timedelta(hours=12), (LAST - timedelta(days=6)).date())
    assert last["bytes_out"] == last["amount"] > 3_000
    # The near miss: a day longer apart they never stand in one total of a week.
    assert not twice(7)


def test_the_finding_names_one_transfer_the_largest_and_mixes_no_two() -> None:
    big = row("p0", LAST + timedelta(hours=10), 4_000, actor=None, device="station", destination="cloud.example")
    small = row("p0", LAST + timedelta(hours=10), 3_000, uid="small", actor="bob", device="bob-pc", destination="x")
    (first, *_) = found([big, small])
    # Bob did not send what the station sent, though it has no person to name.
    assert (first["actor"], first["device"], first["destination"]) == (None, "station", "cloud.example")
    assert first["bytes_out"] == 7_000 + MORNING


def test_of_equal_transfers_always_the_same_one_names_it() -> None:
    ten = LAST + timedelta(hours=10)
    same = [row("p0", ten, 4_000, uid=f"e{n}", actor=f"a{n}") for n in (2, 9, 4)]
    forth, back = found(same)[0], found(same[::-1])[0]
    assert (
        (forth["actor"], forth["evidence"][:3]) == (back["actor"], back["evidence"][:3]) == ("a9", ["e2", "e4", "e9"])
    )


def test_what_comes_after_is_no_evidence_and_there_is_an_end_to_it() -> None:
    many = [row("p0", LAST + timedelta(hours=10), 20, uid=f"m{n}") for n in range(EVIDENCE + 5)]
    (first, *_) = found([*many, row("p0", LAST + timedelta(hours=20), 10, uid="later")])
    assert "later" not in first["evidence"]
    assert len(first["evidence"]) == EVIDENCE
    assert first["files"] == EVIDENCE + 5 + 1


def test_where_nobody_did_it_lately_it_is_compared_with_those_of_long_ago() -> None:
    """Thirty did it in the first two weeks, and then nobody: as much as they did is nothing, ten times as much is."""
    begun = [r for r in quiet() if r["day"] < (START + timedelta(days=14)).date() and r["key"] != "p0"]
    once = [begun[0] | {"uid": f"{day}", "time": LAST + timedelta(days=day)} for day in (0, 40)]
    logs = begun + [r | {"day": r["time"].date(), "key": f"late{r['uid']}"} for r in once]
    late = LAST + timedelta(days=42)

    def rare(amount: int) -> list[float]:
        rows = stored(pa.Table.from_pylist([*logs, row("p0", late, amount)], schema=SCHEMA))
        made = engine().to_pyarrow(unusual(rows, watched=since(rows), horizons=(1,), at_most=0.5)).to_pylist()
        return [r["per_week"] for r in made if r["key"] == "p0"]

    assert not rare(100)
    assert rare(1_000) > rare(100_000) > [0]


def test_what_somebody_did_weeks_ago_is_no_surprise_and_three_times_as_much_is() -> None:
    def backup(day: int, amount: int) -> dict[str, Any]:
        return row("p0", START + timedelta(days=day, hours=12), amount)

    again, more = ([backup(24, 5_000), backup(40, amount)] for amount in (5_000, 15_000))
    assert {r["day"] for r in found(again)} == {(START + timedelta(days=24)).date()}
    assert LAST.date() in {r["day"] for r in found(more)}
