"""What mail servers log, as transfers: who sent how much to whom."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tidegate.events.transfers import mail
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest

FOLDER = Path(__file__).parent

Sent = list[tuple[str, str, int | None]]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (
            "exim/mainlog/input.log",
            [
                # The second recipient's line says no size: that of the message stands on the line of its arrival.
                ("ann@reserve.example.org", "bob@example.net", 52_100),
                ("ann@reserve.example.org", "carl@example.net", 51_200),
                ("gus@example.net", "ann.private@example.com", 7_340_032),
            ],
        ),
        (
            "exchange/tracking/input.log",
            [
                ("ann@reserve.example.org", "bob@example.net", 51_900),  # not the copy to the next server
                # Turned aside from ann's mailbox, and then handed on under its sender's name.
                ("ann@reserve.example.org", "ann.private@example.com", 2_048),
                ("gus@example.net", "ann.private@example.com", 2_100),
            ],
        ),
        (
            "gmail/activity/input.json",
            [
                # The steps of the way to it are none of their own.
                ("ann@reserve.example.org", "bob@example.net", 7_340_032),
                ("ann@reserve.example.org", "eve@reserve.example.org", 7_340_032),
                ("ann@reserve.example.org", "ann.private@example.com", 2_048),
            ],
        ),
        ("dovecot/syslog/input.log", [("ann@reserve.example.org", "ann.private@example.com", None)]),
    ],
)
def test_sent(case: str, expected: Sent, tmp_path: Path) -> None:
    with closing(Lake(tmp_path / "lake")) as lake:
        ingest([FOLDER / case], lake)
        rows = mail(lake.table("email_activity")).order_by("time").to_pyarrow().to_pylist()
    assert sorted((row["actor"], row["endpoint"], row["bytes"]) for row in rows) == sorted(expected)
