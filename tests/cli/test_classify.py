"""`tidegate classify`: its lines are the contract."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import tidegate

POINTS = '<gpx version="1.1"><wpt lat="46.51512" lon="13.86013"/><wpt lat="46.6" lon="13.9"/></gpx>'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "track.doc").write_text(POINTS)
    (tmp_path / "letter.gpx").write_text("Dear all, nothing in here.\n")
    return tmp_path


def lines(*arguments: str | Path) -> list[dict[str, Any]]:
    done = tidegate("classify", *arguments, "--format", "json")
    assert done.status == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_the_contract(folder: Path) -> None:
    letter, track, whole = lines(folder)
    assert letter == {"path": str(folder / "letter.gpx"), "format": "text", "labels": [], "error": None}
    assert (track["format"], track["error"]) == ("gpx", None)
    (label,) = track["labels"]
    assert list(label) == ["class", "grade", "count", "precision_m", "confidence", "evidence"]
    assert (label["class"], label["grade"], label["count"], label["precision_m"]) == ("geographic", "internal", 2, 1.1)
    assert label["evidence"] == [{"kind": "positions", "where": "", "start": None, "end": None}]
    assert (whole["path"], whole["format"]) == (str(folder), "folder")


def test_explained(folder: Path) -> None:
    (label,) = lines(folder / "track.doc", "--explain")[0]["labels"]
    assert label["why"] == "a track or a list of places"
    assert "precise to 1.1 m" in label["facts"]


def test_values_are_shown_only_when_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("the den lies at 46°30'54\"N, 13°51'36\"E\n")
    assert "46°" not in json.dumps(lines(file), ensure_ascii=False)
    (label,) = lines(file, "--show-values")[0]["labels"]
    assert label["evidence"][0]["value"] == "46°30'54\"N, 13°51'36\"E"


def test_a_table_for_people(folder: Path) -> None:
    done = tidegate("classify", folder, "--explain")
    assert "geographic" in done.out
    assert "internal: a track or a list of places" in " ".join(done.out.split())
    assert "3 looked at: nothing sensitive in 1, not fully read 0" in done.err


def test_nothing_but_results_on_stdout(folder: Path) -> None:
    done = tidegate("classify", folder / "letter.gpx")
    assert done.out == ""


def test_what_is_not_there_is_an_exit_status(tmp_path: Path) -> None:
    done = tidegate("classify", tmp_path / "nothing")
    assert done.status == 3
    assert "there is no such file or folder" in done.err


def test_a_policy_of_ones_own(folder: Path) -> None:
    (folder / "p.toml").write_text("[default]\n")
    done = tidegate("classify", folder, "--policy", folder / "p.toml")
    assert done.status == 2
    assert "p.toml: [default] gives no grade" in done.err


def command(*arguments: str | Path, **more: Any) -> subprocess.CompletedProcess[str]:
    code = "from tidegate.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=True, **more
    )


def test_stdin() -> None:
    done = command("classify", "-", "--format", "json", input=POINTS)
    found = json.loads(done.stdout)
    assert (found["path"], found["format"], len(found["labels"])) == ("-", "gpx", 1)


def test_a_small_file_needs_nothing_heavy(folder: Path) -> None:
    code = (
        "import sys; sys.argv = ['tidegate', 'classify', sys.argv[1], '--format', 'json']\n"
        "from tidegate.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        "heavy = {'ibis', 'numpy', 'pyarrow', 'duckdb', 'pypdfium2', 'pyproj', 'rich.console'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code, str(folder / "track.doc")], check=True, capture_output=True)


def test_jobs(folder: Path) -> None:
    assert lines(folder, "--jobs", "3") == lines(folder)
