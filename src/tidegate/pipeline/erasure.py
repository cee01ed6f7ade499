"""A person's right to erasure: their events, quarantined records and cases go for good; what stays is told.

An event goes where the person's account stands as the one who acts, owns, sends, receives or is changed. An account
name that only occurs in a text, such as another's file path, is counted and stays: no machine can tell a name from a
word. Outside the lake Tidegate removes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from tidegate.cases.audit import AuditLog
from tidegate.cases.identities import Identities, short
from tidegate.cases.store import CaseStore
from tidegate.errors import InputError, LakeError
from tidegate.events.schema import CLASSES, DAY
from tidegate.lake import removal, tidy
from tidegate.lake.engine import named, quoted
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES

PERSONAL = ("actor", "owner", "sender", "mailbox", "target", "recipient", "recipients")
"""The columns that hold accounts: one, several between semicolons, or a list of them."""
_LISTED = 1000  # log files named at most


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is held of a person. accounts: as they were asked for; people: their pseudonyms.

    alike: other accounts that may be the same person's, as accounts or pseudonyms, whichever was asked for.
    logs: log files that their events come from, which still hold them if they are still there. mentions: rows of other
    people in which the account's name occurs, by table and column. unmasked: entries of the audit log on them.
    """

    accounts: tuple[str, ...]
    people: tuple[str, ...]
    events: Mapping[str, int]  # by event class
    quarantined: int
    cases: tuple[str, ...]
    alike: tuple[str, ...]
    logs: tuple[str, ...]
    mentions: Mapping[str, int]
    unmasked: int


def find(lake: Lake, cases: CaseStore, names: Sequence[str]) -> Found:
    """Look for a person's accounts, each given as logged or by its pseudonym.

    Raises InputError for a pseudonym that is nobody's in the lake's events or cases.
    """
    identities, known = Identities(lake.path), _accounts(lake)
    accounts = tuple(dict.fromkeys(_account(name, known, identities) or name.strip().lower() for name in names))
    people = tuple(map(identities.actor, accounts))
    named_in = cases.naming(people)
    events = {name: _count(lake, name, is_theirs(name, accounts)) for name in CLASSES}
    masked = set(people) & set(accounts)  # pseudonyms that are of no account in the events
    if masked and not cases.naming(masked):
        raise InputError(f"{', '.join(sorted(masked))}: nobody in this lake has that pseudonym")
    ask = identities.actor if set(people) & {name.strip().lower() for name in names} else str
    same = {part for account in accounts for part in short(account)}
    return Found(
        accounts=tuple(map(ask, accounts)),
        people=people,
        events={name: rows for name, rows in events.items() if rows},
        quarantined=_count(lake, "quarantine", _names("record", accounts)),
        cases=named_in,
        alike=tuple(sorted(ask(other) for other in known - set(accounts) if short(other) & same)),
        logs=_logs(lake, accounts, [name for name, rows in events.items() if rows]),
        mentions=_mentions(lake, accounts),
        unmasked=sum(bool(set(entry.people) & set(people)) for entry in AuditLog(lake.path).entries()),
    )
