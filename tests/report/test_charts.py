"""The timeline picture: a valid specification, drawn with the page's colours, that says what it shows."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import altair as alt
import pytest
import vl_convert

from tests.report import reports
from tidegate.report import charts
from tidegate.report.charts import timeline_svg
from tidegate.report.flow import flow_svg

CASES = {case.pattern: case for case in (reports.bulk(), reports.leaver(), reports.share(), reports.forwarding())}


@pytest.fixture
def specs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """The specifications that are drawn, and that nothing may be fetched for them."""
    seen: list[dict[str, Any]] = []

    def drawn(spec: dict[str, Any], *, allowed_base_urls: list[str]) -> str:
        assert allowed_base_urls == []
        seen.append(spec)
        return "<svg></svg>"

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", drawn)
    yield seen
    assert seen, "no chart was drawn"


@pytest.mark.parametrize("pattern", CASES)
def test_specifications_are_valid(pattern: str, specs: list[dict[str, Any]]) -> None:
    case = CASES[pattern]
    timeline_svg(case.timeline, case.raised_time, "what left")
    flow_svg(case.flows, "who to where")
    for spec in specs:
        alt.LayerChart.from_dict(spec, validate=True)
        assert "url" not in str(spec)


def test_the_scale_bends_only_where_it_must(specs: list[dict[str, Any]]) -> None:
    for case in (reports.bulk(), reports.leaver()):
        timeline_svg(case.timeline, case.raised_time, "what left")
    steep, flat = (spec["layer"][1]["encoding"]["y"]["scale"] for spec in specs)
    assert steep["type"] == "symlog"
    assert "type" not in flat


@pytest.mark.parametrize("raised", [datetime(2023, 12, 25), datetime(2024, 3, 3, 6), datetime(2024, 5, 1)])
def test_the_moment_is_in_the_picture_even_outside_the_days(raised: datetime, specs: list[dict[str, Any]]) -> None:
    timeline_svg(reports.bulk().timeline, raised, "what left")
    low, high = specs[0]["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low <= specs[0]["datasets"]["alarm"][0]["x"] <= high


def test_one_day_is_no_wall(specs: list[dict[str, Any]]) -> None:
    case = reports.bulk()
    timeline_svg(case.timeline[55:56], case.raised_time, "what left")
    assert specs[0]["layer"][0]["encoding"]["x"]["scale"]["domain"] == [-13, 1]


def test_drawn() -> None:
    case = reports.leaver()
    svg = timeline_svg(case.timeline, case.raised_time, 'what "left" <here>')
    root = ET.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext("title") == 'what "left" <here>'
    assert root.get("width") is None, "the page decides how wide it is"
    texts = [text for text in root.itertext() if text]
    assert "raised 28 Feb" in texts
    assert "400 MB" in texts
    assert "8 Jan" in texts
    colours = {value for element in root.iter() for key in ("fill", "stroke") if (value := element.get(key))}
    assert colours <= {"none", *(f"var(--{name})" for name in ("ink", "muted", "line", "band", "bar", "high"))}
    assert svg.count("var(--high)") == 12, "one bar for each day above the usual"


def test_the_same_wherever_it_is_drawn() -> None:
    case = reports.bulk()
    assert timeline_svg(case.timeline, case.raised_time, "x") == timeline_svg(case.timeline, case.raised_time, "x")


def test_nothing_to_draw() -> None:
    assert timeline_svg((), datetime(2024, 1, 1), "what left") == ""


def test_nothing_left_is_drawn_too() -> None:
    still = tuple(replace(volume, bytes=0, files=0, usual=0, high=0) for volume in reports.bulk().timeline)
    assert "<svg" in timeline_svg(still, datetime(2024, 3, 3), "what left")


@pytest.mark.parametrize(
    ("top", "steps"),
    [(1, [1]), (3, [1, 2, 3]), (560, [200, 400]), (4_000_000, [2_000_000, 4_000_000])],
)
def test_steps(top: int, steps: list[int]) -> None:
    assert charts._steps(top, parts=3) == steps


@pytest.mark.parametrize(
    ("low", "top", "powers"),
    [(40, 5_000, [100, 1_000]), (0.2, 900, [1, 10, 100]), (1, 1e9, [1, 1_000, 1_000_000, 1_000_000_000])],
)
def test_powers(low: float, top: float, powers: list[int]) -> None:
    assert charts._powers(low, top) == powers
