"""The report as one HTML file: complete in itself, without script, for a reader who is no analyst."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tidegate import __version__, clock, words
from tidegate.cases.model import Case, EventRef, Report
from tidegate.report import grounds, telling
from tidegate.report.charts import timeline_svg
from tidegate.report.flow import flow_svg


@dataclass(frozen=True)
class Picture:
    """A chart with the words around it; the caption also is what a screen reader says."""

    title: str
    caption: str
    svg: Markup


@dataclass(frozen=True)
class View:
    """A case with what the page shows besides; rows are events with their log file as the page names it."""

    case: Case
    pictures: tuple[Picture, ...]
    rows: tuple[tuple[EventRef, str], ...]


def html(report: Report, *, rows: int = 50, listed: int = 20, browsed: int = 10) -> str:
    """The whole page.

    rows: events shown of a case, about two printed pages; all of them are in the lake and the JSON.
    listed: reasons, unknown files, and findings of a case that are named before the rest is only counted.
    browsed: of what made no case, the rarest: half a printed page.
    """
    folder = telling.common_folder(event.source_file for case in report.cases for event in case.events)
    return (
        environment()
        .get_template("report.html")
        .render(
            report=report,
            views=[_view(case, folder, rows) for case in report.cases],
            folder=folder,
            listed=listed,
            browsed=browsed,
            version=__version__,
        )
    )


def _view(case: Case, folder: str, rows: int) -> View:
    pictures = []
    if case.timeline:
        title, caption = telling.of_timeline(case)
        pictures.append(Picture(title, caption, timeline_svg(case.timeline, case.raised_time, f"{title}. {caption}")))
    if case.flows:
        title, caption = telling.of_flows(case.flows)
        pictures.append(Picture(title, caption, flow_svg(case.flows, f"{title}. {caption}")))
    shown = telling.first_events(case, rows)
    return View(case, tuple(pictures), tuple((event, telling.within(folder, event.source_file)) for event in shown))


def environment() -> Environment:
    """What templates are filled in with: escaped, and with the words for numbers and times."""
    made = Environment(
        loader=PackageLoader("tidegate.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalize,
    )
    told = (
        *(words.between, words.day, words.human, words.many, words.moment, words.per_week_in_words, words.shorten),
        *(
            words.sentence,
            words.some,
            clock.iso,
            telling.amount,
            telling.delay,
            telling.evidence,
            telling.excused,
            telling.files,
            telling.others,
        ),
        *(grounds.caption, grounds.rows, grounds.small_svg),
        *(telling.period, telling.rate, telling.read_in_words, telling.singles, telling.subjects),
    )
    made.filters |= {function.__name__: function for function in told}
    return made


def _finalize(value: object) -> object:
    """Whatever a template prints: no text from a log can hide or turn anything around."""
    return words.visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
