"""Records into events on Spark: the Ibis expressions that run on DuckDB, between its own parsing and Parquet writing.

What Spark makes no event of, a few records in a log, goes the way of one machine, which says why.
"""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial, reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.transaction import AddAction
from ibis.backends.pyspark.datatypes import PySparkType
from ibis.common.exceptions import IbisError
from pyspark.errors import AnalysisException
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  as everybody writes it

from tidegate.events.conform import conform
from tidegate.events.schema import DAY
from tidegate.lake.store import Lake
from tidegate.pipeline.mapping import EARLIEST, MODIFIED, TYPES, Plan, claim, columns_of
from tidegate.pipeline.spark_dialect import Compiler, java
from tidegate.pipeline.write import Written, adopt, write
from tidegate.units import LINEAGE, Format, Log, Source

_LOG = logging.getLogger(__name__)
FORMATS: tuple[Format, ...] = ("json", "csv", "zeek", "lines")
"""Formats whose fields Spark takes apart; logs in others are read on one machine."""
COLUMNS: Mapping[str, str] = MappingProxyType(
    {"record": "text", "source_file": "path", "source_line": "line", MODIFIED: "modified", "cells": "cells"}
)
"""Columns of records, and what they are called among the rows of `spark_read`."""
_PLACE = ("source_file", "source_line")
_LEFT = 50_000  # rows that go the way of one machine at a time


class SparkMap:
    """Maps records by plans, in one Spark session."""

    def __init__(self, lake: Lake, spark: SparkSession) -> None:
        self._lake, self._spark = lake, spark
        self._backend = ibis.pyspark.connect(spark)
        self._backend.compiler = Compiler()

    def map(self, plans: Sequence[tuple[Plan, DataFrame]], folder: Path, result: Written) -> None:
        """Write the events of the records that each plan reads, which have `COLUMNS`, and account for the others.

        folder: for what is in between.
        """
        events: dict[tuple[str, str], list[DataFrame]] = defaultdict(list)
        logs: dict[str, Log] = {}
        for plan, records in plans:
            logs[plan.log.id] = plan.log
            for name, some in self._events(plan, records):
                events[plan.log.id, name].append(some)
        made = [folder / "events" / str(number) for number in range(len(events))]
        for target, every in zip(made, events.values(), strict=True):
            together = reduce(DataFrame.unionAll, every)
            together.write.partitionBy(DAY).option("compression", "zstd").parquet(str(target))
        left = self._left(plans, folder)
        for (log, name), target in zip(events, made, strict=True):
            adopt(self._lake, logs[log], name, [self._moved(name, file) for file in _files(target)], result)
        for plan, rest in left:
            for file in _files(rest):
                for batch in pq.ParquetFile(file).iter_batches(_LEFT):
                    write(self._lake, plan, _block(batch, plan), result)

    def _events(self, plan: Plan, records: DataFrame) -> Iterator[tuple[str, DataFrame]]:
        """The events of each source with their class; nothing of those that Spark cannot run."""
        types = columns_of(plan.log, plan.sources)
        texts = {name: type_ if name == MODIFIED else _text(type_) for name, type_ in types.items()}
        claimed = self._run(_parsed(records, plan, texts), texts, partial(_claimed, types=types, sources=plan.sources))
        if claimed is None:
            return
        for place, source in enumerate(plan.sources):
            raw = claimed.filter(F.col("_source") == place).withColumns(_cut(source))
            events = self._run(
                raw, dict(source.columns) | dict.fromkeys(source.cut, "string"), partial(_mapped, source=source)
            )
            if events is not None:
                valid = f"time >= timestamp_ntz'{EARLIEST}' AND time < timestamp_ntz'{plan.latest}'"
                yield source.produces, events.filter(valid)

    def _run(
        self, rows: DataFrame, types: Mapping[str, dt.DataType | str], query: Callable[[ibis.Table], ibis.Table]
    ) -> DataFrame | None:
        """A query over rows of these columns; None where Spark does not know what it asks for."""
        name = f"rows_{uuid.uuid4().hex}"
        rows.createTempView(name)
        try:
            return self._spark.sql(self._backend.compile(query(ibis.table(dict(types) | TYPES, name=name))))
        except (AnalysisException, IbisError, NotImplementedError) as error:
            _LOG.info("not on Spark, and read on this machine: %s", error)
            return None
        finally:
            self._spark.catalog.dropTempView(name)

    def _left(self, plans: Sequence[tuple[Plan, DataFrame]], folder: Path) -> list[tuple[Plan, Path]]:
        """Folders of the records of each plan that made no event."""
        every = reduce(DataFrame.unionAll, (r.withColumn("plan", F.lit(n)) for n, (_, r) in enumerate(plans)))
        places, read = every.select(*_PLACE), self._spark.read.option("recursiveFileLookup", "true")
        if (folder / "events").exists():
            events = read.schema(places.schema).parquet(str(folder / "events"))
            places = places.join(events, [*_PLACE], "left_anti")
        # First where they are, then what they are: so that not every record has to travel to be compared.
        places.write.parquet(str(folder / "places"))
        left = every.join(read.schema(places.schema).parquet(str(folder / "places")), [*_PLACE], "left_semi")
        left.write.partitionBy("plan").parquet(str(folder / "left"))
        return [(plan, folder / "left" / f"plan={number}") for number, (plan, _) in enumerate(plans)]

    def _moved(self, name: str, file: Path) -> AddAction:
        """A file of events where it belongs in the lake."""
        with pq.ParquetFile(file) as opened:  # Spark's own statistics leave the times out
            times = opened.read(columns=["time"])["time"].cast(pa.timestamp("us"))
        day = file.parent.name.partition("=")[2]
        path = f"{DAY}={day}/part-{uuid.uuid4().hex}.parquet"
        target = self._lake.storage.staging / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)
        span = pc.min_max(times).as_py()
        stats = {"numRecords": len(times)} | {f"{end}Values": {"time": at.isoformat()} for end, at in span.items()}
        size = target.stat().st_size
        return AddAction(path, size, {DAY: day}, int(time.time() * 1000), True, json.dumps(stats))


def _files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.parquet"))


def _block(batch: pa.RecordBatch, plan: Plan) -> pa.Table:
    """The table `block` that the statements of `pipeline.mapping` read."""
    columns = {name: batch.column(name) for name in (*LINEAGE, MODIFIED)}
    cells = batch.column("cells")
    if plan.layout.format == "csv":
        columns |= {f"c{n}": pc.list_element(cells, _position(plan, n)) for n in plan.wanted}
    return pa.table(columns)


def _cut(source: Source) -> dict[str, Column]:
    """What is cut out of the text of a source's records, as text."""
    if source.parts:
        parts = F.filter(F.split("record", " ", -1), lambda part: part != "")
        return {name: F.get(parts, F.lit(number)) for number, name in enumerate(source.cut)}
    pattern = java(source.pattern or "")
    return {
        name: F.nullif(F.regexp_extract("record", pattern, number), F.lit(""))
        for number, name in enumerate(source.cut, 1)
    }


def _claimed(raw: ibis.Table, types: Mapping[str, dt.DataType], sources: Sequence[Source]) -> ibis.Table:
    """With the place of the source that takes each record."""
    typed = _all_typed(raw, types)
    return typed.mutate(_source=claim(sources, typed))


def _mapped(raw: ibis.Table, source: Source) -> ibis.Table:
    return conform(source.map(_all_typed(raw, source.columns)), source)


def _all_typed(raw: ibis.Table, types: Mapping[str, dt.DataType | str]) -> ibis.Table:
    return raw.mutate(**{name: _typed(raw[name], ibis.dtype(type_)) for name, type_ in types.items()})


def _parsed(records: DataFrame, plan: Plan, texts: Mapping[str, dt.DataType]) -> DataFrame:
    """The declared columns of records as text, with their lineage."""
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
    place = plan.layout.fields.index(column)
    return F.col("cells")[_position(plan, place)]


def _position(plan: Plan, place: int) -> int:
    """Where the cells of a record have a column: of a sheet, they are those that are wanted."""
    return plan.wanted.index(place) if plan.layout.format == "csv" and not plan.layout.directives else place


def _unescaped(text: Column) -> Column:
    r"""Zeek's `\x09`, a byte each, and `\\` as the characters they stand for."""
    percent = text
    for written, meant in (("%", "%25"), ("+", "%2B"), ("\\\\", "%5C"), ("\\x", "%")):
        percent = F.replace(percent, F.lit(written), F.lit(meant))
    decoded = F.try_url_decode(percent)
    broken = decoded.contains("\ufffd")  # bytes that are no text
    return F.when(text.contains("\\") & ~broken, F.coalesce(decoded, text)).otherwise(text)


def _type(type_: dt.DataType) -> Any:
    return PySparkType.from_ibis(type_)
