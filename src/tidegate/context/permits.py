"""Approvals: who may send what, how much of it, to whom, until when (`permits.csv`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from tidegate.context._cells import Account, Amount, Day, word
from tidegate.context.destinations import Pattern

Grade = Literal["public", "internal", "sensitive", "core"]


@dataclass(frozen=True, kw_only=True)
class Permit:
    """One approval. What is None is not limited; start and end are days, both included."""

    permit: str
    holder: Account | None = None
    destination: Pattern | None = None
    data_class: str | None = None
    grade: Annotated[Grade, BeforeValidator(word)] | None = None
    max_items: Amount | None = None
    max_bytes: Amount | None = None
    start: Day | None = None
    end: Day | None = None
    note: str | None = None
