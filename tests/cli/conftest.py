"""A command line over a pipeline that only pretends, so that these tests are about the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from tests.cases.examples import FIRST, LAST, a_case
from tidegate.cases.model import Case, IngestSummary, Report
from tidegate.cli.main import app


def odd(uid: str, per_week: float) -> Case:
    """Something that made no case."""
    finding = replace(a_case().findings[0], uid=f"f-{uid}")
    return replace(a_case(uid), false_alarms_per_week=per_week, findings=(finding,))


@dataclass
class Outcome:
    """What a command did."""

    status: int
    out: str
    err: str


@dataclass
class Pipeline:
    """Stands in for ingest and investigate; `calls` holds what they were asked for."""

    ingested: IngestSummary = field(default_factory=lambda: IngestSummary(files=1, events=3))
    report: Report = field(
        default_factory=lambda: Report(
            made=LAST,
            title="Tidegate report",
            names="pseudonym",
            ingested=IngestSummary(files=1, events=3),
            first_event=FIRST,
            last_event=LAST,
            findings=a_case().findings,
            cases=(a_case("c1"), a_case("c2", score=20)),
            rest=(odd("rest-1", 2.0), odd("rest-2", 0.5)),
        )
    )
    raises: BaseException | None = None
    calls: list[dict[str, object]] = field(default_factory=list)

    def investigate(self, paths: Sequence[Path], **given: object) -> Report:
        self.calls.append({"paths": list(paths), **given})
        if self.raises:
            raise self.raises
        return self.report

    def ingest(self, paths: Sequence[Path], lake: object, **given: object) -> IngestSummary:
        self.calls.append({"paths": list(paths), "lake": lake, **given})
        return self.ingested


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    pretended = Pipeline()
    for name in ("investigate", "ingest"):
        module = ModuleType(f"tidegate.pipeline.{name}")
        setattr(module, name, getattr(pretended, name))
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return pretended


@pytest.fixture(autouse=True)
def data_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Default lakes go below the test's own folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for name in ("TIDEGATE_LAKE", "TIDEGATE_REASON"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "data" / "tidegate"


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "conn.log").write_text("{}\n")
    return folder


def tidegate(*arguments: object) -> Outcome:
    """Run a command as a shell would."""
    result = CliRunner().invoke(app, [str(a) for a in arguments], prog_name="tidegate")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)
