"""Detectors asked on Spark, over tables that this machine has made ready.

A detector is one query that reads many of its steps several times. Spark has no word for a step that is computed once:
it plans and computes what is named in a WITH anew for each reader, readers of readers included. So each step becomes a
table of its own, in the order in which they rest on each other: of Parquet files, for a checkpoint is lost with a
worker, and Spark 4 cannot make one of every step (`key not found`).

Imported only where Spark is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot.expressions as sge
from ibis.backends.duckdb import Backend
from ibis.common.exceptions import IbisError
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession

from tidegate.errors import LakeError
from tidegate.lake.compiled import dated, shared
from tidegate.lake.spill import Spill
from tidegate.pipeline.spark_dialect import Compiler


class Answers:
    """Asks on Spark what `lake.compiled.answer` asks on DuckDB, and gives the same.

    folder: where tables are handed over as Parquet files, each once; every worker has to see it under the same path.
    """

    def __init__(self, spark: SparkSession, folder: Path) -> None:
        self._spark, self._folder = spark, folder
        self._backend = ibis.pyspark.connect(spark)
        self._backend.compiler = Compiler()

    def __call__(
        self,
        con: Backend,
        make: Callable[..., ir.Table],
        tables: Mapping[str, ir.Table],
        *,
        name: str,
        since: date | None = None,
        kept: None = None,  # noqa: ARG002  nothing is: what is handed over would cost more
        **settings: object,
    ) -> pa.Table:
        """What `make(*tables, **settings)` gives; `tables` are of `con`. name: of what is made, for errors.

        Raises LakeError where Spark fails, or cannot do what is asked for.
        """
        try:
            made = make(*(self._handed_over(con, table, rows) for table, rows in tables.items()), **settings)
            with shared():
                tree = self._backend.compiler.to_sqlglot(made).copy()
            for step in tree.ctes:
                path, rows = str(self._folder / "steps" / step.alias), self._sql(step.this, since)
                rows.write.mode("overwrite").parquet(path)
                self._spark.read.schema(rows.schema).parquet(path).createOrReplaceTempView(step.alias)
            tree.set("with_", None)
            return self._sql(tree, since).toArrow().cast(made.schema().to_pyarrow())
        except (PySparkException, Py4JError, IbisError, OSError) as error:
            raise LakeError(f"Spark, asked for {name}: {str(error).partition(chr(10))[0]}") from error

    def _handed_over(self, con: Backend, name: str, rows: ir.Table) -> ir.Table:
        path, schema = self._folder / f"{name}.parquet", rows.schema()
        if not path.exists():
            read = con.con.execute(con.compile(rows)).to_arrow_reader()
            with pq.ParquetWriter(path, schema.to_pyarrow()) as out:
                for batch in read:
                    out.write_batch(batch.cast(out.schema))
            self._spark.read.parquet(str(path)).createOrReplaceTempView(name)
        return ibis.table(schema, name=name)

    def _sql(self, tree: sge.Expression, since: date | None) -> DataFrame:
        return self._spark.sql(dated(tree.sql(dialect=self._backend.dialect), since))


@contextmanager
def answers(spark: SparkSession, path: Path) -> Iterator[Answers]:
    """Asks on Spark over the tables of a lake at `path`, beside which they are handed over."""
    between = Spill(path / "tmp")
    try:
        yield Answers(spark, between.path)
    finally:
        between.close()
