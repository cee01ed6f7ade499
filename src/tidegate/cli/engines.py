"""What reads and maps logs: DuckDB on this machine, or Spark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from tidegate.errors import ConfigError

if TYPE_CHECKING:
    from tidegate.pipeline.ingest import Reading


@contextmanager
def reader(engine: str) -> Iterator[Reading | None]:
    """What reads logs for `--engine`, None for DuckDB. Raises ConfigError where Spark cannot be had."""
    name, _, url = engine.partition("=")
    if name == "duckdb":
        yield None
        return
    try:
        from tidegate.pipeline import spark
    except ImportError as error:
        raise ConfigError("--engine spark needs PySpark, which is not installed: install tidegate[spark]") from error
    with spark.session(url or "local[*]") as session:
        yield partial(spark.SparkRun, spark=session)
