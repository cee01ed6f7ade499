"""Records through a log's sources, for tests that say why a record must or must not be read as something."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.registry import sources


def read(log: str, table: str, records: Iterable[Mapping[str, Any]], folder: Path) -> list[dict[str, Any]]:
    """Rows of the class table that the log's sources make of the records, in their order."""
    path = folder / "records.json"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    lake = Lake(folder / "lake")
    ingest([path], lake, sources={id_: source for id_, source in sources().items() if source.log.id == log})
    rows: list[dict[str, Any]] = lake.table(table).order_by("source_line").to_pyarrow().to_pylist()
    lake.close()
    return rows
