"""Compiled patterns are kept, found again, and made anew where what was kept is of no use."""

from __future__ import annotations

from pathlib import Path

import hyperscan
import pytest

from tidegate.content import compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(compiled.FOLDER, str(tmp_path / "cache"))
    return tmp_path / "cache"


def ends(database: hyperscan.Database, text: bytes) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    database.scan(text, match_event_handler=lambda number, _, end, *__: found.append((number, end)))
    return found


def test_what_was_kept_finds_the_same(folder: Path) -> None:
    first = compiled.compiled([b"abc", b"x+y"], [0, 0])
    (file,) = folder.iterdir()
    made = file.stat().st_mtime_ns
    again = compiled.compiled([b"abc", b"x+y"], [0, 0])
    assert ends(first, b"abc xxy") == ends(again, b"abc xxy") == [(0, 3), (1, 7)]
    assert [f.stat().st_mtime_ns for f in folder.iterdir()] == [made]


def test_other_patterns_are_others(folder: Path) -> None:
    compiled.compiled([b"abc"], [0])
    assert ends(compiled.compiled([b"abd"], [0]), b"abc abd") == [(0, 7)]
    assert len(list(folder.iterdir())) == 2


def test_what_is_damaged_is_made_anew(folder: Path) -> None:
    compiled.compiled([b"abc"], [0])
    (file,) = folder.iterdir()
    file.write_bytes(b"no such thing")
    assert ends(compiled.compiled([b"abc"], [0]), b"abc") == [(0, 3)]
    assert file.stat().st_size > 100


def test_nowhere_to_keep_it_is_no_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv(compiled.FOLDER, str(tmp_path / "file" / "cache"))
    assert ends(compiled.compiled([b"abc"], [0]), b"abc") == [(0, 3)]


def test_a_wrong_expression_is_an_error(folder: Path) -> None:
    with pytest.raises(hyperscan.error):
        compiled.compiled([b"(?<=a)b"], [0])
    assert not folder.exists()
