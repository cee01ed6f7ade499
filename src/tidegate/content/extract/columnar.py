"""Parquet, Arrow and Feather files, with their geometries where they are GeoParquet or GeoArrow."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tidegate.content.document import Metadata, Parts, Table
from tidegate.content.extract import _crs, _wkb
from tidegate.content.source import Source
from tidegate.content.units import extractor

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 2_000
_MAGIC = {b"PAR1": "parquet", b"ARRO": "arrow", b"FEA1": "feather"}
_CELL = 2_000  # characters


def _kind(source: Source) -> str | None:
    stream = source.head[:4] == b"\xff\xff\xff\xff" and source.head[8:9] not in {b"", b"\xff"}
    return _MAGIC.get(source.head[:4], "arrow" if stream and b"ARROW:extension" in source.head[:4096] else None)


@extractor(formats=("parquet", "arrow", "feather"), rank=10, sniff=_kind)
def columnar(source: Source) -> Parts:
    """Rows as text, and geometries as positions."""
    with source.open() as data:
        schema, batches = _read(data, source)
        geometry = _geometry_columns(schema)
        yield Metadata("columnar", {"columns": tuple(schema.names[:1000]), "geometry": tuple(geometry)})
        batches, geometry = _looked_at(batches, geometry)
        plain = [name for name in schema.names if name not in geometry]
        first = 1
        for batch in batches:
            for start in range(0, batch.num_rows, _ROWS):
                piece = batch.slice(start, _ROWS)
                columns = [[_cell(v) for v in piece.column(name).to_pylist()] for name in plain]
                yield Table(tuple(plain), list(zip(*columns, strict=True)) if columns else [], first=first)
                first += piece.num_rows
                for name, crs in geometry.items():
                    yield from _shapes(piece.column(name), crs)


def _read(data: Any, source: Source) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    if _kind(source) == "parquet":
        import pyarrow.parquet as pq

        file = pq.ParquetFile(data)
        return file.schema_arrow, file.iter_batches(batch_size=_ROWS)
    import pyarrow.ipc as ipc

    if source.head.startswith(b"\xff\xff\xff\xff"):
        stream = ipc.open_stream(data)
        return stream.schema, iter(stream)
    reader = ipc.open_file(data)
    return reader.schema, (reader.get_batch(n) for n in range(reader.num_record_batches))


def _looked_at(
    batches: Iterator[pa.RecordBatch], geometry: dict[str, str]
) -> tuple[Iterator[pa.RecordBatch], dict[str, str]]:
    """The same, with columns of bytes that are geometries though nothing says so."""
    first = next(batches, None)
    if first is None:
        return iter(()), geometry
    found = dict(geometry)
    for name in first.schema.names:
        values = first.column(name).slice(0, 1).to_pylist() if str(first.schema.field(name).type) == "binary" else []
        if values and isinstance(values[0], bytes) and _wkb.points(values[0]):
            found.setdefault(name, "")
    return itertools.chain((first,), batches), found


def _geometry_columns(schema: pa.Schema) -> dict[str, str]:
    """Columns that hold geometries, and their coordinate system."""
    found: dict[str, str] = {}
    for name, said in _object(_said(schema.metadata, b"geo").get("columns")).items():
        found[name] = _system(_object(said).get("crs"))
    for field in schema:
        metadata = field.metadata or {}
        if metadata.get(b"ARROW:extension:name", b"").startswith(b"geoarrow") or str(field.type).startswith(
            "extension<geoarrow"
        ):
            found[field.name] = _system(_said(metadata, b"ARROW:extension:metadata").get("crs"))
    return {name: crs for name, crs in found.items() if name in schema.names and not _is_plain(schema.field(name).type)}


def _is_plain(kind: Any) -> bool:
    """Whether a column holds texts or numbers, whatever is said of it."""
    import pyarrow as pa

    return bool(pa.types.is_primitive(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _said(metadata: Any, key: bytes) -> dict[str, Any]:
    """What metadata say under a key; nothing where that is no JSON object."""
    try:
        return _object(json.loads((metadata or {}).get(key) or b"{}"))
    except (ValueError, RecursionError):
        return {}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _system(crs: Any) -> str:
    if isinstance(crs, dict):
        id_ = _object(crs.get("id"))
        return f"{id_['authority']}:{id_['code']}" if "code" in id_ and "authority" in id_ else json.dumps(crs)
    return crs if isinstance(crs, str) else ""


def _shapes(column: Any, crs: str) -> Parts:
    points: list[tuple[float, float]] = []
    for value in column.to_pylist():
        _collect(value, points)
    if points:
        x, y = [p[0] for p in points], [p[1] for p in points]
        yield _crs.positions(x, y, "" if "CRS84" in crs else crs, count=len(points), what="vertex")


def _collect(value: Any, points: list[tuple[float, float]]) -> None:
    """Points of a geometry: binary, or numbers in lists or structures."""
    if isinstance(value, bytes):
        points += _wkb.points(value)
    elif isinstance(value, dict):
        if isinstance(value.get("x"), float) and isinstance(value.get("y"), float):
            points.append((value["x"], value["y"]))
    elif isinstance(value, list):
        if len(value) >= 2 and isinstance(value[0], float):
            points.append((value[0], value[1]))
        else:
            for item in value:
                _collect(item, points)


def _cell(value: object) -> str:
    return "" if value is None or isinstance(value, bytes) else str(value)[:_CELL]
