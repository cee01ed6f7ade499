"""XML of any kind: what it is by its first element, its text, its positions (GPX, KML, TCX, GML, ISO 19139)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError

from tidegate.content.document import BLOCK, Metadata, Part, Parts, Positions, Text, blocks
from tidegate.content.extract import _vrt
from tidegate.content.extract._xml import events, local, root
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

ROOTS = {
    "gpx": "gpx",
    "kml": "kml",
    "TrainingCenterDatabase": "tcx",
    "MD_Metadata": "iso19139",
    "MI_Metadata": "iso19139",
    "DIF": "dif",
    "VRTDataset": "gdal-vrt",
    "FeatureCollection": "gml",
    "alert": "cap",
    "eml": "eml-xml",
    "archive": "dwc-meta",
    "SCL": "scl",
    "RDF": "rdf",
    "railml": "railml",
    "railML": "railml",
    "svg": "svg",
    "html": "xhtml",
    "rss": "rss",
    "feed": "atom",
    "plist": "plist",
    "package": "opf",
}
"""Formats by the local name of the first element; others are `xml`."""

_NAMES = 300  # different element names that are told of
_BLOCK = 2_000  # points


def _kind(source: Source) -> str | None:
    found = root(source.text)
    return None if found is None or not _is_xml(source, found[0]) else ROOTS.get(local(found[0]), "xml")


def _is_xml(source: Source, name: str) -> bool:
    start = source.text.lstrip("\ufeff \t\r\n")
    return start.startswith("<?xml") or "xmlns" in source.text[:32768] or local(name) in ROOTS.keys() - {"html"}


@extractor(formats=(*dict.fromkeys(ROOTS.values()), "xml"), rank=30, sniff=_kind)
def xml(source: Source) -> Parts:
    """Text of its elements, a line each; points as they come; names of its elements at the end."""
    seen = _Seen()
    damage: Exception | None = None
    with source.open() as data:
        try:
            for event in events(data, source.encoding):
                if event.kind == "start":
                    seen.start(event.name, event.attributes)
                else:
                    seen.end(event.name, event.text.strip())
                if len(seen.lat) >= _BLOCK:
                    yield seen.positions()
                if seen.length > BLOCK:
                    yield from seen.texts()
        except (ExpatError, InputError) as error:  # what came before it is kept
            damage = error
    yield from seen.rest(source)
    if seen.names.get("VRTDataset"):
        yield from _vrt.georeference(source)
    if damage is not None:
        raise damage


@dataclass
class _Seen:
    """What has gone by and was not handed on yet."""

    lat: list[float] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    length: int = 0
    offset: int = 0
    line: int = 1
    names: dict[str, int] = field(default_factory=dict)
    what: str = "point"
    since: str = ""
    until: str = ""
    open: str | None = None  # half a position, whose number stands in an element within
    half: dict[str, float] = field(default_factory=dict)  # of a position whose other half is still to come

    def start(self, name: str, attributes: object) -> None:
        if name in self.names or len(self.names) < _NAMES:
            self.names[name] = self.names.get(name, 0) + 1
        values = dict(attributes) if isinstance(attributes, dict) else {}
        if name in _AXES and name.endswith(("Latitude", "Longitude")):
            self.open = name
        pair = next(((values[a], values[b]) for a, b in _PAIRS if a in values and b in values), None)
        if pair is not None:
            self.add([pair])
        for key, value in values.items():
            self.say(_told(key, value))
        if (named := values.get("key") or values.get("name")) and "value" in values:
            self.say(_told(named, values["value"]))

    def end(self, name: str, text: str) -> None:
        if not text:
            if self.open is not None and name == self.open:
                self.open = None
            return
        if name not in _AXES and self.open is not None:  # ISO 19139 keeps the number in an element of its own
            name, self.open = self.open, None
        if name in _AXES:
            axis = _AXES[name]
            self.half[axis] = _number(text)
            if {"lat", "lon"} <= self.half.keys():
                self.add([(self.half["lat"], self.half["lon"])])
                self.half = {}
        elif name == "coordinates":
            self.add((p[1], p[0]) for p in (t.split(",") for t in text.split()) if len(p) >= 2)
        elif name == "coord":
            pair = text.split()
            self.add([(pair[1], pair[0])] if len(pair) >= 2 else [])
        elif name in _BOX:
            self.half[name] = _number(text)
            if self.half.keys() >= _BOX:
                box = self.half
                self.add([(box["south"], box["west"]), (box["north"], box["east"])])
                self.half = {}
        elif name in {"pos", "posList", "lowerCorner", "upperCorner"}:
            numbers = text.split()
            self.add(zip(numbers[::2], numbers[1::2], strict=False))
        elif name in {"time", "Time", "when"}:
            self.since, self.until = min(self.since or text, text), max(self.until, text)
        else:
            self.say(_told(name, text))

    def say(self, text: str) -> None:
        if text.strip():
            self.lines.append(text + "\n")
            self.length += len(text) + 1

    def add(self, points: Iterable[tuple[object, object]]) -> None:
        for y, x in points:
            lat, lon = _number(y), _number(x)
            if abs(lat) <= 90 and abs(lon) <= 360 and (lat or lon):
                self.lat.append(lat)
                self.lon.append(lon)

    def positions(self) -> Positions:
        found = Positions(self.lat, self.lon, since=self.since[:40], until=self.until[:40], what=self.what)
        self.lat, self.lon, self.since, self.until = [], [], "", ""
        return found

    def texts(self) -> Iterator[Text]:
        for block in blocks(iter(self.lines)):
            yield Text(block.data, "", block.offset + self.offset, block.line + self.line - 1)
        self.offset += self.length
        self.line += sum(line.count("\n") for line in self.lines)
        self.lines, self.length = [], 0

    def rest(self, source: Source) -> Iterator[Part]:
        if self.lat:
            yield self.positions()
        yield from self.texts()
        found = root(source.text)
        names = tuple(sorted(self.names, key=lambda n: -self.names[n]))
        yield Metadata(
            "xml",
            {"root": local(found[0]) if found else "", "tag": found[1][:2000] if found else "", "elements": names},
        )


_PAIRS = (("lat", "lon"), ("latitude", "longitude"), ("Lat", "Lon"), ("Latitude", "Longitude"), ("LAT", "LON"))
_BOX = {"north", "south", "east", "west"}

_AXES = {
    "LatitudeDegrees": "lat",
    "LongitudeDegrees": "lon",
    "lat": "lat",
    "lon": "lon",
    "latitude": "lat",
    "longitude": "lon",
    "southBoundLatitude": "lat",
    "westBoundLongitude": "lon",
    "northBoundLatitude": "lat",
    "eastBoundLongitude": "lon",
    "Southernmost_Latitude": "lat",
    "Westernmost_Longitude": "lon",
    "Northernmost_Latitude": "lat",
    "Easternmost_Longitude": "lon",
}
"""Elements that hold half a position."""


_TELLING = re.compile(r"(?i)passw|pwd|secret|token|credential|(?:api|private|access).?key|user")


def _told(name: str, text: str) -> str:
    """A value, with its name where that says what it is: without it nobody knows a password for one."""
    return f'{name} = "{text}"' if _TELLING.search(name) and len(text) < 400 and "\n" not in text else text


def _number(text: object) -> float:
    """A number, or NaN, which is nowhere."""
    try:
        return float(str(text))
    except ValueError:
        return float("nan")
