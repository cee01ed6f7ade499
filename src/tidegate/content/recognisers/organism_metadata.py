"""Descriptions of data about organisms: Darwin Core archives, EML, Camtrap DP packages, studies, trees."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.units import Found, recogniser

_EML = {"taxonomicCoverage", "taxonRankName", "taxonomicClassification", "generalTaxonomicCoverage"}
_CAMTRAP = {"taxonomic", "observationLevel", "individualAnimals", "captureMethod", "deployments", "samplingDesign"}
_TRAPS = ("reconyx", "bushnell", "browning", "cuddeback", "moultrie", "spypoint", "stealth cam", "scoutguard",
          "ltl acorn", "uovision", "covert", "boly", "pantheracam", "trailcam", "ereagle", "yianws",
          "suntek")  # fmt: skip
"""Makers of trail cameras, as they write themselves in EXIF."""


@recogniser(
    data_class="biological",
    source="Darwin Core text guide (TDWG 2023); EML 2.2; Camtrap DP 1.0; Newick (Felsenstein 1986); EXIF Make",
    sees=(Metadata,),
    about=("xml", "json", "exif", "tree", "study"),
    hits=(
        '<archive xmlns="http://rs.tdwg.org/dwc/text/"><core><files><location>a.txt</location></files></core></archive>',
        "((raccoon:19.2,bear:6.8):0.8,(sea_lion:12.0,seal:12.0):7.5);\n",
        Metadata("exif", {"Image Make": "RECONYX", "Image Model": "HYPERFIRE 2"}),
    ),
    misses=(
        '<archive xmlns="http://example.org/backup"><file>a.txt</file></archive>',  # some other archive
        Metadata("exif", {"Image Make": "Canon", "Image Model": "EOS 40D"}),  # an ordinary camera
        "(see also: the appendix, and others);\n",  # prose in brackets
    ),
)
def organism_metadata(part: Metadata) -> Iterator[Found]:
    """Files that describe such data."""
    values = part.values
    if part.about == "tree":
        yield Found(count=max(1, part.number("leaves")), where="tree", confidence=0.9)
    elif part.about == "study":
        yield Found(where="study", confidence=0.85)
    elif part.about == "exif":
        make = f"{values.get('Image Make', '')} {values.get('Image Model', '')}".lower()
        if any(name in make for name in _TRAPS):
            yield Found(where="Image Make", confidence=0.85, facts={"camera": (make.strip(),)})
    elif part.about == "xml":
        yield from _xml(str(values.get("root", "")), str(values.get("tag", "")), {*part.words("elements")})
    elif len(_CAMTRAP.intersection(part.words("keys"))) >= 2:
        yield Found(where="keys", confidence=0.85)


def _xml(root: str, tag: str, elements: set[str]) -> Iterator[Found]:
    dataset = root == "eml" or {"dataset", "eml"} <= elements
    if (root == "archive" and "tdwg.org/dwc" in tag) or (dataset and elements & _EML):
        yield Found(where=root, confidence=0.9)
    elif (
        root == "eml" and "ecoinformatics.org" in tag
    ):  # GBIF's profile: data about organisms, also where it says little
        yield Found(where=root, confidence=0.7)
