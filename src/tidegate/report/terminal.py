"""Cases on a terminal: a ranked table, then the first few told in short; one case in full."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tidegate.cases.model import Case, EventRef, Report
from tidegate.report import telling
from tidegate.report.timeline import Bar, bars, heights
from tidegate.words import between, day, human, many, moment, per_week_in_words, some, visible

BLOCKS, ASCII = " ▁▂▃▄▅▆▇█", " _.-:=+*#"
WIDE = 110  # columns from which on who, where and when stand in columns of their own


def show(report: Report, console: Console, *, told: int = 3) -> None:
    """All cases in a table, and the first `told` in short: more would push the table off the screen."""
    console.print(text(f"{telling.period(report)}. {telling.read_in_words(report.ingested)}".strip(), "dim"))
    if not report.cases and report.excused:
        console.print(text("\nNothing stood out but what exceptions hide.", "bold"))
    elif not report.cases:
        console.print(text("\nNothing stood out.", "bold"))
        console.print(text("No person, device or destination was far enough from its own past and from its peers."))
        if single := telling.singles(report):
            console.print(
                text(f"{many(single, 'smaller oddity', 'smaller oddities')} noted: tidegate cases rest lists them.")
            )
    if not report.cases:
        return
    console.print(_overview(report.cases, wide=console.width >= WIDE))
    for rank, case in enumerate(report.cases[:told], 1):
        console.print(text(f"{rank}  {case.title}", "bold"))
        notes = (text(note, "bold yellow") for note in case.notes)
        console.print(Padding(Group(*notes, text(case.summary), _in_short(case)), (0, 0, 1, 3)))
    console.print(
        text("Everything about a case: tidegate cases show UID; the numbers behind it: tidegate explain UID", "dim")
    )


def show_case(case: Case, console: Console, *, rows: int = 20) -> None:
    """One case in full. rows: events listed, about a screenful; the rest are counted."""
    console.print(text(case.title, "bold"))
    for note in case.notes:
        console.print(text(note, "bold yellow"))
    console.print(text(f"{case.summary}\n"))
    sides = max(1, (console.width - 16) // 24)  # names of about 24 columns, beside the labels
    left = telling.amount(case)
    if case.bytes_out and telling.files(case):
        left += f", {many(telling.files(case), 'file')}"
    console.print(
        labelled(
            ("case", f"{case.uid}, score {case.score:.0f} of 100"),
            ("by chance", per_week_in_words(case.false_alarms_per_week)),
            ("who", some(telling.subjects(case), limit=sides)),
            ("devices", some(case.devices, limit=sides) if case.actors and case.devices else ""),
            ("where to", some(case.destinations, limit=sides)),
            ("how much", left),
            ("when", between(case.first_time, case.last_time)),
            ("raised", f"{moment(case.raised_time)} UTC, {telling.delay(case)}"),
            ("ATT&CK", ", ".join(case.techniques)),
            ("innocent if", case.twin),
            ("ask", case.question),
        )
    )
    if case.timeline:
        columns = min(120, console.width)
        title, caption = telling.of_timeline(case, limit=columns)
        console.print(text(f"\n{title}", "bold"))
        console.print(spark(bars(case.timeline, limit=columns), console))
        console.print(text(caption, "dim"))
    for finding in telling.others(case):
        console.print(text(f"\n{finding.explanation}"))
        console.print(text(f"{finding.detector}, {moment(finding.time)}", "dim"))
    if events := telling.first_events(case, rows):
        console.print(text("\nThe events it rests on", "bold"))
        if folder := telling.common_folder(event.source_file for event in events):
            console.print(text(f"log files in {folder}", "dim"))
        console.print(_events(events, folder, wide=console.width >= WIDE))
        if hidden := max(0, len(telling.evidence(case)) - len(events)):
            console.print(text(f"and {many(hidden, 'more event')}", "dim"))


def _overview(cases: Sequence[Case], *, wide: bool) -> Table:
    """One row a case; on a narrow terminal who, where and when stand below the title."""
    table = _table()
    table.add_column("#", justify="right")
    table.add_column("case", ratio=3, overflow="fold")
    if wide:
        table.add_column("who", ratio=2, overflow="fold")
        table.add_column("where to", ratio=2, overflow="fold")
    table.add_column("how much", justify="right", no_wrap=True)
    if wide:
        table.add_column("raised", no_wrap=True)
    table.add_column("by chance", width=11)  # "about once" and "in 14 years"
    table.add_column("score", justify="right", no_wrap=True)
    for rank, case in enumerate(cases, 1):
        who, where, raised = some(telling.subjects(case)), some(case.destinations), day(case.raised_time)
        stacked = [_stack(case.title, f"{who} to {where}", f"raised {raised}")]
        table.add_row(
            str(rank),
            *([text(case.title), text(who), text(where)] if wide else stacked),
            telling.amount(case),
            *([raised] if wide else []),
            per_week_in_words(case.false_alarms_per_week),
            f"{case.score:.0f}",
        )
    return table


def _in_short(case: Case) -> Table:
    raised = f"{moment(case.raised_time)} UTC, {telling.delay(case)}"
    count = len(telling.evidence(case))
    rests_on = many(count, "event")
    for first in telling.first_events(case, 1):
        rests_on += f", {'the first at' if count > 1 else 'at'} {first.source_file}:{first.source_line}"
    return labelled(
        ("raised", raised),
        ("innocent if", case.twin),
        ("ask", case.question),
        ("rests on", rests_on),
        ("case", case.uid),
    )


def labelled(*pairs: tuple[str, str]) -> Table:
    """Label and text side by side; pairs without text are left out."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(ratio=1, overflow="fold")
    for label, words in pairs:
        if words:
            grid.add_row(label, text(words))
    return grid


def spark(shown: Sequence[Bar], console: Console) -> Text:
    """One character a bar, what is above the usual in colour."""
    blocks = ASCII if console.options.ascii_only else BLOCKS
    drawn = Text()
    for bar, height in zip(shown, heights(shown), strict=True):
        step = max(1, round(height * (len(blocks) - 1))) if bar.amount else 0
        drawn.append(blocks[step], style="bold red" if bar.amount > bar.high else "cyan")
    return drawn


def _events(events: Sequence[EventRef], folder: str, *, wide: bool) -> Table:
    """One row an event; on a narrow terminal where to stands below who, and the log below what."""
    table = _table()
    table.add_column("time (UTC)", no_wrap=True)
    for head in (
        ("who", "where to", "what", "log file and line") if wide else ("who, where to", "what, log file and line")
    ):
        table.add_column(head, ratio=1, overflow="fold")
    table.add_column("size", justify="right", no_wrap=True)
    for event in events:
        who = (event.actor or event.device or "—",)
        where = (event.destination or "—",)
        what = tuple(filter(None, (event.activity, event.file_name)))
        log = (f"{telling.within(folder, event.source_file)}:{event.source_line}",)
        cells = (who, where, what, log) if wide else (who + where, what + log)
        size = "" if event.bytes is None else human(event.bytes)
        table.add_row(f"{event.time:%Y-%m-%d %H:%M}", *(_stack(*cell) for cell in cells), size)
    return table


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)


def _stack(first: str = "", *more: str) -> Text:
    """Lines below one another, all but the first dim."""
    return Text("\n").join([text(first), *(text(line, "dim") for line in more)])


def text(words: str, style: str = "") -> Text:
    """Text as it is: what looks like markup is not, and control characters are seen instead of obeyed."""
    return Text("\n").join(Text(visible(line), style=style) for line in words.split("\n"))
