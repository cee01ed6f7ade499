"""Cases on a terminal: narrow and wide, without colour, and steered by nobody's file name."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from tests.report import reports
from tidegate.cases.model import Case, Report
from tidegate.report.terminal import show, show_case


def shown(what: Report | Case, *, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, errors="backslashreplace")
    console = Console(file=file, width=width, highlight=False)
    if isinstance(what, Report):
        show(what, console)
    else:
        show_case(what, console)
    file.flush()
    return raw.getvalue().decode(encoding)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_nothing_is_cut_and_no_line_is_too_long(width: int) -> None:
    text = shown(reports.report(), width=width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    assert "\x1b" not in text, "no colour where there is no terminal"


def test_the_table_ranks_and_says_who_where_how_much_and_how_often() -> None:
    text = shown(reports.report(), width=160)
    rows = [line.split("  ") for line in text.splitlines() if line.strip()[:1].isdigit() and "GB" in line]
    first = " ".join(cell.strip() for cell in rows[0])
    for said in ("1", "person-5e1c09aa", "stormbucket.example", "80 GB", "3 Mar 2024", "97"):
        assert said in first
    assert text.index("person-5e1c09aa") < text.index("person-a94d12ef") < text.index("person-0b7712cd")
    assert "14 years" in text


def test_narrow_says_the_same() -> None:
    text = flat(shown(reports.report(), width=80))
    for said in ("person-5e1c09aa to stormbucket.example", "raised 3 Mar 2024", "80 GB", "about once"):
        assert said in text


def test_the_first_cases_are_told_with_twin_question_and_evidence() -> None:
    text = flat(shown(reports.report()))
    assert "A new off-site backup, a video production upload, or a large data delivery under a permit." in text
    assert "Who ordered the transfer to stormbucket.example, and under which contract or permit?" in text
    assert "140 events, the first at /srv/export/logs/zeek/2024-03-03/http.log.gz:6703" in text
    # The fourth is in the table, but told only on request.
    assert "Was nests-2023 meant to be public?" not in text
    assert "tidegate cases show UID" in text


def test_nothing_stood_out() -> None:
    text = flat(shown(reports.quiet()))
    assert "Nothing stood out." in text
    assert "8 Jan to 6 Apr 2024 (90 days)" in text
    assert "1,402,331 events" in text
    assert "1 smaller oddity noted" in text
    assert "oddit" not in shown(replace(reports.quiet(), findings=()))


@pytest.mark.parametrize("width", [80, 120])
def test_one_case_in_full(width: int) -> None:
    text = flat(shown(reports.bulk(), width=width))
    for said in (
        "case-bulk-0000, score 97 of 100",
        "80 GB, 1,204 files",
        "3 Mar 2024, 06:00 UTC, 5 hours after it began",
        "T1567.002, T1020",
        "device-0c93aa1f sent 26 GB to the same destination",
        "rx-0-0000.iq.zst",
        "and 120 more events",
    ):
        assert said in text
    assert max(len(line) for line in shown(reports.bulk(), width=width).splitlines()) <= width


def test_the_spark_line_has_its_peak_where_it_belongs() -> None:
    line = next(line for line in shown(reports.bulk(), width=120).splitlines() if "█" in line)
    assert len(line) == reports.DAYS
    assert {at for at, block in enumerate(line) if block in "▆▇█"} == set(range(55, 67))


def test_one_case_without_timeline_events_or_people() -> None:
    case = replace(
        reports.bulk(), actors=(), timeline=(), events=(), findings=reports.bulk().findings[:1], techniques=()
    )
    text = shown(case)
    assert "day by day" not in text
    assert "The events it rests on" not in text
    assert "who          device-71be20d4 and device-0c93aa1f" in text


def test_a_terminal_that_knows_no_blocks() -> None:
    text = shown(reports.bulk(), encoding="ascii")
    assert "######" in text
    assert "█" not in text


@pytest.mark.parametrize("what", [reports.hostile(), reports.hostile().cases[0]], ids=["all", "one"])
def test_no_name_steers_the_terminal(what: Report | Case) -> None:
    text = shown(what)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]" in flat(text), "what looks like markup is shown, not obeyed"
