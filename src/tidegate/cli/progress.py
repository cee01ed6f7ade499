"""How far a run is, on stderr: bars on a terminal, a line now and then in a log, nothing where nobody wants it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from tidegate.cli.terminal import note, plain, stderr

if TYPE_CHECKING:
    from tidegate.pipeline.classify import Progress as Classifying
    from tidegate.pipeline.ingest import Progress
    from tidegate.pipeline.inventory import Scanned
    from tidegate.range.make import MakeProgress


class Display:
    """What a run tells of itself while it runs; this one keeps it to itself."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def step(self, label: str, done: int, total: int, detail: str) -> None:
        """So much of a known total is done."""

    def stage(self, text: str) -> None:
        """Something has begun whose length nobody knows."""


def display(*, quiet: bool) -> Display:
    """The display that fits where stderr goes."""
    if quiet:
        return Display()
    return _Bars() if sys.stderr.isatty() else _Lines()


def reading(shown: Display) -> Callable[[Progress], None]:
    """Shows the progress of ingest: files, events, events a second."""
    began = time.monotonic()

    def show(progress: Progress) -> None:
        rate = progress.events / max(time.monotonic() - began, 0.001)
        files = f"{progress.files_done:,} of {progress.files_total:,} files"
        detail = f"{files}, {progress.events:,} events, {rate:,.0f} events/s"
        shown.step(progress.current, progress.bytes_done, progress.bytes_total, detail)

    return show


def classifying(shown: Display) -> Callable[[Classifying], None]:
    """Shows the progress of classify: files and megabytes."""

    def show(progress: Classifying) -> None:
        detail = f"{progress.files_done:,} of {progress.files_total:,} files, {progress.bytes_done / 1e6:,.0f} MB"
        shown.step(progress.current, progress.bytes_done, progress.bytes_total, detail)

    return show


def scanning(shown: Display) -> Callable[[Scanned], None]:
    """Shows the progress of inventory, of which nobody knows how much there is."""
    began = time.monotonic()

    def show(done: Scanned) -> None:
        rate = done.files / max(time.monotonic() - began, 0.001)
        read = f"{done.read:,} looked into, {done.read_bytes / 1e6:,.0f} MB"
        shown.stage(f"{done.files:,} files, {rate:,.0f}/s, {read}: {done.current}")

    return show


def making(shown: Display) -> Callable[[MakeProgress], None]:
    """Shows the progress of `range make`: days and records."""

    def show(progress: MakeProgress) -> None:
        detail = f"{progress.days_done:,} of {progress.days_total:,} days, {progress.records:,} records"
        shown.step("writing", progress.days_done, progress.days_total, detail)

    return show


class _Lines(Display):
    """Plain lines, the first after `every` seconds: short runs need none, long ones stay readable in a log file."""

    def __init__(self, *, every: float = 10.0) -> None:  # seconds: six lines a minute
        self.every = every
        self.began = self.said = time.monotonic()

    def step(self, label: str, done: int, total: int, detail: str) -> None:
        left = (time.monotonic() - self.began) * (total - done) / done if done else 0
        self.stage(f"{detail}, about {f'{left:.0f} s' if left < 90 else f'{left / 60:.0f} min'} left: {label}")

    def stage(self, text: str) -> None:
        now = time.monotonic()
        if now - self.said >= self.every:
            self.said = now
            note(text)


class _Bars(Display):
    """A bar over what is to be done, then the name of the stage."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self.bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TaskProgressColumn(),
            TextColumn("{task.fields[detail]}"),
            TimeRemainingColumn(compact=True),
            console=stderr(),
            transient=True,
            expand=True,
        )
        self.task = self.bars.add_task("", total=None, detail="")

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def step(self, label: str, done: int, total: int, detail: str) -> None:
        self.bars.update(self.task, description=_short(label), completed=done, total=total or None, detail=detail)

    def stage(self, text: str) -> None:
        self.bars.update(self.task, description=_short(text), total=None, detail="")


def _short(text: str, *, most: int = 32) -> str:  # columns: leaves room for the bar on 100 columns
    return plain(text if len(text) <= most else "…" + text[1 - most :])
