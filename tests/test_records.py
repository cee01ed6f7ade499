"""A database that cannot be had is said to be so, by its place and without its password."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tidegate.errors import LakeError
from tidegate.records import Records


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "rows"
    name: Mapped[str] = mapped_column(primary_key=True)


def test_a_transaction_is_done_whole_or_not_at_all(tmp_path: Path) -> None:
    records = Records(tmp_path / "r.db", Base, what="the rows")
    with records.session() as session:
        session.add(Row(name="ann"))
    with pytest.raises(LakeError, match=r"r\.db: the rows cannot be kept or read there"), records.session() as session:
        session.add_all([Row(name="bob"), Row(name="ann")])
    with records.session() as session:
        assert session.scalars(text("SELECT name FROM rows")).all() == ["ann"]


def test_readers_go_on_where_that_is_asked_for(tmp_path: Path) -> None:
    for concurrent, mode in ((True, "wal"), (False, "delete")):
        with Records(tmp_path / f"{mode}.db", Base, what="it", concurrent=concurrent).session() as session:
            assert session.scalar(text("PRAGMA journal_mode")) == mode


def test_a_database_that_cannot_be_had_is_named_without_its_password() -> None:
    with pytest.raises(LakeError, match=r"^host/x: ") as told:
        Records("nosuchkind+driver://ann:secret@host/x", Base, what="it")
    assert "secret" not in str(told.value)
