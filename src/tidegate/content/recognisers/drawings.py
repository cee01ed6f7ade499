"""Drawings and models of buildings and plants."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.units import Found, recogniser

_DXF = (
    "  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\nAC1009\n  0\nENDSEC\n  0\nSECTION\n  2\n"
    "ENTITIES\n  0\nLINE\n  8\nWALLS\n 10\n0.0\n  0\nENDSEC\n  0\nEOF\n"
)


@recogniser(
    data_class="infrastructure.building",
    source=(
        "Autodesk DXF reference; ISO 16739-1 (IFC); Open Design Specification for DWG; Intergraph"
        " Standard File Format (DGN)"
    ),
    sees=(Metadata,),
    about=("drawing",),
    hits=(
        _DXF,
        b"AC1032\x00\x00\x00\x00\x00\x03\x40\x0b" + bytes(80),
        (
            "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC2X3'));\nENDSEC;\nDATA;\n"
            "#1=IFCWALL('0abc',$,'Wall',$,$,$,$,$);\nENDSEC;\n"
        ),
        b"(DWF V06.00)PK\x03\x04" + bytes(40),
    ),
    misses=(
        b"AC1032 is the version of drawings of 2018\n",  # a manual
        (
            "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\n#1=PRODUCT('bolt','',$,());\n"
        ),  # a part
        "0\nSECTION\nthe first of three\n",  # a heading
    ),
)
def drawings(part: Metadata) -> Iterator[Found]:
    """By format; one without elements, such as a template, is a drawing too. Models of parts of machines are not."""
    kind = str(part.values.get("format", ""))
    if kind != "step":
        facts = {"format": (kind,)} | {key: held[:30] for key in ("what", "layers") if (held := part.words(key))}
        yield Found(count=part.number("elements") or 1, where=kind, confidence=0.95, facts=facts)
