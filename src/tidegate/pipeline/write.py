"""A block of records into the lake's Parquet files by a plan, with an account of what became of every record."""

from __future__ import annotations

import json
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake.transaction import AddAction

from tidegate.errors import LakeError
from tidegate.events.schema import DAY
from tidegate.lake.engine import quoted
from tidegate.lake.store import Lake
from tidegate.pipeline.mapping import EARLIEST, Plan
from tidegate.reading.blocks import KEPT, Bad
from tidegate.units import Source

# A third smaller than snappy, and no slower. Values that hardly repeat are not gathered into dictionaries first.
_PARQUET = "COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1000"
Columns = Mapping[str, Mapping[str, str]]
# What a strange value in a record can raise; anything else DuckDB raises is the lake's, not the log's.
_STRANGE = (duckdb.DataError, duckdb.InvalidInputException)


@dataclass
class Written:
    """What became of records, by source_file; the files are written, and not yet committed."""

    files: dict[str, list[AddAction]] = field(default_factory=dict)  # by event class
    events: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    bad: dict[str, list[Bad]] = field(default_factory=dict)

    def refuse(self, file: str, bad: Sequence[Bad]) -> None:
        """Add to the records that go to quarantine."""
        self.bad.setdefault(file, []).extend(bad)


def write(lake: Lake, plan: Plan, block: pa.Table, held: Mapping[str, Mapping[str, int]], result: Written) -> None:
    """Write the events of `block`, the table that `pipeline.mapping` describes.

    held: by class and file, up to which source_line the class's table has that file's events already.
    """
    con = lake.engine.con
    con.register("block", block)
    # A filter pushed below the parsing of JSON repeats the parsing, once for each column it looks at; and Arrow, which
    # is handed what reaches the block itself, cannot filter string views.
    con.execute("SET disabled_optimizers = 'filter_pushdown,join_filter_pushdown'")
    try:
        _Writer(lake, plan, block, held, result).write()
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise LakeError(f"lake {lake.path}: {error}") from error
    finally:
        con.execute("RESET disabled_optimizers")
        con.unregister("block")


class _Writer:
    def __init__(
        self, lake: Lake, plan: Plan, block: pa.Table, held: Mapping[str, Mapping[str, int]], result: Written
    ) -> None:
        self.lake, self.plan, self.block, self.held, self.result = lake, plan, block, held, result
        self.con = lake.engine.con
        self.raw = ""  # SQL of the parsed records with the source of each

    def write(self) -> None:
        try:
            made = self._events(strict=True)
        except _STRANGE:
            try:
                made = self._events(strict=False)
            except _STRANGE:
                self._set_apart()
                made = self._events(strict=False)
        if self.plan.explodes or made != len(self.block):
            self._account()

    def _events(self, *, strict: bool) -> int:
        """Write every source's events; returns how many there were, with those that the lake had already."""
        self.raw = f"({self.plan.strict if strict else self.plan.lenient})"
        if len(self.plan.sources) > 1:  # parse once, not once a source
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE parsed AS {self.raw}")
            self.raw = "(FROM parsed)"
        token, before = uuid.uuid4().hex, _total(self.result)
        files: dict[str, list[AddAction]] = {}
        try:
            for source in self.plan.sources:
                files.setdefault(source.produces, []).extend(self._copy(source, token, files))
        except duckdb.Error:
            for path in self.lake.path.glob(f"*/*/part-{token}-*"):
                path.unlink()
            raise
        for name, actions in files.items():
            self.result.files.setdefault(name, []).extend(actions)
        return _total(self.result) - before

    def _copy(self, source: Source, token: str, files: Mapping[str, Sequence[AddAction]]) -> list[AddAction]:
        name = source.produces
        events = f"SELECT * FROM ({self._of(source)}) WHERE {self.plan.valid}"
        for file, line in self.held.get(name, {}).items():
            events += f" AND NOT (source_file = {quoted(file)} AND source_line <= {line})"
        if self.plan.log.redelivers:
            events = self._new(events, name, [*self.result.files.get(name, ()), *files.get(name, ())])
        copied = self.con.execute(
            f"COPY ({events}) TO {quoted(self.lake.path / name)} (FORMAT parquet, {_PARQUET}, APPEND, RETURN_STATS,"
            f" PARTITION_BY ({DAY}), FILENAME_PATTERN {quoted(f'part-{token}-{{uuid}}')})"
        ).fetchall()
        self._count(self.result.events, [row[0] for row in copied], sum(row[1] for row in copied))
        return [self._action(name, *row) for row in copied]

    def _of(self, source: Source) -> str:
        """SQL of a source's events."""
        place = self.plan.sources.index(source)
        return f"WITH claimed AS {self.raw}, raw AS ({self.plan.raws[place]}) {self.plan.events[place]}"

    def _new(self, events: str, name: str, uncommitted: Sequence[AddAction]) -> str:
        """SQL of those events that were not delivered before: here, or in the lake on the same days."""
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE delivered AS {events}")
        days = [str(day) for (day,) in self.con.execute(f"SELECT DISTINCT {DAY} FROM delivered").fetchall()]
        known = f"SELECT uid FROM ({self.lake.scan(name, days=days)})"
        if uncommitted:
            paths = ", ".join(quoted(self.lake.path / name / action.path) for action in uncommitted)
            known += f" UNION ALL SELECT uid FROM read_parquet([{paths}])"
        new = (
            f"SELECT * FROM delivered ANTI JOIN ({known}) AS known USING (uid) "
            "QUALIFY row_number() OVER (PARTITION BY uid ORDER BY source_file, source_line) = 1"
        )
        self.con.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS {new}")
        counts = self.con.execute(
            "SELECT source_file, count(*) FROM (SELECT source_file, uid, source_line FROM delivered "
            "EXCEPT ALL SELECT source_file, uid, source_line FROM fresh) GROUP BY ALL"
        )
        self.result.duplicates.update(dict(counts.fetchall()))
        return "SELECT * FROM fresh"

    def _count(self, counter: Counter[str], paths: Sequence[str], rows: int) -> None:
        """Count the rows of Parquet files by the log file they come from."""
        files = self.block["source_file"].unique().to_pylist()
        if len(files) == 1:
            counter[files[0]] += rows
        elif paths:
            listed = ", ".join(map(quoted, paths))
            counts = self.con.execute(f"SELECT source_file, count(*) FROM read_parquet([{listed}]) GROUP BY ALL")
            counter.update(dict(counts.fetchall()))

    def _action(
        self, name: str, path: str, rows: int, size: int, _: int, stats: Columns, partition: dict[str, str]
    ) -> AddAction:
        span = stats.get('"time"', {})
        bounds = {
            f"{bound}Values": {"time": span[bound].replace(" ", "T")} for bound in ("min", "max") if bound in span
        }
        return AddAction(
            path=str(Path(path).relative_to(self.lake.path / name)),
            size=size,
            partition_values=partition,
            modification_time=int(time.time() * 1000),
            data_change=True,
            stats=json.dumps({"numRecords": rows} | bounds),
        )

    def _account(self) -> None:
        """Find the records that made no event, and why."""
        plan = self.plan
        made = " UNION ALL ".join(
            f"SELECT source_file, source_line, time, {plan.valid} AS valid FROM ({self._of(s)})" for s in plan.sources
        )
        ignored = f"regexp_matches(record, {quoted(plan.log.ignore)})" if plan.log.ignore else "false"
        if len(plan.sources) == 1:
            self.raw = f"({plan.lenient})"
        # Materialized, or DuckDB pushes the join's filter into Arrow, which cannot filter string views.
        rows = self.con.execute(
            f"""
            WITH records AS MATERIALIZED ({plan.records}), events AS (
                SELECT source_file, source_line, max(time) AS time, bool_or(valid) AS valid FROM ({made}) GROUP BY ALL
            ), parsed AS (SELECT source_file, source_line, _source, {plan.kind} AS kind FROM {self.raw} AS claimed)
            SELECT source_file, source_line, {ignored} AS ignored, left(record, {KEPT}) AS record, CASE
                WHEN ignored THEN ''
                WHEN ({plan.why}) IS NOT NULL THEN ({plan.why})
                WHEN _source IS NULL THEN concat({quoted(f"no source reads {plan.log.title}")}, ' ''' || kind || '''')
                WHEN events.source_file IS NULL THEN 'its source made no event of it'
                WHEN time IS NULL THEN 'no time that can be read'
                WHEN time < {quoted(EARLIEST)} THEN 'time before 1980'
                ELSE 'time more than a year ahead' END AS reason
            FROM records LEFT JOIN parsed USING (source_file, source_line)
            LEFT JOIN events USING (source_file, source_line) WHERE valid IS NOT TRUE
            """
        ).fetchall()
        for file, line, ignored, record, reason in rows:
            if ignored:
                self.result.ignored[file] += 1
            else:
                self.result.refuse(file, [Bad(line, reason, record)])

    def _set_apart(self) -> None:
        """Take out of the block the records that a source cannot map, found by halving."""
        whole, good = self.block, []
        parts = [whole]
        while parts:
            part = parts.pop()
            self.con.register("block", part)
            try:
                self.raw = f"({self.plan.lenient})"
                for source in self.plan.sources:
                    self.con.execute(f"CREATE OR REPLACE TEMP TABLE probe AS {self._of(source)}")
                good.append(part)
            except _STRANGE:
                if len(part) > 1:
                    half = len(part) // 2
                    parts += [part.slice(half), part.slice(0, half)]
                else:
                    row = part.select(["source_file", "source_line", "record"]).to_pylist()[0]
                    bad = Bad(row["source_line"], "a value in it cannot be converted", row["record"][:KEPT])
                    self.result.refuse(row["source_file"], [bad])
        self.block = pa.concat_tables(good) if good else whole.slice(0, 0)
        self.con.register("block", self.block)


def _total(result: Written) -> int:
    return sum(result.events.values()) + sum(result.duplicates.values())
