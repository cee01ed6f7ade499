"""The record of who saw names in the clear, and who judged what: append-only, each entry sealed to the one before.

The chain shows that an entry was altered, removed or put in between. It cannot show that the last entries were cut
off, or that somebody wrote the whole file anew: for that, keep a copy where the reader of names cannot write.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tidegate import clock
from tidegate.errors import LakeError

NO_REASON = "no reason given"

_GENESIS = "0" * 64  # what the first entry is sealed to


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One unmasking, verdict or erasure: cases by uid, people by pseudonym.

    seal: SHA-256 of the seal before and the rest of the entry.
    """

    time: str
    who: str
    action: str
    reason: str
    cases: tuple[str, ...]
    people: tuple[str, ...]
    seal: str = ""

    def sealed_to(self, previous: str) -> str:
        """The seal this entry must carry after one with the seal `previous`."""
        rest = asdict(self) | {"seal": previous}
        return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


_ENTRY = TypeAdapter(Entry)


@dataclass(frozen=True)
class Broken:
    """The first line (1-based) at which the record does not hold, and why."""

    line: int
    why: str


class AuditLog:
    """The record of one lake, in its `audit.ndjson`."""

    def __init__(self, lake: Path) -> None:
        self.path = lake / "audit.ndjson"

    def append(self, action: str, *, reason: str | None, cases: Sequence[str], people: Sequence[str]) -> None:
        """Put on record what the user who runs this is about to be shown.

        Raises LakeError where the record is broken or cannot be written; then nothing may be shown.
        """
        try:
            with os.fdopen(os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # so that no other run seals to the same entry
                entries, broken = _parse(file.read())
                if broken:
                    raise LakeError(f"{self.path}:{broken.line}: {broken.why}; names stay hidden until it is mended")
                entry = Entry(
                    time=clock.iso(clock.now()),
                    who=user(),
                    action=action,
                    reason=(reason or "").strip() or NO_REASON,
                    cases=tuple(cases),
                    people=tuple(people),
                )
                seal = entry.sealed_to(entries[-1].seal if entries else _GENESIS)
                file.write(json.dumps(asdict(entry) | {"seal": seal}) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise LakeError(f"{self.path}: cannot be written: {error.strerror}; names stay hidden") from error

    def entries(self) -> tuple[Entry, ...]:
        """All entries up to the first broken one, oldest first."""
        return _parse(self._text())[0]

    def verify(self) -> Broken | None:
        """The first entry that does not hold, or None."""
        return _parse(self._text())[1]

    def _text(self) -> str:
        return self.path.read_text("utf-8") if self.path.exists() else ""


def _parse(text: str) -> tuple[tuple[Entry, ...], Broken | None]:
    entries: list[Entry] = []
    previous = _GENESIS
    for line, record in enumerate(text.splitlines(), start=1):
        try:
            entry = _ENTRY.validate_json(record)
        except ValidationError:
            return tuple(entries), Broken(line, "not an entry of the record")
        if entry.seal != entry.sealed_to(previous):
            return tuple(entries), Broken(line, "altered, or an entry before it was removed or put in")
        previous = entry.seal
        entries.append(entry)
    return tuple(entries), None


def user() -> str:
    """The account this runs as, from the system and not from the environment, which anybody can set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without an entry
        return f"uid {os.getuid()}"
