"""A detector's finding as it comes from the tables: real names, and facts that its sentence is made of."""

from __future__ import annotations

import hashlib
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tidegate.units import Detector
from tidegate.words import human, many


@dataclass(frozen=True, kw_only=True)
class Found:
    """One row of a detector's result. facts: all its columns, by name."""

    detector: Detector
    time: datetime
    first_time: datetime
    last_time: datetime
    actor: str | None
    device: str | None
    destination: str | None
    per_week: float
    bytes_out: int
    files: int
    evidence: tuple[str, ...]
    facts: Mapping[str, object]

    @classmethod
    def of(cls, detector: Detector, row: Mapping[str, Any]) -> Found:
        return cls(
            detector=detector,
            time=row["time"],
            first_time=row["first_time"],
            last_time=row["last_time"],
            actor=row["actor"],
            device=row["device"],
            destination=row["destination"],
            per_week=float(row["per_week"]),
            bytes_out=int(row["bytes_out"] or 0),
            files=int(row["files"] or 0),
            evidence=tuple(row["evidence"]),
            facts=row,
        )

    @property
    def who(self) -> str:
        return self.actor or self.device or "somebody"

    @property
    def uid(self) -> str:
        """The same for the same statement whenever it is made again; made of event uids, so no name can be guessed."""
        said = (self.detector.id, self.time.isoformat(), *sorted(self.evidence))
        return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]

    @property
    def sentence(self) -> str:
        """The detector's sentence with this finding's numbers."""
        place = self.destination or "an unknown place"
        own = {"who": self.who, "destination": place, "files": self.files, "bytes_out": self.bytes_out}
        return _Sentence().format(self.detector.says, **{**self.facts, **own}) + "."


class _Sentence(string.Formatter):
    """`str.format` with our units: `:bytes`, `:count`, `:days` and, of people, `:others`."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return "unknown"
        if format_spec == "bytes":
            return human(float(value))
        if format_spec == "count":
            return f"{round(value):,}"
        if format_spec == "days":
            return {0: "all the time logged", 1: "a day"}.get(value, f"{value} days")
        if format_spec == "others":
            return (
                "nobody else here has"
                if value == 0
                else f"{many(value, 'other')} here {'has' if value == 1 else 'have'}"
            )
        return str(super().format_field(value, format_spec))
