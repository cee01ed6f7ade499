"""A scene: something particular that somebody does in the period, an incident or its innocent twin."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from tidegate.range.tables import AUDIT, CALL, EVENT, LOOKUP, MAIL, REGISTER, SESSION, numbers


@dataclass(frozen=True, kw_only=True)
class Additions:
    """Rows a scene adds to the context folder, as the columns of the file in their order."""

    devices: tuple[tuple[str, ...], ...] = ()
    destinations: tuple[tuple[str, ...], ...] = ()
    permits: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Its rows for the whole period, and what the truth says of it.

    pattern: the case it is, or is the twin of. In the rows of an incident `sent` is what left the organisation, and
    `files` the files, mails or shared things that were taken.
    """

    pattern: str
    name: str
    incident: bool
    actors: tuple[str, ...]
    devices: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    note: str = ""
    sessions: pa.Table = field(default_factory=SESSION.empty_table)
    lookups: pa.Table = field(default_factory=LOOKUP.empty_table)
    mails: pa.Table = field(default_factory=MAIL.empty_table)
    audits: pa.Table = field(default_factory=AUDIT.empty_table)
    events: pa.Table = field(default_factory=EVENT.empty_table)
    calls: pa.Table = field(default_factory=CALL.empty_table)
    register: pa.Table = field(default_factory=REGISTER.empty_table)
    context: Additions = Additions()

    def times(self) -> tuple[int, int]:
        """When it begins and ends."""
        seen = (self.sessions, self.lookups, self.mails, self.audits, self.events, self.calls, self.register)
        every = np.concatenate([numbers(table, "time") for table in seen])
        return int(every.min()), int(every.max())
