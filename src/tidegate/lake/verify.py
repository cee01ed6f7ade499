"""Whether a lake holds what its journal says it does: every row counted, every file looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tidegate.errors import LakeError
from tidegate.events.schema import CLASSES
from tidegate.lake import contents
from tidegate.lake.engine import quoted
from tidegate.lake.removal import removed
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES

_RESTORE = "put it back from a backup, or make the lake anew: `tidegate ingest` reads the logs into an empty one again"
# What is counted: the journal's column, and the tables that hold it.
_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "events": ("events", tuple(CLASSES)),
    "records in quarantine": ("quarantined", ("quarantine",)),
}


@dataclass(frozen=True)
class Problem:
    """Something that is not as it should be: where, what, and what to do about it."""

    where: str
    what: str
    do: str


def verify(lake: Lake) -> tuple[Problem, ...]:
    """Look for what is wrong with a lake, and change nothing. A lake that is being written is in between."""
    if lake.unfinished:
        do = "let the ingest that runs end, or run `tidegate ingest` once more: it completes what was begun"
        return (Problem("unfinished", "a batch is not all in its tables yet", do),)
    broken = tuple(problem for name in TABLES for problem in _files(lake, name))
    return broken or tuple(_sums(lake))  # rows of files that cannot be read cannot be counted


def _files(lake: Lake, name: str) -> Iterator[Problem]:
    """Files of a table that are missing, or are not as its log says."""
    known = {file.path: file for file in contents.files(lake, name)}
    there = {file.path: file.size for file in lake.storage.files(name)}
    whole = [path for path, file in known.items() if there.get(path) == file.size]
    rows = _rows(lake, name, whole)
    for path, file in known.items():
        if path not in there:
            yield Problem(f"{name}/{path}", f"is missing, and {file.rows:,} rows with it", _RESTORE)
        elif there[path] != file.size:
            yield Problem(f"{name}/{path}", f"has {there[path]:,} bytes instead of {file.size:,}", _RESTORE)
        elif path not in rows:
            yield Problem(f"{name}/{path}", "cannot be read", _RESTORE)
        elif rows[path] != file.rows:
            yield Problem(f"{name}/{path}", f"has {rows[path]:,} rows instead of {file.rows:,}", _RESTORE)


def _rows(lake: Lake, name: str, paths: Sequence[str]) -> dict[str, int]:
    """Rows that files say they have; those that cannot say are left out."""
    if not paths:
        return {}
    folder = f"{lake.storage.uri(name)}/"
    listed = ", ".join(quoted(folder + path) for path in paths)
    query = f"SELECT file_name, num_rows FROM parquet_file_metadata([{listed}])"
    try:
        found = lake.rows(query)
    except LakeError:
        one_by_one = [_rows(lake, name, [path]) for path in paths] if len(paths) > 1 else []
        return {path: rows for one in one_by_one for path, rows in one.items()}
    return {file.removeprefix(folder): rows for file, rows in found}


def _sums(lake: Lake) -> Iterator[Problem]:
    """Log files of which the tables do not have what the journal says."""
    gone = removed(lake)
    for kind, (column, names) in _KINDS.items():
        told = _count(lake, f"SELECT path, sum({column}) FROM ({lake.scan('journal')}) GROUP BY ALL")
        held: Counter[str] = Counter()
        for name in names:
            held.update(_count(lake, f"SELECT source_file, count(*) FROM ({lake.scan(name)}) GROUP BY ALL"))
            held.update(gone[name])
        for path in sorted(told.keys() | held.keys()):
            if held[path] != told[path]:
                do = _RESTORE if held[path] < told[path] else "please report it: no record may be there twice"
                yield Problem(path, f"{held[path]:,} {kind} instead of the {told[path]:,} that were read", do)


def _count(lake: Lake, query: str) -> Counter[str]:
    return Counter({path: int(count) for path, count in lake.rows(query)})
