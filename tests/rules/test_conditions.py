r"""What a condition matches: Sigma's own words on wildcards, case, nothing and lists, on the lake's columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rules.texts import loaded, rule
from tests.tables import engine, table
from tidegate.rules.conditions import holds

ROW: dict[str, Any] = {
    "process": r"C:\Windows\System32\cmd.exe",
    "command_line": r'CMD.EXE /c "rclone copy D:\Plans_2024 remote:50%"',
    "actor": "ann",
    "src_ip": "10.1.2.3",
}


def matches(folder: Path, detection: str, *, name: str = "process_activity", source: str = "", **changes: Any) -> bool:
    """Whether a rule's condition holds for one row."""
    logsource = source or "category: process_creation"
    found = loaded(folder, rule(detection, logsource=logsource))
    assert not found.refused, found.refused
    rows = table(name, [ROW | changes if name == "process_activity" else changes])
    (condition,) = found.rules[0].conditions
    return bool(engine().to_pyarrow(rows.select(hit=holds(condition, rows, name))).to_pylist()[0]["hit"])


@pytest.mark.parametrize(
    ("item", "hit"),
    [
        (r"Image: 'c:\windows\system32\CMD.exe'", True),  # case does not matter
        (r"Image: 'cmd.exe'", False),  # the whole text
        (r"Image|endswith: '\cmd.exe'", True),
        (r"Image|endswith: 'md.ex'", False),
        (r"Image|startswith: 'c:\win'", True),
        (r"Image|startswith: 'windows'", False),
        (r"CommandLine|contains: 'RCLONE'", True),
        (r"CommandLine|contains|all: ['rclone', 'remote:']", True),
        (r"CommandLine|contains|all: ['rclone', 'mega:']", False),
        (r"CommandLine|contains: ['mega:', 'remote:']", True),
        (r"CommandLine|contains: 'plansX2024'", False),
        (r"CommandLine|contains: 'PlansX2024'", False),
        (r"CommandLine|contains: 'Plans_2024'", True),  # no wildcard of SQL's
        (r"CommandLine|contains: '50% '", False),
        (r"CommandLine|cased|contains: 'CMD.EXE'", True),
        (r"CommandLine|cased|contains: 'cmd.exe'", False),
        (r"Image: 'c:\\*\cmd.exe'", True),
        (r"Image: 'c:\\win????\\*'", True),
        (r"Image: 'c:\\win???\\*'", False),
        (r"CommandLine|windash|contains: ' -c '", True),  # also /c
        (r"CommandLine|windash|contains: ' -k '", False),
        (r"CommandLine|re: 'copy\s+[A-Z]:'", True),
        (r"CommandLine|re: 'copy\s+[a-z]:'", False),
        (r"CommandLine|re|i: 'COPY\s+[a-z]:'", True),
        (r"src_ip|cidr: '10.0.0.0/8'", True),
        (r"src_ip|cidr: ['192.168.0.0/16', '10.1.2.3/32']", True),
        (r"src_ip|cidr: '10.1.3.0/24'", False),
        (r"ParentImage|exists: false", True),
        (r"Image|exists: true", True),
        (r"ParentImage: null", True),
        (r"ParentImage|contains: 'x'", False),
        (r"EventID: 4688", True),
        (r"EventID: 1", True),  # Sysmon's
        (r"Image|fieldref: CommandLine", False),
        (r"Image|fieldref: NewProcessName", True),
    ],
)
def test_one_item(tmp_path: Path, item: str, hit: bool) -> None:
    assert matches(tmp_path, f"sel: {{{item}}}, condition: sel") is hit
    assert matches(tmp_path, f"sel: {{{item}}}, condition: not sel") is not hit  # nothing is neither


@pytest.mark.parametrize(
    ("condition", "hit"),
    [
        ("1 of sel*", True),
        ("all of sel*", False),
        ("all of them", False),
        ("1 of them", True),
        ("selection_a and not selection_b", True),
        ("selection_b or (selection_a and not selection_b)", True),
        ("selection_b", False),
    ],
)
def test_how_selections_are_joined(tmp_path: Path, condition: str, hit: bool) -> None:
    selections = r"selection_a: {User: ann}, selection_b: {User: bob}, "
    assert matches(tmp_path, f"{selections} condition: {condition}") is hit


@pytest.mark.parametrize(
    ("keywords", "hit"),
    [
        ("['RCLONE']", True),  # anywhere, in any case
        ("['nothing', 'remote']", True),
        ("['rcl?ne']", False),  # with wildcards it is the whole text
        ("['*rcl?ne*']", True),
        ("['u0']", False),  # our own uid is no text of the event's
    ],
)
def test_keywords(tmp_path: Path, keywords: str, hit: bool) -> None:
    assert matches(tmp_path, f"keywords: {keywords}, condition: keywords") is hit


def test_lists_match_where_one_of_them_does(tmp_path: Path) -> None:
    dns: dict[str, Any] = {"name": "dns_activity", "source": "category: dns", "answers": ["192.0.2.1", "198.51.100.7"]}
    assert matches(tmp_path, "sel: {answers|startswith: '198.51.'}, condition: sel", **dns)
    assert not matches(tmp_path, "sel: {answers: '198.51.100.8'}, condition: sel", **dns)


def test_ids_that_windows_gives_are_told_by_what_was_done(tmp_path: Path) -> None:
    windows = {"source": "product: windows, service: security"}
    created: dict[str, Any] = {"name": "account_change", "operation": "user created", **windows}
    assert matches(tmp_path, "sel: {EventID: 4720}, condition: sel", **created)
    assert not matches(tmp_path, "sel: {EventID: 4726}, condition: sel", **created)
    failed: dict[str, Any] = {"name": "authentication", "activity": "Logon", "status": "Failure", "service": "Network"}
    assert matches(tmp_path, "sel: {EventID: 4625, LogonType: 3}, condition: sel", **failed, **windows)
    assert not matches(tmp_path, "sel: {EventID: 4624}, condition: sel", **failed, **windows)


def test_numbers_are_compared(tmp_path: Path) -> None:
    web: dict[str, Any] = {"name": "http_activity", "source": "category: proxy", "status_code": 404, "bytes_out": 1000}
    for item, hit in (
        ("sc-status: 404", True), ("sc-status: '404'", True), ("sc-status: 200", False), ("cs-bytes|gt: 1000", False),
        ("cs-bytes|gte: 1000", True), ("cs-bytes|lt: 1000.5", True), ("sc-bytes|lte: 9", False),
    ):  # fmt: skip
        assert matches(tmp_path, f"sel: {{{item}}}, condition: sel", **web) is hit, item


def test_parts_of_an_address_of_the_web(tmp_path: Path) -> None:
    web: dict[str, Any] = {"name": "http_activity", "source": "category: proxy", "activity": "Put"}
    web["url"] = "https://x.example/a/b.zip?key=1"
    detection = "sel: {cs-method: PUT, c-uri-extension: zip, c-uri-query|contains: key}, condition: sel"
    assert matches(tmp_path, detection, **web)
