"""Others' examples with expected verdicts: what our detectors of single acts find, what they leave alone."""

from __future__ import annotations

import runpy
from pathlib import Path

from tests.samples import sample

BENCH = Path(__file__).parents[1] / "bench" / "panther.py"
HELD = (
    *("AWS.CloudTrail.ResourceMadePublic", "AWS.RDS.InstanceMadePublic", "AWS.RDS.SnapshotShared"),
    *("Azure.MonitorActivity.Compute.DiskSASURIGenerated", "Dropbox.External.Share", "GCP.GCS.IAMChanges"),
    "GSuite.ExternalMailForwarding",
)
"""Rules whose examples say of themselves, without an allow list of Panther's, what is right."""


def test_sharing_and_forwarding_are_found_and_their_near_misses_left_alone() -> None:
    path = sample("logs", "panther", "events.jsonl")
    bench = runpy.run_path(str(BENCH))
    tally = bench["counts"](bench["verdicts"](path, HELD))
    assert tally["positives"] == tally["found"] > 0
    assert tally["negatives"] == tally["left alone"] > 0
