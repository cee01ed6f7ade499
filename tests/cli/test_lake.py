"""`tidegate lake`: what it prints, what it asks, and how it ends."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Timer

import pytest

from tests.cli.conftest import tidegate
from tests.diary import put, text, visit
from tidegate.cli import removal
from tidegate.config import Config
from tidegate.errors import LakeError
from tidegate.lake.storage import Folder
from tidegate.lake.store import Lake
from tidegate.pipeline import measured


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """Two days of events in two batches, and a record in quarantine."""
    log = tmp_path / "diary.log"
    for n in range(2):
        with log.open("a") as file:
            file.write(text(visit(n), visit(86_400 + n, who="bob")))
            file.write("" if n else "{no record\n")
        put(tmp_path / "lake", log)
    return tmp_path / "lake"


def rows(lake: Path, table: str = "network_activity") -> int:
    tables = json.loads(tidegate("lake", "status", "--lake", lake, "--format", "json").out)["tables"]
    return next((one["rows"] for one in tables if one["name"] == table), 0)


def test_status(lake: Path) -> None:
    (lake / "network_activity" / "part-left").write_bytes(b"x")
    outcome = tidegate("lake", "status", "--lake", lake)
    assert outcome.status == 0
    assert "network_activity  2     4      4" in outcome.out
    assert "2025-03-01 00:00  2025-03-02 00:00" in outcome.out
    assert "quarantined 1: not valid JSON" in outcome.err
    assert "1 file (1 byte) of no table" in outcome.err
    (network, *_) = json.loads(tidegate("lake", "status", "--lake", lake, "--format", "json").out)["tables"]
    assert (network["oldest"], network["left"]) == ("2025-03-01T00:00:00Z", 1)


def test_tidy_and_verify(lake: Path) -> None:
    outcome = tidegate("lake", "tidy", "--lake", lake, "--grace", 0)
    assert outcome.status == 0
    assert "6 files made 3" in outcome.err
    assert "6 files removed" in outcome.err
    assert tidegate("lake", "verify", "--lake", lake).status == 0
    next((lake / "network_activity").glob("day=*/*")).unlink()
    broken = tidegate("lake", "verify", "--lake", lake)
    assert broken.status == 3
    assert "is missing" in broken.out
    assert "1 thing not as it should be" in broken.err
    (problem,) = json.loads(tidegate("lake", "verify", "--lake", lake, "--format", "json").out)
    assert set(problem) == {"where", "what", "do"}


def test_expire_shows_and_asks(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unasked = tidegate("lake", "expire", "--older-than", "90d", "--lake", lake)
    assert unasked.status == 2
    assert "network_activity" in unasked.out
    assert "say --yes" in unasked.err
    assert rows(lake) == 4
    chosen = tidegate("lake", "expire", "--older-than", "90d", "--class", "dns_activity", "--lake", lake, "--yes")
    assert "nothing is that old" in chosen.err
    assert tidegate("lake", "expire", "--older-than", "90d", "--lake", lake, "--yes").status == 0
    assert rows(lake) == 0
    assert rows(lake, "quarantine") == 1  # the near miss: it came into the quarantine just now
    assert tidegate("lake", "verify", "--lake", lake).status == 0


def test_expire_by_the_settings(lake: Path, tmp_path: Path) -> None:
    settings = tmp_path / "tidegate.toml"

    def expire(said: str) -> str:
        settings.write_text(f"[retention]\n{said}\n")
        return tidegate("lake", "expire", "--config", settings, "--lake", lake, "--yes").err

    assert "say how old" in expire("")
    assert "no such event class: networks; there is network_activity" in expire("tables = { networks = 90 }")
    assert "nothing is that old" in expire("tables = { network_activity = 36500, quarantine = 36500 }")
    assert "nothing is that old" in expire("days = 10\ntables = { network_activity = 36500 }")
    assert "4 rows removed" in expire("days = 36500\ntables = { network_activity = 10 }")


def test_expire_leaves_the_measures_alone(lake: Path) -> None:
    with closing(Lake(lake)) as opened:
        measured.keep(opened, [], Config())
    kept = rows(lake, "measure_hourly")
    assert kept == 2
    assert "no such event class" in tidegate("lake", "expire", "--older-than", "1d", "--class", "measure_hourly").err
    assert tidegate("lake", "expire", "--older-than", "1d", "--lake", lake, "--yes").status == 0
    assert (rows(lake), rows(lake, "measure_hourly")) == (0, kept)
    # The near miss: who is erased goes from them too, though no event is left.
    done = tidegate("lake", "erase", "--actor", "ann", "--lake", lake, "--yes")
    assert "measures    1" in done.out
    assert rows(lake, "measure_hourly") == 1


@pytest.mark.parametrize("age", ["90", "d", "0d", "-1d", "1m", "9999999y"])
def test_an_age_is_days_weeks_or_years(age: str, lake: Path) -> None:
    wrong = tidegate("lake", "expire", f"--older-than={age}", "--lake", lake)
    assert wrong.status == 2
    assert "is no age" in wrong.err
    assert removal._age("2w") == 14


def test_erase(lake: Path) -> None:
    tidegate("detect", "--lake", lake)
    kept = [lake / name for name in ("look.zip", "kept.duckdb")]
    assert all(file.exists() for file in kept)
    unasked = tidegate("lake", "erase", "--actor", "ann", "--lake", lake)
    assert (unasked.status, rows(lake)) == (2, 4)
    done = tidegate("lake", "erase", "--actor", "ann", "--reason", "asked for it", "--lake", lake, "--yes")
    assert done.status == 0
    assert "network_activity  2" in done.out
    assert "a log outside the lake" in done.out
    assert "rows and 0 cases removed for good" in done.err
    assert not any(file.exists() for file in kept)
    assert rows(lake) == 2
    assert "asked for it" in tidegate("audit", "--lake", lake).out
    assert tidegate("lake", "verify", "--lake", lake).status == 0
    nobody = tidegate("lake", "erase", "--actor", "eve", "--lake", lake, "--yes", "--format", "json")
    assert json.loads(nobody.out)["events"] == {}
    assert "nothing of theirs" in nobody.err


def test_erase_leaves_no_file_behind_where_nothing_is_found(lake: Path) -> None:
    tidegate("lake", "expire", "--older-than", "90d", "--lake", lake, "--yes")
    assert list((lake / "network_activity").rglob("part-*"))  # which held them, and is of no table any more
    nobody = tidegate("lake", "erase", "--actor", "ann", "--lake", lake)
    assert nobody.status == 0
    assert "removed for good: 4 files of no table" in nobody.err
    assert list((lake / "network_activity").rglob("part-*")) == []
    assert rows(lake, "quarantine") == 1
    again = tidegate("lake", "erase", "--actor", "ann", "--lake", lake)
    assert again.err.splitlines()[-1] == "nothing of theirs is in this lake"


def test_erase_looks_at_a_batch_that_was_cut_off_too(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise LakeError("killed")

    log = lake.parent / "diary.log"
    with log.open("a") as file:
        file.write(text(visit(2, who="eve")))
    with monkeypatch.context() as patch:
        patch.setattr(Lake, "commit", killed)
        with pytest.raises(LakeError, match="killed"):
            put(lake, log)
    assert tidegate("lake", "erase", "--actor", "eve", "--lake", lake).status == 2
    done = tidegate("lake", "erase", "--actor", "eve", "--lake", lake, "--yes")
    assert "1 row and 0 cases removed" in done.err


_WRITING = (("tidy",), ("expire", "--older-than", "90d", "--yes"), ("erase", "--actor", "ann", "--yes"))


def test_who_writes_keeps_the_others_out(lake: Path) -> None:
    opened = Lake(lake)
    with opened.writing():
        for command in _WRITING:
            refused = tidegate("lake", *command, "--lake", lake, "--wait", 0.3)
            assert refused.status == 3
            assert f"another Tidegate is writing to lake {lake} (process {os.getpid()})" in refused.err
        assert tidegate("lake", "status", "--lake", lake).status == 0  # reading is never in the way
    opened.close()


@pytest.mark.parametrize("command", _WRITING)
def test_they_wait_for_the_end_of_a_pass(lake: Path, command: tuple[str, ...]) -> None:
    writing = ExitStack()
    writing.enter_context(Folder(lake).lock())
    end = Timer(1.5, writing.close)
    end.start()
    assert tidegate("lake", *command, "--lake", lake).status == 0
    end.join()
