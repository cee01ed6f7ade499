"""Parts of a map that hold no points by themselves: coordinate systems, georeferences, raw logs of receivers."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.units import Found, recogniser

_FRAMES = 3  # fewer marks stand in any file by chance


@recogniser(
    data_class="geographic",
    source="OGC 12-063r5 (WKT of coordinate systems); ESRI Shapefile Technical Description (1998); RTCM 10403",
    sees=(Metadata,),
    about=("coordinate system", "georeference", "receiver"),
    hits=(
        'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]]]',
        "ENVI\nsamples = 10\nlines = 10\nmap info = {UTM, 1.0, 1.0, 412000.0, 5151000.0, 10.0, 10.0, 33, North}\n",
        Metadata("receiver", {"fixes": 0, "unread": 40}),
    ),
    misses=(
        "ENVI\nsamples = 10\nlines = 10\nbands = 1\n",  # a raster without a place
        "PROJCS and GEOGCS are keywords of WKT\n",  # a manual
        Metadata("receiver", {"fixes": 0, "unread": 2}),  # bytes that look like a frame by chance
    ),
)
def georeference(part: Metadata) -> Iterator[Found]:
    """Files that say where other data lie."""
    if part.about == "receiver":
        if (unread := part.number("unread")) >= _FRAMES and not part.number("fixes"):
            yield Found(count=unread, where="frames", confidence=0.6)
        return
    crs = str(part.values.get("name") or part.values.get("crs") or "")
    yield Found(where=part.about, confidence=0.8, value=crs, facts={"crs": (crs[:80],)} if crs else {})
