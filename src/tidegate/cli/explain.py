"""`tidegate explain`: the numbers behind a case, or behind one of its findings."""

from __future__ import annotations

import typer

from tidegate.cli import options
from tidegate.cli.terminal import stdout
from tidegate.cli.where import UidArgument, Where


def explain(
    ctx: typer.Context, uid: UidArgument, lake: options.LakeOption = None, config: options.ConfigOption = None
) -> None:
    """Explain a case or one of its findings. With whom it was compared, the numbers, what would make it innocent.

    Examples:

    \b
        tidegate explain case-3f9a --lake lake/
        tidegate explain 5e1c09aa --lake lake/
    """
    from tidegate.report.explain import explain as show

    store, _ = Where(lake, config).within(ctx).store()
    case, findings = store.find(uid)
    show(case, stdout(), only=findings)
