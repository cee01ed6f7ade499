"""SQLite databases and GeoPackages, opened so that nothing of them can change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

from tidegate.content.document import Metadata, Opaque, Parts, Text, tables
from tidegate.content.extract import _crs, _wkb
from tidegate.content.source import Source
from tidegate.content.units import extractor

_ROWS = 200_000  # of a table that are looked at
_CELL = 2_000  # characters of a cell
_TABLES = 500


def _kind(source: Source) -> str | None:
    application = source.head[68:72]
    return "geopackage" if application in {b"GPKG", b"GP10", b"GP11"} else "sqlite"


@extractor(formats=("sqlite", "geopackage"), rank=10, magic=((0, b"SQLite format 3\0"),), sniff=_kind)
def sqlite_database(source: Source) -> Parts:
    """Tables, their text, and the geometries of a GeoPackage."""
    with source.on_disk() as path:
        database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
        try:
            database.text_factory = lambda data: data.decode("utf-8", "replace")
            names = [n for (n,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")][:_TABLES]
            yield Metadata("sqlite", {"tables": tuple(names)})
            shapes = _geometries(database, names)
            for name in names:
                if not name.startswith(("sqlite_", "gpkg_", "rtree_")):
                    yield from _whole(_table(database, name), name)
            for table, column, crs in shapes:
                yield from _whole(_features(database, table, column, crs), table)
        finally:
            database.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _geometries(database: sqlite3.Connection, names: list[str]) -> list[tuple[str, str, str]]:
    if "gpkg_geometry_columns" not in names:
        return []
    found = database.execute(
        "SELECT g.table_name, g.column_name, s.definition, s.organization, s.organization_coordsys_id"
        " FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s USING (srs_id)"
    )
    return [(t, c, f"EPSG:{code}" if str(by).upper() == "EPSG" else str(text or "")) for t, c, text, by, code in found]


def _whole(parts: Parts, name: str) -> Parts:
    """The same; of a table that is damaged, or that only an extension of SQLite reads, what is readable and why."""
    try:
        yield from parts
    except sqlite3.DatabaseError as error:
        yield Opaque(f"a table that cannot be read ({error})", name)


def _table(database: sqlite3.Connection, name: str) -> Parts:
    found = database.execute(f"SELECT * FROM {_quoted(name)} ")
    header = [column[0] for column in found.description]
    for part in tables(header, ([_cell(v) for v in row] for row in islice(found, _ROWS)), where=name):
        yield part
        lines = ("\t".join(filter(None, row)) for row in part.rows)
        yield Text("\n".join(lines).encode("utf-8", "replace"), name, line=part.first)
    if found.fetchone() is not None:
        yield Opaque(f"not read after its first {_ROWS:,} rows", name)


def _cell(value: object) -> str:
    return "" if value is None or isinstance(value, bytes) else str(value)[:_CELL]


def _features(database: sqlite3.Connection, table: str, column: str, crs: str) -> Parts:
    def geometries() -> Iterator[bytes]:
        rows = database.execute(f"SELECT {_quoted(column)} FROM {_quoted(table)} LIMIT {_ROWS}")
        return (row[0] for row in rows if isinstance(row[0], bytes))

    block: list[tuple[float, float]] = []
    for geometry in geometries():
        block += _wkb.points(geometry)
        if len(block) >= 2_000:
            yield _crs.positions([x for x, _ in block], [y for _, y in block], crs, count=len(block), what="vertex")
            block = []
    if block:
        yield _crs.positions([x for x, _ in block], [y for _, y in block], crs, count=len(block), what="vertex")
