"""A scene: something particular that somebody does in the period, an incident or its innocent twin."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from tidegate.range.tables import AUDIT, MAIL, REGISTER, SESSION


@dataclass(frozen=True, kw_only=True)
class Additions:
    """Rows a scene adds to the context folder, as the columns of the file in their order."""

    destinations: tuple[tuple[str, ...], ...] = ()
    permits: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Its rows for the whole period, and what the truth says of it.

    pattern: the case it is, or is the twin of. `sent` of a session of an incident is data that left; `files` of an
    audit record, files that were taken.
    """

    pattern: str
    name: str
    incident: bool
    actors: tuple[str, ...]
    devices: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    note: str = ""
    sessions: pa.Table = field(default_factory=SESSION.empty_table)
    mails: pa.Table = field(default_factory=MAIL.empty_table)
    audits: pa.Table = field(default_factory=AUDIT.empty_table)
    register: pa.Table = field(default_factory=REGISTER.empty_table)
    context: Additions = Additions()
