"""What is known of an organisation's files, kept between runs: where each lies, what it holds, whose it is.

A SQLite file, or a database at a SQLAlchemy URL. It says where what is sensitive lies, so only its owner may read the
file; what was found itself is not in it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, defer

from tidegate.content.estate_rows import Base, FileRow, LabelRow, ScanRow
from tidegate.errors import LakeError
from tidegate.records import Records

_MANY = 400  # values in one statement: databases take a thousand or more


@dataclass(frozen=True)
class Known:
    """A label of a file, with all that a log may know the file by."""

    folder: str
    name: str
    size: int
    hashes: tuple[str, ...]
    data_class: str
    grade: str
    count: int
    marking: str | None


class Estate(Records):
    """An inventory. Raises LakeError throughout."""

    def __init__(self, place: str | Path, *, create: bool = True) -> None:
        kept: str | Path = str(place) if "://" in str(place) else Path(place)
        if isinstance(kept, Path):
            if not create and not kept.is_file():
                raise LakeError(f"there is no inventory at {kept}; `tidegate inventory PATH --store {kept}` makes one")
            kept.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(kept, os.O_CREAT | os.O_RDWR, 0o600))
        super().__init__(kept, Base, what="the inventory", concurrent=True)

    def begin(self, root: str) -> bool:
        """Note that a scan of a path begins; returns whether the last one ended by itself."""
        with self.session() as session:
            last = session.get(ScanRow, root)
            finished = last is not None and last.finished_ns > 0
            session.merge(ScanRow(root=root, finished_ns=0))
            return finished

    def finish(self, root: str) -> None:
        """Note that a scan of a path is done."""
        with self.session() as session:
            session.merge(ScanRow(root=root, finished_ns=time.time_ns()))

    def in_folder(self, folder: str) -> dict[str, FileRow]:
        """Files known in a folder, by name."""
        with self._reading() as session:
            return {row.name: row for row in session.scalars(select(FileRow).where(FileRow.folder == folder))}

    def folders(self, root: str) -> set[str]:
        """Folders at or below a path in which files are known."""
        with self._reading() as session:
            return set(session.scalars(select(FileRow.folder).where(below(FileRow.folder, root)).distinct()))

    def of_inode(self, inode: int, size: int, mtime_ns: int) -> FileRow | None:
        """A file that may be this one under the name it had before."""
        like = FileRow.inode == inode, FileRow.size == size, FileRow.mtime_ns == mtime_ns
        with self._reading() as session:
            return session.scalars(select(FileRow).where(*like).limit(1)).first()

    def put(self, files: Sequence[FileRow], labels: Sequence[LabelRow]) -> None:
        """Put files in the place of what was known under their names, all of them or none."""
        with self.session() as session:
            for folder in {file.folder for file in files}:
                self._remove(session, folder, [file.name for file in files if file.folder == folder])
            for rows in (files, labels):
                if rows:
                    session.execute(insert(type(rows[0])), [_values(row) for row in rows])

    def remove(self, folder: str, names: Collection[str]) -> None:
        """Forget files that are gone."""
        with self.session() as session:
            self._remove(session, folder, list(names))

    def put_folders(self, root: str, labels: Sequence[LabelRow]) -> None:
        """Put labels of folders as a whole in the place of those at or below a path."""
        with self.session() as session:
            session.execute(delete(LabelRow).where(LabelRow.name == "", below(LabelRow.folder, root)))
            if labels:
                session.execute(insert(LabelRow), [_values(row) for row in labels])

    def labelled(self, roots: Sequence[str]) -> Iterator[FileRow]:
        """Files at or below some paths in which something was found."""
        with self._reading() as session:
            rows = session.scalars(
                select(FileRow)
                .where(_any(FileRow.folder, FileRow.name, roots))
                .where(FileRow.tallies.is_not(None))
                .order_by(FileRow.folder, FileRow.name)
                .execution_options(yield_per=200)
            )
            yield from rows

    def listed(self, roots: Sequence[str]) -> Iterator[tuple[FileRow | None, LabelRow]]:
        """Labels of files and, without a file, of folders, at or below some paths."""
        both = select(FileRow, LabelRow).join_from(
            LabelRow,
            FileRow,
            (LabelRow.folder == FileRow.folder) & (LabelRow.name == FileRow.name),
            isouter=True,
        )
        here = both.where(_any(LabelRow.folder, LabelRow.name, roots)).options(defer(FileRow.tallies))
        with self._reading() as session:
            rows = session.execute(here.order_by(LabelRow.folder, LabelRow.name).execution_options(yield_per=1_000))
            yield from ((file, label) for file, label in rows)

    def unread(self, roots: Sequence[str]) -> list[tuple[str, str]]:
        """What could not be read, or not fully, at or below some paths: path and reason."""
        here = _any(FileRow.folder, FileRow.name, roots)
        asked = select(FileRow.folder, FileRow.name, FileRow.error).where(here, FileRow.error.is_not(None))
        with self._reading() as session:
            rows = session.execute(asked.order_by(FileRow.folder, FileRow.name))
            return [(joined(folder, name), str(error)) for folder, name, error in rows]

    def size(self, roots: Sequence[str]) -> tuple[int, int]:
        """Files at or below some paths, and their bytes."""
        here = select(func.count(), func.coalesce(func.sum(FileRow.size), 0)).where(
            _any(FileRow.folder, FileRow.name, roots), FileRow.format != "folder"
        )
        with self._reading() as session:
            files, size = session.execute(here).one()
            return int(files), int(size)

    def known(self) -> Iterator[Known]:
        """Every label of a file that was read."""
        both = select(FileRow, LabelRow).join(
            LabelRow, (LabelRow.folder == FileRow.folder) & (LabelRow.name == FileRow.name)
        )
        asked = both.options(defer(FileRow.tallies))
        with self._reading() as session:
            for file, label in session.execute(asked.execution_options(yield_per=1_000)):
                hashes = tuple(filter(None, (file.sha256, file.sha1, file.md5)))
                said = label.data_class, label.grade, label.count, label.marking
                yield Known(file.folder, file.name, file.size, hashes, *said)

    def namesakes(self, names: Collection[str]) -> Iterator[tuple[str, str, str]]:
        """Folder, name and content of every file that has one of some names, labelled or not."""
        listed, content = sorted(names), func.coalesce(FileRow.sha256, FileRow.folder)
        with self._reading() as session:
            for at in range(0, len(listed), _MANY):
                some = FileRow.name.in_(listed[at : at + _MANY])
                rows = session.execute(select(FileRow.folder, FileRow.name, content).where(some))
                yield from ((str(folder), str(name), str(of)) for folder, name, of in rows)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        try:
            with closing(Session(self._engine)) as session:
                yield session
        except SQLAlchemyError as error:
            raise self._error(error) from error

    def _remove(self, session: Session, folder: str, names: Sequence[str]) -> None:
        for at in range(0, len(names), _MANY):
            for row in (FileRow, LabelRow):
                some = row.name.in_(names[at : at + _MANY])
                session.execute(delete(row).where(row.folder == folder, some))


def is_estate(file: Path) -> bool:
    """Whether a file is an inventory's, and no database among the files that are to be looked into."""
    if not file.is_file():
        return False
    with file.open("rb") as head:
        if head.read(16) != b"SQLite format 3\0":
            return False
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error:
        return False
    return {FileRow.__tablename__, LabelRow.__tablename__, ScanRow.__tablename__} <= tables


def below(column: Any, root: str) -> ColumnElement[bool]:
    """Whether a path is `root` or lies below it."""
    inside: ColumnElement[bool] = column.startswith(root.rstrip("/") + "/", autoescape=True)
    return or_(column == root, inside)


def joined(folder: str, name: str) -> str:
    """The path of a file, or, without a name, of a folder."""
    return f"{folder.rstrip('/')}/{name}" if name else folder


def _any(folder: Any, name: Any, roots: Iterable[str]) -> ColumnElement[bool]:
    """Whether a file is one of some paths, or lies below one."""
    return or_(*(or_(below(folder, root), _is(folder, name, root)) for root in roots))


def _is(folder: Any, name: Any, path: str) -> ColumnElement[bool]:
    above, _, leaf = path.rpartition("/")
    same: ColumnElement[bool] = (folder == (above or "/")) & (name == leaf)
    return same


def _values(row: Base) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
