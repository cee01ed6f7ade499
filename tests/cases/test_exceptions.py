"""What an exception covers, and how little more than that."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cases.examples import a_case
from tidegate.cases.exceptions import DatedException, exception_for, scope_of
from tidegate.errors import InputError

NOW = datetime(2024, 3, 5)
CASE = a_case()
FINDING = CASE.findings[0]


def an_exception(**given: Any) -> DatedException:
    usual: dict[str, Any] = {"uid": "exc-1", "start": NOW, "end": NOW + timedelta(days=90)}
    return exception_for(CASE, scope_of(CASE), reviewer="dpo", reason="a backup", **(usual | given))


@pytest.mark.parametrize(
    ("changes", "covered"),
    [
        ({}, True),
        ({"bytes_out": 2 * FINDING.bytes_out, "surprise": FINDING.surprise + 1}, True),  # a larger week
        ({"destination": None}, True),  # of the subject alone
        ({"actor": None, "device": CASE.devices[0]}, True),
        ({"bytes_out": 2 * FINDING.bytes_out + 1}, False),  # more than twice what was excused
        ({"files": 7}, False),
        ({"surprise": FINDING.surprise + 1.01}, False),  # more than ten times rarer
        ({"detector": "mail_forwarding"}, False),  # another thing
        ({"destination": "elsewhere.example"}, False),
        ({"actor": "person-cccccccc"}, False),
    ],
)
def test_more_of_the_same_is_covered_and_nothing_else(changes: dict[str, Any], covered: bool) -> None:
    assert scope_of(CASE).covers(replace(FINDING, **changes)) is covered


def test_a_scope_may_be_wider_on_one_side_only() -> None:
    elsewhere, another = replace(FINDING, destination="x.example"), replace(FINDING, actor="person-cccccccc")
    assert scope_of(CASE, "subjects").covers(elsewhere)
    assert not scope_of(CASE, "subjects").covers(another)
    assert scope_of(CASE, "destinations").covers(another)
    assert not scope_of(CASE, "destinations").covers(elsewhere)
    assert not scope_of(CASE, "destinations").covers(replace(FINDING, destination=None))  # it names no place


def test_it_holds_from_its_start_until_its_end() -> None:
    exception = an_exception()
    assert exception.holds(NOW)
    assert exception.holds(NOW + timedelta(days=89))
    assert not exception.holds(NOW + timedelta(days=90))
    assert not exception.holds(NOW - timedelta(seconds=1))
    assert not replace(exception, ended=NOW).holds(NOW + timedelta(days=1))


def test_nothing_is_excused_for_everybody() -> None:
    nobody = replace(CASE, actors=(), devices=(), destinations=("anyone",))
    given: dict[str, Any] = {"uid": "e", "start": NOW, "end": NOW + timedelta(days=1), "reviewer": "r", "reason": "x"}
    with pytest.raises(InputError, match="nothing is excused for everybody"):
        exception_for(nobody, scope_of(nobody), **given)
    # The near miss: a case about no person still has a place.
    somewhere = replace(nobody, destinations=("anyone", "archive.example"))
    assert exception_for(somewhere, scope_of(somewhere), **given).scope.destinations == ("anyone", "archive.example")


def test_nothing_is_excused_for_no_time() -> None:
    with pytest.raises(InputError, match="some time"):
        an_exception(end=NOW)


def test_its_scope_in_words() -> None:
    said = "bulk_volume of person-aaaaaaaa and device-bbbbbbbb to example.net"
    assert an_exception().scope.in_words == said
