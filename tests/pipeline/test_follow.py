from __future__ import annotations

import gzip
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ibis.formats.pandas  # noqa: F401  before two threads do, for pandas cannot be imported by both at once
import pytest
import watchfiles

from tests.diary import SOURCES, amounts, held, reasons, text, visit
from tidegate.cases.model import IngestSummary
from tidegate.errors import InputError, LakeError
from tidegate.lake import intent
from tidegate.lake.store import Lake
from tidegate.pipeline import follow as module
from tidegate.pipeline import identity, ingest
from tidegate.pipeline.follow import Following, Pass, follow
from tidegate.reading.streams import Member, Opened


@dataclass
class Followed:
    """Logs that are followed in a thread, and what was said meanwhile."""

    logs: Path
    lake: Path
    said: list[str] = field(default_factory=list)
    passes: list[Pass] = field(default_factory=list)
    summary: IngestSummary | None = None

    @contextmanager
    def running(self, poll: float | None = None) -> Iterator[None]:
        given = Following(paths=[self.logs], sources=SOURCES, poll=poll, say=self.said.append, tell=self.passes.append)

        def run() -> None:
            self.summary = follow(given, lambda: Lake(self.lake))

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            given.stop.set()
            thread.join()

    def append(self, name: str, data: str) -> None:
        with (self.logs / name).open("a") as log:
            log.write(data)

    def sees(self, expected: list[int]) -> None:
        """The amounts get into the lake."""
        eventually(lambda: (self.lake / "lake.json").exists() and amounts(self.lake) == expected)

    def settles(self, passes: int = 4) -> None:
        """Some passes go by."""
        before = len(self.passes)
        eventually(lambda: len(self.passes) >= before + passes)


def eventually(holds: Callable[[], bool], within: float = 20) -> None:
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Followed:
    monkeypatch.setattr(module, "INTERVAL", 0.05)
    monkeypatch.setattr(module, "QUIET", 0.4)
    monkeypatch.setattr(module, "_RETRY", (0.05, 0.2))
    (tmp_path / "logs").mkdir()
    return Followed(tmp_path / "logs", tmp_path / "lake")


def test_what_is_new_is_read_and_nothing_else(followed: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def known(member: Member, *rest: Any) -> identity.Known:
        looked.append(member.name)
        return identity.known(member, *rest)

    monkeypatch.setattr(ingest, "known", known)
    followed.append("a", text(*map(visit, range(300))))
    with followed.running():
        followed.sees(list(range(300)))
        followed.append("a", text(visit(300)))
        followed.sees(list(range(301)))
        followed.append("b", text(visit(301)))
        followed.sees(list(range(302)))
        followed.append("b", text(visit(302)))
        followed.sees(list(range(303)))
    # Each was looked up once; where they grew they were read on from where they were.
    assert [Path(name).name for name in looked] == ["a", "b"]
    assert followed.summary is not None
    assert followed.summary.events == 303
    assert [row["source_line"] for row in held(followed.lake)][-4:] == [300, 301, 1, 2]


def test_rotated_compressed_truncated_and_copied_logs_add_what_is_new_in_them(followed: Followed) -> None:
    logs = followed.logs
    followed.append("a", text(visit(0), visit(1)))
    with followed.running():
        followed.sees([0, 1])
        (logs / "a").rename(logs / "a.1")
        followed.append("a.1", text(visit(2)))  # its writer has not noticed yet
        followed.append("a", text(visit(3)))
        followed.sees([0, 1, 2, 3])
        followed.append("a.1", text(visit(4)))  # and this nobody reads before it is compressed
        (logs / "a.2026.gz").write_bytes(gzip.compress((logs / "a.1").read_bytes()))
        (logs / "a.1").unlink()
        followed.sees([0, 1, 2, 3, 4])
        followed.append("a", text(visit(5)))
        shutil.copy(logs / "a", logs / "a.2")
        (logs / "a").write_text(text(visit(6)))  # shorter than what was read
        followed.sees([0, 1, 2, 3, 4, 5, 6])
        # As long as what was read: only what it holds tells that it is another one.
        (logs / "a").write_text(text(visit(7)))
        followed.sees(list(range(8)))
    assert reasons(followed.lake) == []


def test_an_unfinished_line_waits_for_its_end_and_not_for_ever(followed: Followed) -> None:
    line = text(visit(1))
    followed.append("a", text(visit(0)) + line[:30])
    with followed.running():
        followed.sees([0])
        followed.append("a", line[30:])
        followed.sees([0, 1])
        followed.append("a", text(visit(2)).rstrip("\n"))  # nothing follows: it is taken for what it is
        followed.sees([0, 1, 2])
        followed.append("a", "\n" + text(visit(3)))
        followed.sees([0, 1, 2, 3])
    assert reasons(followed.lake) == []


def test_a_line_that_stays_unfinished_is_in_quarantine_once(followed: Followed) -> None:
    line = text(visit(1))
    followed.append("a", text(visit(0)) + line[:30])
    with followed.running():
        eventually(lambda: (followed.lake / "lake.json").exists() and bool(reasons(followed.lake)))
        followed.append("a", line[30:] + text(visit(2)))  # late, and not lost
        followed.sees([0, 1, 2])
    assert reasons(followed.lake) == [(2, "not valid JSON")]


def test_a_document_is_read_as_it_is_written(followed: Followed) -> None:
    whole = json.dumps({"entries": [visit(i) for i in range(6)]}, indent=1)
    with followed.running():
        for part in (whole[:5], whole[5:150], whole[150:290], whole[290:]):
            followed.append("export.json", part)
            followed.settles(2)
        followed.sees(list(range(6)))
    assert reasons(followed.lake) == []


def test_a_copy_that_is_being_made_adds_nothing(followed: Followed) -> None:
    whole = text(*map(visit, range(300)))
    followed.append("a", whole)
    with followed.running():
        followed.sees(list(range(300)))
        for at in range(0, len(whole), 5000):
            followed.append("b", whole[at : at + 5000])
            followed.settles(3)
        followed.append("b", text(visit(300)))  # the copy goes on by itself
        followed.sees(list(range(301)))
        followed.append("c", whole[:7777])  # this one is never finished
        followed.settles(30)
    assert amounts(followed.lake) == list(range(301))


def test_a_log_that_begins_like_another_and_goes_on_differently_is_another(followed: Followed) -> None:
    header = "when,who,sent\n"
    rows = [f"{v['when']},ann,{v['sent']}\n" for v in map(visit, range(4))]
    followed.append("a.csv", header)
    followed.append("b.csv", header)
    with followed.running():
        followed.settles(2)
        followed.append("a.csv", rows[0])
        followed.append("b.csv", rows[1])
        followed.sees([0, 1])
        followed.append("a.csv", rows[2])
        followed.append("b.csv", rows[3])
        followed.sees([0, 1, 2, 3])


@pytest.mark.parametrize("told", [True, False])
def test_where_nobody_tells_of_changes_they_are_found(
    followed: Followed, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    def refusing(*_paths: object, **_options: object) -> None:
        raise OSError("inotify watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", refusing)
    followed.append("a", text(visit(0)))
    with followed.running(poll=None if told else 0.1):
        followed.sees([0])
        followed.append("a", text(visit(1)))
        followed.append("b", text(visit(2)))
        followed.sees([0, 1, 2])
    assert any("watch limit" in said for said in followed.said) == told


def test_files_that_do_not_change_cost_nothing(followed: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in range(200):
        followed.append(f"old{name}", text(visit(name)))
    looked: list[str] = []
    with followed.running():
        followed.sees(list(range(200)))
        followed.settles(30)  # all are known to be finished by then
        monkeypatch.setattr(module, "stat", lambda path: looked.append(path.name))
        monkeypatch.setattr(module, "_WARM", 0.1)
        followed.settles(3)
        looked.clear()
        followed.settles(3)
    assert looked == []


def test_errors_that_pass_neither_end_it_nor_lose_nor_double_anything(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failing = intent.commit, iter([True, True, False, True])

    def commit(*args: object) -> None:
        if next(failing, False):
            raise LakeError("no space left")
        real(*args)  # type: ignore[arg-type]  # it is what was asked for

    monkeypatch.setattr(intent, "commit", commit)
    followed.append("a", text(visit(0)))
    with followed.running():
        followed.sees([0])
        followed.append("a", text(visit(1)))
        followed.sees([0, 1])
    assert sum("no space left; nothing is lost, trying again" in said for said in followed.said) == 3
    busy = [bool(done.error) for done in followed.passes if done.committed or done.error]
    assert busy == [True, True, False, True, False]
    with closing(Lake(followed.lake)) as lake:
        delta = lake.delta("network_activity")
        assert delta is not None
        assert {str(path) for path in followed.lake.glob("network_activity/*/*.parquet")} == set(delta.file_uris())


def test_what_it_does_not_know_is_named_once(followed: Followed) -> None:
    followed.append("prose", "Dear diary,\n")
    with followed.running():
        eventually(lambda: bool(followed.said))
        followed.append("prose", "nothing much.\n")
        followed.settles(20)
    assert followed.said == [f"skipped {followed.logs / 'prose'}: no log Tidegate knows"]


def test_it_goes_on_where_it_was_stopped(followed: Followed) -> None:
    followed.append("a", text(visit(0)) + text(visit(1))[:20])
    with followed.running():
        followed.sees([0])
    followed.append("a", text(visit(1))[20:])
    with followed.running():
        followed.sees([0, 1])


def test_a_file_that_cannot_be_read_for_a_moment_is_read_later(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failing = Member.open, iter([False, True])  # the second time it is read, not looked at

    @contextmanager
    def opening(self: Member) -> Iterator[Opened]:
        with real(self) as opened:
            pieces = broken() if next(failing, False) else opened.pieces
            yield Opened(pieces, opened.position)

    def broken() -> Iterator[bytes]:
        yield text(visit(0)).encode()
        raise InputError("damaged: input/output error") from OSError(5, "input/output error")

    monkeypatch.setattr(Member, "open", opening)
    followed.append("a", text(visit(0), visit(1)))
    with followed.running(poll=0.1):
        followed.sees([0, 1])
    assert followed.said == [f"skipped {followed.logs / 'a'}: damaged: input/output error"]
    assert reasons(followed.lake) == []
