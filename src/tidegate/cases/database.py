"""The database that keeps a lake's cases and what was said of them: its own SQLite file, or one at a SQLAlchemy URL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase

from tidegate.records import Records


class Base(DeclarativeBase):
    """What every table here derives from; `lake` tells apart the lakes that share a database."""


class Database(Records):
    """One lake's part of a database. Raises LakeError throughout."""

    def __init__(self, lake: Path, url: str | None = None) -> None:
        self.lake = "" if url is None else str(lake.resolve())  # a lake that is moved takes its own file along
        super().__init__(url or lake / "cases.db", Base, what="the cases")

    def compact(self) -> None:
        """Write a database file anew, or it would still hold what was removed."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM"))
