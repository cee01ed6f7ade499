"""`tidegate ingest`: the first half of `investigate`."""

from __future__ import annotations

import dataclasses

from tidegate.cli import lakes, options
from tidegate.cli.progress import display, reading
from tidegate.cli.run import nothing_read, summarise
from tidegate.cli.terminal import show_json


def ingest(
    paths: options.PathsArgument,
    lake: options.LakeOption = None,
    config: options.ConfigOption = None,
    mapping: options.MappingOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    quiet: options.QuietOption = False,
) -> None:
    """Read logs into a lake and stop there. What was read before is not read again.

    Example:

    \b
        tidegate ingest /var/log/zeek --lake lake/
    """
    folder = lakes.chosen(lake, paths, quiet=quiet)
    from tidegate import config as settings
    from tidegate import registry
    from tidegate.mappings.load import beside
    from tidegate.pipeline.ingest import ingest as read

    sources = beside(registry.sources(), (*settings.load(config).mappings(), *(mapping or ())))
    with lakes.opened(folder, create=True) as open_lake, display(quiet=quiet) as shown:
        summary = read(paths, open_lake, sources=sources, progress=reading(shown))
    if not quiet:
        summarise(summary, folder)
    if format == "json":
        show_json(dataclasses.asdict(summary))
    if problem := nothing_read(summary, paths):
        raise problem
