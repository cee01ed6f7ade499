from __future__ import annotations

from collections import Counter

import pytest

from tidegate.config import Quarantine
from tidegate.pipeline.refused import OTHERS, Refused
from tidegate.reading.blocks import Bad

MB = "x" * (1 << 20)


def test_what_has_no_room_is_counted_by_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidegate.pipeline.refused.KEPT", 2 << 20)
    refused = Refused(Quarantine(max_mb=3, max_mb_per_file=2), held=lambda: (1 << 20) - 200)
    refused.add("a", [Bad(1, "long", MB), Bad(2, "long", MB), Bad(3, "short", "x"), Bad(4, "long", MB)])
    refused.add("b", [Bad(1, "long", MB)])
    assert {file: [bad.line for bad in kept] for file, kept in refused.kept.items()} == {"a": [1, 3], "b": [1]}
    assert refused.dropped == {"a": Counter(long=2)}
    assert (len(refused), refused.last) == (3, {"a": 4, "b": 1})


def test_a_file_that_took_its_share_before_gets_no_more() -> None:
    by_file = Counter(a=1 << 20)
    refused = Refused(Quarantine(max_mb=9, max_mb_per_file=1), by_file=by_file)
    refused.add("a", [Bad(1, "short", "x")])
    refused.add("b", [Bad(1, "short", "x")])  # near miss: another file
    assert (list(refused.kept), list(refused.dropped)) == (["b"], ["a"])
    assert by_file["b"] > 0


def test_lines_that_were_refused_before_are_not_again() -> None:
    refused = Refused(known={"a": 7})
    refused.add("a", [Bad(7, "cut off", "x"), Bad(8, "cut off", "x")])
    assert [bad.line for bad in refused.kept["a"]] == [8]


def test_ever_new_reasons_are_counted_together() -> None:
    refused = Refused(Quarantine(max_mb=0))
    refused.add("a", [Bad(i, f"reason {i}", "") for i in range(1, 51)])
    assert refused.dropped["a"][OTHERS] == 30
