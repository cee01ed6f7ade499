"""Models of supply networks are told from their lines, and their elements counted."""

from __future__ import annotations

import pytest

from tests.content.seeing import format_id, parts
from tidegate.content.document import Metadata

MODELS = {
    "epanet": (
        "[TITLE]\nTown\n[JUNCTIONS]\n;ID Elev\n 1 700 0 ;\n 2 710 9 ;\n[PIPES]\n 1 1 2 1000 ;\n[TIMES]\n Duration 24\n",
        3,
    ),
    "matpower": (
        "function mpc = c\nmpc.version = '2';\nmpc.bus = [\n 1 3 0 0 0 0 1 1.0;\n 2 1 90 30 0 0 1 1.0;\n];\n",
        2,
    ),
    "ucte-def": ("##C 2007.05.01\nExport\n##N\n##ZDE\nABUS1_1L one 0 3 383.80\n##L\nABUS2_1L ABUS1_1L 1 0 0.71\n", 2),
    "psse-raw": (
        "0, 100.0, 33, 0, 1, 50.0 / case\ntitle\ntitle\n1,'BUS1', 110.0, 3\n0 / END OF BUS DATA, BEGIN LOAD DATA\n",
        1,
    ),
    "opendss": ("New Circuit.Town basekv=110\nNew Line.L1 bus1=a bus2=b\nNew Load.h bus1=b kw=5\n", 3),
}


@pytest.mark.parametrize("format_", MODELS)
def test_each_format_is_told_and_counted(format_: str) -> None:
    content, least = MODELS[format_]
    assert format_id(content.encode()) == format_
    (model,) = (part for part in parts(content.encode()) if isinstance(part, Metadata))
    elements = model.values["elements"]
    assert isinstance(elements, int)
    assert elements >= least


@pytest.mark.parametrize(
    "content",
    [
        "[PIPES]\ncolour = green\nlength = 3\n",  # a program's settings
        "mpc.play()\nmpc.stop()\n",  # a music player
        "New line. New load. New circuit.\n",  # prose
        "##C is a comment\n##N\n",  # a note
    ],
)
def test_words_of_these_formats_in_other_texts_are_not(content: str) -> None:
    assert format_id(content.encode()) not in MODELS
