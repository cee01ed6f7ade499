"""One file of an estate, looked into by a worker: asked first whether its content is what it was."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from tidegate.content.look import Eyes, Seen, look
from tidegate.content.source import Budget, from_file
from tidegate.pipeline.classify import Order

UNREAD = "unread"
"""Why a file is to be read again: it could not be opened, and another time it may."""

_PIECE = 1 << 20


@dataclass(frozen=True)
class Task:
    """A file to look into. sha256: what its content was, if that is to be asked first."""

    path: Path
    status: os.stat_result
    seen_ns: int
    exposed: str
    sha256: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a worker says; seen is None where the content is what it was. again: why it is to be read again."""

    seen: Seen | None
    sha256: str | None = None
    sha1: str | None = None
    md5: str | None = None
    again: str = ""


def answer(task: Task, *, eyes: Eyes, order: Order) -> Answer:
    """Look into one file, unless its content is what it was."""
    try:
        (content,) = _digests(task.path, "sha256")
        if content == task.sha256:
            return Answer(None)
        source = from_file(task.path)
        seen = look(source, eyes, budget=Budget(order.limits, source.size))
        # Logs name files by these; nobody asks for a file in which nothing was found.
        sha1, md5 = _digests(task.path, "sha1", "md5") if seen.tallies else (None, None)
    except OSError as error:
        return Answer(Seen("data", errors=[error.strerror or str(error)]), again=UNREAD)
    return Answer(seen, content, sha1, md5)


def bounds(order: Order) -> str:
    """The bounds of an order, in words: one whose reader was ended may be read within others."""
    return f"{order.bounds.seconds:g} s, {order.bounds.memory >> 20} MB"


def _digests(path: Path, *names: str) -> tuple[str, ...]:
    sums = [hashlib.new(name, usedforsecurity=False) for name in names]
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            for one in sums:
                one.update(piece)
    return tuple(one.hexdigest() for one in sums)
