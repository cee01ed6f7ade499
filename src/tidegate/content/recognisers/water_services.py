"""What services of water data give out: USGS files of gauges, WaterML as XML and JSON, the network of rivers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.units import Found, recogniser

_GAUGE = re.compile(
    r"gage height|discharge|stream ?flow|//rating|peak ?flow|ground-?water|water data|national water information|nwis"
    r"|site_no|surface.water",
    re.IGNORECASE,
)
_SERIES = ({"timeSeries", "sourceInfo", "variableCode"}, {"timeSeries", "siteCode", "variable"})
_RIVERS = frozenset({"nhdplus_comid", "comid", "reachcode", "mainstem"})
_WATERML = re.compile(r"waterml", re.IGNORECASE)


@recogniser(
    data_class="hydrological",
    source="OGC WaterML 2.0 (10-126r4) and CUAHSI WaterML 1.1; USGS NWIS RDB; USGS Network Linked Data Index",
    sees=(Metadata,),
    about=("gauge file", "json", "xml"),
    hits=(
        '# //FILE TYPE="NWIS RATING"\n# //STATION AGENCY="USGS"\nINDEP\tDEP\tSTOR\n16N\t16N\t1S\n2.99\t30\t*\n',
        (
            '{"value": {"timeSeries": [{"sourceInfo": {"siteCode": [{"value": "03339000"}]}, "variable":'
            ' {"variableCode": []}}]}}'
        ),
        '<wml2:Collection xmlns:wml2="http://www.opengis.net/waterml/2.0"><wml2:point/></wml2:Collection>',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"nhdplus_comid": "13293396"}}]}',
    ),
    misses=(
        '{"value": {"timeSeries": []}}',  # nothing in it
        "# fields\nname\tage\n10s\t3n\nAnna\t34\n",  # the same form of file, of people
        '{"channel-measurements": ["channel_flow", "channel_area"]}',  # names of fields, without data
        "<series xmlns='http://example.org/money'><point/></series>",
    ),
)
def water_services(part: Metadata) -> Iterator[Found]:
    """By names that only these formats have."""
    said = part.values
    if part.about == "gauge file":
        if line := next((c for c in part.words("comments") if _GAUGE.search(c[:200])), ""):
            yield Found(where="comments", facts={"format": ("USGS RDB",), "says": (line[:80],)})
    elif part.about == "xml":
        if _WATERML.search(str(said.get("tag", ""))):
            yield Found(where=str(said.get("root", "")), facts={"format": ("WaterML",)})
    else:
        keys = {*part.words("keys")}
        if any(needed <= keys for needed in _SERIES):
            yield Found(where="timeSeries", facts={"format": ("WaterML",)})
        elif rivers := _RIVERS & keys:
            yield Found(where=min(rivers), confidence=0.8, facts={"format": ("river network",)})
