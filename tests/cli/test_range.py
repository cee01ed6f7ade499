"""`range make`: the options reach the range."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import tidegate
from tidegate.range import make as module
from tidegate.range.make import Made


def test_make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def pretend(folder: Path, **given: object) -> Made:
        asked.update(given, folder=folder)
        return Made(folder=folder, records=1_234, bytes=5, files=6)

    monkeypatch.setattr(module, "make", pretend)
    outcome = tidegate(
        *("range", "make", tmp_path / "demo", "--people", 50, "--days", 20, "--seed", 7, "--overwrite"),
        *("--incident", "leaver_haul", "--incident", "mail_leak", "--start", "2024-03-01"),
        *("--thin", "--stealth", "careful"),
    )
    assert outcome.status == 0
    assert outcome.out == ""
    assert outcome.err.startswith("1,234 records in 6 files")
    assert f"tidegate investigate {tmp_path / 'demo'} --context {tmp_path / 'demo' / 'context'}" in outcome.err
    del asked["progress"]
    assert asked == {
        "folder": tmp_path / "demo",
        "people": 50,
        "days": 20,
        "seed": 7,
        "incidents": ["leaver_haul", "mail_leak"],
        "stealth": "careful",
        "thin": True,
        "start": date(2024, 3, 1),
        "overwrite": True,
    }
    tidegate("range", "make", tmp_path / "demo", "--quiet")
    assert (asked["start"], asked["overwrite"], asked["thin"], asked["stealth"]) == (None, False, False, "ordinary")


def test_what_the_range_refuses_is_one_line(tmp_path: Path) -> None:
    outcome = tidegate("range", "make", tmp_path / "demo", "--incident", "nope", "--quiet")
    assert outcome.status == 3
    assert outcome.err.startswith("tidegate: no incident is called 'nope'; there are ")
    outcome = tidegate("range", "make", tmp_path / "demo", "--stealth", "invisible", "--quiet")
    assert outcome.status == 3
    assert outcome.err.startswith("tidegate: no level of stealth is called 'invisible'; there are ordinary, careful, ")
