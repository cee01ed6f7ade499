"""Writes docs/catalogue.md, docs/logs/*.md and docs/commands.md from the units and the commands themselves.

`python -m tidegate.cli.catalogue` writes them; with `--check` it only says whether they are current.
"""

from __future__ import annotations

import functools
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import ibis
import ibis.expr.operations as ops
import typer
from typer.cli import get_docs_for_click

from tidegate import registry
from tidegate.cli.main import app
from tidegate.events.schema import CLASSES, COMMON, Column, EventClass
from tidegate.units import LINEAGE, Detector, Log, Source

DOCS = Path(__file__).parents[3] / "docs"
HINT = "is not what the code says; `make fix` writes it anew"

_NOTICE = "<!-- Written by `python -m tidegate.cli.catalogue`; change the units or the commands, not this file. -->\n"


@functools.cache
def pages() -> dict[str, str]:
    """Every generated page: file name → Markdown."""
    logs = {f"logs/{log.id}.md": _lines(_NOTICE, *_log(log, units)) for log, units in _logs()}
    return {"catalogue.md": catalogue(), "commands.md": commands()} | logs


def catalogue() -> str:
    """All logs, detectors and event classes, as Markdown."""
    return _lines(
        _NOTICE,
        "# Catalogue",
        "",
        "## Logs",
        "",
        "Each has a page that says what is read of it, what becomes of that, and how to get it out of the product.",
        "",
        *_table(
            ("log", "formats", "makes"),
            (
                (
                    f"[{log.title}](logs/{log.id}.md)",
                    ", ".join(log.formats),
                    ", ".join(map(_linked_class, _made(units))),
                )
                for log, units in _logs()
            ),
        ),
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


def _logs() -> list[tuple[Log, list[Source]]]:
    """Every log with its sources, by title."""
    groups = groupby(registry.sources().values(), key=lambda unit: unit.log)
    return sorted(((log, list(units)) for log, units in groups), key=lambda pair: pair[0].title.casefold())


def _made(units: Sequence[Source]) -> list[str]:
    return list(dict.fromkeys(unit.produces for unit in units))


def _linked_class(name: str, *, page: str = "") -> str:
    return f"[{name}]({page}#{name})"


def _log(log: Log, units: Sequence[Source]) -> Iterator[str]:
    yield from (f"# {log.title}", "", log.how, "")
    yield f"- formats: {', '.join(log.formats)}"
    if log.files:
        yield f"- usual names: {_code(log.files)}"
    if log.within:
        yield f"- its lines are also read among those of others in a log of `{log.within}`"
    yield from (f"- fields, as their maker describes them: {_linked(log.reference)}", "")
    for unit in units:
        yield from (f"## `{unit.id}`", "", unit.doc, "")
        yield from (f"Makes {_linked_class(unit.produces, page='../catalogue.md')}.", "")
        paths = {column.name: column.path for column in CLASSES[unit.produces].columns}
        rows = ((f"`{name}`", f"`{paths[name]}`", _code(fields)) for name, fields in read_fields(unit).items())
        yield from _table(("column", "OCSF path", "from the log's"), rows)


def read_fields(unit: Source) -> dict[str, list[str]]:
    """By event column that a source fills, the fields of the log it comes from; `record` is the line as a whole."""
    raw = ibis.table(dict(unit.columns) | dict.fromkeys(LINEAGE, "string") | {"source_line": "int64"}, name="raw")
    values = unit.map(raw).op().values
    return {name: _fields(value) for name, value in values.items() if name not in LINEAGE}


def _fields(value: ops.Node) -> list[str]:
    """Columns of the table at the bottom that a value is computed from."""
    found: dict[str, None] = {}
    seen: set[ops.Node] = set()
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if path := _path(node):
            found[path] = None
        elif not isinstance(node, ops.Field):
            waiting += reversed(node.__children__)
        elif node.name in node.rel.values:
            waiting.append(node.rel.values[node.name])
        else:  # made by the relation itself, such as the place of an element in a list
            waiting += [child for child in node.rel.__children__ if isinstance(child, ops.Value)]
    return list(found)


def _path(node: ops.Node) -> str | None:
    """`a.b` of a member of a column of the table at the bottom; None for what is computed."""
    match node:
        case ops.StructField():
            above = _path(node.arg)
            return f"{above}.{node.field}" if above else None
        case ops.Field() if isinstance(node.rel, ops.UnboundTable):
            return str(node.name)
        case _:
            return None


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
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
