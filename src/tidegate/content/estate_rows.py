"""Tables of an inventory: files as they were last looked at, their labels, and the scans that looked."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """What the tables of an inventory derive from."""

    type_annotation_map: ClassVar = {int: BigInteger}  # sizes and times in nanoseconds


class FileRow(Base):
    """A file as it was when it was last looked at. Of what was not read `sha256` is null, and `error` says why."""

    __tablename__ = "files"

    folder: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    mtime_ns: Mapped[int]
    ctime_ns: Mapped[int]
    inode: Mapped[int] = mapped_column(index=True)
    seen_ns: Mapped[int]  # when that was so
    owner: Mapped[str]
    exposed: Mapped[str]  # to whom, words separated by `; `
    format: Mapped[str]
    error: Mapped[str | None]
    again: Mapped[str]  # why it is to be read again although it has not changed; empty where it is not
    read_with: Mapped[str]  # version of what it was read with
    graded_with: Mapped[str]  # version of the policy
    sha256: Mapped[str | None] = mapped_column(index=True)
    sha1: Mapped[str | None]  # only of files with a label, to be found again in logs
    md5: Mapped[str | None]
    tallies: Mapped[bytes | None]  # `content.kept`; null where nothing was found


class LabelRow(Base):
    """A label of a file, or, where `name` is empty, of a folder as a whole."""

    __tablename__ = "labels"

    folder: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    data_class: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[str]
    count: Mapped[int]
    files: Mapped[int]
    precision_m: Mapped[float | None]
    confidence: Mapped[float]
    why: Mapped[str]
    facts: Mapped[str]  # in words, separated by `; `
    marking: Mapped[str | None]  # words of a protective marking


class ScanRow(Base):
    """A path that was scanned; `finished_ns` is 0 while a scan of it is under way, or was ended."""

    __tablename__ = "scans"

    root: Mapped[str] = mapped_column(primary_key=True)
    finished_ns: Mapped[int]
