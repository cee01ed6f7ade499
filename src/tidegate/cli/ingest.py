"""`tidegate ingest`: the first half of `investigate`."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from tidegate.cli import engines, lakes, options
from tidegate.cli.progress import display, reading
from tidegate.cli.run import nothing_read, summarise
from tidegate.cli.terminal import show_json


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65_535:
        raise typer.BadParameter(f"{text!r} is no [HOST:]PORT, such as 9464 or 0.0.0.0:9464")
    return host.strip("[]") or "127.0.0.1", int(port)


def ingest(
    paths: options.PathsArgument,
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
    mapping: options.MappingOption = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with what comes, until SIGTERM or Ctrl-C (docs/service.md).")
    ] = False,
    poll: Annotated[
        float | None,
        typer.Option(
            "--poll",
            metavar="SECONDS",
            min=0.1,
            help="With --follow: look at all files this often instead of being told of changes. Network file systems "
            "are looked at every 2 seconds without it.",
            show_default=False,
        ),
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option(
            "--metrics",
            metavar="[HOST:]PORT",
            help="With --follow: serve /metrics for Prometheus and /healthz there; the host is 127.0.0.1 unless named.",
            show_default=False,
        ),
    ] = None,
    engine: options.EngineOption = "duckdb",
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    quiet: options.QuietOption = False,
) -> None:
    """Read logs into a lake and stop there. What was read before is not read again.

    Examples:

    \b
        tidegate ingest /var/log/zeek --lake lake/
        tidegate ingest /var/log --lake lake/ --follow --metrics 9464
    """
    if not follow and (poll is not None or metrics is not None):
        raise typer.BadParameter("--poll and --metrics go with --follow")
    if follow and engine != "duckdb":
        raise typer.BadParameter("--follow reads on this machine: leave out --engine, or ingest again and again")
    address = _address(metrics) if metrics is not None else None
    folder = lakes.chosen(lake, paths, quiet=quiet)
    from tidegate import config as settings
    from tidegate import registry
    from tidegate.lake.store import Lake
    from tidegate.mappings.load import beside
    from tidegate.pipeline.ingest import ingest as read

    given = settings.load(config)
    sources, limits = beside(registry.sources(), (*given.mappings(), *(mapping or ()))), given.quarantine
    if follow:
        from tidegate.cli.service import Service

        with lakes.opened(folder, create=True):  # so that what is wrong with it is said before anything else
            pass
        service = Service(lambda: Lake(folder), quiet=quiet)
        summary = service.run(paths, sources, limits, poll=poll, metrics=address)
        if format == "json":
            show_json(dataclasses.asdict(summary))
        return
    with (
        lakes.opened(folder, create=True) as open_lake,
        engines.reader(engine) as reader,
        display(quiet=quiet) as shown,
    ):
        summary = read(paths, open_lake, sources=sources, progress=reading(shown), reader=reader, limits=limits)
    if not quiet:
        summarise(summary, folder)
    if format == "json":
        show_json(dataclasses.asdict(summary))
    if problem := nothing_read(summary, paths):
        raise problem
