"""Writes docs/catalogue.md and docs/commands.md from the units and the commands themselves.

`python -m tidegate.cli.catalogue` writes them; with `--check` it only says whether they are current.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import typer
from typer.cli import get_docs_for_click

from tidegate import registry
from tidegate.cli.main import app
from tidegate.events.schema import CLASSES, COMMON, Column, EventClass
from tidegate.units import Detector, Log, Source

DOCS = Path(__file__).parents[3] / "docs"
HINT = "is not what the code says; `make fix` writes it anew"

_NOTICE = "<!-- Written by `python -m tidegate.cli.catalogue`; change the units or the commands, not this file. -->\n"


def pages() -> dict[str, str]:
    """Every generated page: file name → Markdown."""
    return {"catalogue.md": catalogue(), "commands.md": commands()}


def catalogue() -> str:
    """All logs, detectors and event classes, as Markdown."""
    logs = groupby(registry.sources().values(), key=lambda unit: unit.log)
    return _lines(
        _NOTICE,
        "# Catalogue",
        "",
        "## Logs",
        "",
        *(line for log, units in logs for line in _log(log, list(units))),
        "## Detectors",
        "",
        *(line for unit in registry.detectors().values() for line in _detector(unit)),
        "## Event classes",
        "",
        "Every class is a table of the lake. All of them begin with these columns; `day`, the UTC day of `time`, ends "
        "them. What a log does not say is null.",
        "",
        *_columns(COMMON),
        *(line for event_class in CLASSES.values() for line in _class(event_class)),
    )


def commands() -> str:
    """What `--help` says of every command, as Markdown."""
    command = typer.main.get_command(app)
    context = typer.Context(command, info_name="tidegate")
    text = get_docs_for_click(obj=command, ctx=context, name="tidegate")
    return _lines(_NOTICE, text.replace("\b\n", ""))  # \b keeps the lines of an example apart in --help


def _log(log: Log, units: Sequence[Source]) -> Iterator[str]:
    yield from (f"### {log.title} (`{log.id}`)", "", log.how, "")
    yield f"- formats: {', '.join(log.formats)}"
    if log.files:
        yield f"- usual names: {_code(log.files)}"
    yield from (f"- fields: {_linked(log.reference)}", "")
    yield from _table(
        ("source", "takes", "makes", "reads"),
        ((f"`{unit.id}`", unit.doc, f"[{unit.produces}](#{unit.produces})", _code(unit.columns)) for unit in units),
    )


def _detector(unit: Detector) -> Iterator[str]:
    yield from (f"### `{unit.id}`", "", unit.doc, "")
    attack = ", ".join(f"[{t}](https://attack.mitre.org/techniques/{t.replace('.', '/')}/)" for t in unit.attack)
    yield f"- pattern: `{unit.pattern}`; severity: {unit.severity}; ATT&CK: {attack}; reads: {_code(unit.reads)}"
    yield f"- it misses: {unit.misses}"
    yield f"- innocent twin: {unit.twin}"
    yield f"- the question that settles it: {unit.question}"
    yield ""
    if unit.defaults:
        reasons = setting_reasons(unit)
        yield from _table(
            ("setting", "default", "unit and reason"),
            ((f"`{name}`", f"`{value!r}`", reasons.get(name, "")) for name, value in unit.defaults.items()),
        )


def setting_reasons(unit: Detector) -> dict[str, str]:
    """The comment beside each setting of a detector."""
    source = inspect.getsource(unit.run)
    return {
        name: comment[1].strip()
        for name in unit.defaults
        if (comment := re.search(rf"^ +{name}:[^#\n]*#(.*)$", source, re.MULTILINE))
    }


def _class(event_class: EventClass) -> Iterator[str]:
    yield from (f"### {event_class.name}", "", f"OCSF {event_class.title} ({event_class.uid}).", "")
    yield from (f"Activities: {', '.join(event_class.activities)}.", "")
    yield from _columns(event_class.own)


def _columns(columns: Iterable[Column]) -> Iterator[str]:
    rows = ((f"`{column.name}`", column.type, f"`{column.path}`", column.note) for column in columns)
    return _table(("column", "type", "OCSF path", "holds"), rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _code(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _linked(reference: str) -> str:
    return f"<{reference}>" if reference.startswith("http") else reference


def _lines(*lines: str) -> str:
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` compare them: 1 where one is stale."""
    stale = [
        (DOCS / name, text)
        for name, text in pages().items()
        if not (DOCS / name).exists() or (DOCS / name).read_text("utf-8") != text
    ]
    for path, text in stale:
        if "--check" in arguments:
            sys.stderr.write(f"{path.relative_to(DOCS.parent)} {HINT}\n")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
