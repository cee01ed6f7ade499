"""`tidegate detect --engine spark`, in processes of their own, finds what `tidegate detect` does."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

pytestmark = pytest.mark.xdist_group("spark")  # one engine at a time, whatever the number of processes
BEGIN = datetime(2026, 3, 2, 9)
TIDEGATE = Path(sys.executable).with_name("tidegate")


def changed(days: int, who: str, forwarded_to: str | None = None) -> dict[str, Any]:
    """A mailbox rule, as Microsoft 365's audit log tells it."""
    action = {"ForwardTo": forwarded_to} if forwarded_to else {"MoveToFolder": "Archive"}
    return {
        "CreationTime": (BEGIN + timedelta(days=days)).isoformat(),
        "Operation": "New-InboxRule",
        "Workload": "Exchange",
        "UserId": f"{who}@own.example",
        "Parameters": [{"Name": name, "Value": value} for name, value in action.items()],
    }


def cases(lake: Path, *more: str) -> list[tuple[object, ...]]:
    command = [str(TIDEGATE), "detect", "--lake", str(lake), "--format", "json", "--quiet", *more]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    made = json.loads(done.stdout)["cases"]
    return [(c["uid"], c["pattern"], c["raised_time"], round(c["false_alarms_per_week"], 6)) for c in made]


def test_cases_are_the_same_on_both(tmp_path: Path) -> None:
    changes = [changed(n, f"p{n % 20}") for n in range(40)] + [changed(33, "ann", "eve@drop.example")]
    log = tmp_path / "audit.json"
    log.write_text("\n".join(map(json.dumps, changes)))
    here, there = tmp_path / "here", tmp_path / "there"
    subprocess.run([TIDEGATE, "ingest", log, "--lake", here, "--quiet"], check=True)
    shutil.copytree(here, there)
    found = cases(here)
    assert [pattern for _, pattern, *_ in found] == ["mail_leak"]
    assert cases(there, "--engine", "spark=local[1]") == found
