"""Maps by their headers: shapes, point clouds, virtual rasters, columns of geometries, and the systems they are in."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.content.extract.test_wkb import LINE, POINT
from tests.content.seeing import format_id, parts, seen
from tidegate.content.document import Datum, Metadata, Positions, Table
from tidegate.content.extract import _crs
from tidegate.content.source import Source, from_file


def placed(content: bytes | Source) -> Positions:
    (found,) = (part for part in parts(content) if isinstance(part, Positions))
    return found


def said(content: bytes, about: str) -> dict[str, object]:
    return dict(next(part.values for part in parts(content) if isinstance(part, Metadata) and part.about == about))


def shapes(kind: int, *records: bytes) -> bytes:
    body = b"".join(struct.pack(">2I", n, len(r) // 2) + r for n, r in enumerate(records, 1))
    head = struct.pack(">7I", 9994, 0, 0, 0, 0, 0, 50 + len(body) // 2) + struct.pack("<2i", 1000, kind)
    return head + struct.pack("<8d", 13.0, 46.0, 14.0, 47.0, 0, 0, 0, 0) + body


def test_points_of_a_shapefile_are_read_and_of_others_the_bounds() -> None:
    found = placed(shapes(1, *(struct.pack("<i2d", 1, 13.8 + n, 46.5) for n in range(3))))
    assert (found.lon, found.lat, found.total, found.what) == ([13.8, 14.8, 15.8], [46.5] * 3, 3, "point")
    found = placed(shapes(5, bytes(60), bytes(44)))
    assert (sorted(set(found.lon)), sorted(set(found.lat)), found.total) == ([13.0, 14.0], [46.0, 47.0], 2)


def test_the_index_of_a_shapefile_has_as_many() -> None:
    head = shapes(5)[:24] + struct.pack(">I", 50 + 3 * 4) + shapes(5)[28:]
    index = head + b"".join(struct.pack(">2I", place, 20) for place in (50, 74, 98))
    assert said(index, "shapefile") == {"shapes": 3, "what": "polygon", "index": True}
    assert said(shapes(5, bytes(60)), "shapefile")["index"] is False


def test_a_shapefile_without_its_header_is_damage() -> None:
    assert seen(shapes(1)[:60]).error == "cut off within its header"


def dbase(*rows: bytes, records: int | None = None) -> bytes:
    field = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes((10,)) + bytes(15)
    count = len(rows) if records is None else records
    head = b"\x03\x7e\x03\x01" + struct.pack("<IHH", count, 65, 11) + bytes(20) + field + b"\x0d"
    return head + b"".join(b" " + row.ljust(10) for row in rows) + b"\x1a"


def test_rows_of_dbase() -> None:
    (table,) = (part for part in parts(dbase(b"Weir", b"Mill")) if isinstance(part, Table))
    assert (table.header, list(table.rows)) == (("NAME",), [["Weir"], ["Mill"]])
    assert seen(dbase(b"Weir")).error is None
    assert format_id(dbase(b"Weir").replace(b"\x7e\x03\x01", b"\x7e\x0d\x01")) != "dbase"  # a thirteenth month


def test_rows_that_are_missing_are_told_of() -> None:
    found = seen(dbase(b"\xe5\xa7\x93", b"AKIAK7QM2ZX", records=4))
    assert found.error == "fewer rows than its header says"


def cloud(*records: bytes, count: int = 1_000, flags: int = 0) -> bytes:
    head = bytearray(227)
    head[:4], head[104] = b"LASF", flags
    struct.pack_into("<HII", head, 94, 227, 500, len(records))
    struct.pack_into("<I", head, 107, count)
    struct.pack_into("<3d", head, 131, 0.01, 0.01, 0.01)
    struct.pack_into("<4d", head, 179, 501_000.0, 500_000.0, 5_151_000.0, 5_150_000.0)
    return bytes(head) + b"".join(records)


def record(id_: int, body: bytes) -> bytes:
    return bytes(18) + struct.pack("<HH", id_, len(body)) + bytes(32) + body


def test_a_point_cloud_by_its_header() -> None:
    keys = struct.pack("<8H", 1, 1, 0, 1, 3072, 0, 1, 32633)
    found = placed(cloud(record(34735, keys)))
    assert (found.total, found.crs, found.precision_m) == (1_000, "EPSG:32633", 0.01)
    assert (found.lat[0], found.lon[0]) == pytest.approx((46.5, 15.0), abs=0.01)
    assert placed(cloud()).datum == "local"  # metres of nobody knows where
    assert (format_id(cloud()), format_id(cloud(flags=0x80))) == ("las", "laz")


def test_records_that_lie_about_their_length_are_passed_over() -> None:
    assert placed(cloud(record(34735, b"")[:-2] + b"\xff\xff")).datum == "local"


@pytest.mark.parametrize(
    ("inside", "lon", "crs"),
    [
        ("<SRS>EPSG:4326</SRS><GeoTransform>13.5, 0.1, 0, 47.0, 0, -0.1</GeoTransform>", [13.5, 14.5], "EPSG:4326"),
        ('<GCPList Projection="EPSG:4326"><GCP X="13.8" Y="46.5"/><GCP Line="1"/></GCPList>', [13.8], "EPSG:4326"),
    ],
)
def test_a_virtual_raster(inside: str, lon: list[float], crs: str) -> None:
    content = f'<VRTDataset rasterXSize="10" rasterYSize="5">{inside}</VRTDataset>'.encode()
    found = placed(content)
    assert found.lon == pytest.approx(lon)
    assert found.crs == crs
    assert said(content, "georeference") == {"crs": crs}


def test_a_virtual_raster_that_lies_nowhere() -> None:
    assert {
        part.about for part in parts(b'<VRTDataset rasterXSize="1"></VRTDataset>') if isinstance(part, Metadata)
    } == {"xml"}
    content = b'<VRTDataset><Metadata domain="RPC"></Metadata></VRTDataset>'
    assert said(content, "georeference") == {"crs": "rational functions"}


def parquet(folder: Path, columns: dict[str, pa.Array], geo: object = None) -> Source:
    table, file = pa.table(columns), folder / "a.parquet"
    said = geo if isinstance(geo, str) else json.dumps(geo)
    pq.write_table(table.replace_schema_metadata({"geo": said} if geo is not None else None), file)
    return from_file(file)


def test_geometries_in_columns(tmp_path: Path) -> None:
    geo = {"columns": {"geometry": {"crs": {"id": {"authority": "EPSG", "code": 4326}}}}}
    source = parquet(tmp_path, {"id": pa.array([1, 2]), "geometry": pa.array([POINT, LINE])}, geo)
    assert placed(source).lon == pytest.approx([13.8, 13.8, 13.9])
    assert placed(source).crs == "EPSG:4326"
    (table,) = (part for part in parts(source) if isinstance(part, Table))
    assert table.header == ("id",)


def test_geometries_that_nothing_names(tmp_path: Path) -> None:
    assert placed(parquet(tmp_path, {"id": pa.array([1]), "shape": pa.array([LINE])})).total == 2
    assert not [p for p in parts(parquet(tmp_path, {"b": pa.array([b"no geometry"])})) if isinstance(p, Positions)]


def test_geometries_of_numbers(tmp_path: Path) -> None:
    geo = {"columns": {"line": {"crs": "OGC:CRS84"}, "gone": {}}}
    lines = pa.array([[{"x": 13.8, "y": 46.5}, {"x": 13.9, "y": 46.6}]])
    assert placed(parquet(tmp_path, {"line": lines}, geo)).lat == [46.5, 46.6]
    assert placed(parquet(tmp_path, {"line": pa.array([[[13.8, 46.5]]])}, geo)).lat == [46.5]


@pytest.mark.parametrize(
    "geo", [[], {"columns": []}, {"columns": {"id": 7}}, {"columns": {"id": {"crs": {"id": 1}}}}, "{"]
)
def test_what_is_said_of_geometries_may_be_nonsense(tmp_path: Path, geo: object) -> None:
    (table,) = (p for p in parts(parquet(tmp_path, {"id": pa.array([1])}, geo)) if isinstance(p, Table))
    assert table.header == ("id",)


@pytest.mark.parametrize(
    ("crs", "datum"),
    [
        ("EPSG:4326", "WGS-84"),
        ("", "WGS-84"),
        ("OGC:CRS84", "WGS-84"),
        ('GEOGCS["China Geodetic Coordinate System 2000"]', "CGCS2000"),
        ("CGCS2000 / 3-degree Gauss-Kruger", "CGCS2000"),
        ("EPSG:31287", "unknown"),
    ],
)
def test_the_datum_that_a_system_tells_of(crs: str, datum: Datum) -> None:
    assert _crs.datum_of(crs) == datum


def test_coordinates_become_degrees_where_their_system_is_known() -> None:
    moved = _crs.positions([500_000.0], [5_150_000.0], "EPSG:32633", count=1, what="x")
    assert (moved.lat[0], moved.lon[0]) == pytest.approx((46.5, 15.0), abs=0.01)
    assert moved.precision_m == 1.0  # no digits after the point
    nowhere = _crs.positions([500_000.0], [5_150_000.0], "no such system", count=1, what="x")
    assert (nowhere.datum, nowhere.lon) == ("local", [500_000.0])
    degrees = _crs.positions([13.8], [46.5], "", count=1, what="x")
    assert (degrees.datum, degrees.precision_m) == ("WGS-84", None)
