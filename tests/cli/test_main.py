"""The command line as a whole: quick to start, one line for an error, the exit statuses of the contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Pipeline, tidegate
from tidegate import __version__
from tidegate.cli import main
from tidegate.errors import ConfigError, InputError, LakeError, TidegateError

HEAVY = {
    "altair",
    "deltalake",
    "duckdb",
    "ibis",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "rich",
    "sqlalchemy",
    "vl_convert",
}


def test_nothing_heavy_is_imported_before_a_command_runs() -> None:
    code = "import sys, tidegate.cli.main; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "tidegate" in loaded
    assert not HEAVY & set(loaded)


def test_version_and_help() -> None:
    assert tidegate("--version").out == f"tidegate {__version__}\n"
    shown = tidegate("--help")
    assert shown.status == 0
    for command in ("investigate", "ingest", "detect", "cases", "audit", "sources", "detectors", "range"):
        assert command in shown.out
        assert "Example" in tidegate(command, *(["make"] if command == "range" else []), "--help").out or command in (
            "sources",
            "detectors",
        )


@pytest.mark.parametrize(
    "arguments",
    [
        ("investigate",),
        ("investigate", "x", "--format", "xml"),
        ("investigate", "x", "--since", "yesterday"),
        ("frobnicate",),
        ("cases", "show"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    outcome = tidegate(*arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert outcome.err


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ConfigError("no such setting", file="tidegate.toml", line=3), 2),
        (InputError("cannot be read", file="conn.log"), 3),
        (LakeError("no lake at x"), 3),
        (PermissionError(13, "Permission denied", "lake.json"), 3),
    ],
)
def test_an_error_is_one_line(pipeline: Pipeline, logs: Path, error: TidegateError | OSError, status: int) -> None:
    pipeline.raises = error
    outcome = tidegate("investigate", logs, "--quiet")
    assert outcome.status == status
    assert outcome.out == ""
    message = "lake.json: Permission denied" if isinstance(error, PermissionError) else str(error)
    assert outcome.err == f"tidegate: {message}\n"


def test_debug_shows_the_traceback(pipeline: Pipeline, logs: Path) -> None:
    pipeline.raises = LakeError("no lake at x")
    outcome = tidegate("--debug", "investigate", logs, "--quiet")
    assert outcome.status == 3
    assert "Traceback" in outcome.err


def test_interrupted(pipeline: Pipeline, logs: Path) -> None:
    pipeline.raises = KeyboardInterrupt()
    outcome = tidegate("investigate", logs, "--quiet")
    assert outcome.status == 130
    assert outcome.err.startswith("interrupted; what was read so far is kept")


def test_a_fault_is_not_a_case(
    pipeline: Pipeline, logs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Python's own status for a traceback is 1, which here means "there is a case".
    pipeline.raises = ZeroDivisionError()
    monkeypatch.setattr(sys, "argv", ["tidegate", "investigate", str(logs), "--quiet"])
    with pytest.raises(SystemExit) as caught:
        main.main()
    assert caught.value.code == 70
    assert "this is a fault in Tidegate" in capsys.readouterr().err
