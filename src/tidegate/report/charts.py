"""The two pictures of a case as inline SVG: what left per day against the usual, and who sent to where.

Colours are CSS variables of the page (`--ink --muted --line --band --bar --high --flow`), so one picture serves
light, dark and print. Sizes and places are fixed, so a report is the same on every machine whatever its fonts.
Nothing is fetched: data are inline, and the renderer is told that no address is allowed.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Literal

import altair as alt
import vl_convert
from markupsafe import Markup, escape

from tidegate.cases.model import DayVolume
from tidegate.report.timeline import Bar, bars, floor, is_steep
from tidegate.words import human, visible

WIDTH = 480  # pixels: half a desktop page, and text still readable when a phone shrinks it to 360
FEWEST = 14  # days an axis spans, so that one day's bar is not a wall; what is before a timeline is known to be nothing


def timeline_svg(timeline: Sequence[DayVolume], raised: datetime, label: str) -> Markup:
    """What left per day (bars), the usual day (line) and range (band), and when the case was raised (dashes).

    label: what a screen reader says instead. Empty where there is no timeline.
    """
    shown = bars(timeline)
    if not shown:
        return Markup()
    first = min(volume.day for volume in timeline)
    mark = (raised - datetime.combine(first, time())) / timedelta(days=1)
    end = max(shown[-1].start + shown[-1].days, mark)
    start = min(0, mark, end - FEWEST)
    at = range(math.ceil(start), math.ceil(end), math.ceil((end - start) / 5))
    days = {day: _date(first + timedelta(days=day), end - start) for day in at}
    x = alt.X("x:Q", scale=alt.Scale(domain=[start, end], nice=False), axis=_axis(days, grid=False))
    y = _heights(shown, in_bytes=any(volume.bytes for volume in timeline))
    volume, alarm = (alt.Chart(alt.NamedData(name)) for name in ("volume", "alarm"))
    align: Literal["left", "right"] = (
        "left" if mark < (start + end) / 2 else "right"
    )  # the words go where there is room
    colour = alt.condition("datum.amount > datum.high", alt.value("var(--high)"), alt.value("var(--bar)"))
    return svg(
        [
            volume.mark_rect(color="var(--band)", stroke="var(--band)").encode(
                x=x, x2=alt.X2("to"), y=y("high:Q"), y2=alt.Y2Datum(0)
            ),
            volume.mark_rect().encode(x=x, x2=alt.X2("edge"), y=y("amount:Q"), y2=alt.Y2Datum(0), color=colour),
            volume.mark_rule(color="var(--ink)").encode(x=x, x2=alt.X2("to"), y=y("usual:Q")),
            alarm.mark_rule(color="var(--ink)", strokeDash=[4, 3]).encode(x=x),
            alarm.mark_text(color="var(--ink)", align=align, dx=5 if align == "left" else -5, dy=-10).encode(
                x=x, y=alt.value(0), text=alt.Text("text:N")
            ),
        ],
        {
            "volume": [
                {"x": bar.start, "edge": bar.start + 0.8 * bar.days, "to": bar.start + bar.days}
                | {"amount": bar.amount, "usual": bar.usual, "high": bar.high}
                for bar in shown
            ],
            "alarm": [{"x": mark, "text": f"raised {_date(raised)}"}],
        },
        label,
        height=150,
        padding={"left": 60, "right": 10, "top": 22, "bottom": 26},
    )


def _heights(shown: Sequence[Bar], *, in_bytes: bool) -> Callable[[str], alt.Y]:
    """The vertical channel for a field: linear where the usual can be seen so, else by powers of ten."""
    top = max(max(bar.amount, bar.high, 1) for bar in shown)
    if is_steep(shown):
        scale, ticks = (
            alt.Scale(type="symlog", constant=floor(shown), domain=[0, top], nice=False),
            _powers(floor(shown), top),
        )
    else:
        scale, ticks = alt.Scale(domain=[0, top], nice=False), _steps(top, parts=3)
    labels = {0: "0"} | {at: human(at) if in_bytes else f"{at:,}" for at in ticks}
    return partial(alt.Y, scale=scale, axis=_axis(labels, grid=True))


def svg(
    layers: Sequence[alt.Chart],
    data: Mapping[str, Sequence[Mapping[str, object]]],
    label: str,
    *,
    height: float,
    padding: Mapping[str, float],
) -> Markup:
    """Layers of a chart as an `<svg>` to stand in HTML: it scales, takes the page's font and colours, says its `label`.

    data: rows by the names the layers use. height: of the plot, pixels; the width of the whole is `WIDTH`.
    """
    spec = alt.LayerChart(
        layer=list(layers),
        width=WIDTH - padding["left"] - padding["right"],
        height=height,
        padding=dict(padding),
        autosize=alt.AutoSizeParams(type="none"),
        config=alt.Config(
            aria=False,
            background="transparent",
            font="inherit",
            text=alt.MarkConfig(fontSize=12),
            view=alt.ViewConfig(stroke=None),
        ),
    ).to_dict(validate=False)  # always of the same shape, so the tests validate it; that takes longer than to draw it
    drawn = vl_convert.vegalite_to_svg(spec | {"datasets": dict(data)}, allowed_base_urls=[])
    whole = f"0 0 {WIDTH} {height + padding['top'] + padding['bottom']:g}"
    said = escape(visible(label))
    opening = f'<svg role="img" viewBox="{whole}" aria-label="{said}"><title>{said}</title>'
    return Markup(re.sub(r"^<svg[^>]*>", lambda _: opening, drawn))  # noqa: S704  Vega escapes text, we the label


def _axis(labels: Mapping[int, str], *, grid: bool) -> alt.Axis:
    return alt.Axis(
        title=None,
        values=list(labels),
        labelExpr=f"{json.dumps({str(at): text for at, text in labels.items()})}[datum.value]",
        labelColor="var(--muted)",
        labelFontSize=12,
        labelOverlap=False,
        ticks=False,
        labelPadding=6,
        grid=grid,
        gridColor="var(--line)",
        domain=not grid,
        domainColor="var(--muted)",
    )


def _steps(top: float, *, parts: int) -> list[int]:
    """Round heights (1, 2 or 5 times a power of ten) up to `top`, about `parts` of them."""
    power = 10 ** math.floor(math.log10(max(top / parts, 1)))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * parts >= top)
    return list(range(step, math.floor(top) + 1, step))


def _powers(low: float, top: float) -> list[int]:
    """Powers of ten from the usual to `top`, at most four."""
    powers = range(math.ceil(math.log10(max(low, 1))), math.floor(math.log10(top)) + 1)
    return [10**power for power in powers[:: math.ceil(len(powers) / 4) or 1]]


def _date(time: date, span: float = 0) -> str:
    """Short for an axis of `span` days: `12 Mar`, or over more than a year `Mar 2024`."""
    return f"{time:%b %Y}" if span > 366 else f"{time.day} {time:%b}"
