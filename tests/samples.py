"""Real, openly licensed samples, where they are: `TIDEGATE_SAMPLES`, else `../shared/data` beside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def sample(*parts: str) -> Path:
    """A file or folder of the samples; the test is skipped where they are not."""
    root = Path(os.environ.get("TIDEGATE_SAMPLES") or Path(__file__).parents[2] / "shared" / "data")
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no sample {path}: set TIDEGATE_SAMPLES to the folder that holds {parts[0]}/")
    return path
