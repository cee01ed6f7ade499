"""`tidegate inventory`: what is sensitive in an estate, where it lies, whose it is, and who can get at it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tidegate.cli import options
from tidegate.cli.classify import JobsOption, MemoryOption, PolicyOption, SecondsOption
from tidegate.cli.progress import display, scanning
from tidegate.cli.terminal import note, show_json, show_table

if TYPE_CHECKING:
    from tidegate.pipeline.inventory import Scanned
    from tidegate.report.inventory import Holdings, Item

_TOLD = 40  # places in the table: what does not fit on a screen is not read

Grade = Literal["public", "internal", "sensitive", "core"]

PathsArgument = Annotated[
    list[Path], typer.Argument(metavar="PATH", help="Folders and files of the estate.", show_default=False)
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="FILE|URL",
        envvar="TIDEGATE_INVENTORY",
        help="Where what is known is kept between runs: a SQLite file, or a database's SQLAlchemy URL. Without it, "
        "inventory.db in your data folder.",
        show_default=False,
    ),
]
KnownOption = Annotated[
    Path | None,
    typer.Option(
        "--context",
        metavar="DIR",
        help="Folder with zones.geojson, species*.csv and shares.csv, all optional (docs/context.md).",
        show_default=False,
    ),
]
LeastOption = Annotated[Grade, typer.Option("--grade", help="Show what is at least so grave.")]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Write it as one HTML file that opens offline.", show_default=False),
]


def inventory(
    paths: PathsArgument,
    store: StoreOption = None,
    context: KnownOption = None,
    policy: PolicyOption = None,
    config: options.ConfigOption = None,
    grade: LeastOption = "public",
    report: ReportOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    jobs: JobsOption = 1,
    memory: MemoryOption = 1024,
    seconds: SecondsOption = 120.0,
    quiet: options.QuietOption = False,
) -> None:
    """Say what is sensitive in an estate: where it lies, how grave it is, whose it is, and who can get at it.

    What was read before is not read again: run it every night. A file that has not changed costs a look at its size,
    times and inode; one that was touched, moved or replaced its hash; one that is gone leaves the inventory. After an
    interruption the same command goes on where it was. Another policy grades anew without reading; new recognisers,
    zones or species read anew.

    Exposed is what everybody with an account can read or write, what a group of several can write, and what lies in a
    share that shares.csv of the context names. What was found itself is not kept, only what and how much.

    Examples:

    \b
        tidegate inventory /srv/projects --report inventory.html
        tidegate inventory /srv /home --jobs 2 --grade sensitive --context context/
        tidegate inventory /srv --format json | jq '.items[] | select(.exposed != [])'
        tidegate investigate logs/ --content inventory.db
    """
    import platformdirs

    from tidegate import config as settings
    from tidegate import context as known
    from tidegate.content.estate import Estate
    from tidegate.content.grade import DEFAULT
    from tidegate.pipeline.classify import Order
    from tidegate.pipeline.inventory import absolute, scan, shown
    from tidegate.pipeline.workers import Bounds
    from tidegate.report.inventory import document, holdings, html

    lists = known.load(context)
    order = Order(
        paths=tuple(paths),
        context=context,
        policy=policy or DEFAULT,
        markings=settings.load(settings.find(config, context)).own.markings,
        jobs=jobs,
        bounds=Bounds(seconds=seconds, memory=memory << 20),
    )
    estate = Estate(store or platformdirs.user_data_path("tidegate") / "inventory.db")
    with display(quiet=quiet) as bar:
        done = scan(order, estate, shares=lists.shares, progress=scanning(bar))
    found = holdings(estate, [shown(absolute(path)) for path in paths], least=grade)
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(html(found), encoding="utf-8")
    if format == "json":
        show_json(document(found))
    else:
        _table(found)
    if not quiet:
        _summary(done, estate.place, report)


def _table(found: Holdings) -> None:
    grades = ("core", "sensitive", "internal", "public")
    for head, by in (("class", "class"), ("owner", "owner"), ("who can get at it", "exposure")):
        if rows := found.counts(by):
            show_table((head, *grades), [(key, *(f"{n[g]:,}" if n[g] else "" for g in grades)) for key, n in rows])
    if found.items:
        heads = ("where", "grade", "class", "owner", "exposed")
        show_table(heads, [_row(item) for item in found.items[:_TOLD]])
    if len(found.items) > _TOLD:
        note(f"and {len(found.items) - _TOLD:,} more places; --report and --format json list them")
    for path, reason in found.unread[:_TOLD]:
        note(f"not fully read: {path}: {reason}", style="yellow")
    if len(found.unread) > _TOLD:
        note(f"and {len(found.unread) - _TOLD:,} more that were not fully read", style="yellow")


def _row(item: Item) -> tuple[str, ...]:
    classes = ", ".join(label.data_class for label in item.labels)
    return (item.path, item.grade, classes, item.owner or "(folder as a whole)", ", ".join(item.exposed))


def _summary(done: Scanned, place: str, report: Path | None) -> None:
    note(
        f"{done.files:,} files: {done.read:,} looked into, {done.unchanged:,} unchanged, {done.spared:,} the same by "
        f"their hash, {done.gone:,} gone, {done.unread:,} not fully read"
    )
    note(f"kept in {place}" + (f"; report: {report}" if report else ""))
