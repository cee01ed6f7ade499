"""`tidegate audit`: who has seen names in the clear, who judged what, and why."""

from __future__ import annotations

import dataclasses

from tidegate.cli import lakes, options
from tidegate.cli.terminal import note, show_json, show_table
from tidegate.errors import LakeError


def audit(
    lake: options.LakeOption = None,
    format: options.FormatOption = "table",  # noqa: A002  the option's name is the contract
) -> None:
    """List who has seen names in the clear, and who judged what. With when and why; and check that nobody has altered
    the record since.

    Example:

    \b
        tidegate audit --lake lake/
    """
    from tidegate.cases.audit import AuditLog

    log = AuditLog(lakes.kept(lakes.existing(lake)))
    entries = log.entries()
    if format == "json":
        show_json([dataclasses.asdict(entry) for entry in entries])
    else:
        show_table(
            ("time (UTC)", "who", "what", "why", "people", "cases"),
            [
                (entry.time, entry.who, entry.action, entry.reason, str(len(entry.people)), " ".join(entry.cases))
                for entry in entries
            ],
        )
    broken = log.verify()
    if broken is not None:
        raise LakeError(f"{log.path}:{broken.line}: {broken.why}; entries from there on prove nothing")
    note(f"{len(entries):,} entries, each sealed by the one after it; the chain holds")
