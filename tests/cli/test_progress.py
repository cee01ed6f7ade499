"""Progress: silent, in lines, or in bars, after what stderr is."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from tidegate.cli import progress as p

DONE = cast(
    "Any",
    SimpleNamespace(
        files_done=1,
        files_total=4,
        bytes_done=25,
        bytes_total=100,
        events=2_000,
        quarantined=0,
        current="/logs/conn.log",
    ),
)


def test_which(monkeypatch: pytest.MonkeyPatch) -> None:
    assert type(p.display(quiet=True)) is p.Display
    assert type(p.display(quiet=False)) is p._Lines  # a test's stderr is no terminal
    monkeypatch.setattr(p.sys.stderr, "isatty", lambda: True)
    assert type(p.display(quiet=False)) is p._Bars


def test_lines_come_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    with p._Lines() as shown:
        tell = p.reading(shown)
        for now[0] in (1.0, 9.0, 20.0, 25.0):
            tell(DONE)
        now[0] = 29.0  # the near miss: 9 s after the last line
        shown.stage("bulk_volume")
        now[0] = 30.0
        shown.stage("open_share")
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "1 of 4 files, 2,000 events, 100 events/s, about 60 s left: /logs/conn.log",
        "open_share",
    ]


def test_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(p, "stderr", lambda: Console(file=screen, force_terminal=True, width=140))
    with p._Bars() as shown:
        p.reading(shown)(DONE)
        shown.bars.refresh()
        p.making(shown)(cast("Any", SimpleNamespace(days_done=3, days_total=90, records=1_000)))
        shown.bars.refresh()
        shown.stage("cases")
    text = screen.getvalue()
    assert "1 of 4 files, 2,000 events" in text
    assert "25%" in text
    assert "3 of 90 days, 1,000 records" in text


def test_a_long_path_shows_its_end() -> None:
    assert p._short("/a/very/long/path/to/some/zeek/2024-03-01/conn.log") == "…o/some/zeek/2024-03-01/conn.log"
