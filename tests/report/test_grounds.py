"""What stands behind a finding, in words and in a picture."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from rich.console import Console

from tests.cases.examples import a_case
from tests.report.reports import HOSTILE
from tidegate.cases.model import Case, Comparison, DayVolume, Finding
from tidegate.report import grounds
from tidegate.report.explain import explain
from tidegate.report.html import html

DAYS = tuple(
    DayVolume(
        day=date(2024, 2, 3) + timedelta(days=n), bytes=5_000_000_000 if n == 27 else n, files=0, usual=14, high=26
    )
    for n in range(28)
)


def finding(**changes: object) -> Finding:
    compared = (
        Comparison(name="its own past", this=5e9, usual=14, unit="bytes"),
        Comparison(name="everybody else, so far", this=1, usual=1, unit="people"),
    )
    usual: dict[str, object] = {"comparisons": compared, "timeline": DAYS, "twin": "a backup", "question": "Who?"}
    return replace(a_case().findings[0], **(usual | changes))  # type: ignore[arg-type]


def case(*findings: Finding) -> Case:
    return replace(a_case(), findings=findings or (finding(),))


def said(shown: Case, *, only: tuple[Finding, ...] = ()) -> str:
    console = Console(width=100, file=io.StringIO())
    with console.capture() as captured:
        explain(shown, console, only=only)
    return captured.get()


@pytest.mark.parametrize(
    ("comparison", "row"),
    [
        (("its peers", 5e9, 2e9, "bytes"), ("its peers", "5 GB", "2 GB", "2.5 times")),
        (("its peers", 203, 4.53, "files"), ("its peers", "203 files", "4.5 files", "45 times")),
        (("its peers", 12, 1.04, "files"), ("its peers", "12 files", "1 file", "12 times")),
        (("its peers", 5, 0, "files"), ("its peers", "5 files", "0 files", "")),  # times nothing says nothing
        (("its peers", 5, 9, ""), ("its peers", "5", "9", "")),  # nor does less
        (("everybody else", 1, 3, "people"), ("everybody else", "1 person", "3 people", "")),
    ],
)
def test_a_comparison_in_words(comparison: tuple[str, float, float, str], row: tuple[str, ...]) -> None:
    name, this, usual, unit = comparison
    compared = Comparison(name=name, this=this, usual=usual, unit=unit)
    assert grounds.rows(finding(comparisons=(compared,))) == (grounds.Row(*row),)


def test_the_terminal_tells_all_that_stands_behind_a_finding() -> None:
    text = " ".join(said(case()).split())
    for part in (
        "its own past 5 GB 14 bytes", "█", "3 Feb to 1 Mar 2024: at most 5 GB a day, usually 14 bytes",
        "about once in 2 years", "A backup.", "Who?", "T1048", "bulk_volume",
    ):  # fmt: skip
        assert part in text


def test_one_finding_alone_or_the_rarest_of_many() -> None:
    many = [finding(uid=f"f{n}", surprise=n / 10, explanation=f"number {n};") for n in range(20)]
    assert "and 8 more findings, less rare than these" in said(case(*many))
    assert "number 7;" not in said(case(*many))
    alone = said(case(*many), only=(many[7],))
    assert "number 7;" in alone
    assert "number 8;" not in alone


def test_a_finding_without_numbers_is_still_explained() -> None:
    bare = finding(comparisons=(), timeline=(), twin="", question="")
    assert "Who ordered it?" in said(case(bare))
    assert grounds.small_svg(bare) == ""


def test_the_page_has_the_numbers_and_the_picture() -> None:
    from tests.report.reports import report

    page = html(replace(report(cases=0), cases=(case(),)))
    assert '<svg class="small" role="img"' in page
    assert page.count('fill="var(--high)"') >= 1
    assert "its own past" in page
    hostile = replace(finding(explanation=HOSTILE), comparisons=(replace(finding().comparisons[0], name=HOSTILE),))
    assert "<script>alert" not in html(replace(report(cases=0), cases=(case(hostile),)))


def test_what_exceptions_hid_and_why_a_case_is_back_is_said_everywhere() -> None:
    from datetime import datetime

    from tests.report.reports import quiet, report
    from tidegate.cases.model import Excused
    from tidegate.report.terminal import show

    hidden = Excused(
        exception="exc-1", covers="bulk_volume of person-aaaaaaaa to example.net", reviewer="dpo", reason="a backup",
        until=datetime(2024, 6, 3), cases=("c3", "c4"),
    )  # fmt: skip
    sentence = "Exception exc-1 hid 2 cases, until 3 Jun 2024: bulk_volume of person-aaaaaaaa to example.net."
    assert sentence in html(replace(quiet(), excused=(hidden,)))
    console = Console(width=100, file=io.StringIO())
    back = replace(case(), notes=("Opened again. dpo closed it.",))
    with console.capture() as captured:
        show(replace(quiet(), excused=(hidden,)), console)
        show(replace(report(cases=0), cases=(back,)), console)
    assert "Nothing stood out but what exceptions hide." in captured.get()
    assert "Opened again. dpo closed it." in captured.get()
    assert "Opened again. dpo closed it." in html(replace(report(cases=0), cases=(back,)))
    assert "Opened again." in said(back)
