"""Files and folders: what is found where, as a whole too, and what is left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tidegate.errors import ConfigError, InputError
from tidegate.pipeline.classify import Classified, Order, Progress, classify

GPX = '<gpx version="1.1">{}</gpx>'


def track(folder: Path, name: str, start: int, count: int) -> Path:
    points = "".join(f'<wpt lat="{46 + n / 1e5:.5f}" lon="{13 + n / 1e5:.5f}"/>' for n in range(start, start + count))
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(GPX.format(points))
    return file


def run(*paths: Path, **more: object) -> dict[str, Classified]:
    return {item.path: item for item in classify(Order(paths=paths, **more))}  # type: ignore[arg-type]


def grades(item: Classified) -> dict[str, str]:
    return {label.facts.data_class: label.grade for label in item.labels}


def test_a_register_cut_into_a_hundred_files_is_still_that_register(tmp_path: Path) -> None:
    whole = track(tmp_path / "whole", "all.gpx", 1, 5_000)
    for part in range(100):
        track(tmp_path / "parts", f"{part}.gpx", 1 + part * 50, 50)
    found = run(tmp_path / "whole", tmp_path / "parts")
    assert grades(found[str(whole)]) == {"geographic": "sensitive"}
    assert grades(found[str(tmp_path / "parts" / "7.gpx")]) == {"geographic": "internal"}  # a smaller dose
    assert found[str(tmp_path / "parts")].format == "folder"
    assert grades(found[str(tmp_path / "parts")]) == {"geographic": "sensitive"}
    (label,) = found[str(tmp_path / "parts")].labels
    assert (label.facts.files, label.facts.count) == (100, 5_000)
    assert [e.where for e in label.facts.evidence][:2] == ["0.gpx", "1.gpx"]


def test_a_folder_within_is_told_of_where_it_is_graver_than_its_files(tmp_path: Path) -> None:
    for part in range(100):
        track(tmp_path / "a" / "deep", f"{part}.gpx", 1 + part * 50, 50)
    track(tmp_path / "b", "one.gpx", 1, 5)
    found = run(tmp_path)
    assert {Path(p).name for p, item in found.items() if item.format == "folder"} == {tmp_path.name, "a", "deep"}


def test_points_in_a_core_zone_are_graver(tmp_path: Path) -> None:
    file = track(tmp_path / "data", "den.gpx", 1, 20)
    square = [[12.0, 45.0], [14.0, 45.0], [14.0, 47.0], [12.0, 47.0], [12.0, 45.0]]
    zone = {"properties": {"kind": "core"}, "geometry": {"type": "Polygon", "coordinates": [square]}}
    (tmp_path / "zones.geojson").write_text(json.dumps({"features": [zone]}))
    assert grades(run(file)[str(file)]) == {"geographic": "internal"}
    (label,) = run(file, context=tmp_path)[str(file)].labels
    assert (label.grade, label.facts.inside) == ("core", {"core": 20})
    assert "100% in core zones" in label.facts.words()


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = track(tmp_path / "outside", "a.gpx", 1, 5)
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "file").symlink_to(outside)
    (inside / "folder").symlink_to(outside.parent)
    os.mkfifo(inside / "pipe")
    assert set(run(inside)) == set()
    assert set(run(inside / "file")) == {str(inside / "file")}  # but for one that was asked for


def test_files_are_not_changed(tmp_path: Path) -> None:
    file = track(tmp_path, "a.gpx", 1, 5)
    before = file.stat()
    run(tmp_path)
    after = file.stat()
    assert (before.st_mtime_ns, before.st_size, [file]) == (after.st_mtime_ns, after.st_size, list(tmp_path.iterdir()))


def test_a_file_is_looked_at_once(tmp_path: Path) -> None:
    file = track(tmp_path, "a.gpx", 1, 5)
    assert len([i for i in classify(Order(paths=(tmp_path, file))) if i.format == "gpx"]) == 1


def test_a_file_that_may_not_be_read_is_an_error_of_its_own(tmp_path: Path) -> None:
    track(tmp_path, "a.gpx", 1, 5)
    (tmp_path / "b.gpx").write_bytes(b"\0" * 10)
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04 cut off")
    found = run(tmp_path)
    assert found[str(tmp_path / "a.gpx")].error is None
    assert found[str(tmp_path / "c.zip")].error


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        run(tmp_path / "nothing")


def test_a_wrong_policy_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text("[default]\n")
    with pytest.raises(ConfigError, match="gives no grade"):
        run(tmp_path, policy=tmp_path / "p.toml")


def test_progress_is_told(tmp_path: Path) -> None:
    for name in "ab":
        track(tmp_path, name, 1, 2)
    told: list[Progress] = []
    list(classify(Order(paths=(tmp_path,)), progress=told.append))
    assert [(p.files_done, p.files_total) for p in told] == [(1, 2), (2, 2)]
    assert told[-1].bytes_done == told[-1].bytes_total


def test_values_stay_in_the_worker_unless_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("the den lies at 46°30'54\"N, 13°51'36\"E\n")
    (hidden,), (shown,) = (run(file, values=values)[str(file)].labels for values in (False, True))
    assert [e.value for e in hidden.facts.evidence] == [""]
    assert [e.value for e in shown.facts.evidence] == ["46°30'54\"N, 13°51'36\"E"]
