"""Stated and observed rates on a terminal and as a picture."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

from rich.console import Console

from tests.cases.test_budget import someone
from tests.cases.test_build import START
from tidegate.cases.budget import stories
from tidegate.cases.reliability import Reliability, reliability
from tidegate.report.reliability import show, svg


def found() -> Reliability:
    told = stories([someone(f"p{n}", 3 * n, 0.1 / (n + 1)) for n in range(120)], weight=6, start=START)
    return reliability(told, start=START, end=START + timedelta(weeks=52))


def test_a_budget_that_does_not_hold_is_said_and_seen() -> None:
    out = StringIO()
    show(found(), Console(file=out, width=120))
    assert "52 weeks replayed" in out.getvalue()
    assert "more than stated" in out.getvalue()
    assert "bulk_volume" in out.getvalue()


def test_the_picture_is_one_svg_that_fetches_nothing() -> None:
    drawn = svg(found())
    assert drawn.startswith("<svg")
    assert "stated, cases a week" in drawn
    assert "href" not in drawn
