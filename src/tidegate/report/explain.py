"""Why a case stands out, finding by finding, on a terminal: the sentence, the numbers behind it, a small picture."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from tidegate.cases.model import Case, Finding
from tidegate.report import grounds, telling
from tidegate.report.terminal import labelled, spark, text
from tidegate.words import many, moment, per_week_in_words, sentence

LISTED = 12  # findings explained one by one, the rarest: more are not read


def explain(case: Case, console: Console, *, only: Sequence[Finding] = ()) -> None:
    """Every finding of a case, or only these."""
    console.print(text(case.title, "bold"))
    for note in case.notes:
        console.print(text(note, "bold yellow"))
    shown = only or grounds.told(case, limit=LISTED)
    console.print(text(f"{case.uid}: by chance {per_week_in_words(case.false_alarms_per_week)}", "dim"))
    for number, finding in enumerate(shown, 1):
        console.print(text(f"\n{number}  {finding.explanation}"))
        if finding.comparisons:
            console.print(Padding(_numbers(finding), (0, 0, 0, 3)))
        if bars := grounds.picture(finding):
            console.print(Padding(spark(bars, console), (0, 0, 0, 3)))
            console.print(Padding(text(grounds.caption(finding), "dim"), (0, 0, 1, 3)))
        console.print(Padding(_about(case, finding), (0, 0, 0, 3)))
    if hidden := 0 if only else len(case.findings) - len(shown):
        console.print(text(f"\nand {many(hidden, 'more finding')}, less rare than these", "dim"))


def _numbers(finding: Finding) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("compared with")
    for head in ("this", "usual", ""):
        table.add_column(head, justify="right", no_wrap=True)
    for row in grounds.rows(finding):
        table.add_row(*map(text, (row.name, row.this, row.usual, row.times)))
    return table


def _about(case: Case, finding: Finding) -> Table:
    return labelled(
        ("by chance", per_week_in_words(telling.rate(finding.surprise))),
        ("innocent if", sentence(finding.twin or case.twin)),
        ("ask", finding.question or case.question),
        ("ATT&CK", ", ".join(finding.techniques or case.techniques)),
        ("seen by", f"{finding.detector}, {moment(finding.time)} UTC, on {many(len(finding.evidence), 'event')}"),
        ("finding", finding.uid),
    )
