"""What stands behind one finding, in words and in a small picture, the same on a terminal as on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from tidegate.cases.model import Case, Comparison, DayVolume, Finding
from tidegate.report.timeline import Bar, bars, heights
from tidegate.words import between, human, many, visible

BARS = 60  # of a small picture: four weeks before and as much of the case, each bar four pixels wide
WIDTH, HEIGHT = 240, 40  # pixels of a small picture: as high as two lines of text beside it


@dataclass(frozen=True)
class Row:
    """One comparison as a row of a table."""

    name: str
    this: str
    usual: str
    times: str


def rows(finding: Finding) -> tuple[Row, ...]:
    """With whom a finding was compared, and the numbers."""
    return tuple(
        Row(of.name, _amount(of.this, of.unit), _amount(of.usual, of.unit), _times(of)) for of in finding.comparisons
    )


def picture(finding: Finding) -> tuple[Bar, ...]:
    """The bars of its small picture; none where there is nothing to show."""
    return bars(finding.timeline, limit=BARS) if any(_of(volume) for volume in finding.timeline) else ()


def caption(finding: Finding) -> str:
    """What the small picture shows, for those too who cannot see it."""
    shown = finding.timeline
    in_bytes = any(volume.bytes for volume in shown)
    most = max(shown, key=_of)
    unit = "bytes" if in_bytes else "actions"
    span = between(shown[0].day, shown[-1].day)
    return f"{span}: at most {_amount(_of(most), unit)} a day, usually {_amount(shown[0].usual, unit)}"


def small_svg(finding: Finding) -> Markup:
    """The small picture as an `<svg>`: a bar a day, those above the usual in another colour."""
    shown = picture(finding)
    if not shown:
        return Markup()
    step = WIDTH / len(shown)
    drawn = []
    for at, (bar, height) in enumerate(zip(shown, heights(shown), strict=True)):
        tall = max(1.0, height * HEIGHT) if bar.amount else 0.0
        colour = "var(--high)" if bar.amount > bar.high else "var(--bar)"
        place = f'x="{at * step:.1f}" y="{HEIGHT - tall:.1f}" width="{step * 0.8:.1f}" height="{tall:.1f}"'
        drawn.append(f'<rect {place} fill="{colour}"/>')
    said = escape(visible(caption(finding)))
    line = f'<path d="M0 {HEIGHT}h{WIDTH}" stroke="var(--line)"/>'
    opening = f'<svg class="small" role="img" viewBox="0 0 {WIDTH} {HEIGHT + 1}" aria-label="{said}">'
    return Markup(f"{opening}<title>{said}</title>{line}{''.join(drawn)}</svg>")  # noqa: S704  numbers, and text escaped


def told(case: Case, *, limit: int) -> Sequence[Finding]:
    """The findings that are worth explaining one by one, in order of time: the rarest first where they are many."""
    rarest = sorted(case.findings, key=lambda finding: (-finding.surprise, finding.time, finding.uid))[:limit]
    return sorted(rarest, key=lambda finding: (finding.time, finding.uid))


def _of(volume: DayVolume) -> int:
    return volume.bytes or volume.files


def _amount(value: float, unit: str) -> str:
    if unit == "bytes":
        return human(value)
    number = f"{value:,.1f}".removesuffix(".0") if value < 10 else f"{value:,.0f}"
    if unit == "people":
        return many(round(value), "person", "people")
    return f"{number} {unit[:-1] if number == '1' else unit}".strip()


def _times(of: Comparison) -> str:
    """How many times the usual it is; nothing where the usual is nothing, or hardly differs."""
    if of.unit == "people" or of.usual <= 0 or of.this <= of.usual:
        return ""
    times = of.this / of.usual
    return f"{times:,.1f} times" if times < 10 else f"{float(f'{times:.2g}'):,.0f} times"
