"""To whom a file is exposed: permissions of its own and of all folders above it, and shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.context.shares import Share
from tidegate.pipeline import exposure
from tidegate.pipeline.exposure import Exposure, owner


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    real = Exposure._open_to_all
    above = {*tmp_path.parents}  # pytest's own folders are private
    monkeypatch.setattr(Exposure, "_open_to_all", lambda self, path: path in above or real(self, path))
    monkeypatch.setattr(exposure, "_alone", lambda _gid: False)
    tmp_path.chmod(0o755)
    made = tmp_path / "a.txt"
    made.write_text("x")
    return made


def of(file: Path, mode: int, *shares: Share) -> tuple[str, ...]:
    file.chmod(mode)
    return Exposure(shares).of(file, file.stat())


def test_permissions(file: Path) -> None:
    assert of(file, 0o644) == ("world-readable",)
    assert of(file, 0o666) == ("world-readable", "world-writable", "group-writable")
    assert of(file, 0o660) == ("group-writable",)
    assert of(file, 0o640) == ()  # a group is there to read


def test_a_closed_folder_closes_what_is_in_it(file: Path) -> None:
    file.parent.chmod(0o750)
    assert of(file, 0o644) == ()


def test_a_group_of_one_is_no_group(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposure, "_alone", lambda _gid: True)
    assert of(file, 0o660) == ()


def test_shares_expose_what_lies_in_them(file: Path) -> None:
    share = Share(path=f"{file.parent}/", share="survey", audience="all partners")
    assert of(file, 0o600, share) == ("shared: survey (all partners)",)
    beside = Share(path=f"{file.parent}2", share="other")  # begins alike, and is another folder
    assert of(file, 0o600, beside) == ()


def test_owners_without_an_account_are_numbers() -> None:
    assert owner(4_000_123) == "4000123"
