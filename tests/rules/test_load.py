"""Every rule of a folder either runs somewhere or is named with the reason why it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.texts import loaded, rule
from tidegate.cases.patterns import TITLES
from tidegate.errors import InputError
from tidegate.events.schema import CLASSES
from tidegate.rules.fields import FIELDS
from tidegate.rules.load import PATTERNS, load
from tidegate.rules.logsources import CATEGORIES

SEL = "sel: {User: ann}, condition: sel"


@pytest.mark.parametrize(
    ("logsource", "tables"),
    [
        ("category: process_creation, product: windows", ("process_activity",)),
        ("category: file_event", ("file_activity",)),
        ("category: dns_query", ("dns_activity",)),
        ("category: proxy", ("http_activity",)),
        ("category: firewall", ("network_activity",)),
        ("product: azure, service: signinlogs", ("authentication",)),
        ("product: zeek, service: dns", ("dns_activity",)),
    ],
)
def test_a_log_source_is_a_table(tmp_path: Path, logsource: str, tables: tuple[str, ...]) -> None:
    assert loaded(tmp_path, rule(SEL, logsource=logsource)).rules[0].unit.reads == tables


def test_a_log_of_many_classes_is_asked_in_each(tmp_path: Path) -> None:
    made = loaded(
        tmp_path, rule("sel: {eventName: PutObject}, condition: sel", logsource="product: aws, service: cloudtrail")
    )
    assert {"api_activity", "web_resources"} <= set(made.rules[0].unit.reads)
    console = "sel: {eventSource: signin.amazonaws.com, eventName: ConsoleLogin}, condition: sel"
    made = loaded(tmp_path, rule(console, logsource="product: aws, service: cloudtrail"))
    assert "authentication" in made.rules[0].unit.reads
    assert "web_resources" not in made.rules[0].unit.reads  # which is S3's alone
    made = loaded(tmp_path, rule("sel: {awsRegion: eu}, condition: sel", logsource="product: aws, service: cloudtrail"))
    assert made.rules[0].unit.reads == ("api_activity",)
    assert "no field awsRegion in web_resources" in made.rules[0].without


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (rule(SEL, logsource="category: registry_set, product: windows"), "no table for the log source category"),
        (rule(SEL, logsource="product: okta, service: okta"), "no log of the product okta is read"),
        (rule("sel: {EventID: 5136}, condition: sel", logsource="product: windows, service: security"),
         "no EventID 5136 in account_change"),
        (rule("sel: {eventName: x}, condition: sel", logsource="product: m365, service: threat_management"),
         "no table for the log source product: m365 service: threat_management"),
        (rule("sel: {OriginalFileName: x}, condition: sel"), "no field OriginalFileName in process_activity"),
        (rule("sel: {User|expand: '%admins%'}, condition: sel"), "placeholders"),
        (rule("sel: {User: ann}, condition: sel | count() > 5"), "pipe syntax"),
        (rule("sel: {User: ann}, condition: other"), "other"),
        (rule("sel: {User|re: '(?=x)'}, condition: sel"), "egular expression"),
        (rule("sel: {src_ip|cidr: 'fe80::/10'}, condition: sel"), "IPv6 networks"),
        ("title: c\ncorrelation: {type: event_count, rules: [a], group-by: [User], timespan: 5m, condition: {gte: 9}}",
         "correlations"),
        ("a: [", "no Sigma"),
        ("just a text", "no Sigma"),
    ],
)  # fmt: skip
def test_what_cannot_run_is_named_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    found = loaded(tmp_path, text)
    assert found.rules == ()
    (refused,) = found.refused
    assert reason in refused.reason
    # The near miss: one bad rule does not take a good one in another file with it.
    (tmp_path / "good.yml").write_text(rule(SEL))
    assert len(load(tmp_path).rules) == 1


def test_a_rule_says_what_its_finding_needs(tmp_path: Path) -> None:
    more = (
        "id: 5e1c09aa-0000-4000-8000-000000000000\nlevel: critical\ntags: [attack.exfiltration, attack.t1567.002]\n"
        "falsepositives: [Backups., Unknown]\n"
    )
    unit = loaded(tmp_path, rule(SEL, title="Rclone", more=more)).rules[0].unit
    assert unit.id == "sigma:5e1c09aa-0000-4000-8000-000000000000"
    assert (unit.attack, unit.severity, unit.twin, unit.pattern) == (
        ("T1567.002",),
        "critical",
        "Backups",
        "bulk_commission",
    )
    plain = loaded(tmp_path, rule(SEL)).rules[0].unit
    assert (plain.attack, plain.severity, plain.pattern) == ((), "medium", "rule")
    assert plain.twin
    assert plain.id == loaded(tmp_path, rule(SEL)).rules[0].unit.id  # the same without an id of its own


def test_two_rules_of_one_id_are_told(tmp_path: Path) -> None:
    found = loaded(tmp_path, rule(SEL), rule(SEL))
    assert len(found.rules) == 1
    assert "same id" in found.refused[0].reason


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no Sigma rule"):
        load(tmp_path)
    with pytest.raises(InputError, match="no Sigma rule"):
        load(tmp_path / "none")


def test_every_field_and_table_named_is_one_of_ours() -> None:
    for name, fields in FIELDS.items():
        columns = set(CLASSES[name].schema)
        assert {ours for ours in fields.values() if isinstance(ours, str)} <= columns, name
    for table, activities in CATEGORIES.values():
        assert table in FIELDS
        assert set(activities) <= set(CLASSES[table].activities)
    assert set(PATTERNS.values()) <= set(TITLES)
