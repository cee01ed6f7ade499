"""The database that keeps a lake's cases and what was said of them: its own SQLite file, or one at a SQLAlchemy URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from tidegate.errors import LakeError


class Base(DeclarativeBase):
    """What every table here derives from; `lake` tells apart the lakes that share a database."""


class Database:
    """One lake's part of a database. Raises LakeError throughout."""

    def __init__(self, lake: Path, url: str | None = None) -> None:
        file = lake / "cases.db"
        self.lake = "" if url is None else str(lake.resolve())  # a lake that is moved takes its own file along
        self.place = str(file) if url is None else url.rpartition("@")[2]  # without a password
        try:
            self._engine = create_engine(URL.create("sqlite", database=str(file)) if url is None else url)
            Base.metadata.create_all(self._engine)
        except ModuleNotFoundError as error:
            raise LakeError(f"{self.place}: needs the Python package {error.name}, which is not installed") from error
        except SQLAlchemyError as error:
            raise self._error(error) from error

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction: what is done in it is done at its end, or not at all."""
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise self._error(error) from error

    def compact(self) -> None:
        """Write a database file anew, or it would still hold what was removed."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM"))

    def _error(self, error: SQLAlchemyError) -> LakeError:
        cause = getattr(error, "orig", None) or error
        return LakeError(f"{self.place}: the cases cannot be kept or read there: {cause}")
