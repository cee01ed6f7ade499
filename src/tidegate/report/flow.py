"""Who sent to where, as ribbons between two columns of names (a Sankey diagram), which Vega-Lite has no mark for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import altair as alt
from markupsafe import Markup

from tidegate.cases.model import Flow
from tidegate.report.charts import WIDTH, svg
from tidegate.words import human, many, shorten, visible

HEIGHT = 140  # pixels: all ribbons together, so that the picture is about as high as the timeline beside it
SLOT = 36  # pixels a name needs: two lines of text; a thinner ribbon has its name above it
THIN = 1.5  # pixels: the least a ribbon has, or the smallest would not be seen
BAR = 6  # pixels: width of the bars that end the ribbons, and the gap between names
CURVE = ((0.0, 0.0), *((0.3 + 0.04 * t, (t / 10) ** 2 * (3 - t / 5)) for t in range(11)), (1.0, 1.0))
"""How ribbons go: share of the width, share of the rise (a smooth step); level where names stand on them."""

ALIGNED: tuple[tuple[int, Literal["left", "right"], int], ...] = ((0, "left", 14), (1, "right", -8))
"""Sides, how names are set there, and how far from the edge, pixels."""

Pairs = Mapping[tuple[str, str], float]  # (who, where) → how much


@dataclass(frozen=True)
class Stop:
    """A name in its column: bytes or events, and where its bar begins, ends, and has the middle of its name, pixels."""

    name: str
    amount: float
    top: float
    bottom: float
    label: float


def flow_svg(flows: Sequence[Flow], label: str, *, limit: int = 5) -> Markup:
    """Who sent to where: a ribbon's width is the bytes sent, or the events where no bytes are known.

    label: what a screen reader says instead. limit: names in a column, the rest drawn together as `3 others`.
    Empty where there are no flows.
    """
    if not flows:
        return Markup()
    in_bytes = any(flow.bytes for flow in flows)
    sent = fold(flows, in_bytes=in_bytes, limit=limit)
    whole = sum(sent.values()) or 1
    thick = {pair: max(amount / whole * HEIGHT, THIN) for pair, amount in sent.items()}
    height = max(_room(thick, side) for side in (0, 1))
    columns = [column(sent, thick, side=side, height=height) for side in (0, 1)]
    ends = [
        {
            "side": side,
            "x": side * (WIDTH - BAR),
            "x2": side * (WIDTH - BAR) + BAR,
            "y": stop.top,
            "y2": stop.bottom,
            "label": stop.label,
            "name": shorten(visible(stop.name), 30),
            "amount": human(stop.amount) if in_bytes else many(round(stop.amount), "event"),
        }
        for side, stops in enumerate(columns)
        for stop in stops
    ]
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, WIDTH], nice=False), axis=None)
    y = partial(alt.Y, scale=alt.Scale(domain=[height, 0], nice=False), axis=None)
    bars = alt.Chart(alt.NamedData("ends"))
    ribbons = alt.Chart(alt.NamedData("ribbons"))
    return svg(
        [
            ribbons.mark_area(color="var(--flow)", opacity=0.3).encode(
                x=x, y=y("y:Q"), y2=alt.Y2("y2"), detail=alt.Detail("ribbon:N")
            ),
            bars.mark_rect(color="var(--flow)").encode(x=x, x2=alt.X2("x2"), y=y("y:Q"), y2=alt.Y2("y2")),
            *(
                bars.transform_filter(f"datum.side == {side}")
                .mark_text(align=align, dx=dx, dy=dy, color=colour)
                .encode(x=x, y=y("label:Q"), text=alt.Text(f"{field}:N"))
                for side, align, dx in ALIGNED
                for field, dy, colour in (("name", -8, "var(--ink)"), ("amount", 8, "var(--muted)"))
            ),
        ],
        {"ends": ends, "ribbons": _ribbons(thick, columns)},
        label,
        height=height,
        padding={"left": 0, "right": 0, "top": 0, "bottom": 0},
    )


def fold(flows: Sequence[Flow], *, in_bytes: bool, limit: int) -> Pairs:
    """How much went from whom to where, the smallest beyond `limit` names on a side as one `others`."""
    pairs: dict[tuple[str, str], float] = defaultdict(int)
    for flow in flows:
        pairs[flow.who, flow.destination] += flow.bytes if in_bytes else flow.events
    names = [_totals(pairs, side) for side in (0, 1)]
    rest = [list(totals)[limit - 1 :] if len(totals) > limit else [] for totals in names]
    folded: dict[tuple[str, str], float] = defaultdict(int)
    for pair, amount in pairs.items():
        who, where = (f"{len(rest[side])} others" if pair[side] in rest[side] else pair[side] for side in (0, 1))
        folded[who, where] += amount
    return folded


def column(sent: Pairs, thick: Pairs, *, side: int, height: float) -> list[Stop]:
    """The names of one side (0 who, 1 where) from the top down, each with room for its label, centred on `height`."""
    stops, top = [], (height - _room(thick, side)) / 2
    thickness = _totals(thick, side)
    for name, amount in _totals(sent, side).items():
        bar = top if thickness[name] >= SLOT else top + SLOT
        bottom = bar + thickness[name]
        stops.append(Stop(name, amount, bar, bottom, (top + (bottom if bar == top else bar)) / 2))
        top = bottom + BAR
    return stops


def _ribbons(thick: Pairs, columns: Sequence[Sequence[Stop]]) -> list[dict[str, float]]:
    """Points of every ribbon: level, a turn, level; stacked at either end in the order of the other column."""
    order = [[stop.name for stop in stops] for stops in columns]
    tops = [{stop.name: stop.top for stop in stops} for stops in columns]
    points = []
    for ribbon, pair in enumerate(sorted(thick, key=lambda pair: [order[side].index(pair[side]) for side in (0, 1)])):
        start, end = (tops[side][pair[side]] for side in (0, 1))
        for side in (0, 1):
            tops[side][pair[side]] += thick[pair]
        for share, rise in CURVE:
            level = start + (end - start) * rise
            points.append({"ribbon": ribbon, "x": share * WIDTH, "y": level, "y2": level + thick[pair]})
    return points


def _room(thick: Pairs, side: int) -> float:
    """Height of a column, pixels."""
    return sum(bar + BAR + (SLOT if bar < SLOT else 0) for bar in _totals(thick, side).values())


def _totals(pairs: Pairs, side: int) -> dict[str, float]:
    """What each name of a side has in all, largest first."""
    totals: dict[str, float] = defaultdict(int)
    for pair, amount in pairs.items():
        totals[pair[side]] += amount
    return dict(sorted(totals.items(), key=lambda item: -item[1]))
