"""What reads logs, and what asks detectors: DuckDB on this machine, or Spark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.errors import ConfigError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from tidegate.pipeline.detect import Ask
    from tidegate.pipeline.ingest import Reading


@contextmanager
def reader(engine: str) -> Iterator[Reading | None]:
    """What reads logs for `--engine`, None for DuckDB. Raises ConfigError where Spark cannot be had."""
    if engine == "duckdb":
        yield None
        return
    with _session(engine) as session:
        from tidegate.pipeline.spark import SparkRun

        yield partial(SparkRun, spark=session)


@contextmanager
def asker(engine: str, lake: Path) -> Iterator[Ask]:
    """What asks detectors about a lake in a folder, for `--engine`. Raises ConfigError where Spark cannot be had."""
    if engine == "duckdb":
        from tidegate.lake.compiled import answer

        yield answer
        return
    with _session(engine) as session:
        from tidegate.pipeline.spark_answer import answers

        with answers(session, lake) as ask:
            yield ask


@contextmanager
def _session(engine: str) -> Iterator[SparkSession]:
    try:
        from tidegate.pipeline import spark
    except ImportError as error:
        raise ConfigError("--engine spark needs PySpark, which is not installed: install tidegate[spark]") from error
    with spark.session(engine.partition("=")[2] or "local[*]") as session:
        yield session
