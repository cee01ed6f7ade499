"""Ingest with Spark: its workers read the raw files and run the same sources, for logs too large for one machine.

The driver finds the files, recognises them and looks up how far each was read; the workers cut them into records
(`spark_read`), and Spark maps these (`spark_map`) into Parquet files of the lake, which the driver commits as ever. The
files and the lake have to be where every worker sees them, under the same paths.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.logger import PySparkLogger
from pyspark.sql import DataFrame, SparkSession

from tidegate.errors import ConfigError, LakeError
from tidegate.lake.journal import Entry
from tidegate.lake.spill import Spill
from tidegate.lake.store import Lake
from tidegate.pipeline import spark_read
from tidegate.pipeline.batch import unread_reason
from tidegate.pipeline.growing import Growing
from tidegate.pipeline.ingest import Left, Run
from tidegate.pipeline.mapping import Plan
from tidegate.pipeline.spark_map import COLUMNS, FORMATS, SparkMap
from tidegate.reading.blocks import Bad, Mark
from tidegate.reading.recognise import Recognised
from tidegate.reading.streams import Member, Opened
from tidegate.units import Source

_STREAMS = 1000
"""Streams mapped at once: as many rows of the journal in one commit."""

SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": False,  # a value that cannot be cast is null: a log may hold anything
    "spark.sql.caseSensitive": True,  # logs have columns that differ in nothing else
    "spark.sql.analyzer.maxIterations": 1000,  # ten times the default: a detector is one query of many layers
    "spark.ui.enabled": False,
    "spark.ui.showConsoleProgress": False,
    "spark.log.level": "ERROR",
}


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """A Spark session at a URL such as `local[4]` or `spark://host:7077`. Raises ConfigError where there is none."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    PySparkLogger.getLogger("SQLQueryContextLogger").disabled = True  # it shows what is dealt with here
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.Builder().master(master).appName("tidegate")
    try:
        spark = builder.config(map=SETTINGS).getOrCreate()
    except (PySparkException, Py4JError) as error:
        raise ConfigError(f"Spark at {master} does not start: {error}") from error
    try:
        yield spark
    finally:
        spark.stop()


class SparkRun(Run):
    """Reading into a lake with Spark: streams gather, and are read and mapped together in `finish`."""

    def __init__(self, lake: Lake, sources: Mapping[str, Source] | None, spark: SparkSession) -> None:
        super().__init__(lake, sources)
        self._lake, self._spark, self._mapper = lake, spark, SparkMap(lake, spark)
        self._gathered: dict[str, tuple[spark_read.Task, Recognised, Entry]] = {}

    def _read_stream(
        self, member: Member, growing: Growing, known: Entry | None, opened: Opened, *, hold: bool
    ) -> Left:
        found, layout = growing.found, growing.found.head.layout
        if layout.format not in FORMATS:
            return super()._read_stream(member, growing, known, opened, hold=hold)
        begins = {_begin(entry.stream) for _, _, entry in self._gathered.values()}
        if _begin(growing.stream) in begins:  # it may be a copy of one that gathers: that is read first
            self.finish()
            self.read -= 1  # it is counted again
            return self._read_anew(member, hold)
        plan = self.batch.plan(layout, found)
        # Where a header may come again, it is not known beforehand which columns will be wanted.
        wanted = plan.wanted if plan and not layout.directives else ()
        task = spark_read.Task(member, found.head, growing.mark, wanted)
        self._gathered[member.name] = task, found, self._entry(member, growing, known)
        if len(self._gathered) >= _STREAMS:
            self.finish()
        return Left.NOTHING

    def finish(self) -> None:
        """Read and map what has gathered, and commit it."""
        if self._gathered:
            between = Spill(self._lake.path / "tmp")
            try:
                self._map(self._staged(between.path / "rows"), between.path)
            except (PySparkException, Py4JError) as error:
                raise LakeError(f"Spark: {str(error).partition(chr(10))[0]}") from error
            finally:
                self._gathered.clear()
                between.close()
        super().finish()

    def _staged(self, folder: Path) -> DataFrame:
        """All rows of the streams, kept in Parquet files."""
        texts = [(task.text(),) for task, _, _ in self._gathered.values()]
        tasks = self._spark.createDataFrame(texts, "task string").repartition(len(texts))
        tasks.mapInArrow(spark_read.read, spark_read.ROWS).write.parquet(str(folder))
        return self._spark.read.schema(spark_read.ROWS).parquet(str(folder))

    def _map(self, rows: DataFrame, folder: Path) -> None:
        ends = {row.path: json.loads(row.text) for row in rows.filter("kind = 'end'").collect()}
        for path, (_, _, entry) in self._gathered.items():
            end = ends[path]
            self.batch.begin(entry)
            self.batch.advance(path, Mark(**end["mark"]), Mark(**end["before"]), blank=end["blank"])
        bad: dict[str, list[Bad]] = defaultdict(list)
        for row in rows.filter("kind = 'bad'").collect():
            bad[row.path].append(Bad(row.line, row.reason, row.text))
        for path, some in bad.items():
            self.batch.refuse(path, some, self._gathered[path][1].log)
        records = rows.filter("kind = 'record'")
        plans = self._plans(records, {path: end["layouts"] for path, end in ends.items()})
        if plans:
            chosen = [(plan, self._of(records, layout, paths)) for (layout, plan), paths in plans.items()]
            self._mapper.map(chosen, folder, self.batch.written)
        for path in self._gathered:
            damage = ends[path]["damage"]
            if damage and ends[path]["passing"]:  # the disk's, not the log's
                self.batch.end(path, complete=False)
                self.unknown[path] = damage
            else:
                self.batch.end(path, damage)

    def _plans(
        self, records: DataFrame, layouts: Mapping[str, Sequence[str | None]]
    ) -> Mapping[tuple[str, Plan], list[str]]:
        """The plans of the records with the paths that each reads; a header may change within a file."""
        plans: dict[tuple[str, Plan], list[str]] = defaultdict(list)
        for path, text in ((path, text) for path, texts in layouts.items() for text in texts):
            found = self._gathered[path][1]
            layout = spark_read.layout(json.loads(text)) if text else None
            plan = self.batch.plan(layout, found) if layout else None
            if text and plan is not None:
                plans[text, plan].append(path)
                continue
            why = unread_reason(layout, found)
            same = records.layout == text if text else records.layout.isNull()
            for record in records.filter((records.path == path) & same).collect():
                self.batch.written.refuse(path, [Bad(record.line, why, record.text)])
        return plans

    def _of(self, records: DataFrame, layout: str, paths: Sequence[str]) -> DataFrame:
        """The records of a plan, in columns as the statements of `pipeline.mapping` know them."""
        times = [(path, _time(self._gathered[path][2].mtime_ns)) for path in paths]
        modified = self._spark.createDataFrame(times, "path string, modified timestamp_ntz")
        return (
            records.filter(records.layout == layout)
            .join(modified.hint("broadcast"), "path")
            .selectExpr(*(f"{column} AS {name}" for name, column in COLUMNS.items()))
        )


def _time(mtime_ns: int) -> datetime:
    return datetime.fromtimestamp(mtime_ns // 1000 / 1e6, UTC).replace(tzinfo=None)


def _begin(stream: str) -> str:
    return stream.rpartition("-")[0]
