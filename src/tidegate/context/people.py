"""The people and accounts of the organisation (`people.csv`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from tidegate.context._cells import Account, Day, word

PersonKind = Literal["staff", "third_party", "service", "admin"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """One account. start and end are the first and the last day, both included; None means not known."""

    user: Account
    name: str | None = None
    role: str | None = None
    team: str | None = None
    kind: Annotated[PersonKind, BeforeValidator(word)] = "staff"
    start: Day | None = None
    end: Day | None = None
