"""`tidegate sigma`: which of your Sigma rules run here, and why the others do not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli import options
from tidegate.cli.terminal import note, show_json, show_table
from tidegate.words import many

if TYPE_CHECKING:
    from tidegate.rules.load import RuleSet

_LISTED = 20  # lines of refused rules; more are not read, and `tidegate sigma check` has them all

app = typer.Typer(no_args_is_help=True, help="Look into Sigma rules before they run with --sigma.")


@app.callback()
def sigma() -> None:
    """Look into Sigma rules before they run with --sigma."""


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of Sigma rules, or one file of them.")],
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """List every Sigma rule. With the tables it runs on, or the reason why it cannot.

    Example:

    \b
        tidegate sigma check rules/ --format json
    """
    from tidegate.rules.load import load

    found = load(folder)
    if format == "json":
        show_json(_document(found))
    else:
        rows = [
            (rule.title, rule.level, " ".join(rule.unit.reads), "; ".join(f"but {why}" for why in rule.without))
            for rule in found.rules
        ]
        rows += [(refused.title, "", "", refused.reason) for refused in found.refused]
        show_table(("rule", "level", "runs on", "does not run"), rows)
    note(f"{many(len(found.rules), 'rule runs', 'rules run')}, {len(found.refused):,} cannot")


def _document(found: RuleSet) -> list[dict[str, object]]:
    runs: list[dict[str, object]] = [
        {
            "id": rule.unit.id.removeprefix("sigma:"),
            "title": rule.title,
            "level": rule.level,
            "tables": list(rule.unit.reads),
            "attack": list(rule.unit.attack),
            "reasons": list(rule.without),
        }
        for rule in found.rules
    ]
    return runs + [{"id": one.id, "title": one.title, "tables": [], "reasons": [one.reason]} for one in found.refused]


def tell_refused(found: RuleSet) -> None:
    """Name on stderr the rules that do not run, each with its reason."""
    for refused in found.refused[:_LISTED]:
        note(f"Sigma rule not run: {refused.title}: {refused.reason}", style="yellow")
    if len(found.refused) > _LISTED:
        note(f"  and {len(found.refused) - _LISTED:,} more; `tidegate sigma check` names them", style="yellow")
