"""`tidegate investigate`: the main job."""

from __future__ import annotations

from tidegate.cli import lakes, options
from tidegate.cli.run import Request, run


def investigate(
    paths: options.PathsArgument,
    lake: options.LakeOption = None,
    context: options.ContextOption = None,
    config: options.ConfigOption = None,
    mapping: options.MappingOption = None,
    content: options.ContentOption = None,
    engine: options.EngineOption = "duckdb",
    since: options.SinceOption = None,
    sigma: options.SigmaOption = None,
    report: options.ReportOption = None,
    names: options.NamesOption = "pseudonym",
    reason: options.ReasonOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    fail_on_case: options.FailOption = False,
    limit: options.LimitOption = None,
    quiet: options.QuietOption = False,
) -> None:
    """Logs in, cases out: the main job.

    Reads logs, looks for data leaving, and shows a short ranked list of cases, each with its evidence. Point it at any
    mixture of files and folders; each log is recognised by name and content, and read as it is, also as .gz, .zst and
    .zip. What was read before is not read again.

    Examples:

    \b
        tidegate investigate /var/log/zeek --report report.html
        tidegate investigate exports/ zeek/ --context context/ --lake lake/
        tidegate investigate zeek/ --content /srv/projects
        tidegate investigate drop/ --format json --since 2024-03-01 --fail-on-case
    """
    run(
        Request(
            paths=paths,
            lake=lakes.chosen(lake, paths, quiet=quiet),
            context=context,
            config=config,
            mappings=mapping or (),
            content=content or (),
            engine=engine,
            since=since,
            sigma=sigma,
            report=report,
            names=names,
            reason=reason,
            format=format,
            fail_on_case=fail_on_case,
            limit=limit,
            quiet=quiet,
        )
    )
