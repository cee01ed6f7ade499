from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import tidegate
from tests.diary import held, put, text, visit
from tests.pipeline.test_follow import eventually
from tidegate.cli.service import Service, notify
from tidegate.lake.store import Lake
from tidegate.pipeline.follow import Pass

RECORD = '{"ts": 1740000000.0, "uid": "C1", "id.orig_h": "192.0.2.7", "id.orig_p": 4, "id.resp_h": "198.51.100.9", "id.resp_p": 443, "proto": "tcp", "conn_state": "SF"}\n'  # noqa: E501


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """What systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(tmp_path / "notify"))
        channel.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield channel


def test_it_runs_until_it_is_told_to_stop(tmp_path: Path, logs: Path, systemd: socket.socket) -> None:
    (logs / "conn.log").write_text(RECORD)
    command = [sys.executable, "-c", "from tidegate.cli.main import main; main()", "ingest", str(logs), "--follow"]
    more = ["--lake", str(tmp_path / "lake"), "--metrics", "0", "--format", "json"]
    with subprocess.Popen([*command, *more], stdout=-1, stderr=-1, text=True) as process:
        said = systemd.recv(100).decode()
        eventually(lambda: (tmp_path / "lake" / "lake.json").exists() and len(held(tmp_path / "lake")) == 1)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate()
    assert (process.returncode, said) == (0, "READY=1")
    assert '"events": 1' in out
    assert "SIGTERM: finishing the batch; once more to end at once" in err


def test_a_second_signal_ends_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    set_: dict[int, object] = {}
    monkeypatch.setattr(signal, "signal", lambda number, handler: set_.update({number: handler}))
    service = Service(lambda: Lake("never"), quiet=True)
    service._stop(signal.SIGINT, None)
    assert service.stop.is_set()
    assert set_ == {signal.SIGTERM: signal.SIG_DFL, signal.SIGINT: signal.SIG_DFL}


def test_a_line_on_health_every_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], systemd: socket.socket
) -> None:
    (tmp_path / "log").write_text(text(*map(visit, range(5))))
    put(tmp_path / "lake", tmp_path / "log")
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    service = Service(lambda: Lake(tmp_path / "lake"), quiet=False)
    lake = service._opened()
    service._live()
    service._tell(Pass(seconds=0.2, lag=1.25, files=1204, waiting=1, committed=True))
    service.totals.records["zeek", "events"] += 600
    service.totals.records["zeek", "quarantined"] += 3
    now[0] += 59
    service._live()
    assert "records/s" not in capsys.readouterr().err
    now[0] += 1
    service._live()
    line = capsys.readouterr().err.strip()
    assert line == "1,204 files, 10 records/s, lag 1.2 s, 3 in quarantine, lake 0.00 GB"
    assert [systemd.recv(200).decode() for _ in range(4)] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", f"STATUS={line}"]
    now[0] += 60
    service._live()
    assert "1,204 files, 0 records/s" in capsys.readouterr().err
    assert service._size() > 1000
    lake.close()


def test_health_is_what_the_last_pass_was() -> None:
    service = Service(lambda: Lake("never"), quiet=True)
    assert service._problem() == ""
    service._tell(Pass(0.1, 0.1, 1, 0, committed=False, error="no space left"))
    assert service._problem() == "no space left"
    assert service._gauges()["failing"]
    service._tell(Pass(0.1, 0.1, 1, 0, committed=True))
    assert service._problem() == ""
    service._beat -= 400
    assert service._problem() == "no sign of life for 400 s"


def test_nobody_is_told_where_nobody_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify("READY=1")  # systemd is not there any more: no reason to stop


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--poll", "2"], "go with --follow"),
        (["--metrics", "9464"], "go with --follow"),
        (["--follow", "--metrics", "here"], "'here' is no [HOST:]PORT"),
        (["--follow", "--metrics", "127.0.0.1:99999"], "is no [HOST:]PORT"),
    ],
)
def test_options_that_make_no_sense_are_refused(logs: Path, options: list[str], says: str) -> None:
    outcome = tidegate("ingest", logs, *options)
    assert outcome.status == 2
    assert says in outcome.err


def test_a_port_that_is_taken_is_said(logs: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = tidegate("ingest", logs, "--follow", "--metrics", port, "--lake", tmp_path / "lake")
    assert outcome.status == 3
    assert os.strerror(98) in outcome.err
