"""Who is meant by an account that logs spell in their own way."""

from __future__ import annotations

import pytest

from tidegate.context.accounts import spellings

OWN = {"own.example", "corp.local"}


@pytest.mark.parametrize(
    ("listed", "account", "person"),
    [
        (["ann"], "ann@own.example", "ann"),
        (["ann"], "own\\ann", "ann"),
        (["ann"], "own\\ann@corp.local", "ann"),
        (["ann@own.example"], "ann", "ann@own.example"),
        (["ann@own.example"], "own\\ann", "ann@own.example"),
        (["ann"], "ann@mail.example", None),  # somebody of that name elsewhere, or her private mailbox
        (["ann@own.example"], "ann@corp.local", None),  # listed with a domain: another one is another account
        (["ann"], "anna@own.example", None),
        (["ann@own.example", "ann@corp.local"], "ann", None),  # who of the two?
        (["ann@own.example", "ann@corp.local"], "ann@corp.local", None),  # is listed as it is
        (["ann"], "ann", None),
    ],
)
def test_an_account_is_a_listed_one_written_otherwise(listed: list[str], account: str, person: str | None) -> None:
    assert spellings(listed, [account], OWN).get(account) == person


def test_an_owner_or_holder_is_spelled_as_in_people_too() -> None:
    assert spellings(["ann@own.example", "ann"], ["own\\ann"], OWN) == dict.fromkeys(
        ["ann", "own\\ann"], "ann@own.example"
    )


def test_nobody_listed_nobody_renamed() -> None:
    assert spellings([], ["ann", "own\\ann"], OWN) == {}
