"""Verdicts and exceptions come back as they were given; nothing of them is overwritten, and erasure takes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.cases.test_verdicts import CASE, LATER, told
from tidegate.cases.model import Excused
from tidegate.cases.rulings import Rulings
from tidegate.cases.store import CLOSED, CaseStore
from tidegate.errors import InputError


@pytest.fixture
def rulings(tmp_path: Path) -> Rulings:
    return CaseStore(tmp_path).rulings


def hidden(*cases: str) -> Excused:
    return Excused(exception="exc-1", covers="", reviewer="", reason="", until=LATER, cases=cases)


def test_they_come_back_as_they_were(rulings: Rulings, tmp_path: Path) -> None:
    exception, verdict = told()
    rulings.decide(verdict, exception)
    again = CaseStore(tmp_path).rulings
    assert again.verdicts() == again.verdicts(CASE.uid) == (verdict,)
    assert again.exceptions() == (exception,)


def test_a_later_verdict_ends_what_an_earlier_one_taught(rulings: Rulings) -> None:
    exception, verdict = told()
    rulings.decide(verdict, exception)
    rulings.decide(replace(verdict, says="confirmed", time=LATER, reason="no backup after all"))
    (ended,) = rulings.exceptions()
    assert (ended.ended, ended.ended_because) == (LATER, "a later verdict: no backup after all")
    assert len(rulings.verdicts()) == 2


def test_an_exception_ends_once(rulings: Rulings) -> None:
    exception, verdict = told()
    rulings.decide(verdict, exception)
    rulings.decide(replace(verdict, case="c2"), replace(exception, uid="exc-2", case="c2"))
    with pytest.raises(InputError, match="several exceptions begin with 'exc'"):
        rulings.end("exc", time=LATER, by="dpo", because="over")
    assert rulings.end("exc-1", time=LATER, by="dpo", because="over").ended_by == "dpo"
    with pytest.raises(InputError, match="ended before, by dpo"):
        rulings.end("exc-1", time=LATER, by="dpo", because="over")
    with pytest.raises(InputError, match="no exception begins with 'x'"):
        rulings.end("x", time=LATER, by="dpo", because="over")


def test_what_an_exception_hid_is_counted_once(rulings: Rulings) -> None:
    rulings.note_hidden([hidden("c1", "c2")])
    rulings.note_hidden([hidden("c2", "c3")])
    assert rulings.hid() == {"exc-1": ("c1", "c2", "c3")}


def test_erasing_a_person_takes_what_was_said_of_them(rulings: Rulings) -> None:
    exception, verdict = told()
    rulings.decide(verdict, exception)
    rulings.note_hidden([hidden("c1")])
    rulings.erase([], ["person-cccccccc"])
    assert rulings.exceptions()
    rulings.erase([], ["person-aaaaaaaa"])
    assert (rulings.exceptions(), rulings.verdicts(), rulings.hid()) == ((), (), {})


def test_lakes_that_share_a_database_keep_apart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    one, other = CaseStore(tmp_path / "one", url).rulings, CaseStore(tmp_path / "other", url).rulings
    exception, verdict = told()
    one.decide(verdict, exception)
    assert (other.exceptions(), other.verdicts()) == ((), ())


def test_a_closed_case_stays_closed_when_it_is_found_no_more(tmp_path: Path) -> None:
    store = CaseStore(tmp_path)
    store.save([CASE], status={CASE.uid: CLOSED})
    store.save([], since=datetime.min)
    store.save([])
    assert store.all(CLOSED) == (CASE,)
    assert store.all() == ()
    store.set_status(CASE.uid, "open")
    assert store.all() == (CASE,)
