"""Models of power grids and of water networks: in their own formats, in XML and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.units import Found, recogniser

_PANDAPOWER = frozenset({"_module", "_class", "_object", "bus", "ext_grid", "trafo"})
_EPANET = (
    "[TITLE]\nTown\n\n[JUNCTIONS]\n;ID Elev\n 10 710 0 ;\n 11 710 150 ;\n\n[PIPES]\n 10 10 11 10530 12 100 0 Open ;\n"
)


@recogniser(
    data_class="infrastructure.energy",
    source=(
        "IEC 61970-301 and 61968-11 (CIM), IEC 61850-6 (SCL), UCTE data exchange format, MATPOWER"
        " manual, EPANET 2.2 manual"
    ),
    sees=(Metadata,),
    about=("grid model", "xml", "json"),
    hits=(
        _EPANET,
        "function mpc = case5\nmpc.version = '2';\nmpc.bus = [\n 1 2 0 0 0 0 1 1.0 2.8 230 1 1.1 0.9;\n];\n",
        "##C 2007.05.01\nExport\n##N\n##ZAL\nABUS1_1L Bus1_AL 0 3 383.80 0 0\n##L\nABUS2_1L ABUS1_1L 1 0 0.7198\n",
        '<SCL xmlns="http://www.iec.ch/61850/2003/SCL"><Header id="x"/><IED name="R1"/></SCL>',
        (
            '<rdf:RDF xmlns:cim="http://iec.ch/TC57/2013/CIM-schema-cim16#"'
            ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
        ),
        (
            '{"_module": "pandapower.auxiliary", "_class": "pandapowerNet", "_object": {"bus": {"a": 1},'
            ' "ext_grid": {}, "trafo": {}}}'
        ),
    ),
    misses=(
        "[TITLE]\nHouse\n\n[PIPES]\ncopper = 4\n",  # a plumber's notes
        "[OPTIONS]\nunits=m\n[SERVER]\nport=80\n",  # a program's settings
        (
            '<rdf:RDF xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
        ),
        '{"_module": "x", "_class": "y", "_object": {"bus": "number 7"}}',  # an omnibus
        "function mpc = add(a, b)\nmpc = a + b;\n",  # a function of that name
    ),
)
def grid_models(part: Metadata) -> Iterator[Found]:
    """By what the extractor counted; by the namespace of CIM or the root of SCL; by the tables of pandapower."""
    said = part.values
    if part.about == "grid model":
        kind = str(said.get("format", ""))
        if count := part.number("elements"):
            yield Found(count=count, where=kind, confidence=0.95, facts={"format": (kind,)})
    elif part.about == "xml":
        tag, root = str(said.get("tag", "")), str(said.get("root", ""))
        if "iec.ch/TC57" in tag or root == "SCL" or "iec.ch/61850" in tag:
            names = {
                "Substation",
                "VoltageLevel",
                "IED",
                "ACLineSegment",
                "PowerTransformer",
                "Breaker",
                "SynchronousMachine",
            }
            held = tuple(sorted(names.intersection(part.words("elements"))))
            kind = "SCL" if root == "SCL" else "CIM"
            yield Found(where=root, confidence=0.95, facts={"format": (kind,)} | ({"what": held} if held else {}))
    elif _PANDAPOWER.issubset(part.words("keys")):
        yield Found(where="bus, trafo", confidence=0.95, facts={"format": ("pandapower",)})
