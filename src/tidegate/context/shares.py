"""Folders that are shared, and with whom (`shares.csv`): what permissions on the disk do not tell."""

from __future__ import annotations

from pydantic.dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Share:
    """A folder on this machine's disk, the name under which it is shared, and who can open it."""

    path: str
    share: str | None = None
    audience: str | None = None
    note: str | None = None
