"""A block of records into the lake's Parquet files by a plan, with an account of what became of every record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa
from deltalake.transaction import AddAction

from tidegate.errors import LakeError
from tidegate.events.schema import DAY
from tidegate.lake import files, intent
from tidegate.lake.engine import quoted
from tidegate.lake.store import Lake
from tidegate.pipeline.mapping import EARLIEST, IGNORED, NOBODY, Plan
from tidegate.pipeline.refused import Refused
from tidegate.reading.blocks import KEPT, Bad
from tidegate.units import Log

# What a strange value in a record can raise; anything else DuckDB raises is the lake's, not the log's.
_STRANGE = (duckdb.DataError, duckdb.InvalidInputException)
_TRIES = 1000  # to find records that cannot be mapped, a few milliseconds each


@dataclass
class Written:
    """What became of records, by source_file; the files are written, and not yet committed."""

    files: dict[str, list[AddAction]] = field(default_factory=dict)  # by event class
    events: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)
    duplicates: Counter[str] = field(default_factory=Counter)
    mixed: set[Plan] = field(default_factory=set)  # those with one source, which does not take all there is
    refused: Refused = field(default_factory=Refused)

    def refuse(self, file: str, bad: Iterable[Bad]) -> None:
        """Add to the records that go to quarantine."""
        self.refused.add(file, bad)


def write(lake: Lake, plan: Plan, block: pa.Table, result: Written) -> None:
    """Write the events of `block`, the table that `pipeline.mapping` describes."""
    con = lake.engine.con
    # A filter pushed below the parsing of JSON repeats the parsing, once for each column it looks at; and Arrow, which
    # is handed what reaches the block itself, cannot filter string views.
    con.execute("SET disabled_optimizers = 'filter_pushdown,join_filter_pushdown'")
    try:
        _Writer(lake, plan, block, result).write()
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise LakeError(f"lake {lake.name}: {error}") from error
    finally:
        con.execute("RESET disabled_optimizers")
        con.unregister("block")


def adopt(
    lake: Lake, log: Log, name: str, written: list[AddAction], result: Written, *, only: str | None = None
) -> None:
    """Take files of events of the class `name` into the result, without what the log delivered before.

    only: the one source_file they are of, where there is no other.
    """
    if not written:
        return
    if log.redelivers:
        written = _new(lake, name, written, result, only)
    _count(lake, result.events, name, written, only)
    result.files.setdefault(name, []).extend(written)


def _new(lake: Lake, name: str, written: list[AddAction], result: Written, only: str | None) -> list[AddAction]:
    """The files without what was delivered before: here, or in the lake on the same days."""
    days = sorted({str(action.partition_values[DAY]) for action in written})
    known = f"SELECT uid FROM ({lake.scan(name, days=days)})"
    if uncommitted := result.files.get(name):
        known += f" UNION ALL SELECT uid FROM {_read(lake, name, uncommitted)}"
    these = _read(lake, name, written)
    if not _one(lake, f"SELECT count(*) - count(DISTINCT hash(uid)) + count(*) FILTER (uid IN ({known})) FROM {these}"):
        return written
    first = "QUALIFY row_number() OVER (PARTITION BY uid ORDER BY source_file, source_line) = 1"
    events = f"SELECT * FROM {these} WHERE uid NOT IN ({known}) {first}"
    new = files.write(lake.engine.con, name, events, lake.storage.staging)
    _count(lake, result.duplicates, name, written, only)
    _count(lake, result.duplicates, name, new, only, sign=-1)
    intent.discard(lake, {name: written})
    return new


def _read(lake: Lake, name: str, files: Sequence[AddAction]) -> str:
    """SQL of the rows of a table's files, committed or not."""
    listed = ", ".join(quoted(lake.storage.staging / name / action.path) for action in files)
    return f"read_parquet([{listed}], hive_partitioning = true, hive_types = {{{DAY}: DATE}})"


def _one(lake: Lake, query: str) -> int:
    row = lake.engine.con.execute(query).fetchone()
    return int(row[0]) if row else 0


def _count(
    lake: Lake, counter: Counter[str], name: str, written: Sequence[AddAction], only: str | None, *, sign: int = 1
) -> None:
    """Count the rows of files by the log file they come from."""
    if only is not None:
        counter[only] += sign * _rows(written)
    elif written:
        rows = f"SELECT source_file, count(*) FROM {_read(lake, name, written)} GROUP BY ALL"
        for file, count in lake.engine.con.execute(rows).fetchall():
            counter[file] += sign * count


def _rows(written: Sequence[AddAction]) -> int:
    return sum(int(json.loads(action.stats)["numRecords"]) for action in written)


class _Writer:
    def __init__(self, lake: Lake, plan: Plan, block: pa.Table, result: Written) -> None:
        self.lake, self.plan, self.result = lake, plan, result
        self.con, self.folder = lake.engine.con, lake.storage.staging
        self.block = block.append_column("_row", pa.array(np.arange(len(block), dtype=np.int32)))
        self.claims = np.zeros(len(block), np.int8)  # by row, the place of the source that takes it
        self.con.register("block", self.block)

    def write(self) -> None:
        if self._alone():
            return
        try:
            self._claim(self.plan.claims)
        except _STRANGE:
            self._claim(self.plan.lenient)
        claimed = [p for p in range(len(self.plan.sources)) if (self.claims == p).any()]
        short = [p for p in claimed if self._mapped(p) < np.count_nonzero(self.claims == p)]
        ignored = self.block["source_file"].filter(pa.array(self.claims == IGNORED)).value_counts()
        self.result.ignored.update({count["values"]: count["counts"] for count in ignored.to_pylist()})
        if short or (self.claims == NOBODY).any():
            self._account(short)

    def _alone(self) -> bool:
        """Write the block if all of it is one source's, which the number of its events tells: mostly it is."""
        if self.plan.alone is None or self.plan in self.result.mixed:
            return False
        try:
            if self._copied(0, f"WITH mine AS (FROM block) FROM ({self.plan.alone})", len(self.block)) == len(
                self.block
            ):
                return True
        except _STRANGE:
            pass
        self.result.mixed.add(self.plan)
        return False

    def _claim(self, claims: str | None) -> None:
        """Find out which source takes each record."""
        if claims is not None:
            self.con.register("block", self.block)
            found = self.con.execute(claims).fetchnumpy()
            self.claims[:] = NOBODY
            self.claims[found["_row"]] = np.ma.filled(found["_source"], NOBODY)
        self._register()

    def _register(self) -> None:
        source = pa.array(self.claims, mask=self.claims == NOBODY)
        self.con.register("block", self.block.append_column("_source", source))

    def _mapped(self, place: int) -> int:
        """Write a source's events; returns how many records made some."""
        if self.plan.claims is None:  # what is no JSON was not looked for yet
            try:
                return self._copied(place, self._of(place))
            except _STRANGE:
                self._claim(self.plan.lenient)
        try:
            return self._copied(place, self._of(place))
        except _STRANGE:
            self._set_apart(place)
            return self._copied(place, self._of(place))

    def _copied(self, place: int, events: str, least: int = 0) -> int:
        """Write a source's events, if at least so many records make some; returns how many do."""
        plan, name = self.plan, self.plan.sources[place].produces
        written = files.write(self.con, name, f"SELECT * FROM ({events}) WHERE {plan.valid}", self.folder)
        made = _rows(written)
        if plan.explodes[place] and written:
            records = f"SELECT count(DISTINCT (source_file, source_line)) FROM {_read(self.lake, name, written)}"
            made = _one(self.lake, records)
        if made < least:
            intent.discard(self.lake, {name: written})
        else:
            logs = self.block["source_file"].unique().to_pylist()
            adopt(self.lake, plan.log, name, written, self.result, only=logs[0] if len(logs) == 1 else None)
        return made

    def _of(self, place: int) -> str:
        """SQL of a source's events."""
        return f"WITH mine AS (SELECT * FROM block WHERE _source = {place}) FROM ({self.plan.events(place)})"

    def _account(self, short: Sequence[int]) -> None:
        """Find the records that made no event, and why: those that no source takes, and some of the short ones'."""
        plan = self.plan
        made = " UNION ALL ".join(
            f"SELECT source_file, source_line, time, {plan.valid} AS valid FROM ({self._of(place)})" for place in short
        )
        none = "SELECT NULL::VARCHAR AS source_file, 0::BIGINT AS source_line, NULL::TIMESTAMP AS time, false AS valid"
        chosen = " OR ".join(["_source IS NULL", *(f"_source = {place}" for place in short)])
        ignored = f"regexp_matches(record, {quoted(plan.log.ignore)})" if plan.log.ignore else "false"
        # Materialized, or DuckDB pushes the join's filter into Arrow, which cannot filter string views. What is ignored
        # becomes one row a file.
        rows = self.con.execute(
            f"""
            WITH mine AS (SELECT * FROM block WHERE {chosen}), records AS MATERIALIZED ({plan.records}), events AS (
                SELECT source_file, source_line, max(time) AS time, bool_or(valid) AS valid FROM ({made or none})
                GROUP BY ALL
            ), kinds AS ({plan.kinds}), reasons AS MATERIALIZED (
                SELECT source_file, source_line, left(record, {KEPT}) AS record, CASE
                WHEN {ignored} AND events.source_file IS NULL THEN NULL
                WHEN ({plan.why}) IS NOT NULL THEN ({plan.why})
                WHEN _source IS NULL THEN concat({quoted(f"no source reads {plan.log.title}")}, ' ''' || kind || '''')
                WHEN events.source_file IS NULL THEN 'its source made no event of it'
                WHEN time IS NULL THEN 'no time that can be read'
                WHEN time < {quoted(EARLIEST)} THEN 'time before 1980'
                ELSE 'time more than a year ahead' END AS reason
                FROM records LEFT JOIN kinds USING (source_file, source_line)
                LEFT JOIN events USING (source_file, source_line) WHERE valid IS NOT TRUE
            )
            SELECT source_file, count(*), 0, '', NULL FROM reasons WHERE reason IS NULL GROUP BY source_file
            UNION ALL SELECT source_file, 1, source_line, record, reason FROM reasons WHERE reason IS NOT NULL
            """
        ).fetchall()
        for file, count, line, record, reason in rows:
            if reason is None:
                self.result.ignored[file] += count
            else:
                self.result.refuse(file, [Bad(line, reason, record)])

    def _set_apart(self, place: int) -> None:
        """Take from a source the records that it cannot map, found by halving; of very many, with their neighbours."""
        parts = [np.flatnonzero(self.claims == place)]
        claims, tries = self.claims.copy(), 0
        while parts:
            part, tries = parts.pop(), tries + 1
            self.claims[:] = NOBODY
            self.claims[part] = place
            self._register()
            try:
                self.con.execute(f"CREATE OR REPLACE TEMP TABLE probe AS {self._of(place)}")
            except _STRANGE:
                if len(part) > 1 and tries < _TRIES:
                    parts += [part[len(part) // 2 :], part[: len(part) // 2]]
                    continue
                of = "it" if len(part) == 1 else "it or a record near it"
                for number in part:
                    row = self.block.slice(number, 1).select(["source_file", "source_line", "record"]).to_pylist()[0]
                    bad = Bad(row["source_line"], f"a value in {of} cannot be converted", row["record"][:KEPT])
                    self.result.refuse(row["source_file"], [bad])
                claims[part] = len(self.plan.sources)  # nobody's, and accounted for
        self.claims = claims
        self._register()
