"""Drawings by their content; their texts are handed on, and where they lie."""

from __future__ import annotations

from tests.content.seeing import classes, format_id, parts
from tidegate.content.document import Metadata, Positions, Text

DXF = (
    "999\nmade by hand\n0\nSECTION\n2\nENTITIES\n0\nLINE\n8\nWALLS\n10\n0.0\n0\nMTEXT\n8\nNOTES\n"
    "1\nBoiler room, key 7\n"
    "0\nENDSEC\n0\nSECTION\n2\nOBJECTS\n0\nGEODATA\n11\n530207.5\n21\n179366.7\n303\n"
    '<P id="OSGB1936.NationalGrid">\n0\nENDSEC\n0\nEOF\n'
)
IFC = (
    "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
    "#1=IFCSITE('x',$,'Site',$,$,$,$,$,.ELEMENT.,{lat},{lon},0.,$,$);\n"
    "#2=IFCDOOR('y',$,'Vault door');\nENDSEC;\n"
)


def test_a_dxf_tells_texts_layers_and_place() -> None:
    found = parts(DXF.encode())
    assert any(isinstance(part, Text) and b"Boiler room" in part.data for part in found)
    (place,) = [part for part in found if isinstance(part, Positions)]
    assert (place.lon[0], place.datum, place.crs) == (530207.5, "local", "OSGB1936.NationalGrid")
    assert [p.values["layers"] for p in found if isinstance(p, Metadata)] == [("WALLS", "NOTES")]
    assert classes(DXF) == {"infrastructure.building", "geographic"}


def test_a_site_where_somebody_placed_it_has_a_position() -> None:
    placed = IFC.format(lat="(46,30,0,0)", lon="(13,45,0,0)")
    (place,) = [part for part in parts(placed.encode()) if isinstance(part, Positions)]
    assert (place.lat[0], place.lon[0]) == (46.5, 13.75)
    nowhere = IFC.format(lat="(42,21,31,181945)", lon="(-71,-3,-24,-263305)")
    assert classes(nowhere) == {"infrastructure.building"}  # where the authoring tool puts what nobody placed


def test_words_of_the_format_in_prose_are_no_drawing() -> None:
    assert format_id(b"0\nSECTION\nof three, it said\n") == "text"
    assert format_id(b"AC1032 is a version\n") == "text"
