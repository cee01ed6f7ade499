"""The main job on real logs: what is truly in them comes out, and what is corrupt goes to quarantine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.samples import sample
from tidegate.cases.model import Case
from tidegate.config import Config
from tidegate.context.load import Context
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.investigate import investigate


def cases(tmp_path: Path, *paths: Path) -> tuple[Case, ...]:
    report = investigate(paths, lake=Lake(tmp_path / "lake"), context=Context(), config=Config(), names="clear")
    assert report.ingested.events
    assert not report.ingested.quarantined
    return report.cases


def test_the_s3_exfiltration_is_a_case(tmp_path: Path) -> None:
    (case,) = cases(tmp_path, sample("logs", "otrf", "ec2_s3_exfil"))
    assert case.pattern == "springboard"
    assert case.actors == ("mordornginxstack-bankingwafrole-9s3e0uae1mm0",)
    assert "ring.txt" in {(e.file_name or "").rpartition("/")[2] for e in case.events}


def test_forwarding_and_the_outside_link_in_workspace_are_a_case(tmp_path: Path) -> None:
    found = cases(tmp_path, sample("logs", "invictus_gws"))
    told = {f.detector: f for case in found for f in case.findings}
    assert {"mail_forwarding", "open_share"} <= set(told)
    addresses = {e.destination for case in found for e in case.events}
    assert "apt1337@throwawaymail.com" in addresses
    shared = [e for case in found for e in case.events if e.activity == "Share" and e.destination == "anyone"]
    assert {e.file_name for e in shared} == {"Plan for world domination"}


@pytest.mark.parametrize("what", ["share-ami", "share-ebs-snapshot"])
def test_an_image_or_a_snapshot_shared_with_a_strange_account_is_a_case(tmp_path: Path, what: str) -> None:
    (case,) = cases(tmp_path, sample("logs", "stratus", f"aws.exfiltration.ec2-{what}.json"))
    assert case.pattern == "open_share"


def test_corrupt_zeek_logs_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    whole = sample("logs", "zat", "http.log.gz")
    summary = ingest([whole.parent / "http.log.corrupt.gz"], lake)
    assert summary.events
    assert summary.quarantined == 1
    ((reason, number),) = summary.reasons
    assert "gzip" in reason
    assert number == 1


def test_the_zat_logs_and_the_apt29_days_are_read_whole(tmp_path: Path) -> None:
    summary = ingest([sample("logs", "zat"), sample("logs", "otrf", "apt29")], Lake(tmp_path / "lake"))
    assert summary.events > 5_000
    assert {reason for reason, _number in summary.reasons} <= {"gzip: the file ends early", "no source reads Zeek"}
