"""No file outgrows what a person can hold in mind."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST = 400  # lines: aim at half


@pytest.mark.parametrize("folder", ["src", "tests", "bench"])
def test_files_are_short(folder: str) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in (ROOT / folder).rglob("*.py")}
    assert {str(path.relative_to(ROOT)): length for path, length in lengths.items() if length > MOST} == {}
