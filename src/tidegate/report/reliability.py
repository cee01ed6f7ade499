"""Stated against observed rates of cases: a table with a picture for the terminal, and the picture as SVG."""

from __future__ import annotations

import math

import altair as alt
import vl_convert
from rich import box
from rich.console import Console
from rich.table import Table

from tidegate.cases.reliability import Rate, Reliability
from tidegate.words import many

WIDE = 24  # characters of the picture: eight a decade
LEAST, MOST = 0.03, 30.0  # cases a week at its ends


def show(found: Reliability, console: Console) -> None:
    """The rates, at each budget and by detector."""
    console.print(f"{found.weeks:.0f} weeks replayed; every case rated by what had been there before it.")
    if found.confirmed:
        console.print(f"{many(found.confirmed, 'confirmed case')} left out: they were no false alarms.")
    table = Table(box=box.SIMPLE_HEAD, header_style="dim")
    for head in ("stated a week", "observed", "cases", "by chance", "", f"{LEAST:g} to {MOST:g} a week"):
        table.add_column(head, justify="left" if head.startswith(f"{LEAST:g}") else "right")
    for rate in found.rates:
        table.add_row(*_cells(rate), _picture(rate))
    console.print(table)
    console.print("-: what chance makes of the stated rate;  |: stated;  o: observed", style="dim")
    own = Table(box=box.SIMPLE_HEAD, header_style="dim", title="By themselves, at one finding in ten weeks")
    for head in ("detector", "stated a week", "observed", "stories", "by chance", ""):
        own.add_column(head, justify="left" if head == "detector" else "right")
    for name, rate in found.detectors:
        own.add_row(name, *_cells(rate))
    console.print(own)


def svg(found: Reliability) -> str:
    """Observed rates over stated ones, with what chance allows; a reliable system's dots lie on the diagonal."""
    rows = [
        {"stated": r.stated, "observed": max(r.observed, LEAST), "low": max(r.low, LEAST), "high": max(r.high, LEAST)}
        for r in found.rates
    ]
    scale = alt.Scale(type="log", domain=[LEAST, MOST])
    x = alt.X("stated:Q", scale=scale, title="stated, cases a week")
    base = alt.Chart(alt.InlineData(values=rows))
    diagonal = alt.Chart(alt.InlineData(values=[{"at": LEAST}, {"at": MOST}]))
    line = diagonal.mark_line(color="#999", strokeDash=[4, 3]).encode(
        x=alt.X("at:Q", scale=scale), y=alt.Y("at:Q", scale=scale)
    )
    band = base.mark_area(color="#cfe3f5").encode(
        x=x, y=alt.Y("low:Q", scale=scale, title="observed, cases a week"), y2="high:Q"
    )
    dots = base.mark_point(filled=True, size=80, color="#1f5f99").encode(x=x, y=alt.Y("observed:Q", scale=scale))
    title = f"Cases a week, stated and observed, in {found.weeks:.0f} weeks"
    chart = alt.layer(band, line, dots).properties(width=320, height=320, title=title)
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def _cells(rate: Rate) -> tuple[str, str, str, str, str]:
    verdict = "holds" if rate.holds else "more than stated"
    return f"{rate.stated:g}", f"{rate.observed:.2f}", str(rate.cases), f"{rate.low:.2f} to {rate.high:.2f}", verdict


def _picture(rate: Rate) -> str:
    cells = [" "] * (WIDE + 1)
    for place in range(_at(rate.low), _at(rate.high) + 1):
        cells[place] = "-"
    cells[_at(rate.stated)] = "|"
    cells[_at(rate.observed)] = "o"
    return "".join(cells)


def _at(rate: float) -> int:
    share = math.log(max(rate, LEAST) / LEAST) / math.log(MOST / LEAST)
    return round(min(share, 1.0) * WIDE)
