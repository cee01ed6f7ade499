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
import ibis.expr.datatypes as dt
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake.transaction import AddAction

from tidegate.events.conform import conform
from tidegate.events.schema import DAY
from tidegate.lake.store import Lake
from tidegate.pipeline.mapping import EARLIEST, MODIFIED, TYPES, Plan, claim, columns_of
from tidegate.pipeline.spark_dialect import Compiler, java
from tidegate.pipeline.write import Written, adopt, write
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
_LEFT = 50_000  # rows that go the way of one machine at a time


class SparkMap:
    """Maps records by a plan, in one Spark session."""

    def __init__(self, lake: Lake, spark: SparkSession) -> None:
        self._lake, self._spark = lake, spark
        self._backend = ibis.pyspark.connect(spark)
        self._backend.compiler = Compiler()

    def map(self, plan: Plan, records: DataFrame, folder: Path, result: Written) -> None:
        """Write the events of records, which have `COLUMNS`, and account for the others. folder: for what is in between."""
        types = columns_of(plan.log, plan.sources)
        texts = {name: type_ if name == MODIFIED else _text(type_) for name, type_ in types.items()}
        parsed = ibis.table(texts | TYPES, name=self._view(_parsed(records, plan, texts), "parsed"))
        typed = parsed.mutate(**{name: _typed(parsed[name], type_) for name, type_ in types.items()})
        claimed = self._spark.sql(self._backend.compile(typed.mutate(_source=claim(plan.sources, typed))))
        written = [self._events(plan, i, claimed, folder / source.id) for i, source in enumerate(plan.sources)]
        self._leave(plan, records, folder, result)
        for source, actions in zip(plan.sources, written, strict=True):
            adopt(self._lake, plan.log, source.produces, [self._moved(source.produces, f) for f in actions], result)

    def _view(self, rows: DataFrame, name: str) -> str:
        """A name by which SQL knows rows."""
        unique = f"{name}_{uuid.uuid4().hex}"
        rows.createOrReplaceTempView(unique)
        return unique

    def _events(self, plan: Plan, place: int, claimed: DataFrame, folder: Path) -> list[Path]:
        """Files of a source's events."""
        source = plan.sources[place]
        raw = claimed.filter(claimed["_source"] == place)
        groups = _groups(source.pattern) if source.pattern else {}
        types = dict(source.columns) | TYPES
        table = ibis.table(types | dict.fromkeys(groups, "string"), name=self._view(raw.withColumns(groups), "raw"))
        table = table.mutate(**{name: _typed(table[name], ibis.dtype(types[name])) for name in groups})
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


def _groups(pattern: str) -> dict[str, Column]:
    """The groups of a source's pattern, as text."""
    from pyspark.sql import functions as F  # noqa: N812  as everybody writes it

    written, names = java(pattern), re.compile(pattern).groupindex
    return {name: F.nullif(F.regexp_extract("record", written, number), F.lit("")) for name, number in names.items()}


def _parsed(records: DataFrame, plan: Plan, texts: Mapping[str, dt.DataType]) -> DataFrame:
    """The declared columns of records as text, with their lineage."""
    from pyspark.sql import functions as F  # noqa: N812

    layout, inner = plan.layout, plan.inner
    kept = [F.col(name) for name in (*LINEAGE, *([MODIFIED] if MODIFIED in texts else []))]
    declared = {name: type_ for name, type_ in texts.items() if name != MODIFIED}
    if inner is not None:
        of = _cell(plan, inner) if layout.format == "csv" else _json("record", dt.Struct({inner: dt.string}))[inner]
        records = records.withColumn("record", F.coalesce(F.nullif(of, F.lit("")), "record"))
    if layout.format == "json" or inner is not None:
        parsed = _json("record", dt.Struct(declared)).alias("p")
        valid = records.filter(F.try_parse_json("record").isNotNull())
        return valid.select(parsed, *kept).select("p.*", *kept) if declared else valid.select(*kept)
    if layout.format == "zeek":
        fields = F.split("record", re.escape(layout.separator), -1)
        records = records.withColumn("cells", fields).filter(F.size("cells") == len(layout.fields))
    return records.select(*(_value(plan, name, type_).alias(name) for name, type_ in declared.items()), *kept)


def _json(column: Column | str, type_: dt.DataType) -> Column:
    from pyspark.sql import functions as F  # noqa: N812

    return F.from_json(column, _type(type_))


def _text(type_: dt.DataType) -> dt.DataType:
    """A type with text for every value that holds no others: Spark would not read a number in quotation marks."""
    match type_:
        case dt.Struct():
            return dt.Struct({name: _text(one) for name, one in type_.fields.items()})
        case dt.Array():
            return dt.Array(_text(type_.value_type))
        case dt.Map():
            return dt.Map(dt.string, _text(type_.value_type))
        case _:
            return dt.string


def _typed(value: ibis.Value, type_: dt.DataType) -> ibis.Value:
    """What `_text` made text, as its type."""
    if value.type() == type_:
        return value
    match type_:
        case dt.Struct():
            made = ibis.struct({name: _typed(value[name], one) for name, one in type_.fields.items()})
            return ibis.ifelse(value.isnull(), ibis.null(type_), made)
        case dt.Array():
            return value.map(lambda one: _typed(one, type_.value_type))
        case _:
            return value.cast(type_)


def _value(plan: Plan, column: str, type_: dt.DataType) -> Column:
    """A column of a table as text; null where the table has none."""
    from pyspark.sql import functions as F  # noqa: N812

    layout = plan.layout
    if constant := dict(layout.constants).get(column):
        return F.lit(constant)
    if column not in layout.fields:
        return F.lit(None).cast(_type(type_))
    text = _cell(plan, column)
    if layout.format != "zeek":
        text = F.nullif(F.nullif(text, F.lit("")), F.lit("-"))
        return _json(text, type_) if type_.is_nested() else text
    text = _unescaped(F.nullif(text, F.lit(layout.unset)))
    if isinstance(type_, dt.Array):
        parts = F.split(text, re.escape(layout.set_separator), -1)
        return F.when(text == layout.empty, F.array().cast(_type(type_))).otherwise(parts)
    return F.when(text == layout.empty, "").otherwise(text)


def _cell(plan: Plan, column: str) -> Column:
    """The text of a column of a table."""
    from pyspark.sql import functions as F  # noqa: N812

    place = plan.layout.fields.index(column)
    return F.col("cells")[plan.wanted.index(place) if plan.layout.format == "csv" else place]


def _unescaped(text: Column) -> Column:
    r"""Zeek's `\x09`, a byte each, and `\\` as the characters they stand for."""
    from pyspark.sql import functions as F  # noqa: N812

    percent = text
    for written, meant in (("%", "%25"), ("+", "%2B"), ("\\\\", "%5C"), ("\\x", "%")):
        percent = F.replace(percent, F.lit(written), F.lit(meant))
    decoded = F.try_url_decode(percent)
    broken = decoded.contains("\ufffd")  # bytes that are no text
    return F.when(text.contains("\\") & ~broken, F.coalesce(decoded, text)).otherwise(text)


def _type(type_: dt.DataType) -> DataType:
    from ibis.backends.pyspark.datatypes import PySparkType

    made: DataType = PySparkType.from_ibis(type_)
    return made
