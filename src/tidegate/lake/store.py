"""The lake: Delta tables, one per event class, with the journal of what was read, the quarantine and what was removed.

Every commit is atomic and carries application transactions (`marks`), by which a later run knows that it was made.
Parquet files that no commit names, as a crash leaves them, are not part of any table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction

from tidegate.errors import LakeError
from tidegate.events.schema import DAY
from tidegate.lake import evolution, intent
from tidegate.lake.engine import Engine, named, quoted
from tidegate.lake.spill import Spill
from tidegate.lake.storage import storage
from tidegate.lake.tables import SETTINGS, TABLES

_UNSURE = 2
"""Commits before the last that a process may have made, and died: in a batch the table, its columns, its rows."""


class Lake:
    """A lake in a folder (mode 0700) or below a URL, made there unless `create` is false. Raises LakeError.

    path: the folder itself; for a URL the folder of this machine with cases, key and audit log.
    """

    def __init__(self, place: Path | str, *, create: bool = True) -> None:
        self.storage = storage(place)
        self.path, self.name = self.storage.path, self.storage.name
        self._open(create=create)
        self._spill = Spill(self.path / "tmp")
        self.engine = Engine(self._spill.path)
        self.storage.attach(self.engine.con)
        self._tables: dict[str, DeltaTable] = {}
        self._settled: dict[str, int] = {}  # by table, the version up to which it is

    def _open(self, *, create: bool) -> None:
        if self.storage.read(evolution.ABOUT) is None:
            if not create:
                raise LakeError(f"no lake at {self.name}: ingest logs into it first, or name another with --lake")
            self.storage.make(evolution.ABOUT, evolution.about(evolution.FORMAT))
        self.format = evolution.read(self.storage)

    def table(self, name: str) -> ibis.Table:
        """A table as it is now, of those in `TABLES`; empty where nothing is stored."""
        return self.view(name, self.scan(name))

    def view(self, name: str, query: str) -> ibis.Table:
        """What a query of the engine gives, whenever it is read, by name."""
        self.engine.con.execute(f"CREATE OR REPLACE VIEW {named(name)} AS {query}")
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
        columns = ", ".join(
            f"CAST({named(c) if files else 'NULL'} AS {self.engine.sql_type(t)}) AS {named(c)}"
            for c, t in schema.items()
        )
        if not files:
            return f"SELECT {columns} WHERE false"
        listed = ", ".join(map(quoted, [*files, *self._blank(name)]))
        partitioned = f", hive_partitioning = true, hive_types = {{{DAY}: DATE}}" if DAY in schema else ""
        return f"SELECT {columns} FROM read_parquet([{listed}], union_by_name = true{partitioned})"

    def rows(self, query: str) -> list[Any]:
        """What a query of the engine gives, as tuples. Raises LakeError."""
        with self.errors():
            return self.engine.con.execute(query).fetchall()

    def _blank(self, name: str) -> list[Path]:
        """A file without rows that has all of a table's columns: those of older versions may not have them."""
        schema = TABLES[name].to_pyarrow()
        file = self._spill.path / name / ("day=1970-01-01" if DAY in TABLES[name] else "") / "none.parquet"
        if not file.exists():
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                pq.write_table(pa.schema(f for f in schema if f.name != DAY).empty_table(), file)
            except OSError:  # a full disk: what our own version wrote can be read all the same
                file.unlink(missing_ok=True)
                return []
        return [file]

    def delta(self, name: str) -> DeltaTable | None:
        """The Delta table, up to date; None where nothing was stored yet."""
        table, uri, options = self._tables.get(name), self.storage.uri(name), dict(self.storage.options)
        with self.errors():
            if table is not None:
                table.update_incremental()
            elif DeltaTable.is_deltatable(uri, options):
                table = self._tables[name] = DeltaTable(uri, storage_options=options)
        return table

    def mark(self, name: str, key: str) -> int:
        """The number that the last commit to a table with a mark of this name carried; 0 for none."""
        table = self.delta(name)
        return (table.transaction_version(key) or 0) if table is not None else 0

    def commit(self, name: str, files: Sequence[AddAction], marks: Mapping[str, int]) -> None:
        """Make Parquet files, already published, part of the table."""
        self._transact(name, files, marks, "append")

    def replace(self, name: str, files: Sequence[AddAction], marks: Mapping[str, int], days: Sequence[str]) -> None:
        """Make Parquet files, already published, all that a table holds of `days`; of all, if it has no days."""
        self._transact(name, files, marks, "overwrite", [(DAY, "in", list(days))] if DAY in TABLES[name] else None)

    def _transact(
        self,
        name: str,
        files: Sequence[AddAction],
        marks: Mapping[str, int],
        mode: Literal["append", "overwrite"],
        where: list[tuple[str, str, list[str]]] | None = None,
    ) -> None:
        table = self.writable(name)
        partition = [DAY] if DAY in TABLES[name] else None
        with self.errors():
            table.create_write_transaction(
                list(files), mode, table.schema(), partition, where, commit_properties=properties(marks)
            )

    def append(self, name: str, columns: Mapping[str, Sequence[object]], marks: Mapping[str, int]) -> None:
        """Append a few rows, given by column, to an unpartitioned table."""
        file = intent.stored(self, name, pa.Table.from_pydict(dict(columns), schema=TABLES[name].to_pyarrow()))
        self.storage.publish(name, [file.path])
        self.commit(name, [file], marks)

    def settle(self, name: str) -> None:
        """Make sure that no loss of power undoes what was committed to a table."""
        if (table := self.delta(name)) is not None:
            last = table.version()
            self.storage.settle(name, range(max(self._settled.get(name, last - _UNSURE), 0), last + 1))
            self._settled[name] = last

    def writable(self, name: str) -> DeltaTable:
        """The Delta table with all of its columns, made where there is none."""
        self.storage.check()
        schema = Schema.from_arrow(TABLES[name].to_pyarrow())
        table = self.delta(name)
        with self.errors():
            if table is None:
                partition, options = [DAY] if DAY in TABLES[name] else None, dict(self.storage.options)
                table = self._tables[name] = DeltaTable.create(
                    self.storage.uri(name),
                    schema,
                    partition_by=partition,
                    configuration=SETTINGS,
                    storage_options=options,
                )
                self.settle(name)
            stored = {f.name for f in table.schema().fields}
            if added := [f for f in schema.fields if f.name not in stored]:
                table.alter.add_columns(added)
        return table

    @property
    def unfinished(self) -> bool:
        """Whether a batch is being committed, or was when its writer died: whoever writes next completes it."""
        return self.storage.read(intent.UNFINISHED) is not None

    @contextmanager
    def writing(self, *, wait: float = 0) -> Iterator[None]:
        """Be the only writer, of a lake of today's format in which nothing is unfinished.

        wait: seconds to wait for another process to end. Raises LakeError after that.
        """
        with self.storage.lock(wait=wait):
            evolution.migrate(self)
            intent.finish(self)
            yield

    def close(self) -> None:
        """Close the engine; the lake's tables cannot be read through it any more."""
        self.engine.close()
        self._spill.close()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What goes wrong in storage, as LakeError."""
        try:
            yield
        except (DeltaError, OSError, duckdb.Error) as error:
            raise LakeError(f"lake {self.name}: {(str(error).splitlines() or [''])[0]}") from error


def properties(marks: Mapping[str, int]) -> CommitProperties:
    """What a commit with these marks carries."""
    return CommitProperties(app_transactions=[Transaction(key, number) for key, number in marks.items()])
