"""The store: what goes in comes out, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.cases.examples import LAST, a_case
from tidegate.cases.store import CLOSED, OPEN, REST, CaseStore
from tidegate.errors import InputError, LakeError


@pytest.fixture
def store(tmp_path: Path) -> CaseStore:
    return CaseStore(tmp_path)


def test_a_case_comes_back_as_it_was(store: CaseStore) -> None:
    case = a_case()
    store.save([case])
    assert store.all() == (case,)
    assert store.get("c1") == case


def test_ranked(store: CaseStore) -> None:
    store.save([a_case("a", score=10), a_case("b", score=90), a_case("c", score=90)])
    assert [case.uid for case in store.all()] == ["b", "c", "a"]


def test_running_again_replaces_and_never_doubles(store: CaseStore, tmp_path: Path) -> None:
    store.save([a_case("a"), a_case("b")])
    changed = replace(a_case("a"), title="more by now")
    CaseStore(tmp_path).save([changed])
    assert store.all() == (changed,)
    assert store.get("b").uid == "b"  # no longer found, but still to be looked up
    store.save([a_case("b")])
    assert [case.uid for case in store.all()] == ["b"]


def test_a_run_that_looks_at_less_supersedes_no_more_than_that(store: CaseStore) -> None:
    early = replace(a_case("early"), raised_time=datetime(2024, 1, 1))
    store.save([early, a_case("late")])
    store.save([], since=LAST)
    assert [case.uid for case in store.all()] == ["early"]


def test_get_by_the_beginning(store: CaseStore) -> None:
    store.save([a_case("abc1"), a_case("abc2"), a_case("abc")])
    assert store.get("abc1").uid == "abc1"
    assert store.get("abc").uid == "abc"  # a whole uid is never ambiguous
    with pytest.raises(InputError, match="'ab' is the beginning of several: abc"):
        store.get("ab")
    with pytest.raises(InputError, match=r"no case begins with 'x'; `tidegate cases` lists them"):
        store.get("x")
    with pytest.raises(InputError, match="no case begins with '%'"):  # not a pattern
        store.get("%")


def test_what_is_no_store_says_so(tmp_path: Path) -> None:
    (tmp_path / "cases.db").write_bytes(b"not a database" * 100)
    with pytest.raises(LakeError, match=r"cases.db: the cases cannot be kept or read there: file is not a database"):
        CaseStore(tmp_path)
    with pytest.raises(LakeError, match="unable to open"):
        CaseStore(tmp_path / "none")


def test_lakes_that_share_a_database_keep_apart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    one, other = CaseStore(tmp_path / "one", url), CaseStore(tmp_path / "other", url)
    one.save([a_case("a")])
    other.save([a_case("a"), a_case("b")])
    one.save([])
    assert one.all() == ()
    assert [case.uid for case in other.all()] == ["a", "b"]
    with pytest.raises(InputError):
        one.get("b")


def test_a_missing_driver_says_so_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=r"^db/cases: needs the Python package psycopg") as caught:
        CaseStore(tmp_path, "postgresql+psycopg://tidegate:secret@db/cases")
    assert "secret" not in str(caught.value)


def test_a_case_of_another_version_says_what_to_do(store: CaseStore, tmp_path: Path) -> None:
    store.save([a_case()])
    with create_engine(f"sqlite:///{tmp_path / 'cases.db'}").begin() as connection:
        connection.execute(text("UPDATE cases SET document = '{}'"))
    with pytest.raises(LakeError, match="`tidegate detect` builds the cases anew"):
        store.all()


def test_the_rest_is_kept_beside_the_cases_and_made_anew_by_each_run(store: CaseStore) -> None:
    odd = replace(a_case("rest-1"), false_alarms_per_week=5.0)
    odder = replace(a_case("rest-2"), false_alarms_per_week=2.0, raised_time=datetime(2024, 1, 1))
    store.save([a_case("a")])
    store.save_rest([odd, odder])
    assert [case.uid for case in store.rest()] == ["rest-2", "rest-1"]
    assert [case.uid for case in store.all()] == ["a"]
    store.save([a_case("a")])
    assert len(store.rest()) == 2  # cases saved anew leave it as it is
    store.save_rest([], since=datetime(2024, 2, 1))
    assert [case.uid for case in store.rest()] == ["rest-2"]  # an earlier one was not looked at again


def test_a_finding_is_found_in_the_rest(store: CaseStore) -> None:
    odd = replace(a_case("rest-1"), findings=(replace(a_case().findings[0], uid="abc123"),))
    store.save_rest([odd])
    assert store.find("abc1") == (odd, odd.findings)
    assert store.find("rest-1") == (odd, ())


def test_what_somebody_judged_of_the_rest_is_not_listed_again(store: CaseStore) -> None:
    store.save_rest([a_case("rest-1"), a_case("rest-2")])
    store.set_status("rest-1", CLOSED)
    store.save_rest([a_case("rest-1"), a_case("rest-2")])
    assert [case.uid for case in store.rest()] == ["rest-2"]
    store.set_status("rest-1", OPEN)
    assert [case.uid for case in store.all(REST)] == ["rest-1", "rest-2"]
    assert store.all() == ()
