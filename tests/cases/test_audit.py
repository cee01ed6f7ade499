"""The record of unmasking: what it holds, and that tampering shows."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tidegate.cases.audit import AuditLog, Broken
from tidegate.errors import LakeError


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    log = AuditLog(tmp_path)
    for reason in ("case 17, agreed with the council", None, "  "):
        log.append("names shown in the clear", reason=reason, cases=["c1"], people=["person-aaaaaaaa"])
    return log


def test_who_when_what_why(log: AuditLog) -> None:
    first, *rest = log.entries()
    assert first.who == pwd.getpwuid(os.getuid()).pw_name
    assert first.time.endswith("Z")
    assert first.action == "names shown in the clear"
    assert first.reason == "case 17, agreed with the council"
    assert (first.cases, first.people) == (("c1",), ("person-aaaaaaaa",))
    assert [entry.reason for entry in rest] == ["no reason given", "no reason given"]
    assert log.verify() is None
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


def test_nothing_recorded_yet(tmp_path: Path) -> None:
    assert AuditLog(tmp_path).entries() == ()
    assert AuditLog(tmp_path).verify() is None


@pytest.mark.parametrize(
    ("lines", "broken"),
    [
        (lambda a, b, c: [a.replace("council", "boss"), b, c], 1),
        (lambda a, b, c: [b, c], 1),  # the first removed
        (lambda a, b, c: [a, c], 2),  # one in the middle removed
        (lambda a, b, c: [a, a, b, c], 2),  # one put in
        (lambda a, b, c: [b, a, c], 1),  # two swapped
        (lambda a, b, c: [a, b, c[:40]], 3),  # cut in the middle of a line
        (lambda a, b, c: [a, b, c, "{}"], 4),
    ],
)
def test_tampering_shows_and_stops_unmasking(log: AuditLog, lines: Callable[..., list[str]], broken: int) -> None:
    log.path.write_text("\n".join(lines(*log.path.read_text().splitlines())) + "\n")
    found = log.verify()
    assert isinstance(found, Broken)
    assert found.line == broken
    assert len(log.entries()) == broken - 1
    with pytest.raises(LakeError, match=rf"audit.ndjson:{broken}: .*names stay hidden"):
        log.append("names shown in the clear", reason="x", cases=[], people=[])


def test_a_record_that_cannot_be_written_stops_unmasking(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="names stay hidden"):
        AuditLog(tmp_path / "none").append("names shown in the clear", reason="x", cases=[], people=[])
