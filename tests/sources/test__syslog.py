"""Headers and times of syslog."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import ibis
import pytest

from tidegate.lake.engine import Engine
from tidegate.sources import _syslog as syslog


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        ("Nov 30 23:59:58 host sshd[12]: hello", ("Nov 30 23:59:58", "host", "12")),
        ("<86>Nov  3 23:59:58 host sshd: hello", ("Nov  3 23:59:58", "host", None)),
        ("Nov 30 23:59:58 sshd[12]: hello", ("Nov 30 23:59:58", None, "12")),  # what a daemon writes to its own file
        ("Nov 30 23:59:58 gate auth.info sshd[12]: hello", ("Nov 30 23:59:58", "gate", "12")),  # BusyBox
        ("2025-11-30T23:59:58.123+01:00 host sshd[12]:  hello", ("2025-11-30T23:59:58.123+01:00", "host", "12")),
        ("<86>1 2025-11-30T23:59:58Z host sshd 12 - - hello", ("2025-11-30T23:59:58Z", "host", "12")),
        (
            '<86>1 2025-11-30T23:59:58Z host sshd - ID7 [a@1 b="c"][d@2] \ufeffhello',
            ("2025-11-30T23:59:58Z", "host", "-"),
        ),
    ],
)
def test_headers(line: str, groups: tuple[str | None, ...]) -> None:
    found = re.search(syslog.fields("sshd", pid=True) + "hello$", line)
    assert found is not None
    assert found.group("stamp", "host", "pid") == groups
    assert re.search(syslog.header("sshd") + "hello$", line)


@pytest.mark.parametrize(
    "line",
    [
        "Nov 30 23:59:58 host sshd-keygen[12]: hello",  # another program whose name begins alike
        "Nov 30 23:59:58 host cron[12]: sshd: hello",  # … which only speaks of it
        "x Nov 30 23:59:58 host sshd[12]: hello",
    ],
)
def test_lines_of_other_programs(line: str) -> None:
    assert re.search(syslog.header("sshd"), line) is None


@pytest.mark.parametrize(
    ("stamp", "modified", "expected"),
    [
        ("Nov 30 23:59:58", datetime(2025, 12, 1), datetime(2025, 11, 30, 23, 59, 58)),
        ("Nov  3 03:00:00", datetime(2025, 12, 1), datetime(2025, 11, 3, 3)),
        ("Dec 31 23:59:58", datetime(2026, 1, 1, 0, 1), datetime(2025, 12, 31, 23, 59, 58)),  # of the year before
        ("Dec  1 13:00:00", datetime(2025, 12, 1, 12), datetime(2025, 12, 1, 13)),  # a zone east of the file's
        ("Feb 29 10:00:00", datetime(2025, 3, 1), datetime(2024, 2, 29, 10)),  # the only such day
        ("2025-11-30T23:59:58.5+01:00", datetime(2020, 1, 1), datetime(2025, 11, 30, 22, 59, 58, 500000)),
        ("2025-11-30T23:59:58", datetime(2020, 1, 1), datetime(2025, 11, 30, 23, 59, 58)),  # UTC
        ("Nov 31 10:00:00", datetime(2025, 12, 1), None),
    ],
)
def test_time(engine: Engine, stamp: str, modified: datetime, expected: datetime | None) -> None:
    line = ibis.memtable(
        {"stamp": [stamp], "modified": [modified]}, schema={"stamp": "string", "modified": "timestamp"}
    )
    assert engine.ibis.to_pyarrow(syslog.time(line.stamp, line.modified)).to_pylist() == [expected]
