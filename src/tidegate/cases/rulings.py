"""Verdicts and exceptions of a lake, kept beside its cases; people stand in them under pseudonyms.

Nothing is overwritten: a verdict that takes another back is a further one, and an exception that was ended stays, with
who ended it and why. Only a person's erasure removes them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from tidegate.cases.database import Base, Database
from tidegate.cases.exceptions import DatedException
from tidegate.cases.model import Excused
from tidegate.cases.verdicts import Verdict
from tidegate.errors import InputError

_VERDICT, _EXCEPTION = TypeAdapter(Verdict), TypeAdapter(DatedException)


class _VerdictRow(Base):
    __tablename__ = "verdicts"

    uid: Mapped[str] = mapped_column(primary_key=True)
    lake: Mapped[str] = mapped_column(index=True)
    case: Mapped[str] = mapped_column(index=True)
    time: Mapped[datetime]
    document: Mapped[str]  # the whole verdict as JSON


class _ExceptionRow(Base):
    __tablename__ = "exceptions"

    uid: Mapped[str] = mapped_column(primary_key=True)
    lake: Mapped[str] = mapped_column(index=True)
    case: Mapped[str] = mapped_column(index=True)
    start: Mapped[datetime]
    document: Mapped[str]  # the whole exception as JSON


class _HidRow(Base):
    __tablename__ = "exceptions_hid"

    exception: Mapped[str] = mapped_column(primary_key=True)
    case: Mapped[str] = mapped_column(primary_key=True)
    lake: Mapped[str] = mapped_column(index=True)


class Rulings:
    """What was decided on the cases of one lake. Raises LakeError throughout."""

    def __init__(self, database: Database) -> None:
        self._database, self._lake, self._session = database, database.lake, database.session

    def verdicts(self, case: str | None = None) -> tuple[Verdict, ...]:
        """All verdicts, or those on one case, oldest first."""
        mine = select(_VerdictRow).where(_VerdictRow.lake == self._lake).order_by(_VerdictRow.time, _VerdictRow.uid)
        mine = mine if case is None else mine.where(_VerdictRow.case == case)
        with self._session() as session:
            return tuple(_VERDICT.validate_json(row.document) for row in session.scalars(mine))

    def exceptions(self) -> tuple[DatedException, ...]:
        """All exceptions, those that hold no more among them, oldest first."""
        mine = select(_ExceptionRow).where(_ExceptionRow.lake == self._lake)
        with self._session() as session:
            rows = session.scalars(mine.order_by(_ExceptionRow.start, _ExceptionRow.uid))
            return tuple(_EXCEPTION.validate_json(row.document) for row in rows)

    def decide(self, verdict: Verdict, exception: DatedException | None = None) -> None:
        """Keep a verdict, and the exception that it teaches; what an earlier verdict on the case taught ends with it.

        So nobody has to know of an exception to be rid of it.
        """
        superseded = [e.uid for e in self.exceptions() if e.case == verdict.case and e.ended is None]
        for uid in superseded:
            self.end(uid, time=verdict.time, by=verdict.reviewer, because=f"a later verdict: {verdict.reason}")
        document = _VERDICT.dump_json(verdict).decode()
        with self._session() as session:
            session.add(
                _VerdictRow(
                    uid=secrets.token_hex(16), lake=self._lake, case=verdict.case, time=verdict.time, document=document
                )
            )
            if exception is not None:
                session.add(
                    _ExceptionRow(
                        uid=exception.uid,
                        lake=self._lake,
                        case=exception.case,
                        start=exception.start,
                        document=_EXCEPTION.dump_json(exception).decode(),
                    )
                )

    def end(self, uid: str, *, time: datetime, by: str, because: str) -> DatedException:
        """End the exception whose uid begins so. Raises InputError where none or several do, or it was ended before."""
        found = [exception for exception in self.exceptions() if exception.uid.startswith(uid)]
        if len(found) != 1:
            what = "several exceptions begin" if found else "no exception begins"
            raise InputError(f"{what} with {uid!r}; `tidegate cases exceptions` lists them")
        if found[0].ended is not None:
            raise InputError(f"{found[0].uid} was ended before, by {found[0].ended_by}")
        ended = replace(found[0], ended=time, ended_by=by, ended_because=because)
        with self._session() as session:
            session.execute(
                update(_ExceptionRow)
                .where(_ExceptionRow.uid == ended.uid, _ExceptionRow.lake == self._lake)
                .values(document=_EXCEPTION.dump_json(ended).decode())
            )
        return ended

    def note_hidden(self, hidden: Iterable[Excused]) -> None:
        """Remember which cases exceptions hid."""
        with self._session() as session:
            for excused in hidden:
                for case in excused.cases:
                    session.merge(_HidRow(exception=excused.exception, case=case, lake=self._lake))

    def hid(self) -> dict[str, tuple[str, ...]]:
        """The cases that each exception ever hid, by its uid."""
        with self._session() as session:
            found: dict[str, tuple[str, ...]] = {}
            mine = select(_HidRow).where(_HidRow.lake == self._lake).order_by(_HidRow.exception, _HidRow.case)
            for row in session.scalars(mine):
                found[row.exception] = (*found.get(row.exception, ()), row.case)
            return found

    def erase(self, cases: Sequence[str], people: Sequence[str]) -> None:
        """Remove what was decided on these cases, and every verdict and exception that names one of these people."""
        told = [e.uid for e in self.exceptions() if e.case in cases or not set(people).isdisjoint(e.scope.subjects)]
        with self._session() as session:
            rows = session.scalars(select(_VerdictRow).where(_VerdictRow.lake == self._lake)).all()
            gone = [row.uid for row in rows if row.case in cases or any(person in row.document for person in people)]
            session.execute(delete(_VerdictRow).where(_VerdictRow.uid.in_(gone)))
            session.execute(delete(_ExceptionRow).where(_ExceptionRow.uid.in_(told), _ExceptionRow.lake == self._lake))
            hid = delete(_HidRow).where(_HidRow.lake == self._lake)
            session.execute(hid.where(_HidRow.exception.in_(told) | _HidRow.case.in_(list(cases))))
        self._database.compact()
