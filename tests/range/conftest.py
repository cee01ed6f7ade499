"""One small organisation, as a stage and written out, for all tests of the range."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tidegate.range.incidents import patterns
from tidegate.range.make import START, Made, make
from tidegate.range.world import World, world

INCIDENTS = tuple(patterns())


@dataclass(frozen=True)
class Folder:
    """What a run wrote."""

    path: Path
    made: Made

    @property
    def truth(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.path / "truth.json").read_text())
        return document

    def lines(self, name: str) -> list[str]:
        raw = (self.path / name).read_bytes()
        return (gzip.decompress(raw) if name.endswith(".gz") else raw).decode().splitlines()

    def clean(self, pattern: str) -> list[str]:
        """Files of a pattern that no dirt was put in."""
        dirty = {spoilt["file"] for spoilt in self.truth["dirt"]}
        names = sorted(str(path.relative_to(self.path)) for path in self.path.glob(pattern))
        return [name for name in names if name not in dirty]


@pytest.fixture(scope="session")
def stage() -> World:
    return world(people=40, days=84, seed=5, start=START, utc_offset=0)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    path = tmp_path_factory.mktemp("range") / "made"
    return Folder(path, make(path, people=20, days=28, seed=2, incidents=INCIDENTS))
