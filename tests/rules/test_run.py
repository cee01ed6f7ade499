"""What rules find in tables, and that how rare a hit is gets measured and not believed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.rules.texts import loaded, rule
from tests.tables import Row, engine, table
from tidegate.cases.build import build, finding
from tidegate.cases.found import Found
from tidegate.events.schema import CLASSES
from tidegate.rules.run import run

START = datetime(2026, 1, 5, 8)
PUT = rule("sel: {cs-method: PUT}, condition: sel", logsource="category: proxy", title="uploads", more="level: high\n")
GET = rule(
    "sel: {cs-method: GET}, condition: sel", logsource="category: proxy", title="visits", more="level: critical\n"
)


def request(day: float, who: str, *, method: str = "Put", host: str = "x.example") -> Row:
    return {"time": START + timedelta(days=day), "actor": who, "activity": method, "dst_host": host}


def hits(folder: Path, rows: Sequence[Row], *rules: str) -> tuple[Found, ...]:
    tables = {name: table(name, rows if name == "http_activity" else []) for name in CLASSES}
    tables["endpoints"] = table("endpoints", [{"endpoint": "x.example", "destination": "example", "kind": "unknown"}])
    return run(engine(), tables, loaded(folder, *rules).rules)


def rates(found: Sequence[Found]) -> list[float]:
    return [round(f.per_week, 3) for f in found]


QUIET = [request(0, "bob", method="Get"), request(100, "bob", method="Head")]


def test_the_first_hit_of_a_subject_is_a_finding_and_later_ones_are_not(tmp_path: Path) -> None:
    found = hits(tmp_path, [*QUIET, *(request(80 + n, "ann") for n in range(5))], PUT)
    (first,) = found
    assert (first.actor, first.time, first.destination) == ("ann", START + timedelta(days=80), "example")
    assert first.detector.id.startswith("sigma:")
    assert first.sentence == "ann did what the Sigma rule “uploads” looks for; nobody else here has done so before."
    assert finding(first).comparisons[0].usual == 0
    # Half an act in the 66 days after learning and the one week assumed, times two groups.
    assert rates(found) == [pytest.approx(2 * 0.5 / (66 / 7 + 1), abs=0.001)]


def test_a_rule_that_fires_daily_costs_nothing(tmp_path: Path) -> None:
    crowd = [request(day, f"user-{day}", method="Get") for day in range(90)]
    found = hits(tmp_path, [*crowd, request(85, "ann")], GET, PUT)
    late = [f for f in found if f.time > START + timedelta(days=14)]
    assert [f.actor for f in late] == ["ann"]  # and it hides nobody who does what no one did before
    assert not build(found, weight=7, cases_per_week=0.5, start=START) or late


def test_no_level_is_believed_on_the_first_day(tmp_path: Path) -> None:
    found = hits(tmp_path, [request(0, "bob", method="Get"), request(0.1, "ann", method="Get")], GET)
    assert build(found, weight=7, cases_per_week=1.0, start=START) == ()


def test_nervous_rules_make_all_of_them_common(tmp_path: Path) -> None:
    names = [f"host-{n}" for n in range(30)]
    nervous = [
        rule(
            f"sel: {{cs-host: {name}.example}}, condition: sel",
            logsource="category: proxy",
            title=name,
            more="level: high\n",
        )
        for name in names
    ]
    weekly = [request(20 + 2 * n, "ann", method="Get", host=f"{name}.example") for n, name in enumerate(names)]
    quiet = hits(tmp_path, [*QUIET, request(90, "ann")], PUT)
    loud = hits(tmp_path, [*QUIET, *weekly, request(90, "ann")], *nervous, PUT)
    assert len(quiet) == 1
    assert "uploads" not in {f.facts["title"] for f in loud}  # about three new hits a week: one more is nothing


def test_findings_join_the_case_of_the_same_person(tmp_path: Path) -> None:
    found = hits(tmp_path, [*QUIET, request(95, "ann")], PUT)
    (case,) = build(found, weight=7, cases_per_week=1.0, start=START)
    assert case.title == "Something that a rule of yours looks for"
    assert case.actors == ("ann",)


def test_only_the_rows_of_the_log_source_are_looked_at(tmp_path: Path) -> None:
    squid = rule("sel: {cs-method: PUT}, condition: sel", logsource="category: proxy, product: squid")
    row = request(90, "ann")
    assert hits(tmp_path, [*QUIET, {**row, "product": "Zeek"}], squid) == ()
    assert len(hits(tmp_path, [*QUIET, {**row, "product": "Squid"}], squid)) == 1


def test_no_rule_and_no_hit_are_no_finding(tmp_path: Path) -> None:
    assert run(engine(), {}, ()) == ()
    assert hits(tmp_path, QUIET, PUT) == ()
