"""The cases of a lake, kept under pseudonyms: in its own SQLite file, or in PostgreSQL where the settings say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import URL, create_engine, delete, or_, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tidegate.cases.model import Case
from tidegate.errors import InputError, LakeError

OPEN, SUPERSEDED = "open", "superseded"
"""Status: open is what the last run found; superseded is what earlier runs found and the last one no longer does."""

_CASE = TypeAdapter(Case)


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    __tablename__ = "cases"

    lake: Mapped[str] = mapped_column(primary_key=True)  # its path, in a database that lakes share
    uid: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(index=True)
    pattern: Mapped[str] = mapped_column(index=True)
    score: Mapped[float] = mapped_column(index=True)
    raised_time: Mapped[datetime] = mapped_column(index=True)
    first_time: Mapped[datetime]
    last_time: Mapped[datetime]
    document: Mapped[str]  # the whole case as JSON


class CaseStore:
    """The cases of one lake by uid, in its `cases.db` or at a SQLAlchemy URL. Raises LakeError throughout."""

    def __init__(self, lake: Path, url: str | None = None) -> None:
        file = lake / "cases.db"
        self._lake = "" if url is None else str(lake.resolve())  # a lake that is moved takes its own file along
        self._place = str(file) if url is None else url.rpartition("@")[2]  # without a password
        try:
            self._engine = create_engine(URL.create("sqlite", database=str(file)) if url is None else url)
            _Base.metadata.create_all(self._engine)
        except ModuleNotFoundError as error:
            raise LakeError(f"{self._place}: needs the Python package {error.name}, which is not installed") from error
        except SQLAlchemyError as error:
            raise self._error(error) from error

    def save(self, cases: Iterable[Case], *, since: datetime | None = None) -> None:
        """Store what a run found: a case known by its uid is replaced, one found no more is superseded.

        since: the run looked only at what was raised from then on, so earlier cases keep their status.
        """
        cases = list(cases)
        with self._session() as session:
            gone = update(_Row).where(_Row.lake == self._lake, _Row.uid.not_in([case.uid for case in cases]))
            gone = gone if since is None else gone.where(_Row.raised_time >= since)
            session.execute(gone.values(status=SUPERSEDED))
            for case in cases:
                session.merge(
                    _Row(
                        lake=self._lake,
                        uid=case.uid,
                        status=OPEN,
                        pattern=case.pattern,
                        score=case.score,
                        raised_time=case.raised_time,
                        first_time=case.first_time,
                        last_time=case.last_time,
                        document=_CASE.dump_json(case).decode(),
                    )
                )

    def all(self) -> tuple[Case, ...]:
        """The open cases, highest score first, then the earliest raised."""
        mine = select(_Row).where(_Row.lake == self._lake, _Row.status == OPEN)
        with self._session() as session:
            ranked = session.scalars(mine.order_by(_Row.score.desc(), _Row.raised_time, _Row.uid))
            return tuple(self._case(row) for row in ranked)

    def get(self, uid: str) -> Case:
        """The case whose uid begins so, superseded ones included.

        Raises InputError where none does, or several do.
        """
        with self._session() as session:
            begins = select(_Row).where(_Row.lake == self._lake, _Row.uid.startswith(uid, autoescape=True))
            found = session.scalars(begins.limit(6)).all()
            exact = [row for row in found if row.uid == uid] or found
            if not exact:
                raise InputError(f"no case begins with {uid!r}; `tidegate cases` lists them")
            if len(exact) > 1:
                raise InputError(f"{uid!r} is the beginning of several: {', '.join(row.uid for row in exact)}")
            return self._case(exact[0])

    def naming(self, people: Iterable[str]) -> tuple[str, ...]:
        """The cases, superseded ones included, that hold any of these pseudonyms: their uids."""
        named = or_(*(_Row.document.contains(person, autoescape=True) for person in people))
        with self._session() as session:
            return tuple(session.scalars(select(_Row.uid).where(_Row.lake == self._lake, named).order_by(_Row.uid)))

    def erase(self, uids: Iterable[str]) -> None:
        """Remove cases for good; a database file is written anew, or it would still hold them."""
        with self._session() as session:
            session.execute(delete(_Row).where(_Row.lake == self._lake, _Row.uid.in_(list(uids))))
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM"))

    def _case(self, row: _Row) -> Case:
        try:
            return _CASE.validate_json(row.document)
        except ValidationError as error:
            how = "`tidegate detect` builds the cases anew"
            raise LakeError(f"{self._place}: case {row.uid} is of another version of Tidegate; {how}") from error

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self._engine) as session, session.begin():
                yield session
        except SQLAlchemyError as error:
            raise self._error(error) from error

    def _error(self, error: SQLAlchemyError) -> LakeError:
        cause = getattr(error, "orig", None) or error
        return LakeError(f"{self._place}: the cases cannot be kept or read there: {cause}")
