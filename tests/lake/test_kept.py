"""What is kept of earlier days stands when a day is added, and nothing of it does when anything else has changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from tidegate.lake.kept import FILE, Kept, first_news, forget, kept
from tidegate.lake.store import Lake

DAYS = {date(2026, 3, 1) + timedelta(days=n): 10 for n in range(30)}
LAST = max(DAYS)
NEXT = LAST + timedelta(days=1)
MORE = {**DAYS, NEXT: 3}


@contextmanager
def opened(path: Path, days: Mapping[date, int], *, key: str = "key") -> Iterator[Kept]:
    with closing(Lake(path)) as lake:
        here = kept(lake, days)
        assert here is not None
        here.rest_on(key)
        yield here


def filled(here: Kept, value: str, *days: date, firsts: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Fill a table with a value on each of some days; returns what is in it then."""
    rows = ", ".join(f"(DATE '{day}', '{value}')" for day in days)
    table = here.fill("some", f"SELECT * FROM (VALUES {rows}) AS t(day, said)", since=here.since, firsts=firsts)
    return sorted((str(row["day"]), row["said"]) for row in table.to_pyarrow().to_pylist())


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake of which two days are kept, and an answer that rests on them."""
    with opened(tmp_path / "lake", DAYS) as here:
        assert here.since is None
        assert not here.has("question")
        here.fills("question")
        filled(here, "old", min(DAYS), LAST)
        assert here.values("names", ["ben", "ann"]) == ["ann", "ben"]
        here.done()
    return tmp_path / "lake"


def test_a_day_that_is_added_is_computed_and_earlier_ones_stand(lake: Path) -> None:
    with opened(lake, MORE) as here:
        assert here.since == NEXT
        assert here.has("question")
        assert not here.has("another")
        told = filled(here, "new", min(DAYS), NEXT)
        assert told == [(str(min(DAYS)), "old"), (str(LAST), "old"), (str(NEXT), "new")]
        assert here.values("names", ["ann", "cy"]) == ["ann", "ben", "cy"]


def test_a_day_that_went_on_is_computed_again(lake: Path) -> None:
    with opened(lake, {**DAYS, LAST: 12}) as here:
        assert filled(here, "new", LAST) == [(str(min(DAYS)), "old"), (str(LAST), "new")]


def test_what_is_there_once_is_not_there_again(lake: Path) -> None:
    with opened(lake, MORE) as here:
        assert filled(here, "old", NEXT, firsts=("said",)) == [(str(min(DAYS)), "old"), (str(LAST), "old")]


@pytest.mark.parametrize(
    "days",
    [
        {**DAYS, LAST: 9},  # somebody's events were erased
        {**DAYS, min(DAYS): 11},  # a log came so late that nearly all is news
    ],
)
def test_all_is_computed_anew_where_events_are_gone_or_most_are_news(lake: Path, days: Mapping[date, int]) -> None:
    with opened(lake, days) as here:
        assert here.since is None
        assert not here.has("question")
        assert filled(here, "new", LAST) == [(str(LAST), "new")]
        assert here.values("names", []) == []


def test_of_another_key_only_what_was_named_stands(lake: Path) -> None:
    with opened(lake, MORE, key="another") as here:
        assert here.since is None
        here.done()
    with opened(lake, MORE, key="another") as here:
        assert not here.has("question")  # nobody asked it since
        here.done()
    with opened(lake, MORE, key="a third") as here:
        assert here.since is None
        assert filled(here, "new", NEXT) == [(str(NEXT), "new")]
        assert here.values("names", []) == ["ann", "ben"]


def test_what_was_not_finished_is_done_anew(lake: Path) -> None:
    with opened(lake, MORE) as here:
        filled(here, "half", NEXT)  # and here it died
    with opened(lake, MORE) as here:
        assert here.since is None


def test_only_one_has_it(lake: Path) -> None:
    code = (
        "import pathlib, sys; from tidegate.lake.store import Lake; from tidegate.lake.kept import kept\n"
        "print(kept(Lake(pathlib.Path(sys.argv[1])), {}))"
    )
    with opened(lake, MORE) as here, closing(Lake(lake)) as again:
        assert kept(again, MORE) is None
        other = subprocess.run([sys.executable, "-c", code, str(lake)], capture_output=True, text=True, check=True)
        assert other.stdout == "None\n"
        assert here.since == NEXT


def test_a_damaged_file_and_one_that_was_removed_are_made_anew(lake: Path) -> None:
    (lake / FILE).write_bytes(b"nothing of the kind" * 999)
    with opened(lake, MORE) as here:
        assert here.since is None
        here.done()
    forget(lake)
    assert not (lake / FILE).exists()
    with opened(lake, MORE) as here:
        assert here.since is None


def test_news_begin_on_the_first_day_with_more_events() -> None:
    assert first_news(DAYS, MORE) == NEXT
    assert first_news(DAYS, {**MORE, LAST: 11}) == LAST
    assert first_news(DAYS, DAYS) == LAST
    assert first_news(MORE, DAYS) is None
