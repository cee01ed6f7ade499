"""`tidegate detect`: the second half of `investigate`, on what is in a lake."""

from __future__ import annotations

from tidegate.cli import lakes, options
from tidegate.cli.run import Request, run


def detect(
    lake: options.LakeOption = None,
    context: options.ContextOption = None,
    config: options.ConfigOption = None,
    content: options.ContentOption = None,
    since: options.SinceOption = None,
    engine: options.AskedOnOption = "duckdb",
    sigma: options.SigmaOption = None,
    report: options.ReportOption = None,
    names: options.NamesOption = "pseudonym",
    reason: options.ReasonOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    fail_on_case: options.FailOption = False,
    limit: options.LimitOption = None,
    quiet: options.QuietOption = False,
) -> None:
    """Find cases in what a lake already holds. No log is read.

    Example:

    \b
        tidegate detect --lake lake/ --context context/ --report report.html
    """
    run(
        Request(
            paths=(),
            lake=lakes.existing(lake),
            context=context,
            config=config,
            content=content or (),
            since=since,
            asked_on=engine,
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
