"""An estate scanned again and again: only what is new is read, and what is known stays true."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.test_classify import track
from tidegate.content import grade, version
from tidegate.content.estate import Estate
from tidegate.errors import InputError
from tidegate.pipeline import inventory
from tidegate.pipeline.classify import Order
from tidegate.pipeline.inventory import Scanned, scan
from tidegate.pipeline.workers import Bounds


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "estate"
    track(folder, "a.gpx", 1, 5)
    track(folder / "deep", "b.gpx", 10, 5)
    (folder / "letter.txt").write_text("Nothing in here.\n")
    return folder


@pytest.fixture
def estate(tmp_path: Path) -> Estate:
    return Estate(tmp_path / "inventory.db")


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written just now are as good as old ones."""
    monkeypatch.setattr(inventory, "RACE", -(10**12))


def run(estate: Estate, *paths: Path, **more: object) -> Scanned:
    return scan(Order(paths=paths, **more), estate)  # type: ignore[arg-type]


def told(estate: Estate, root: Path) -> dict[str, str]:
    rows = estate.listed([str(root)])
    return {
        str(Path(label.folder, label.name).relative_to(root)) + ("/" if file is None else ""): label.grade
        for file, label in rows
    }


@pytest.mark.usefixtures("settled")
def test_what_has_not_changed_is_not_read_again(root: Path, estate: Estate) -> None:
    assert run(estate, root).read == 3
    again = run(Estate(estate.place), root)
    assert (again.files, again.read, again.unchanged, again.spared) == (3, 0, 3, 0)
    assert told(estate, root) == {"a.gpx": "internal", "deep/b.gpx": "internal"}


@pytest.mark.usefixtures("settled")
def test_what_was_only_touched_or_moved_costs_its_hash(root: Path, estate: Estate) -> None:
    run(estate, root)
    os.utime(root / "a.gpx", (1, 1))
    (root / "deep" / "b.gpx").rename(root / "c.gpx")
    done = run(estate, root)
    assert (done.read, done.spared, done.gone) == (0, 2, 1)
    assert told(estate, root) == {"a.gpx": "internal", "c.gpx": "internal"}


@pytest.mark.usefixtures("settled")
def test_a_change_that_hides_behind_size_and_time_is_found(root: Path, estate: Estate) -> None:
    file = root / "letter.txt"
    file.write_text('<gpx version="1.1"><wpt lat="46.51512" lon="13.86013"/><wpt lat="46.6" lon="13.9"/></gpx>')
    run(estate, root)
    before = file.stat()
    file.write_text("x" * before.st_size)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))  # the time of its inode tells
    assert run(estate, root).read == 1
    assert "letter.txt" not in told(estate, root)


def test_what_was_written_a_moment_ago_is_not_trusted(root: Path, estate: Estate) -> None:
    run(estate, root)
    done = run(estate, root)
    assert (done.unchanged, done.spared, done.read) == (0, 3, 0)


@pytest.mark.usefixtures("settled")
def test_what_is_gone_leaves_the_inventory_and_what_is_beside_it_stays(root: Path, estate: Estate) -> None:
    other = track(root.parent / "estate2", "x.gpx", 1, 5).parent  # its path begins alike, and it lies elsewhere
    run(estate, root, other)
    shutil.rmtree(root / "deep")
    (root / "a.gpx").unlink()
    assert run(estate, root).gone == 2
    assert told(estate, root) == {}
    assert told(estate, other) == {"x.gpx": "internal"}


def test_a_path_that_is_not_there_forgets_nothing(root: Path, estate: Estate) -> None:
    run(estate, root)
    root.rename(root.with_name("elsewhere"))
    with pytest.raises(InputError, match="no such file"):
        run(estate, root)
    assert told(estate, root)


@pytest.mark.usefixtures("settled")
def test_a_folder_that_cannot_be_listed_is_told_and_forgets_nothing(
    root: Path, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(estate, root)
    real = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    for _ in range(2):
        assert run(estate, root).gone == 0
        assert estate.unread([str(root)]) == [(str(root / "deep"), "cannot be listed: Permission denied")]
        assert "deep/b.gpx" in told(estate, root)
    monkeypatch.setattr(os, "scandir", real)
    assert run(estate, root).gone == 0
    assert estate.unread([str(root)]) == []


@pytest.mark.usefixtures("settled")
def test_what_could_not_be_read_is_listed_with_its_reason(root: Path, estate: Estate) -> None:
    (root / "c.zip").write_bytes(b"PK\x03\x04 cut off")
    assert run(estate, root).unread == 1
    ((path, reason),) = estate.unread([str(root)])
    assert path == str(root / "c.zip")
    assert reason
    assert run(estate, root).read == 0  # what is damaged is damaged until it changes


@pytest.mark.usefixtures("settled")
def test_one_whose_reader_was_ended_is_read_again_within_other_bounds(root: Path, estate: Estate) -> None:
    late = Bounds(seconds=0.0)
    assert run(estate, root, bounds=late).unread == 3
    assert run(estate, root, bounds=late).read == 0
    assert run(estate, root).read == 3
    assert not estate.unread([str(root)])


@pytest.mark.usefixtures("settled")
def test_another_policy_grades_anew_without_reading(root: Path, estate: Estate, tmp_path: Path) -> None:
    run(estate, root)
    policy = tmp_path / "policy.toml"
    rule = '[[rule]]\nclass = "geographic"\ngrade = "core"\nwhy = "all of it"\n\n'
    policy.write_text(rule + grade.DEFAULT.read_text("utf-8"))
    done = run(estate, root, policy=policy)
    assert (done.read, done.unchanged) == (0, 3)
    assert set(told(estate, root).values()) == {"core"}


@pytest.mark.usefixtures("settled")
def test_new_recognisers_or_zones_read_anew(
    root: Path, estate: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(estate, root)
    assert run(estate, root, context=tmp_path).read == 0  # a context without zones changes nothing
    square = [[12.0, 45.0], [14.0, 45.0], [14.0, 47.0], [12.0, 47.0], [12.0, 45.0]]
    zone = {"properties": {"kind": "core"}, "geometry": {"type": "Polygon", "coordinates": [square]}}
    (tmp_path / "zones.geojson").write_text(json.dumps({"features": [zone]}))
    assert run(estate, root, context=tmp_path).read == 3
    monkeypatch.setattr(version, "of_reading", lambda _context: "later")
    assert run(estate, root).read == 3


@pytest.mark.usefixtures("settled")
def test_a_folder_is_judged_as_a_whole_from_what_is_kept(estate: Estate, tmp_path: Path) -> None:
    root = tmp_path / "parts"
    for part in range(100):
        track(root, f"{part}.gpx", 1 + part * 50, 50)
    run(estate, root)
    assert told(estate, root)["./"] == "sensitive"
    done = run(estate, root)
    assert (done.read, told(estate, root)["./"]) == (0, "sensitive")
    for part in range(90):
        (root / f"{part}.gpx").unlink()
    run(estate, root)
    assert "./" not in told(estate, root)


CHILD = """
import os, sys, time
from pathlib import Path
from tidegate.content.estate import Estate
from tidegate.pipeline import inventory
from tidegate.pipeline.classify import Order
inventory.BATCH = 5
def slowly(done):
    print(done.read, flush=True)
    time.sleep(0.02)
inventory.scan(Order(paths=(Path(sys.argv[1]),)), Estate(sys.argv[2]), progress=slowly)
"""


@pytest.mark.usefixtures("settled")
def test_a_run_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    root, store = tmp_path / "many", tmp_path / "inventory.db"
    for number in range(100):
        track(root, f"{number:02}.gpx", 1 + number * 50, 50)
    with subprocess.Popen([sys.executable, "-c", CHILD, root, store], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        next(line for line in child.stdout if int(line) >= 20)
        child.send_signal(signal.SIGKILL)
    estate = Estate(store)
    done = run(estate, root)
    assert 0 < done.read <= 85
    assert done.unchanged + done.read == 100
    assert told(estate, root)["./"] == "sensitive"  # although no file has changed since


def test_names_that_are_no_text_and_links(root: Path, estate: Estate) -> None:
    name = os.fsencode(root) + b"/\xff\xfe.gpx"
    shutil.copy(os.fsencode(root / "a.gpx"), name)
    (root / "link.gpx").symlink_to(root / "a.gpx")
    assert run(estate, root).files == 4
    assert told(estate, root)["\\xff\\xfe.gpx"] == "internal"
    assert "link.gpx" not in told(estate, root)


def test_paths_that_overlap_are_scanned_once(root: Path, estate: Estate) -> None:
    assert run(estate, root, root / "deep", root).read == 3
