"""Rasters whose georeference stands in a text or a header: ENVI, Esri ASCII grids, PCRaster, SRTM heights."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

from tidegate.content.document import Metadata, Parts, blocks
from tidegate.content.extract import _crs
from tidegate.content.source import Source
from tidegate.content.units import extractor

_MAP = re.compile(r"^map info\s{0,5}=\s{0,5}\{([^}]{5,400})\}", re.MULTILINE)
_SYSTEM = re.compile(r"^coordinate system string\s{0,5}=\s{0,5}\{([^}]{5,4000})\}", re.MULTILINE)
_GRID = re.compile(
    r"^(ncols|nrows|xllcorner|xllcenter|yllcorner|yllcenter|cellsize)\s{1,20}(-?\d{1,12}(?:\.\d{0,12})?)(?=\s)",
    re.IGNORECASE | re.MULTILINE,
)
_NAMES = ("ncols", "nrows", "xllcorner", "yllcorner", "cellsize")


def _kind(source: Source) -> str | None:
    if source.text.startswith("ENVI\n") or source.text.startswith("ENVI\r\n"):
        return "envi-header"
    if source.text[:5].lower() == "ncols" and _said(source.text):
        return "esri-grid"
    return "pcraster" if source.head.startswith(b"RUU CROSS SYSTEM MAP FORMAT") else _heights(source)


def _heights(source: Source) -> str | None:
    """A tile of SRTM has no header: squares of heights, of a size that nothing else has, all between sea and summit."""
    if source.size not in {1201 * 1201 * 2, 3601 * 3601 * 2}:
        return None
    heights = struct.unpack(f">{len(source.head) // 2}h", source.head[: len(source.head) // 2 * 2])
    plausible = sum(-500 <= height <= 9000 or height == -32768 for height in heights)
    return "srtm-heights" if plausible == len(heights) else None


@extractor(formats=("envi-header", "esri-grid", "pcraster", "srtm-heights"), rank=22, sniff=_kind)
def raster(source: Source) -> Parts:
    """Where it lies."""
    match _kind(source):
        case "envi-header":
            yield from blocks(source.pieces())
            yield from _envi(source.text)
        case "esri-grid":
            yield from _grid(source.text)
        case "pcraster":
            yield Metadata("georeference", {"crs": "PCRaster map"})
        case _:
            yield Metadata("georeference", {"crs": "SRTM heights, one degree"})


def _envi(text: str) -> Parts:
    found, system = _MAP.search(text), _SYSTEM.search(text)
    if found is None:
        return
    cells = [cell.strip() for cell in found[1].split(",")]
    crs = system[1] if system else ""
    yield Metadata("georeference", {"crs": crs[:80] or cells[0]})
    try:
        x, y, pixel = float(cells[3]), float(cells[4]), float(cells[5])
    except (ValueError, IndexError):
        return
    yield _crs.positions(
        [x], [y], crs, count=1, what="pixel", precision_m=None if cells[0].startswith("Geo") else pixel
    )


def _said(text: str) -> Mapping[str, float]:
    """What the header of an Esri grid says, under the names of `_NAMES`; nothing where one of them is missing."""
    said = {name.lower().replace("center", "corner"): float(value) for name, value in _GRID.findall(text[:2000])}
    return said if said.keys() >= {*_NAMES} else {}


def _grid(text: str) -> Parts:
    said = _said(text)
    columns, rows, x, y, size = (said[name] for name in _NAMES)
    corners = [x, x + columns * size], [y, y + rows * size]
    yield _crs.positions(*corners, "", count=max(int(columns * rows), 1), what="pixel")
