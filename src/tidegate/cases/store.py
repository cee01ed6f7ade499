"""The cases of a lake, kept under pseudonyms: in its own SQLite file, or in PostgreSQL where the settings say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tidegate.cases.database import Base, Database
from tidegate.cases.model import Case, Finding
from tidegate.cases.rulings import Rulings
from tidegate.errors import InputError, LakeError

OPEN, SUPERSEDED, CLOSED, EXCUSED, REST = "open", "superseded", "closed", "excused", "rest"
"""Status: open is what the last run found, superseded what earlier runs found and the last one no longer does;
closed is what an analyst gave a verdict on, excused what an exception hides, rest what made no case."""

_CASE = TypeAdapter(Case)


class _Row(Base):
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
        self._database = Database(lake, url)
        self._lake, self._session = self._database.lake, self._database.session
        self.rulings = Rulings(self._database)

    def save(
        self, cases: Iterable[Case], *, since: datetime | None = None, status: Mapping[str, str] | None = None
    ) -> None:
        """Store what a run found: a case known by its uid is replaced, one found no more is superseded.

        since: the run looked only at what was raised from then on, so earlier cases keep their status.
        status: of cases that are not open, by uid. A closed one that is found no more stays closed.
        """
        cases = list(cases)
        with self._session() as session:
            gone = update(_Row).where(_Row.lake == self._lake, _Row.uid.not_in([case.uid for case in cases]))
            gone = gone.where(_Row.status.not_in([CLOSED, REST]))
            gone = gone if since is None else gone.where(_Row.raised_time >= since)
            session.execute(gone.values(status=SUPERSEDED))
            for case in cases:
                session.merge(self._row(case, (status or {}).get(case.uid, OPEN)))

    def save_rest(self, rest: Iterable[Case], *, since: datetime | None = None) -> None:
        """Store what made no case in the place of what made none before; what somebody judged keeps its status."""
        mine = _Row.lake == self._lake
        with self._session() as session:
            gone = delete(_Row).where(mine, _Row.uid.startswith(f"{REST}-"), _Row.status != CLOSED)
            session.execute(gone if since is None else gone.where(_Row.raised_time >= since))
            kept = set(session.scalars(select(_Row.uid).where(mine, _Row.uid.startswith(f"{REST}-"))))
            session.add_all(self._row(case, REST) for case in rest if case.uid not in kept)

    def set_status(self, uid: str, status: str) -> None:
        """Give one case another status; the rest is not opened, only listed again."""
        if status == OPEN and uid.startswith(f"{REST}-"):
            status = REST
        with self._session() as session:
            session.execute(update(_Row).where(_Row.lake == self._lake, _Row.uid == uid).values(status=status))

    def all(self, status: str = OPEN) -> tuple[Case, ...]:
        """The cases of a status, highest score first, then the earliest raised."""
        mine = select(_Row).where(_Row.lake == self._lake, _Row.status == status)
        with self._session() as session:
            ranked = session.scalars(mine.order_by(_Row.score.desc(), _Row.raised_time, _Row.uid))
            return tuple(self._case(row) for row in ranked)

    def rest(self) -> tuple[Case, ...]:
        """What made no case, the rarest first: scores are 0 for all that comes often."""
        return tuple(sorted(self.all(REST), key=lambda case: (case.false_alarms_per_week, case.raised_time, case.uid)))

    def get(self, uid: str) -> Case:
        """The case whose uid begins so, superseded ones included.

        Raises InputError where none does, or several do.
        """
        case = self._beginning(uid)
        if case is None:
            raise InputError(f"no case begins with {uid!r}; `tidegate cases` lists them")
        return case

    def find(self, uid: str) -> tuple[Case, tuple[Finding, ...]]:
        """The case whose uid begins so, else the one raised last that has findings that do, and these; rest included.

        Raises InputError where there is neither, or several cases begin so.
        """
        case = self._beginning(uid)
        if case is not None:
            return case, ()
        mine = select(_Row).where(_Row.lake == self._lake, _Row.document.contains(uid, autoescape=True))
        latest = _Row.status == SUPERSEDED, _Row.raised_time.desc(), _Row.uid
        with self._session() as session:
            for found in map(self._case, session.scalars(mine.order_by(*latest))):
                if findings := tuple(finding for finding in found.findings if finding.uid.startswith(uid)):
                    return found, findings
        raise InputError(f"no case and no finding of one begins with {uid!r}; `tidegate cases` lists the cases")

    def _beginning(self, uid: str) -> Case | None:
        with self._session() as session:
            begins = select(_Row).where(_Row.lake == self._lake, _Row.uid.startswith(uid, autoescape=True))
            found = session.scalars(begins.limit(6)).all()
            exact = [row for row in found if row.uid == uid] or found
            if len(exact) > 1:
                raise InputError(f"{uid!r} is the beginning of several: {', '.join(row.uid for row in exact)}")
            return self._case(exact[0]) if exact else None

    def naming(self, people: Iterable[str]) -> tuple[str, ...]:
        """The cases, superseded ones included, that hold any of these pseudonyms: their uids."""
        named = or_(*(_Row.document.contains(person, autoescape=True) for person in people))
        with self._session() as session:
            return tuple(session.scalars(select(_Row.uid).where(_Row.lake == self._lake, named).order_by(_Row.uid)))

    def erase(self, uids: Iterable[str]) -> None:
        """Remove cases for good; a database file is written anew, or it would still hold them."""
        with self._session() as session:
            session.execute(delete(_Row).where(_Row.lake == self._lake, _Row.uid.in_(list(uids))))
        self._database.compact()

    def _row(self, case: Case, status: str) -> _Row:
        return _Row(
            lake=self._lake,
            uid=case.uid,
            status=status,
            pattern=case.pattern,
            score=case.score,
            raised_time=case.raised_time,
            first_time=case.first_time,
            last_time=case.last_time,
            document=_CASE.dump_json(case).decode(),
        )

    def _case(self, row: _Row) -> Case:
        try:
            return _CASE.validate_json(row.document)
        except ValidationError as error:
            how = "`tidegate detect` builds the cases anew"
            raise LakeError(
                f"{self._database.place}: case {row.uid} is of another version of Tidegate; {how}"
            ) from error
