"""Places in XML stand in attributes, in elements and in elements within them; texts keep their place and name."""

from __future__ import annotations

import pytest

from tests.content.seeing import format_id, parts, seen
from tidegate.content.document import BLOCK, Metadata, Positions, Text

PLACES = {
    "gpx": '<gpx><wpt lat="46.5" lon="13.8"><time>2026-03-01</time></wpt></gpx>',
    "kml": "<kml><coordinates>13.8,46.5,800</coordinates></kml>",
    "tcx": "<TrainingCenterDatabase><Position><LatitudeDegrees>46.5</LatitudeDegrees><LongitudeDegrees>13.8"
    "</LongitudeDegrees></Position></TrainingCenterDatabase>",
    "gml": "<gml:FeatureCollection xmlns:gml='x'><gml:pos>46.5 13.8</gml:pos></gml:FeatureCollection>",
    "gml posList": "<FeatureCollection><posList>46.5 13.8 46.6</posList></FeatureCollection>",
    "gml coord": "<FeatureCollection><coord>13.8 46.5</coord></FeatureCollection>",
    "attributes": '<?xml version="1.0"?><a Latitude="46.5" Longitude="13.8"/>',
}


@pytest.mark.parametrize("content", PLACES.values(), ids=PLACES)
def test_where_places_stand(content: str) -> None:
    (found,) = (part for part in parts(content.encode()) if isinstance(part, Positions))
    assert (list(found.lat), list(found.lon)) == ([46.5], [13.8])


def test_the_bounds_of_a_description() -> None:
    box = "".join(
        f"<{name}><gco:Decimal>{value}</gco:Decimal></{name}>"
        for name, value in {
            "westBoundLongitude": 13.0,
            "southBoundLatitude": 46.0,
            "eastBoundLongitude": 14.0,
            "northBoundLatitude": 47.0,
        }.items()
    )
    content = f'<MD_Metadata xmlns:gco="x">{box}<southBoundLatitude/></MD_Metadata>'
    (found,) = (part for part in parts(content.encode()) if isinstance(part, Positions))
    assert (found.lat, found.lon) == ([46.0, 47.0], [13.0, 14.0])
    plain = '<?xml version="1.0"?><x><north>47</north><south>46</south><east>14</east><west>13</west></x>'
    (found,) = (part for part in parts(plain.encode()) if isinstance(part, Positions))
    assert (found.lat, found.lon) == ([46.0, 47.0], [13.0, 14.0])


@pytest.mark.parametrize("odd", ["nan,nan", "1e999,46.5", "13.8", "x,y", "0,0", "13.8,146.5"])
def test_what_is_no_place_is_passed_over(odd: str) -> None:
    content = f"<kml><coordinates>{odd} 13.9,46.6</coordinates></kml>"
    (found,) = (part for part in parts(content.encode()) if isinstance(part, Positions))
    assert (found.lat, found.lon) == ([46.6], [13.9])


def test_what_is_named_tells_a_password() -> None:
    for inside in ('<add key="dbPassword" value="tr0ub4dor&amp;3"/>', "<password>tr0ub4dor&amp;3</password>"):
        assert "password_assignment" in seen(f"<configuration xmlns='x'>{inside}</configuration>").tallies
    assert (
        "password_assignment"
        not in seen("<configuration xmlns='x'><page>tr0ub4dor&amp;3</page></configuration>").tallies
    )


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        ('<?xml version="1.0"?><any/>', "xml"),
        ("<x:RDF xmlns:x='y'/>", "rdf"),
        ("<railml/>", "railml"),
        ("<tag> is how elements begin\n", "text"),
        ("x < y and y > z\n", "text"),
    ],
)
def test_formats_by_their_first_element(content: str, format_: str) -> None:
    assert format_id(content.encode()) == format_


def test_texts_keep_their_place() -> None:
    lines = "".join(f"<p>first line {n}\nsecond line</p>" for n in range(3 * BLOCK // 25))
    blocks = [part for part in parts(f"<kml>{lines}</kml>".encode()) if isinstance(part, Text)]
    text = "".join(block.text for block in blocks)
    assert len(blocks) > 2
    for block in blocks:
        assert text[block.offset :].startswith(block.text)
        assert block.line == text.count("\n", 0, block.offset) + 1


def test_other_encodings_are_read() -> None:
    content = '<?xml version="1.0" encoding="GB18030"?><kml><name>卧龙样地</name></kml>'.encode("gb18030")
    assert "卧龙样地" in "".join(part.text for part in parts(content) if isinstance(part, Text))
    (said,) = (part.values for part in parts(content) if isinstance(part, Metadata))
    assert (said["root"], said["elements"]) == ("kml", ("kml", "name"))
