"""Georeference of a GDAL virtual raster: a transform, ground control points, or rational functions."""

from __future__ import annotations

from tidegate.content.document import Metadata, Parts
from tidegate.content.extract import _crs
from tidegate.content.extract._xml import events
from tidegate.content.source import Source


def georeference(source: Source) -> Parts:
    """Where the raster lies; nothing where the file does not say."""
    crs, xs, ys, width, height, rational = "", list[float](), list[float](), 0.0, 0.0, False
    transform: list[float] = []
    with source.open() as data:
        for event in events(data, source.encoding):
            said = event.attributes
            if event.kind == "start":
                if event.name == "VRTDataset":
                    width, height = float(said.get("rasterXSize", 0)), float(said.get("rasterYSize", 0))
                elif event.name == "GCPList":
                    crs = crs or said.get("Projection", "")
                elif event.name == "GCP" and "X" in said and "Y" in said:
                    xs.append(float(said["X"]))
                    ys.append(float(said["Y"]))
                elif event.name == "Metadata":
                    rational = rational or said.get("domain") == "RPC"
            elif event.name == "SRS":
                crs = crs or event.text.strip()
            elif event.name == "GeoTransform":
                transform = [float(cell) for cell in event.text.split(",")]
    pixel = None
    if len(transform) == 6 and not xs:
        x0, dx, _, y0, _, dy = transform
        xs, ys, pixel = [x0, x0 + dx * width], [y0, y0 + dy * height], abs(dx)
    if xs:
        in_degrees = all(abs(x) <= 360 for x in xs)
        yield _crs.positions(xs, ys, crs, count=len(xs), what="pixel", precision_m=None if in_degrees else pixel)
    if xs or rational:
        yield Metadata("georeference", {"crs": crs[:80] or ("rational functions" if rational else "")})
