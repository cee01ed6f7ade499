"""A person's right to erasure: their events, rows of measures, quarantined records and cases go; what stays is told.

An event goes where the person's account stands as the one who acts, owns, sends, receives or is changed. An account
name that only occurs in a text, such as the path of another's file, is counted and stays: no machine can tell a name
from a word. Outside the lake nothing is removed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tidegate.cases.audit import AuditLog
from tidegate.cases.identities import Identities, short
from tidegate.cases.store import CaseStore
from tidegate.errors import InputError
from tidegate.events.schema import CLASSES, DAY
from tidegate.lake import kept, removal, spill, tidy
from tidegate.lake.engine import named, quoted
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES
from tidegate.pipeline import looks, measured

_PERSONAL = ("actor", "owner", "sender", "mailbox", "target", "recipient", "recipients")
"""The columns that hold accounts: one, several between semicolons, or a list of them."""
_EDGE = r"[^\pL\pN]"
"""What stands before and after a name."""
_ESCAPED_EDGE = rf"{_EDGE}|[^\\]\\[bfnrt]|\\u(?:00[0-9ab]|20[0-9a-f])[0-9a-f]"
"""What stands before one in JSON: a new line, a bracket or a quotation mark may be spelled with letters and digits."""
_KEPT_TEXTS = ("uid", "product", "activity", "status")  # texts that are Tidegate's or the product's own


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is held of a person. accounts: as they stand in the events; people: their pseudonyms.

    alike: other accounts that may be the same person's. logs: log files that their events come from, which still hold
    them. mentions: by table and column, rows of other people in which the name occurs. unmasked: entries of the audit
    log that name them.
    """

    accounts: tuple[str, ...]
    people: tuple[str, ...]
    events: Mapping[str, int] = field(default_factory=dict)  # by event class
    measured: int = 0  # rows of measures, which outlive the events
    quarantined: int = 0
    cases: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    mentions: Mapping[str, int] = field(default_factory=dict)
    unmasked: int = 0


def find(lake: Lake, cases: CaseStore, names: Sequence[str]) -> Found:
    """Look for a person by accounts, each as logged or a pseudonym; reads the whole lake.

    Raises InputError for a pseudonym of nobody in the lake's events or cases.
    """
    identities, known = Identities(lake.path), _accounts(lake)
    by_pseudonym = {identities.actor(account): account for account in known}
    people = tuple(dict.fromkeys(map(identities.actor, names)))
    clear = {name.strip().lower() for name in names} - set(people)
    accounts = tuple(sorted({by_pseudonym[person] for person in people if person in by_pseudonym} | clear))
    for person in set(names) & set(people) - by_pseudonym.keys():
        if not cases.naming([person]):
            raise InputError(f"nobody in this lake has the pseudonym {person}")
    held = Found(accounts=accounts, people=people, cases=cases.naming(people), unmasked=_unmasked(lake, people))
    if not accounts:
        return held
    events = {name: _count(lake, name, _theirs(name, accounts)) for name in CLASSES}
    parts = {part for account in accounts for part in short("person", account)}
    return Found(
        accounts=accounts,
        people=people,
        events={name: rows for name, rows in events.items() if rows},
        measured=measured.count(lake, accounts),
        quarantined=_count(lake, "quarantine", _refused(accounts)),
        cases=held.cases,
        alike=tuple(sorted(other for other in known - set(accounts) if short("person", other) & parts)),
        logs=_logs(lake, accounts),
        mentions=_mentions(lake, accounts),
        unmasked=held.unmasked,
    )


def erase(lake: Lake, cases: CaseStore, found: Found, *, reason: str | None) -> int:
    """Remove what was found, at once and for good; returns how many rows went. To be called within `lake.writing()`.

    The audit log says so first. Raises LakeError; what was removed until then stays removed: erase again.
    """
    AuditLog(lake.path).append("data erased", reason=reason, cases=found.cases, people=found.people)
    cases.erase(found.cases)
    cases.rulings.erase(found.cases, found.people)
    rows, erased = 0, Counter[date]()
    for name in CLASSES if found.accounts else ():
        theirs = _theirs(name, found.accounts)
        days = lake.rows(f"SELECT DISTINCT {DAY} FROM ({lake.scan(name)}) WHERE {theirs} ORDER BY ALL")
        for (day,) in days:  # a day at a time, so that the disk need not hold the table twice
            erased[day] += removal.remove(lake, name, theirs, action="erase", days=[str(day)])
            tidy.vacuum(lake, name, hours=0)
    if found.accounts:
        rows += measured.forget(lake, found.accounts, erased)
        looks.forget(lake)
        kept.forget(lake.path)
        rows += removal.remove(lake, "quarantine", _refused(found.accounts), action="erase")
    sweep(lake)
    return rows + erased.total()


def sweep(lake: Lake) -> int:
    """Remove every file that is of no table, in which anybody may be; returns how many went.

    `expire` and `tidy` leave those that they replaced for an hour, a killed process leaves what it had written. To be
    called within `lake.writing()`. Raises LakeError.
    """
    spilled = spill.sweep(lake.path / "tmp")
    return spilled + sum(len(tidy.vacuum(lake, name, hours=0)) for name in TABLES)


def _theirs(name: str, accounts: Iterable[str]) -> str:
    """SQL: whether an event is the person's."""
    wanted = f"[{', '.join(map(quoted, accounts))}]"
    columns = [column for column in _PERSONAL if column in TABLES[name]]
    return " OR ".join(f"list_has_any({_parts(name, column)}, {wanted})" for column in columns)


def _parts(name: str, column: str) -> str:
    """SQL: the accounts in a column."""
    return rf"string_split_regex({_text(name, column)}, '\s*;\s*')"


def _text(name: str, column: str) -> str:
    """SQL: a column's text in lower case, of a list with semicolons between."""
    kind = TABLES[name][column]
    return f"lower({named(column)})" if kind.is_string() else f"lower(array_to_string({named(column)}, ';'))"


def _mentioned(text: str, accounts: Iterable[str]) -> str:
    """SQL: whether a text names an account, with or without its domain, as words of their own."""
    return _matches(text, _EDGE, map(re.escape, _words(accounts)))


def _refused(accounts: Sequence[str]) -> str:
    """SQL: whether a quarantined record names an account; in what looks like JSON, also with characters escaped."""
    escaped = _matches("record", _ESCAPED_EDGE, map(_escaped, _words(accounts)))
    return rf"""({_mentioned("record", accounts)} OR (regexp_matches(record, '"\s*:') AND {escaped}))"""


def _words(accounts: Iterable[str]) -> set[str]:
    return {word for account in accounts for word in (account, *short("person", account))}


def _matches(text: str, before: str, words: Iterable[str]) -> str:
    either = "|".join(sorted(words))
    return f"regexp_matches(lower({text}), {quoted(f'(^|{before})({either})($|{_EDGE})')})"


def _escaped(word: str) -> str:
    """A pattern: a word as JSON has it in lower case; what is no plain letter or digit is spelled in several ways."""
    return "".join(c if c.isascii() and c.isalnum() else f"(?:{'|'.join(_spellings(c))})" for c in word)


def _spellings(char: str) -> list[str]:
    """A character, as it is and escaped, from lower case or from upper case."""
    escapes = (json.dumps(one)[1:-1] for one in (char, char.upper()))
    return sorted(map(re.escape, {char, f"\\{char}", f"\\u{ord(char):04x}", *escapes}))


def _mentions(lake: Lake, accounts: Sequence[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in CLASSES:
        columns = [
            column
            for column, kind in TABLES[name].items()
            if (kind.is_string() or kind.is_array()) and column not in (*_PERSONAL, *_KEPT_TEXTS)
        ]
        cells = ", ".join(f"count(*) FILTER ({_mentioned(_text(name, c), accounts)})" for c in columns)
        (row,) = lake.rows(f"SELECT {cells} FROM ({lake.scan(name)}) WHERE ({_theirs(name, accounts)}) IS NOT TRUE")
        counts |= {f"{name}.{column}": rows for column, rows in zip(columns, row, strict=True) if rows}
    return counts


def _logs(lake: Lake, accounts: Sequence[str]) -> tuple[str, ...]:
    files: set[str] = set()
    for name in CLASSES:
        found = f"SELECT DISTINCT source_file FROM ({lake.scan(name)}) WHERE {_theirs(name, accounts)}"
        files.update(file for (file,) in lake.rows(found))
    return tuple(sorted(files))


def _accounts(lake: Lake) -> set[str]:
    """Every account in the events and measures."""
    found = measured.mentioned(lake)
    for name in CLASSES:
        for column in (column for column in _PERSONAL if column in TABLES[name]):
            parts = f"SELECT DISTINCT unnest({_parts(name, column)}) FROM ({lake.scan(name)})"
            found.update(account for (account,) in lake.rows(parts))
    return found - {"", None}


def _unmasked(lake: Lake, people: Iterable[str]) -> int:
    return sum(not set(people).isdisjoint(entry.people) for entry in AuditLog(lake.path).entries())


def _count(lake: Lake, name: str, where: str) -> int:
    return int(lake.rows(f"SELECT count(*) FROM ({lake.scan(name)}) WHERE {where}")[0][0])
