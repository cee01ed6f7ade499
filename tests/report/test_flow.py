"""The picture of who sent to where: folded to what can be read, and true to scale."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.report import reports
from tidegate.cases.model import Flow
from tidegate.report.flow import HEIGHT, SLOT, THIN, column, flow_svg, fold


def flow(who: str, where: str, size: int, events: int = 1) -> Flow:
    return Flow(who=who, destination=where, bytes=size, events=events)


def test_fold_adds_up_and_leaves_what_fits() -> None:
    flows = (flow("ann", "x", 1), flow("ann", "x", 2), flow("bob", "x", 4))
    assert fold(flows, in_bytes=True, limit=2) == {("ann", "x"): 3, ("bob", "x"): 4}
    assert fold(flows, in_bytes=False, limit=2) == {("ann", "x"): 2, ("bob", "x"): 1}


def test_fold_keeps_the_largest_and_the_whole() -> None:
    flows = tuple(flow("ann", f"d{at}", at) for at in range(1, 10))
    folded = fold(flows, in_bytes=True, limit=3)
    assert folded == {("ann", "d9"): 9, ("ann", "d8"): 8, ("ann", "7 others"): 28}
    assert sum(folded.values()) == sum(part.bytes for part in flows)


def test_column_is_true_to_scale_and_nothing_overlaps() -> None:
    thick = {("ann", "x"): 100.0, ("ann", "y"): 4.0, ("bob", "y"): 2.0}
    stops = column(thick, thick, side=1, height=300)
    assert [stop.name for stop in stops] == ["x", "y"]
    assert [stop.bottom - stop.top for stop in stops] == [100, 6]
    assert stops[0].top < stops[0].label < stops[0].bottom, "on a wide ribbon the name lies on it"
    assert stops[0].bottom < stops[1].label - SLOT / 3, "the name of a thin one lies above it, clear of the one before"
    assert stops[1].label < stops[1].top


def texts(flows: tuple[Flow, ...]) -> list[str]:
    return [text for text in ET.fromstring(flow_svg(flows, "who to where")).itertext() if text][1:]


def test_drawn_in_bytes() -> None:
    assert texts(reports.bulk().flows) == [
        "person-5e1c09aa", "80 GB", "stormbucket.example", "update.vendor.example", "80 GB", "410 MB",
    ]  # fmt: skip


def test_drawn_in_events_where_no_bytes_are_known() -> None:
    said = texts(reports.forwarding().flows)
    assert {"7 events", "3 events", "2 events"} <= set(said)


def test_long_names_are_cut_in_the_middle() -> None:
    said = texts((flow("person-1", "a" * 40 + ".example", 1),))
    assert any("…" in text and text.endswith(".example") and len(text) == 30 for text in said)


@pytest.mark.parametrize("flows", [(flow("ann", "x", 0, 0),), (flow("ann", "x", 10**15), flow("bob", "y", 1))])
def test_extremes(flows: tuple[Flow, ...]) -> None:
    root = ET.fromstring(flow_svg(flows, "who to where"))
    height = float((root.get("viewBox") or "").split()[3])
    assert THIN < height < HEIGHT + 3 * SLOT


def test_nothing_to_draw() -> None:
    assert flow_svg((), "who to where") == ""
