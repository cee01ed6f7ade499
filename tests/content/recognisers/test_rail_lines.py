"""Radio along a railway is of both classes, and graded highest; other lines and other channels are not."""

from __future__ import annotations

import pytest

from tests.content.seeing import classes, seen
from tidegate.content import grade

GSM_R = "km,arfcn,bsic,rxlev\n" + "".join(f"{12 + n / 10},{955 + n},{n},-7{n}\n" for n in range(9))


def graded(content: str) -> dict[str, str]:
    return {
        label.facts.data_class: label.grade
        for label in grade.labels(tuple(seen(content).tallies.values()), grade.load())
    }


def test_a_scan_of_gsm_r_is_of_radio_and_of_rail() -> None:
    assert classes(GSM_R) == {"radio", "infrastructure.rail"}
    assert graded(GSM_R) == {"radio": "core", "infrastructure.rail": "core"}


def test_a_scan_of_public_cells_is_of_radio_only() -> None:
    assert graded("km,earfcn,pci,rsrp\n1,1300,7,-90\n2,1300,8,-91\n") == {"radio": "sensitive"}


@pytest.mark.parametrize(
    "content",
    [
        "里程,轨距,水平,三角坑,左轨向\nK12,1435.2,1.0,0.5,0.2\nK13,1435.1,1.1,0.4,0.1\n",
        "chainage,turnout,interlocking\n12.1,W3,North\n12.4,W4,North\n",
        "balise,km\nB1,1.2\nB2,2.2\n",
    ],
)
def test_assets_and_geometry_are_sensitive(content: str) -> None:
    assert graded(content)["infrastructure.rail"] == "sensitive"


@pytest.mark.parametrize(
    "content",
    [
        "river km,level,width\n1,2.0,30\n2,2.1,31\n",
        "level,points,name\n1,100,Anna\n2,200,Ben\n",  # a game
        "signal,km,price\nbuy,1,2\nsell,2,3\n",
        "switch,km,vlan\ns1,1,10\ns2,2,20\n",
    ],
)
def test_other_lines_and_levels_are_not(content: str) -> None:
    assert "infrastructure.rail" not in classes(content)


def test_timetables_are_public() -> None:
    assert graded("trip_id,stop_id,arrival_time\n1,7,06:00:00\n1,8,06:09:00\n") == {"infrastructure.rail": "public"}
