"""`tidegate classify`: what is sensitive in files, folders and archives, and how grave it is."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tidegate.cli import options
from tidegate.cli.progress import classifying, display
from tidegate.cli.terminal import note, show_table

if TYPE_CHECKING:
    from tidegate.content.grade import Label
    from tidegate.pipeline.classify import Classified

_STDIN = Path("-")

PathsArgument = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH", help="Files, folders and archives; - reads one file from stdin.", show_default=False
    ),
]
JobsOption = Annotated[
    int, typer.Option("--jobs", "-j", min=1, metavar="N", help="Files looked into at the same time.")
]
ExplainOption = Annotated[bool, typer.Option("--explain", help="Say which facts led to each grade.")]
ValuesOption = Annotated[
    bool, typer.Option("--show-values", help="Show what was found itself. Keep the output as you keep the files.")
]
ZonesOption = Annotated[
    Path | None,
    typer.Option(
        "--context",
        metavar="DIR",
        help="Folder with zones.geojson: areas whose `kind` the policy's rules name, such as core.",
        show_default=False,
    ),
]
PolicyOption = Annotated[
    Path | None,
    typer.Option("--policy", metavar="FILE", help="Your own rules for grades (TOML).", show_default=False),
]
MemoryOption = Annotated[int, typer.Option("--memory", min=64, metavar="MB", help="Memory that one file may take.")]
SecondsOption = Annotated[float, typer.Option("--seconds", min=0.1, metavar="S", help="Time that one file may take.")]


def classify(
    paths: PathsArgument,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    jobs: JobsOption = 1,
    explain: ExplainOption = False,
    show_values: ValuesOption = False,
    context: ZonesOption = None,
    policy: PolicyOption = None,
    config: options.ConfigOption = None,
    memory: MemoryOption = 1024,
    seconds: SecondsOption = 120.0,
    quiet: options.QuietOption = False,
) -> None:
    """Say what is sensitive in files, by their content: class, grade, count, precision, and where.

    Nothing is changed, run, or sent anywhere; names of files are not looked at, links are not followed. Archives, mail
    and files inside files are looked into. Folders are graded as a whole too: a register does not become harmless by
    being cut into a hundred files.

    Grades: public, internal, sensitive, core. The rules are in a policy file; --explain tells which one held, and why.

    Examples:

    \b
        tidegate classify survey/ report.pdf mail.mbox
        tidegate classify survey/ --explain --context context/
        unzip -p parcel.zip data.csv | tidegate classify - --format json | jq .labels
    """
    from tidegate import config as settings
    from tidegate.content import grade
    from tidegate.pipeline.classify import Order, classify
    from tidegate.pipeline.workers import Bounds

    with tempfile.NamedTemporaryFile(prefix="tidegate-") as copy, display(quiet=quiet) as shown:
        asked = tuple(_stdin(path, copy) for path in paths)
        order = Order(
            paths=asked,
            context=context,
            policy=policy or grade.DEFAULT,
            markings=settings.load(settings.find(config, context)).own.markings,
            jobs=jobs,
            values=show_values,
            bounds=Bounds(seconds=seconds, memory=memory << 20),
        )
        found = (_renamed(item, copy.name) for item in classify(order, progress=classifying(shown)))
        if format == "json":
            for item in found:
                sys.stdout.write(json.dumps(_object(item, explain=explain, values=show_values), ensure_ascii=False))
                sys.stdout.write("\n")
            return
        results = list(found)
    _table(results, explain=explain, values=show_values)


def _stdin(path: Path, copy: Any) -> Path:
    if path != _STDIN:
        return path
    while piece := sys.stdin.buffer.read(1 << 20):
        copy.write(piece)
    copy.flush()
    return Path(copy.name)


def _renamed(item: Classified, copy: str) -> Classified:
    from dataclasses import replace

    return replace(item, path="-") if item.path == copy else item


def _object(item: Classified, *, explain: bool, values: bool) -> dict[str, object]:
    """One line of `--format json`: the contract, and `why` and `facts` with --explain."""
    return {
        "path": item.path,
        "format": item.format,
        "labels": [_label(label, explain=explain, values=values) for label in item.labels],
        "error": item.error,
    }


def _label(label: Label, *, explain: bool, values: bool) -> dict[str, object]:
    facts = label.facts
    document: dict[str, object] = {
        "class": facts.data_class,
        "grade": label.grade,
        "count": facts.count,
        "precision_m": facts.precision_m,
        "confidence": round(facts.confidence, 2),
        "evidence": [
            {"kind": e.kind, "where": e.where, "start": e.start, "end": e.end} | ({"value": e.value} if values else {})
            for e in facts.evidence
        ],
    }
    return document | ({"why": label.why, "facts": facts.words()} if explain else {})


def _table(results: list[Classified], *, explain: bool, values: bool) -> None:
    rows = [row for item in results for row in _rows(item, explain=explain, values=values)]
    if rows:
        show_table(("path", "format", "class", "grade", "count", "precision", "where"), rows)
    failed = sum(item.error is not None for item in results)
    quiet = sum(not item.labels and item.error is None for item in results)
    note(f"{len(results):,} looked at: nothing sensitive in {quiet:,}, not fully read {failed:,}")


def _rows(item: Classified, *, explain: bool, values: bool) -> Iterator[tuple[str, ...]]:
    for label in item.labels:
        facts = label.facts
        precise = "" if facts.precision_m is None else f"{facts.precision_m:g} m"
        first = next(iter(facts.evidence), None)
        where = "" if first is None else " ".join(filter(None, (first.where, first.value if values else "")))
        yield (item.path, item.format, facts.data_class, label.grade, f"{facts.count:,}", precise, where)
        if explain:
            yield ("", "", "", "", "", "", f"{label.grade}: {label.why} ({'; '.join(facts.words())})")
    if item.error is not None:
        yield (item.path, item.format, "", "", "", "", item.error)
