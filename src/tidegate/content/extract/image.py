"""Pictures: EXIF and XMP with their positions, the georeference of a GeoTIFF, and the text of a scanned page."""

from __future__ import annotations

import logging
import math
import re
import struct
from collections.abc import Mapping
from functools import partial
from typing import Any, BinaryIO, cast

from tidegate.content.document import Metadata, Parts, Positions, Text, Value
from tidegate.content.extract import _crs
from tidegate.content.extract._pictures import Page, pages
from tidegate.content.extract._scans import PIXELS, Scans
from tidegate.content.precision import METRES_A_DEGREE
from tidegate.content.source import Source
from tidegate.content.units import extractor

_PIXEL, _TIEPOINTS, _MATRIX = "Image Tag 0x830E", "Image Tag 0x8482", "Image Tag 0x85D8"
_KEYS, _NAMES = "Image Tag 0x87AF", "Image Tag 0x87B1"
_XMP = re.compile(
    rb'exif:GPS(Latitude|Longitude)\s{0,3}(?:=\s{0,3}["\']|>)\s{0,3}(\d{1,3}),(\d{1,2}(?:\.\d{1,10})?)([NSEW])'
)
_XMP_WITHIN = 1 << 20  # bytes from the start in which XMP stands
_CAMERA = ("EXIF ExposureTime", "EXIF FNumber", "EXIF ISOSpeedRatings")
_MAKER = ("Image Make", "Image Model")  # scanners write them into TIFF, cameras and phones into JPEG
_READ = 128 << 20  # bytes of a file whose pages are read: five pages of A4 at 300 dpi in colour, not compressed
_FTYP = {b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif", b"hevc"}


def _kind(source: Source) -> str | None:
    head = source.head
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        return "tiff"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _FTYP:
        return "heif"
    return "png" if head.startswith(b"\x89PNG\r\n") else None


@extractor(formats=("jpeg", "tiff", "webp", "heif", "png"), rank=10, sniff=_kind)
def image(source: Source) -> Parts:
    """What the camera wrote, where it stood, what the map covers, what is printed on a page."""
    import exifread

    logging.getLogger("exifread").setLevel(logging.CRITICAL)  # a picture without EXIF is nothing to warn of

    with source.open() as data:
        try:
            tags = exifread.process_file(cast("BinaryIO", data), details=False, extract_thumbnail=False)
        except (AssertionError, ValueError, IndexError, struct.error):  # how exifread says that there is none
            tags = {}
    values: dict[str, Value] = {
        name: str(tag)[:200] for name, tag in tags.items() if not name.startswith(("Thumbnail", "Image Tag 0x8"))
    }
    yield Metadata("exif", values)
    point = _gps(tags) or _xmp(source)
    if point is not None:
        yield point
    if _kind(source) == "tiff":
        yield from _georeference(tags)
    if point is None and not _photo_or_map(tags, _kind(source)):
        yield from _printed(source)


def _photo_or_map(tags: Mapping[str, Any], kind: str | None) -> bool:
    """Whether a camera made it, or it lies on the Earth: nobody looks for lines of print on it."""
    telling = (*_CAMERA, _PIXEL, _TIEPOINTS, _MATRIX, *(_MAKER if kind == "jpeg" else ()))
    return any(name in tags for name in telling)


def _printed(source: Source) -> Parts:
    """Text of its pages. Those that were not read are told of where they are surely pages."""
    with source.open() as data:
        found = [page for page in pages(data) if page.legible]
    scans = Scans(source.scanning)
    whole: list[bytes] = []

    def picture(page: Page) -> bytes | None:
        if page.pixels > PIXELS or source.size > _READ:
            return None
        if not whole:
            whole.append(source.read(_READ))
        return whole[0]

    for page in found:
        text = scans.text(partial(picture, page), page.number)
        if text is not None and text.strip():
            yield Text(text, f"page {page.number + 1}")
    if _kind(source) == "tiff" or any(page.on_paper for page in found):  # what scanners and faxes write
        yield from scans.told(len(found))


def _numbers(tags: Mapping[str, Any], name: str) -> list[float]:
    """Values of a tag; exifread leaves doubles as tuples of one, and rationals may be divided by nothing."""
    if name not in tags:
        return []
    try:
        return [float(v[0] if isinstance(v, tuple) else v) for v in tags[name].values]
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return []


def _gps(tags: Mapping[str, Any]) -> Positions | None:
    lat, lon = (_numbers(tags, f"GPS GPS{axis}") for axis in ("Latitude", "Longitude"))
    if not lat or not lon:
        return None
    y = _signed(lat, str(tags.get("GPS GPSLatitudeRef", "N")))
    x = _signed(lon, str(tags.get("GPS GPSLongitudeRef", "E")))
    if not (math.isfinite(y) and math.isfinite(x) and abs(y) <= 90 and abs(x) <= 180 and (y or x)):
        return None
    error = _numbers(tags, "GPS GPSHPositioningError")
    moment = str(tags.get("EXIF DateTimeOriginal", ""))[:19]
    return Positions([y], [x], precision_m=error[0] if error and error[0] > 0 else 5.0, since=moment, what="photo")


def _signed(parts: list[float], side: str) -> float:
    value = parts[0] + sum(part / 60.0**power for power, part in enumerate(parts[1:3], 1))
    return -value if side.strip().upper() in {"S", "W"} else value


def _xmp(source: Source) -> Positions | None:
    with source.open() as data:
        found = _XMP.findall(data.read(_XMP_WITHIN))
    axes = {
        axis: (float(whole) + float(minutes) / 60) * (-1 if side in {b"S", b"W"} else 1)
        for axis, whole, minutes, side in found
    }
    if len(axes) < 2:
        return None
    return Positions([axes[b"Latitude"]], [axes[b"Longitude"]], precision_m=5.0, what="photo")


def _georeference(tags: Mapping[str, Any]) -> Parts:
    width, height = (next(iter(_numbers(tags, f"Image Image{side}")), 0.0) for side in ("Width", "Length"))
    pixel, ties, matrix = _numbers(tags, _PIXEL), _numbers(tags, _TIEPOINTS), _numbers(tags, _MATRIX)
    if len(matrix) >= 8:
        x0, y0, dx, dy = matrix[3], matrix[7], matrix[0] or matrix[1], matrix[5] or matrix[4]
    elif len(pixel) >= 2 and len(ties) >= 6:
        x0, y0, dx, dy = ties[3] - ties[0] * pixel[0], ties[4] + ties[1] * pixel[1], pixel[0], -pixel[1]
    elif len(ties) >= 12:
        xs, ys = ties[3::6], ties[4::6]
        yield _crs.positions(xs, ys, _epsg(tags), count=len(xs), what="pixel")
        return
    else:
        return
    crs = _epsg(tags)
    xs = [x0, x0 + dx * width, x0, x0 + dx * width]
    ys = [y0, y0, y0 + dy * height, y0 + dy * height]
    unit = METRES_A_DEGREE if _is_degrees(tags) else 1.0
    found = _crs.positions(xs, ys, crs, count=int(width * height), what="pixel", precision_m=abs(dx) * unit)
    yield found
    yield Metadata("georeference", {"crs": str(tags.get(_NAMES, ""))[:200] or crs, "pixel": abs(dx)})


def _keys(tags: Mapping[str, Any]) -> dict[int, int]:
    flat = [int(v) for v in _numbers(tags, _KEYS)]
    return {flat[i]: flat[i + 3] for i in range(4, len(flat) - 3, 4) if flat[i + 1] == 0}


def _is_degrees(tags: Mapping[str, Any]) -> bool:
    return _keys(tags).get(1024) == 2  # GTModelTypeGeoKey: geographic


def _epsg(tags: Mapping[str, Any]) -> str:
    keys = _keys(tags)
    code = keys.get(3072) or keys.get(2048) or 0
    return f"EPSG:{code}" if 1024 <= code < 32767 or 32600 < code < 32761 else ""
