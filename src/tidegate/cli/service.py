"""`tidegate ingest --follow` as a service: signals, a line on its health every minute, systemd's notifications."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING

from tidegate import clock
from tidegate.cli.terminal import note
from tidegate.errors import LakeError

if TYPE_CHECKING:
    from tidegate.cases.model import IngestSummary
    from tidegate.config import Quarantine
    from tidegate.lake.store import Lake
    from tidegate.pipeline.follow import Pass
    from tidegate.units import Source

_HEALTH = 60.0
"""Seconds between two lines on health: enough to see when something began, few enough to keep."""
_BEAT = 5.0
"""Seconds between two signs of life to systemd; deploy/tidegate-ingest.service asks for one every few minutes."""
_FEWEST = 8
"""Small files of a day that are put together, every ten minutes: fewer cost a reader nothing."""
_STUCK = 300.0
"""Seconds without a sign of life after which `/healthz` says so: a large file takes no longer between two."""


class Service:
    """Runs until SIGTERM or SIGINT, finishes what it has begun, and returns; a second signal ends it at once."""

    def __init__(self, open_lake: Callable[[], Lake], *, quiet: bool) -> None:
        from tidegate.pipeline.batch import Totals

        self.totals, self.stop = Totals(), Event()
        self._open, self._quiet = open_lake, quiet
        self._lake: Lake | None = None
        self._pass: Pass | None = None
        self._committed = 0.0  # seconds since 1970
        self._beat = self._said = time.monotonic()
        self._notified = 0.0
        self._records = 0
        self._observe: Callable[[float], None] = lambda _seconds: None

    def run(
        self,
        paths: Sequence[Path],
        sources: Mapping[str, Source],
        limits: Quarantine,
        *,
        poll: float | None = None,
        metrics: tuple[str, int] | None = None,
    ) -> IngestSummary:
        """Follow the paths. metrics: host and port to listen on. Raises as `pipeline.follow`, and OSError."""
        from tidegate.lake.tidy import tidy
        from tidegate.pipeline.follow import Following, follow

        given = Following(
            paths=paths,
            sources=sources,
            limits=limits,
            poll=poll,
            stop=self.stop,
            totals=self.totals,
            say=self._say,
            tell=self._tell,
            beat=self._live,
            upkeep=partial(tidy, fewest=_FEWEST),
        )
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            with self._serving(metrics):
                return follow(given, self._opened)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _serving(self, metrics: tuple[str, int] | None) -> AbstractContextManager[object]:
        if metrics is None:
            return nullcontext()
        from tidegate.cli.metrics import Metrics, serving

        shown = Metrics(self.totals, self._gauges)
        self._observe = shown.passes.observe
        return serving(shown, *metrics, self._problem)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        for again in (signal.SIGTERM, signal.SIGINT):
            signal.signal(again, signal.SIG_DFL)
        self.stop.set()
        notify("STOPPING=1")
        if not self._quiet:
            note(f"{signal.Signals(number).name}: finishing the batch; once more to end at once")

    def _say(self, text: str) -> None:
        with suppress(OSError):  # whom stderr goes to may have no room either
            note(text)

    def _opened(self) -> Lake:
        self._lake = self._open()
        return self._lake

    def _tell(self, done: Pass) -> None:
        self._pass = done
        if done.committed:
            self._committed = clock.now().timestamp()
            self._observe(done.seconds)

    def _live(self) -> None:
        if not self._notified:
            notify("READY=1")
        now = self._beat = time.monotonic()
        if now - self._notified >= _BEAT:
            self._notified = now
            notify("WATCHDOG=1")
        if now - self._said >= _HEALTH:
            line = self._health(now - self._said)
            self._said = now
            notify(f"STATUS={line}")
            if not self._quiet:
                self._say(line)

    def _health(self, seconds: float) -> str:
        records, state = self.totals.counts(), self._pass
        rate = (records.total() - self._records) / seconds
        self._records = records.total()
        files = f"{state.files:,} files, " if state else ""
        lag = f"lag {state.lag:.1f} s, " if state else ""
        size = f"{self._size() / 1e9:.2f} GB"
        return f"{files}{rate:,.0f} records/s, {lag}{records['quarantined']:,} in quarantine, lake {size}"

    def _size(self) -> int:
        """Bytes of the lake's tables, as they are now."""
        import pyarrow as pa

        from tidegate.lake.tables import TABLES

        size = 0
        with suppress(LakeError):
            tables = [self._lake.delta(name) for name in TABLES] if self._lake is not None else []
            for table in tables:
                if table is not None:
                    size += sum(pa.chunked_array(table.get_add_actions(flatten=True)["size_bytes"]).to_pylist())
        return size

    def _gauges(self) -> Mapping[str, float]:
        state = self._pass
        return {
            "lag_seconds": state.lag if state else 0.0,
            "files": state.files if state else 0,
            "files_waiting": state.waiting if state else 0,
            "last_commit_timestamp_seconds": self._committed,
            "failing": bool(state and state.error),
        }

    def _problem(self) -> str:
        if self._pass is not None and self._pass.error:
            return self._pass.error
        silent = time.monotonic() - self._beat
        return f"no sign of life for {silent:.0f} s" if silent > _STUCK else ""


def notify(state: str) -> None:
    """Tell systemd, if it asked to be told (`sd_notify(3)`)."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
