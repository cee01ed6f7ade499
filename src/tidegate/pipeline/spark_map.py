"""Records into events on Spark: the same Ibis expressions as on DuckDB, between Spark's own parsing and Parquet writing.

What Spark makes no event of, a few records in a log, goes the way of one machine, which says why.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import ibis
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake.transaction import AddAction

from tidegate.events.conform import conform
from tidegate.events.schema import DAY
from tidegate.lake.store import Lake
from tidegate.pipeline.mapping import EARLIEST, MODIFIED, Plan, claim, columns_of, whole_columns
from tidegate.pipeline.write import Written, adopt, write
from tidegate.reading.layout import Layout
from tidegate.units import LINEAGE, Source

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession
    from pyspark.sql.types import DataType

FORMATS = ("json", "csv", "zeek", "lines")
"""Formats whose fields Spark takes apart; logs in others are read on one machine."""
COLUMNS: Mapping[str, str] = MappingProxyType(
    {"record": "text", "source_file": "path", "source_line": "line", MODIFIED: "modified", "cells": "cells"}
)
"""Columns of records, and what they are called among the rows of `spark_read`."""
_LINEAGE = dict.fromkeys(LINEAGE, "string") | {"source_line": "int64"}
_LEFT = 50_000  # rows that go the way of one machine at a time


class SparkMap:
    """Maps records by a plan, in one Spark session."""

    def __init__(self, lake: Lake, spark: SparkSession) -> None:
        self._lake, self._spark = lake, spark
        self._backend = ibis.pyspark.connect(spark)

    def map(self, plan: Plan, records: DataFrame, folder: Path, result: Written) -> None:
        """Write the events of records, which have `COLUMNS`, and account for the others. folder: for what is in between."""
        types = columns_of(plan.log, plan.sources)
        parsed = self._view(_parsed(records, plan, types), "parsed")
        table = ibis.table(types | _LINEAGE, name=parsed)
        claimed = self._spark.sql(self._backend.compile(table.mutate(_source=claim(plan.sources, table))))
        written = [self._events(plan, i, claimed, folder / source.id) for i, source in enumerate(plan.sources)]
        self._leave(plan, records, folder, result)
        for source, actions in zip(plan.sources, written, strict=True):
            moved = [self._moved(source.produces, file) for file in actions]
            adopt(self._lake, plan, source.produces, moved, result)

    def _view(self, rows: DataFrame, name: str) -> str:
        """A name by which SQL knows rows."""
        unique = f"{name}_{uuid.uuid4().hex}"
        rows.createOrReplaceTempView(unique)
        return unique

    def _events(self, plan: Plan, place: int, claimed: DataFrame, folder: Path) -> list[Path]:
        """Files of a source's events."""
        source = plan.sources[place]
        raw = claimed.filter(claimed["_source"] == place)
        if source.pattern:
            raw = raw.withColumns(_groups(source, source.pattern))
        table = ibis.table(dict(source.columns) | _LINEAGE, name=self._view(raw, "raw"))
        events = self._spark.sql(self._backend.compile(conform(source.map(table), source)))
        events = events.filter(f"time >= timestamp_ntz'{EARLIEST}' AND time < timestamp_ntz'{plan.latest}'")
        events.write.partitionBy(DAY).option("compression", "zstd").parquet(str(folder))
        return sorted(folder.rglob("*.parquet"))

    def _leave(self, plan: Plan, records: DataFrame, folder: Path, result: Written) -> None:
        """Have what made no event mapped and judged on this machine."""
        place = ["source_file", "source_line"]
        for source in plan.sources:
            if any((folder / source.id).rglob("*.parquet")):
                made = self._spark.read.parquet(str(folder / source.id)).select(*place)
                records = records.join(made, place, "left_anti")
        records.write.parquet(str(folder / "left"))
        if not any((folder / "left").glob("*.parquet")):
            return
        for batch in ds.dataset(folder / "left", format="parquet").to_batches(batch_size=_LEFT):
            if batch.num_rows:
                write(self._lake, plan, _block(batch, plan), result)

    def _moved(self, name: str, file: Path) -> AddAction:
        """A file of events where it belongs in the lake."""
        with pq.ParquetFile(file) as opened:
            rows = opened.metadata.num_rows
        day = file.parent.name.partition("=")[2]
        path = f"{DAY}={day}/part-{uuid.uuid4().hex}.parquet"
        target = self._lake.storage.staging / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
        stats = json.dumps({"numRecords": rows})
        return AddAction(path, target.stat().st_size, {DAY: day}, int(time.time() * 1000), True, stats)


def _block(batch: pa.RecordBatch, plan: Plan) -> pa.Table:
    """The table `block` that the statements of `pipeline.mapping` read."""
    columns = {name: batch.column(name) for name in (*LINEAGE, MODIFIED)}
    cells = batch.column("cells")
    if plan.layout.format == "csv":
        columns |= {f"c{n}": pa.compute.list_element(cells, i) for i, n in enumerate(plan.wanted)}
    return pa.table(columns)


def _groups(source: Source, pattern: str) -> dict[str, Column]:
    """The groups of a source's pattern."""
    from pyspark.sql import functions as F  # noqa: N812  as everybody writes it

    java = re.sub(r"\(\?P<\w+>", "(", pattern)
    names = re.compile(pattern).groupindex
    return {
        name: F.nullif(F.regexp_extract("record", java, number), F.lit("")).cast(_type(source.columns[name]))
        for name, number in names.items()
    }


def _type(type_: str) -> DataType:
    from ibis.backends.pyspark.datatypes import PySparkType

    return PySparkType.from_ibis(ibis.dtype(type_))


def _parsed(records: DataFrame, plan: Plan, types: Mapping[str, str]) -> DataFrame:
    """The declared columns of records, with their lineage."""
    from pyspark.sql import functions as F  # noqa: N812

    layout, inner = plan.layout, plan.inner
    declared = {name: type_ for name, type_ in types.items() if name != MODIFIED}
    if inner is not None:
        outer = _cell(plan, inner) if layout.format == "csv" else F.get_json_object("record", f"$.{inner}")
        records = records.withColumn("record", F.coalesce(F.nullif(outer, F.lit("")), "record"))
    lineage = [F.col(name) for name in (*LINEAGE, *([MODIFIED] if MODIFIED in types else []))]
    if layout.format == "json" or inner is not None:
        target = _type(f"struct<{', '.join(f'`{n}`: {t}' for n, t in declared.items())}>")
        ...
    return records


def _cell(plan: Plan, column: str) -> Column:
    ...
