"""Tables that only an extension of SQLite reads cost themselves, and the rest of the database is read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.content.seeing import seen
from tidegate.content.look import Seen

VIRTUAL = "CREATE VIRTUAL TABLE near USING spatial_index(lat)"


def looked(folder: Path, *statements: str) -> Seen:
    file = folder / "a.db"
    with sqlite3.connect(file) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return seen(file.read_bytes(), "coordinate_columns")


def test_a_table_of_an_extension_costs_itself(tmp_path: Path) -> None:
    found = looked(
        tmp_path,
        "PRAGMA writable_schema = 1",
        f"INSERT INTO sqlite_schema VALUES ('table', 'near', 'near', 0, '{VIRTUAL}')",
        "CREATE TABLE plots (lat REAL, lon REAL)",
        "INSERT INTO plots VALUES (46.51512, 13.86013), (46.6, 13.9)",
    )
    assert found.error == "opaque: near: a table that cannot be read (no such module: spatial_index)"
    assert found.tallies["coordinate_columns"].count == 2


@pytest.mark.parametrize(("most", "told"), [(1, "opaque: plots: not read after its first 1 rows"), (2, None)])
def test_rows_that_are_not_read_are_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, told: str | None
) -> None:
    monkeypatch.setattr("tidegate.content.extract.sqlite_database._ROWS", most)
    found = looked(tmp_path, "CREATE TABLE plots (lat, lon)", "INSERT INTO plots VALUES (46.5, 13.8), (46.6, 13.9)")
    assert (found.tallies["coordinate_columns"].count, found.error) == (most, told)


def test_a_layer_without_its_table_costs_itself(tmp_path: Path) -> None:
    found = looked(
        tmp_path,
        "CREATE TABLE gpkg_geometry_columns (table_name, column_name, srs_id)",
        "CREATE TABLE gpkg_spatial_ref_sys (srs_id, definition, organization, organization_coordsys_id)",
        "INSERT INTO gpkg_geometry_columns VALUES ('gone', 'geom', 4326)",
        "CREATE TABLE plots (lat REAL, lon REAL)",
        "INSERT INTO plots VALUES (46.51512, 13.86013), (46.6, 13.9)",
    )
    assert found.error == "opaque: gone: a table that cannot be read (no such table: gone)"
    assert found.tallies["coordinate_columns"].count == 2
