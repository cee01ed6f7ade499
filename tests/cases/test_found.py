"""What a finding says, and that its uid stays the same and names nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import ibis
import pytest

from tidegate.cases.found import Found
from tidegate.units import Detector

NOON = datetime(2026, 3, 2, 12)
ROW: dict[str, Any] = {
    "time": NOON,
    "first_time": NOON,
    "last_time": NOON,
    "actor": "ann",
    "device": "ann-pc",
    "destination": "client.example",
    "per_week": 0.01,
    "bytes_out": 5_000_000_000,
    "files": 3,
    "evidence": ["u2", "u1"],
}


def found(says: str = "{who} did it", **row: Any) -> Found:
    unit = Detector(
        id="test", reads=("hourly",), attack=("T1567",), severity="high", pattern="drip",
        says=says, misses="-", twin="-", question="-", run=lambda hourly: hourly,
    )  # fmt: skip
    return Found.of(unit, {**ROW, **row})


@pytest.mark.parametrize(
    ("says", "facts", "sentence"),
    [
        ("{who} sent {bytes_out:bytes}", {}, "ann sent 5 GB."),
        ("{amount:bytes}", {"amount": 512.4}, "512 bytes."),
        ("{amount:count} files", {"amount": 1234.6}, "1,235 files."),
        ("within {days:days}", {"days": 1}, "within a day."),
        ("within {days:days}", {"days": 0}, "within all the time logged."),
        ("within {days:days}", {"days": 7}, "within 7 days."),
        ("{before:others} done so", {"before": 0}, "nobody else here has done so."),
        ("{before:others} done so", {"before": 1}, "1 other here has done so."),
        ("{before:others} done so", {"before": 2}, "2 others here have done so."),
        ("to {destination}", {}, "to client.example."),
        ("to {destination}", {"destination": None}, "to an unknown place."),
        ("by {operation}", {"operation": None}, "by unknown."),  # is no place
        ("usual {usual:bytes}", {"usual": None}, "usual unknown."),
        ("{who}", {"actor": None}, "ann-pc."),
        ("{who}", {"actor": None, "device": None}, "somebody."),
        (
            "{who} to {destination}",
            {"actor": "{files}", "destination": "{0}"},
            "{files} to {0}.",
        ),  # names are no format
        ("{files} of {who}", {"files": None, "who": "the table's own"}, "0 of ann."),
    ],
)
def test_a_sentence_says_its_facts_in_plain_words(says: str, facts: dict[str, Any], sentence: str) -> None:
    assert found(says, **facts).sentence == sentence


def test_what_a_table_leaves_out_is_nothing() -> None:
    empty = found(bytes_out=None, files=None, evidence=[])
    assert (empty.bytes_out, empty.files, empty.evidence) == (0, 0, ())


def test_a_uid_is_of_the_statement_and_of_no_name() -> None:
    first = found()
    assert first.uid == found(evidence=["u1", "u2"]).uid  # in whatever order the engine lists them
    assert first.uid == replace(first, actor="bob", device=None, destination=None).uid
    # Near misses: the same at another moment, on another event, or by another detector is another statement.
    other = replace(first, detector=replace(first.detector, id="other"))
    others = [found(time=NOON + timedelta(microseconds=1)), found(evidence=["u1"]), other]
    assert len({first.uid, *(f.uid for f in others)}) == 4


def test_a_detectors_row_has_real_types() -> None:
    assert isinstance(found().detector.run(ibis.table({"a": "int64"}, name="t")), ibis.Table)
    assert isinstance(found(per_week=1).per_week, float)
