"""Many small files into few large ones, and away with what nobody needs: cheap when there is little to do.

Rows, marks and the journal's sums stay what they are. Readers that run at the same time have a list of the files they
read: those that were replaced stay for a while. What no commit ever named has no reader and goes at once; it can only
be of a writer that died, for there is one writer, and it is us.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from deltalake import ColumnProperties, WriterProperties, write_deltalake

from tidegate.events.schema import DAY
from tidegate.lake import contents, spill
from tidegate.lake.engine import named
from tidegate.lake.journal import FIRST
from tidegate.lake.store import Lake
from tidegate.lake.tables import JOURNAL, TABLES

TARGET = 128 << 20
"""Bytes of a compacted file: large enough to be read at full speed, small enough to be rewritten in a second."""
GRACE = 1
"""Hours for which a file that was replaced stays: longer than a question over the whole lake takes."""
_FEWEST = 2  # small files of a day that are worth a rewriting
_LONGEST = 4  # journal rows for each stream and path: from there on they are summed up,
_MOST = 100  # if there are more than so many
_UNIQUE = ("uid", "connection", "message", "record", "digest")  # texts of which hardly two are alike
_COMMITS = 20  # since a table's log was last summed up: from there on it is again


@dataclass(frozen=True, kw_only=True)
class Tidied:
    """What was done. compacted: small files that became `into` larger ones; freed: bytes of files removed."""

    compacted: int = 0
    into: int = 0
    journal_rows: int = 0
    removed: int = 0
    freed: int = 0
    spilled: int = 0


def tidy(lake: Lake, *, target: int = TARGET, grace: int = GRACE, fewest: int = _FEWEST) -> Tidied:
    """Tidy a lake. To be called within `lake.writing()`, with no batch under way.

    fewest: small files of a day from which on they are compacted; a service that calls this often wants more.
    Raises LakeError; what was done until then holds.
    """
    compacted = into = removed = freed = 0
    rows = _journal(lake)
    for name in TABLES:
        if days := _small(lake, name, target, fewest):
            before, after = _compact(lake, name, days, target)
            compacted, into = compacted + before, into + after
        gone = vacuum(lake, name, hours=grace)
        removed, freed = removed + len(gone), freed + sum(gone.values())
        _checkpoint(lake, name)
    lake.storage.remove("unfinished.new", "lake.json.new")
    spilled = spill.sweep(lake.path / "tmp")
    return Tidied(compacted=compacted, into=into, journal_rows=rows, removed=removed, freed=freed, spilled=spilled)


def _small(lake: Lake, name: str, target: int, fewest: int) -> list[str]:
    """The days of a table with enough files that are not half of what they could be; `""` for one without days."""
    counts = Counter(str(file.day or "") for file in contents.files(lake, name) if file.size < target // 2)
    return sorted(day for day, count in counts.items() if count >= fewest)


def _compact(lake: Lake, name: str, days: list[str], target: int) -> tuple[int, int]:
    """Put the small files of some days together; returns how many there were, and are."""
    table = lake.writable(name)
    with lake.errors():
        done = table.optimize.compact(
            partition_filters=[(DAY, "in", days)] if DAY in TABLES[name] else None,
            target_size=target,
            max_concurrent_tasks=1,  # each holds a group of rows of every column in memory
            writer_properties=_properties(name),
        )
    lake.settle(name)
    return done["numFilesRemoved"], done["numFilesAdded"]


def _properties(name: str) -> WriterProperties:
    """Parquet about as DuckDB writes it: what hardly repeats goes without a dictionary, which would cost a quarter."""
    plain = ColumnProperties(dictionary_enabled=False)
    packed = ColumnProperties(dictionary_enabled=False, encoding="DELTA_BINARY_PACKED")
    columns = {column: plain for column in _UNIQUE if column in TABLES[name]}
    columns |= {
        c: packed for c, kind in TABLES[name].items() if kind.is_int64() or kind.is_timestamp() or c == "src_port"
    }
    return WriterProperties(
        compression="ZSTD", compression_level=1, max_row_group_size=122_880, column_properties=columns
    )


def vacuum(lake: Lake, name: str, *, hours: int) -> dict[str, int]:
    """Remove the files that are no part of a table, save those replaced within so many hours; returns their sizes."""
    table = lake.delta(name)
    keep = {file.path for file in contents.files(lake, name)}
    if hours and table is not None:
        with lake.errors():
            replaced, long_ago = (
                set(table.vacuum(retention_hours=since, enforce_retention_duration=False)) for since in (0, hours)
            )
        keep |= replaced - long_ago
    if gone := contents.left(lake, name, keep):
        lake.settle(name)  # what takes their place has to stay
    lake.storage.remove(*(f"{name}/{path}" for path in gone))
    return gone


def _checkpoint(lake: Lake, name: str) -> None:
    """Sum up a table's log, and let go of what of it is old, if enough was committed since that was last done."""
    table = lake.delta(name)
    if table is None:
        return
    last = json.loads(lake.storage.read(f"{name}/_delta_log/_last_checkpoint") or b"{}").get("version", 0)
    if table.version() - last >= _COMMITS:
        with lake.errors():
            table.create_checkpoint()
        lake.settle(name)
        with lake.errors():
            table.cleanup_metadata()


def _journal(lake: Lake) -> int:
    """Sum the journal up to a row for each stream and path, if it has grown long; returns the rows that went."""
    every = lake.scan("journal")
    (rows, pairs), *_ = lake.rows(f"SELECT count(*), count(DISTINCT (stream, path)) FROM ({every})")
    if rows < max(_LONGEST * pairs, _MOST):
        return 0
    summed = {name: f"sum({name})::BIGINT" for name in ("events", "quarantined", "ignored", "duplicates")}
    columns = ", ".join(
        f"{summed.get(name, f'last({named(name)} ORDER BY {FIRST})')} AS {named(name)}"
        for name in JOURNAL.names
        if name != "dropped"
    )
    reader = lake.engine.con.execute(
        f"SELECT {', '.join(map(named, JOURNAL.names))} FROM (SELECT {columns} FROM ({every}) GROUP BY stream, path) "
        f"LEFT JOIN ({_dropped(every)}) USING (stream, path)"
    ).to_arrow_reader()
    table = lake.writable("journal")
    with lake.errors():
        write_deltalake(table, reader, mode="overwrite")
    lake.settle("journal")
    return int(rows - pairs)


def _dropped(journal: str) -> str:
    """SQL: the sums by reason of what was dropped of each stream and path; none for one of which nothing was."""
    entries = f"SELECT stream, path, unnest(map_entries(dropped)) AS one FROM ({journal})"
    sums = f"SELECT stream, path, one.key AS reason, sum(one.value)::BIGINT AS rows FROM ({entries}) GROUP BY ALL"
    return f"SELECT stream, path, map_from_entries(list((reason, rows))) AS dropped FROM ({sums}) GROUP BY ALL"
