"""The lake: a folder of Delta tables, one per event class, with the journal of what was read and the quarantine.

Every commit is atomic and carries, per stream of log data, an application transaction (`marks`): how far of that
stream the table holds. Parquet files that no commit names, as a crash leaves them, are not part of any table.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import ibis
import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, write_deltalake
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction

from tidegate import __version__
from tidegate.errors import LakeError
from tidegate.events.schema import CLASSES, DAY
from tidegate.lake.engine import Engine, named, quoted

FORMAT = 1
"""Version of the lake's layout; a lake of a later one is refused."""

QUARANTINE = ibis.schema(
    {
        "time": "timestamp(6)",  # when it was set aside
        "source_file": "string",
        "source_line": "int64",
        "reason": "string",
        "record": "string",  # its first 64 KB
    }
)
JOURNAL = ibis.schema(
    {
        "at": "timestamp(6)",
        "path": "string",  # with `!member` inside an archive
        "size": "int64",
        "mtime_ns": "int64",
        "inode": "int64",
        "complete": "boolean",  # read to its end, as it was at that size and time
        "stream": "string",  # identity of the content, whatever its name and compression
        "log": "string",
        "lines": "int64",  # how far the stream has been read: source_line, decompressed bytes, and their digest
        "bytes": "int64",
        "digest": "string",
        "events": "int64",
        "quarantined": "int64",
        "ignored": "int64",
        "duplicates": "int64",
    }
)
TABLES: Mapping[str, ibis.Schema] = {
    **{name: c.schema for name, c in CLASSES.items()},
    "quarantine": QUARANTINE,
    "journal": JOURNAL,
}


class Lake:
    """A lake at `path`, made there (mode 0700) unless `create` is false. Raises LakeError."""

    def __init__(self, path: Path | str, *, create: bool = True) -> None:
        self.path = Path(path).absolute()
        try:
            self._open(create=create)
        except OSError as error:
            raise LakeError(f"lake {self.path}: {error.strerror}") from error
        self.engine = Engine(self.path / "tmp")
        self._tables: dict[str, DeltaTable] = {}
        self.unfinished = self.path / "unfinished"  # there while a batch is being committed, and after a crash

    def _open(self, *, create: bool) -> None:
        about = self.path / "lake.json"
        if not about.exists():
            if not create:
                raise LakeError(f"no lake at {self.path}: ingest logs into it first, or name another with --lake")
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(self.path.iterdir()):
                raise LakeError(f"{self.path} holds other files: name an empty or a new folder for the lake")
            about.write_text(json.dumps({"format": FORMAT, "made_by": f"tidegate {__version__}"}) + "\n")
        try:
            found = json.loads(about.read_text())["format"]
        except (ValueError, KeyError, TypeError) as error:
            raise LakeError(f"{about} does not say which format the lake has") from error
        if found > FORMAT:
            raise LakeError(f"lake {self.path} has format {found}, this Tidegate reads up to {FORMAT}: use a later one")

    def table(self, name: str) -> ibis.Table:
        """A table as it is now: an event class, `quarantine` or `journal`; empty where nothing is stored."""
        self.engine.con.execute(f"CREATE OR REPLACE VIEW {named(name)} AS {self.scan(name)}")
        return self.engine.ibis.table(name)

    def scan(self, name: str, *, days: Sequence[str] | None = None) -> str:
        """SQL that reads a table, or those of its files that hold `days`, with the columns of its schema."""
        schema, delta = TABLES[name], self.delta(name)
        if delta is None or days == []:
            files = []
        elif days is None:
            files = delta.file_uris()
        else:
            files = delta.file_uris(file_pruning_predicate=[(DAY, "in", list(days))])
        stored = {f.name for f in delta.schema().fields} if delta is not None and files else set()
        columns = ", ".join(
            f"CAST({named(c) if c in stored else 'NULL'} AS {self.engine.sql_type(t)}) AS {named(c)}"
            for c, t in schema.items()
        )
        if not files:
            return f"SELECT {columns} WHERE false"
        listed = ", ".join(quoted(f) for f in files)
        partitioned = f", hive_partitioning = true, hive_types = {{{DAY}: DATE}}" if DAY in schema else ""
        return f"SELECT {columns} FROM read_parquet([{listed}], union_by_name = true{partitioned})"

    def delta(self, name: str) -> DeltaTable | None:
        """The Delta table, up to date; None where nothing was stored yet."""
        table = self._tables.get(name)
        if table is not None:
            table.update_incremental()
        elif DeltaTable.is_deltatable(str(self.path / name)):
            table = self._tables[name] = DeltaTable(str(self.path / name))
        return table

    def mark(self, name: str, stream: str) -> int:
        """How far of a stream a table holds: the last `source_line`; 0 for nothing."""
        table = self.delta(name)
        return (table.transaction_version(stream) or 0) if table is not None else 0

    def commit(self, name: str, files: Sequence[AddAction], marks: Mapping[str, int]) -> None:
        """Make Parquet files, already written below the table's folder, part of the table."""
        table = self._writable(name)
        partition = [DAY] if DAY in TABLES[name] else None
        with _lake_errors(self.path):
            table.create_write_transaction(
                list(files), "append", table.schema(), partition, commit_properties=_properties(marks)
            )

    def append(self, name: str, columns: Mapping[str, Sequence[object]], marks: Mapping[str, int]) -> None:
        """Append a few rows, given by column, to an unpartitioned table."""
        table, rows = self._writable(name), pa.Table.from_pydict(dict(columns), schema=TABLES[name].to_pyarrow())
        with _lake_errors(self.path):
            write_deltalake(table, rows, mode="append", commit_properties=_properties(marks))

    def _writable(self, name: str) -> DeltaTable:
        schema = Schema.from_arrow(TABLES[name].to_pyarrow())
        table = self.delta(name)
        with _lake_errors(self.path):
            if table is None:
                partition = [DAY] if DAY in TABLES[name] else None
                table = DeltaTable.create(str(self.path / name), schema, partition_by=partition)
                self._tables[name] = table
            stored = {f.name for f in table.schema().fields}
            if added := [f for f in schema.fields if f.name not in stored]:
                table.alter.add_columns(added)
        return table

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer. Raises LakeError where another process is."""
        with (self.path / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LakeError(f"another Tidegate is writing to lake {self.path}: wait until it is done") from error
            yield

    def close(self) -> None:
        """Close the engine; the lake's tables cannot be read through it any more."""
        self.engine.close()


def _properties(marks: Mapping[str, int]) -> CommitProperties:
    return CommitProperties(app_transactions=[Transaction(stream, line) for stream, line in marks.items()])


@contextmanager
def _lake_errors(path: Path) -> Iterator[None]:
    """What goes wrong in storage, as LakeError."""
    try:
        yield
    except (DeltaError, OSError) as error:
        raise LakeError(f"lake {path}: {error}") from error
