"""The process that is killed: `tidegate ingest --follow`, forked from one that has imported all it needs."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.dataset  # noqa: F401  DuckDB imports it with the first table it is handed, and pandas with it

from tidegate import clock
from tidegate.cli.main import app
from tidegate.lake import intent
from tidegate.pipeline import follow
from tidegate.registry import sources

sources()


def run(logs: Path, lake: Path, said: Path, commit: int, after: float, hours: int) -> None:
    """Follow `logs`; what it says goes to a file.

    after: seconds after the beginning of the so-manieth commit (0 for none) at which it dies. hours: its clock is slow.
    """
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    follow.INTERVAL, follow.QUIET = 0.1, 2.0  # seconds: more happens before it dies
    if commit:
        _die_in_commit(commit, after)
    if hours:
        real = clock.now

        def slow() -> datetime:
            return real() - timedelta(hours=hours)

        clock.now = slow
    app(["ingest", str(logs), "--lake", str(lake), "--follow"], prog_name="tidegate")


def _die_in_commit(number: int, after: float) -> None:
    real, left = intent.commit, iter(range(number))

    def commit(*args: object) -> None:
        if next(left, None) == number - 1:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, max(after, 1e-6))
        real(*args)  # type: ignore[arg-type]  # it is what was asked for

    intent.commit = commit  # type: ignore[assignment]  # of the same shape
