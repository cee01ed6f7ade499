"""The replay of a lake's own past: rates of what was found in it, without what somebody confirmed."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cases.test_build import found
from tests.pipeline import thin
from tidegate.cases.exceptions import Scope
from tidegate.cases.found import Found
from tidegate.cases.reliability import BUDGETS
from tidegate.cases.verdicts import Verdict
from tidegate.config import Config
from tidegate.context.load import Context
from tidegate.pipeline import calibrate


def weekly(week: int) -> Found:
    """Somebody else each week, as rare as the next."""
    at = thin.START + timedelta(weeks=week)
    own: dict[str, Any] = {"actor": f"p{week}", "device": f"pc-{week}", "destination": None}
    return found(time=at, first_time=at, last_time=at, per_week=0.001, evidence=(f"uid-{week}",), **own)


def test_a_past_is_replayed_and_what_was_confirmed_is_no_false_alarm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of_it = tuple(map(weekly, range(thin.DAYS // 7)))
    monkeypatch.setattr(calibrate, "detect", lambda *_, **__: all_of_it)  # that has tests of its own, and takes a while
    verdict = Verdict(
        case="case-1",
        says="confirmed",
        reason="it was",
        reviewer="dpo",
        time=thin.START + timedelta(days=90),
        findings=frozenset({all_of_it[5].uid}),
        bytes_out=0,
        scope=Scope(subjects=("p5",), destinations=(), bounds=()),
    )
    with closing(thin.lake(tmp_path / "lake")) as lake:
        plain = calibrate.calibrate(lake, Context(), Config())
        without = calibrate.calibrate(lake, Context(), Config(), verdicts=[verdict])
    assert plain.weeks == pytest.approx(thin.DAYS / 7, abs=1)
    assert [rate.stated for rate in plain.rates] == list(BUDGETS)
    assert [name for name, _ in plain.detectors] == ["bulk_volume"]
    assert (plain.rates[-1].cases, plain.confirmed) == (len(all_of_it), 0)
    assert (without.rates[-1].cases, without.confirmed) == (len(all_of_it) - 1, 1)
