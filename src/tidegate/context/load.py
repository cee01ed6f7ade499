"""The context folder: CSV files with a header, each optional, incomplete and partly stale as real ones are.

An empty cell is unknown. Columns nobody reads, rows without a key and keys that come twice are noted and passed
over; a value that can only be wrong (a date that is none, a kind that does not exist) is an error.
"""

from __future__ import annotations

import csv
import difflib
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from tidegate.context.destinations import Destination
from tidegate.context.devices import Device
from tidegate.context.people import Person
from tidegate.context.permits import Permit
from tidegate.context.shares import Share
from tidegate.errors import ConfigError

FILES: Mapping[str, tuple[str, ...]] = {
    "people.csv": ("user",),
    "devices.csv": ("device", "mac", "ip"),
    "destinations.csv": ("pattern",),
    "permits.csv": ("permit",),
    "shares.csv": ("path",),
}
"""Each file, and the columns that say whom or what a row is about."""

_LISTS = "species*.csv"  # other lists that may lie there, which `classify` reads

_MAX_ERRORS = 20  # reported of one file: enough to see what is wrong with it, few enough to read
_RENAMED = {"class": "data_class"}  # `class` is taken in Python

Row = TypeVar("Row", Person, Device, Destination, Permit, Share)


@dataclass(frozen=True, kw_only=True)
class Context:
    """What the organisation tells Tidegate. notes: what was passed over on reading it, a sentence each."""

    people: tuple[Person, ...] = ()
    devices: tuple[Device, ...] = ()
    destinations: tuple[Destination, ...] = ()
    permits: tuple[Permit, ...] = ()
    shares: tuple[Share, ...] = ()
    notes: tuple[str, ...] = ()


def load(folder: Path | None) -> Context:
    """Read a context folder; None is the empty context.

    Raises ConfigError: no such folder, or a file's wrong values, all of a file (at most 20) in one error.
    """
    if folder is None:
        return Context()
    if not folder.is_dir():
        raise ConfigError("there is no such folder; --context wants the one that holds people.csv", file=folder)
    notes = list(_strangers(folder))
    return Context(
        people=_read(folder / "people.csv", Person, notes),
        devices=_read(folder / "devices.csv", Device, notes),
        destinations=_read(folder / "destinations.csv", Destination, notes),
        permits=_read(folder / "permits.csv", Permit, notes),
        shares=_read(folder / "shares.csv", Share, notes),
        notes=tuple(notes),
    )


def _strangers(folder: Path) -> Iterator[str]:
    lists = (path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    names = sorted(path.name for path in lists if not path.match(_LISTS))
    for name in names:
        if name not in FILES:
            yield f"{folder / name}: not read, no context file has that name{_did_you_mean(name, FILES)}"
    if not any(name in FILES for name in names):
        yield f"{folder}: holds none of {', '.join(FILES)}; everything is judged without context"


def _read(path: Path, row: type[Row], notes: list[str]) -> tuple[Row, ...]:
    if not path.exists():
        return ()
    keys = FILES[path.name]
    adapter = TypeAdapter(row)
    found: dict[tuple[object, ...], Row] = {}
    wrong: list[tuple[int, str]] = []
    for line, cells in _rows(path, {field.name for field in fields(row)}, keys, notes):
        if not any(key in cells for key in keys):
            notes.append(f"{path}:{line}: row without {' or '.join(keys)}, passed over")
            continue
        try:
            value = adapter.validate_python(cells)
        except ValidationError as error:
            wrong += [(line, _plain(detail)) for detail in error.errors()]
            continue
        # A permit may take several rows, one for each class or destination; the rest are one thing a row.
        identity = (value,) if row is Permit else tuple(getattr(value, key) for key in keys)
        if identity in found:
            notes.append(f"{path}:{line}: {cells[next(k for k in keys if k in cells)]} again; the last row counts")
        found[identity] = value
    if len(wrong) == 1:
        raise ConfigError(wrong[0][1], file=path, line=wrong[0][0])
    if wrong:
        listed = "".join(f"\n  line {line}, {message}" for line, message in wrong[:_MAX_ERRORS])
        more = f"\n  and {len(wrong) - _MAX_ERRORS} more" if len(wrong) > _MAX_ERRORS else ""
        raise ConfigError(f"{len(wrong)} wrong values{listed}{more}", file=path)
    return tuple(found.values())


def _rows(path: Path, known: set[str], keys: tuple[str, ...], notes: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row's first line (1-based) and its cells that hold something, by field."""
    text = _text(path, notes)
    if not text.strip():
        notes.append(f"{path}: empty")
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=text.partition("\n")[0].count))
    try:
        header = [_RENAMED.get(name, name) for name in (cell.strip().lower() for cell in next(reader, []))]
        _check_header(path, header, known, keys, notes)
        while True:
            line = reader.line_num + 1
            row = next(reader, None)
            if row is None:
                return
            cells = {name: cell.strip() for name, cell in zip(header, row, strict=False) if name in known}
            if any(cell.strip() for cell in row[len(header) :]):
                notes.append(f"{path}:{line}: more cells than the header has columns, the rest is passed over")
            if any(cell.strip() for cell in row):
                yield line, {name: cell for name, cell in cells.items() if cell not in ("", "-")}
    except csv.Error as error:
        raise ConfigError(f"not readable as CSV: {error}", file=path, line=reader.line_num) from error


def _check_header(path: Path, header: list[str], known: set[str], keys: tuple[str, ...], notes: list[str]) -> None:
    for name in sorted({name for name in header if name and header.count(name) > 1}):
        raise ConfigError(f"column {name!r} is there {header.count(name)} times", file=path, line=1)
    if not any(key in header for key in keys):
        hint = _did_you_mean(keys[0], header)
        has = ", ".join(filter(None, header)) or "nothing"
        raise ConfigError(f"no column {' or '.join(map(repr, keys))}; the header has {has}{hint}", file=path, line=1)
    notes.extend(
        f"{path}:1: column {name!r} is not used{_did_you_mean(name, known - set(header))}"
        for name in header
        if name and name not in known
    )


def _text(path: Path, notes: list[str]) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=path) from error
    encoding = "utf-16" if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        if encoding == "utf-16":
            raise ConfigError("not readable as UTF-16; save it as CSV UTF-8", file=path, line=line) from error
    # What spreadsheets on Windows call "CSV": every byte has a meaning in Latin-1.
    notes.append(f"{path}:{line}: not UTF-8, read as Latin-1; if names look wrong, save it as CSV UTF-8")
    return raw.decode("latin-1")


def _plain(error: ErrorDetails) -> str:
    """A pydantic error in a reader's words."""
    column = str(error["loc"][0])
    context = error.get("ctx", {})
    if error["type"] == "literal_error":
        what = f"{error['input']!r} is none of {context['expected']}"
    else:
        what = str(context.get("error", error["msg"]))
    return f"column '{'class' if column == 'data_class' else column}': {what}"


def _did_you_mean(name: str, known: Mapping[str, object] | set[str] | list[str]) -> str:
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
