"""What a Sigma rule hits and what a detector finds of the same doing is one case, in a log long enough for both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline import thin
from tests.rules.texts import loaded, rule
from tidegate import registry
from tidegate.cases.model import Case
from tidegate.config import Config
from tidegate.context.load import Context
from tidegate.pipeline.investigate import investigate

PUT = rule("sel: {cs-method: PUT}, condition: sel", logsource="category: proxy", title="uploads", more="level: high\n")


def test_a_rules_hit_joins_the_case_of_a_detector_and_one_elsewhere_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bulk = {"bulk_volume": registry.detectors()["bulk_volume"]}
    monkeypatch.setattr(registry, "detectors", lambda: bulk)  # compiling all the others takes half a minute
    near = thin.request(thin.EVENING, "bob@own.example", "bobs", host="other.example", size=100, method="Put")
    lake = thin.lake(tmp_path / "lake", [*thin.haul(), near])
    rules = loaded(tmp_path, PUT).rules
    told = investigate([], lake=lake, context=Context(), config=Config(), rules=rules, names="clear")
    lake.close()
    (case,) = (case for case in told.cases if thin.DROP in case.destinations)
    assert (case.pattern, case.actors) == ("bulk_commission", (thin.THIEF,))
    assert spoke(case) == {"sigma", "bulk_volume"}
    assert all(finding.surprise > 0 for finding in case.findings)  # each of them is rarer than weekly
    # The near miss: at the same moment, and of nobody and nothing that the case is about.
    (bobs,) = (other for other in (*told.cases, *told.rest) if other.actors == (near["actor"],))
    assert "sigma" in spoke(bobs)


def spoke(case: Case) -> set[str]:
    """The detectors of a case, all rules as one."""
    return {finding.detector.partition(":")[0] for finding in case.findings}
