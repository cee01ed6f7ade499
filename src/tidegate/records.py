"""A database of records, a SQLite file or one at a SQLAlchemy URL: opened, asked in transactions, its errors ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from tidegate.errors import LakeError


class Records:
    """The tables of `base` at a place. Raises LakeError throughout; what: that cannot be kept or read there, if not.

    concurrent: whether readers go on while something is written (SQLite's write-ahead log).
    """

    def __init__(self, place: str | Path, base: type[DeclarativeBase], *, what: str, concurrent: bool = False) -> None:
        url = URL.create("sqlite", database=str(place)) if isinstance(place, Path) else place
        self.place = str(place).rpartition("@")[2] if isinstance(place, str) else str(place)  # without a password
        self._what = what
        try:
            self._engine = create_engine(url)
            if concurrent and self._engine.dialect.name == "sqlite":
                event.listen(self._engine, "connect", _settled)
            base.metadata.create_all(self._engine)
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

    def _error(self, error: SQLAlchemyError) -> LakeError:
        cause = getattr(error, "orig", None) or error
        return LakeError(f"{self.place}: {self._what} cannot be kept or read there: {cause}")


def _settled(connection: Any, _record: object) -> None:
    """Readers and a writer do not wait for one another; two writers do, for a while."""
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()
