"""Drawings and building models: DXF (text and binary), DWG, DGN, DWF, IFC, and what else draughtsmen keep."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator

from tidegate.content.document import Metadata, Parts, Positions, blocks
from tidegate.content.extract.sheets import compound_directory
from tidegate.content.source import Source
from tidegate.content.units import extractor

_BINARY_DXF = b"AutoCAD Binary DXF\r\n\x1a\x00"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DWG = re.compile(rb"AC(?:1\.[2-5]\d|2\.\d\d|10(?:0[1-9]|1\d|2\d|3\d))\x00")
_DXF = re.compile(
    r"(?:\s{0,3}999\r?\n[^\n]{0,300}\n){0,40}\s{0,3}0\r?\nSECTION\s{0,3}\r?\n\s{0"
    r",3}2\r?\n(?:HEADER|ENTITIES|TABLES|CLASSES|BLOCKS)\b"
)
_IFC = re.compile(r"FILE_SCHEMA\s{0,4}\(\s{0,4}\(\s{0,4}'IFC", re.IGNORECASE)
_OTHERS = {
    b"\x08\x09\xfe\x02": "dgn",  # MicroStation 7, plane
    b"\xc8\x09\xfe\x02": "dgn",  # and in space
    b"(DWF V": "dwf",
    b"\xff\xfe\xff\x0eS\x00k\x00e\x00t": "sketchup",
}
_STREAMS = {"Dgn~H": "dgn", "BasicFileInfo": "revit"}
_MOST = 3_000_000  # pairs of a DXF, or lines of an IFC, looked at
_PAIR = 2_000  # characters of a value kept


def _kind(source: Source) -> str | None:
    head = source.head
    if head.startswith(_BINARY_DXF) or _DXF.match(source.text[:16_384].lstrip("\ufeff \t")):
        return "dxf"
    if _DWG.match(head[:8]):
        return "dwg"
    if head.startswith(b"ISO-10303-21"):
        return "ifc" if _IFC.search(source.text) else "step"
    if head.startswith(_OLE):
        names = compound_directory(source)
        return next((kind for name, kind in _STREAMS.items() if name.encode("utf-16-le") in names), None)
    if head[8:12] == b"0M3C":
        return "cadkey"
    return next((kind for magic, kind in _OTHERS.items() if head.startswith(magic)), None)


@extractor(formats=("dxf", "dwg", "dgn", "dwf", "ifc", "step", "revit", "sketchup", "cadkey"), rank=10, sniff=_kind)
def drawing(source: Source) -> Parts:
    """Numbers of its elements, its texts, and where it lies, as far as its format says so in the open."""
    kind = _kind(source) or ""
    if kind == "dxf" and source.encoding is not None and not source.head.startswith(_BINARY_DXF):
        yield from _dxf(source)
    elif kind in {"ifc", "step"}:
        yield from _step(source, kind)
    else:
        version = source.head[:6].decode("latin-1") if kind == "dwg" else ""
        yield Metadata("drawing", {"format": kind, "elements": 1, "version": version})


def _pairs(source: Source) -> Iterator[tuple[str, str]]:
    """Group codes and values, line by line."""
    rows = source.rows()
    for code, value in itertools.islice(zip(rows, rows, strict=False), _MOST):
        yield code.strip(), value.rstrip("\r\n")[:_PAIR]


def _dxf(source: Source) -> Parts:
    section, kind, version, variable = "", "", "", ""
    counts, layers, texts, place = Counter[str](), dict[str, None](), list[str](), dict[str, str]()
    for code, value in _pairs(source):
        if code == "0":
            kind = value.strip()
            if section in {"ENTITIES", "BLOCKS"} and kind not in {"ENDSEC", "BLOCK", "ENDBLK", "SEQEND", "VERTEX"}:
                counts[kind] += 1
        elif code == "2" and kind == "SECTION":
            section, kind = value.strip(), ""
        elif code == "9":
            variable = value.strip()
        elif code == "1" and variable == "$ACADVER" and not version:
            version = value.strip()
        elif code in {"1", "3"} and kind in {"TEXT", "MTEXT", "ATTRIB", "ATTDEF", "DIMENSION"}:
            texts.append(value + "\n")
        elif code == "8" and section == "ENTITIES" and len(layers) < 200:
            layers[value.strip()[:60]] = None
        elif kind == "GEODATA" and code in {"11", "21", "301", "303"}:
            place.setdefault(code, value)
    yield from blocks(iter(texts), where="texts")
    yield from _placed(place)
    yield Metadata(
        "drawing",
        {
            "format": "dxf",
            "elements": counts.total(),
            "version": version,
            "layers": tuple(layers),
            "what": tuple(counts)[:40],
        },
    )


def _placed(place: dict[str, str]) -> Iterator[Positions]:
    """Where a drawing lies on the Earth, if it says so: a point in a coordinate system's own numbers."""
    try:
        x, y = float(place["11"]), float(place["21"])
    except (KeyError, ValueError):
        return
    name = re.search(r'id="([^"]{1,80})"', place.get("303", "") + place.get("301", ""))
    on_earth = abs(y) <= 90 and abs(x) <= 180
    yield Positions(
        [y], [x], where="GEODATA", datum="unknown" if on_earth else "local", crs=name[1] if name else "", what="drawing"
    )


_ENTITY = re.compile(r"^#\d{1,12}\s{0,3}=\s{0,3}(IFC\w{2,60}|[A-Z_]{2,60})\s{0,3}\(", re.IGNORECASE)
_SITE = re.compile(r"\((-?\d{1,3}),(-?\d{1,2}),(-?\d{1,2})(?:,(-?\d{1,6}))?\)")
_STRING = re.compile(r"'((?:[^']|''){2,300})'")
_BOSTON = ("42", "21", "31")  # where authoring tools put a site nobody placed: the office of their maker
_COUNTED = (
    "IFCWALL",
    "IFCWALLSTANDARDCASE",
    "IFCDOOR",
    "IFCWINDOW",
    "IFCSPACE",
    "IFCBUILDINGSTOREY",
    "IFCSLAB",
    "IFCBUILDING",
)


def _step(source: Source, kind: str) -> Parts:
    counts, sites = Counter[str](), list[Positions]()
    yield from blocks(_strings(source, counts, sites), where="texts")
    yield from sites
    held = tuple(f"{counts[name]} {name}" for name in _COUNTED if counts[name])
    yield Metadata("drawing", {"format": kind, "elements": counts.total(), "what": held})


def _strings(source: Source, counts: Counter[str], sites: list[Positions]) -> Iterator[str]:
    """Texts of its elements; how many there are of each kind and where it stands is noted on the way."""
    for row in itertools.islice(source.rows(), _MOST):
        found = _ENTITY.match(row[:200])
        if found is not None:
            name = found[1].upper()
            counts[name] += 1
            if name == "IFCSITE":
                sites.extend(_site(row[:4_000]))
            yield from (text + "\n" for text in _STRING.findall(row[:4_000]))


def _site(row: str) -> Iterator[Positions]:
    found = list(_SITE.findall(row))
    if len(found) >= 2 and found[0][:3] != _BOSTON:
        lat, lon = (_degrees(groups) for groups in found[:2])
        yield Positions([lat], [lon], where="IFCSITE", precision_m=1.0 if found[0][3] else 30.0, what="building")


def _degrees(groups: tuple[str, ...]) -> float:
    """Degrees, minutes, seconds and their millionths, all of one sign."""
    degrees, minutes, seconds, millionths = (int(part or 0) for part in groups)
    return degrees + minutes / 60 + (seconds + millionths / 1e6) / 3600
