"""Rows that go, with an account of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.diary import amounts, put, text, visit
from tidegate.lake import removal, tidy
from tidegate.lake.store import Lake
from tidegate.lake.verify import verify


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """Two events on each of three days, and a record in quarantine."""
    records = (visit(day * 86_400 + n, who=("ann", "bob")[n]) for day in range(3) for n in range(2))
    (tmp_path / "diary.log").write_text(text(*records) + "{no record\n")
    put(tmp_path / "lake", tmp_path / "diary.log")
    with closing(Lake(tmp_path / "lake")) as opened:
        yield opened


def test_whole_days_expire(lake: Lake, tmp_path: Path) -> None:
    old = removal.expiring(lake, {"network_activity": date(2025, 3, 2), "quarantine": date(2025, 3, 2)})
    assert [(one.table, one.days, one.rows) for one in old] == [("network_activity", ("2025-03-01",), 2)]
    assert removal.expiring(lake, {"network_activity": date(2025, 3, 1)}) == ()  # the near miss: that day may stay
    with lake.writing():
        assert removal.expire(lake, old) == 2
        assert removal.expire(lake, old) == 0
    assert amounts(tmp_path / "lake") == [86_400, 86_401, 172_800, 172_801]
    assert removal.removed(lake)["network_activity"] == {str(tmp_path / "diary.log"): 2}
    assert verify(lake) == ()
    assert put(tmp_path / "lake", tmp_path / "diary.log").events == 0  # what went is not read again


def test_the_quarantine_expires_by_when_records_came_into_it(lake: Lake) -> None:
    (old,) = removal.expiring(lake, {"quarantine": date(9999, 1, 1)})
    with lake.writing():
        assert removal.expire(lake, [old]) == 1
        assert tidy.vacuum(lake, "quarantine", hours=0)
    assert lake.rows(f"SELECT * FROM ({lake.scan('quarantine')})") == []
    assert verify(lake) == ()


def test_some_rows_of_a_day_go(lake: Lake, tmp_path: Path) -> None:
    with lake.writing():
        anns = "actor = 'ann'"
        assert removal.remove(lake, "network_activity", anns, action="erase", days=["2025-03-01", "2025-03-02"]) == 2
        assert removal.remove(lake, "network_activity", "actor = 'eve'", action="erase", days=["2025-03-01"]) == 0
    assert amounts(tmp_path / "lake") == [1, 86_401, 172_800, 172_801]  # the third day's was not asked for
    assert verify(lake) == ()


def test_of_a_table_by_days_rows_go_from_whatever_day_they_are_of(lake: Lake, tmp_path: Path) -> None:
    with lake.writing():
        assert removal.remove(lake, "network_activity", "actor = 'ann'", action="erase") == 3
        assert removal.remove(lake, "network_activity", "actor = 'eve'", action="erase") == 0
    assert amounts(tmp_path / "lake") == [1, 86_401, 172_801]  # and bob's are not there twice
    assert verify(lake) == ()


def test_a_removal_that_was_cut_off_never_was(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    def died(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, lake.writing():
        patch.setattr(lake, "replace", died)
        with pytest.raises(KeyboardInterrupt):
            removal.remove(lake, "network_activity", "true", action="expire", days=["2025-03-01"])
    assert verify(lake) == ()
    with lake.writing():
        assert removal.remove(lake, "network_activity", "true", action="expire", days=["2025-03-02"]) == 2
    assert verify(lake) == ()  # what had been announced before is not counted now
    assert removal.removed(lake)["network_activity"].total() == 2
