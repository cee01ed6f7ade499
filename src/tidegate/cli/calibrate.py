"""`tidegate calibrate`: does the budget hold in this organisation?"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from tidegate.cli import lakes, options
from tidegate.cli.progress import display
from tidegate.cli.terminal import note, show_json, stdout


def calibrate(
    lake: options.LakeOption = None,
    context: options.ContextOption = None,
    config: options.ConfigOption = None,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE.svg", help="Draw observed over stated rates there too.")
    ] = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
    quiet: options.QuietOption = False,
) -> None:
    """Replay a lake's own past. Stated against observed rates of cases, for budgets of 0.1 to 10 a week.

    Cases with the verdict `confirmed` were no false alarms and are left out, as is what exceptions hide. Nothing is
    changed.

    Example:

    \b
        tidegate calibrate --lake lake/ --context context/ --picture reliability.svg
    """
    from tidegate import config as settings
    from tidegate import context as known
    from tidegate.cases.store import CaseStore
    from tidegate.pipeline import calibrate as pipeline
    from tidegate.report import reliability

    chosen, folder = settings.load(settings.find(config, context)), lakes.existing(lake)
    rulings = CaseStore(lakes.kept(folder), chosen.records.url).rulings
    with lakes.opened(folder, create=False) as opened, display(quiet=quiet) as shown:
        found = pipeline.calibrate(
            opened,
            known.load(context),
            chosen,
            verdicts=rulings.verdicts(),
            exceptions=rulings.exceptions(),
            stage=shown.stage,
        )
    if format == "json":
        show_json(dataclasses.asdict(found))
    else:
        reliability.show(found, stdout())
    if picture is not None:
        picture.write_text(reliability.svg(found), encoding="utf-8")
        if not quiet:
            note(f"picture: {picture}")
