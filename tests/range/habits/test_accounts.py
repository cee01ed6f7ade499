"""Accounts that are not staff's, and mail rules that are no leak."""

from __future__ import annotations

import json

from tidegate.range.habits import accounts
from tidegate.range.world import World


def test_the_vendor_comes_on_working_days_from_its_own_network(stage: World) -> None:
    rows = [r for day in range(14) for r in accounts.vendor(stage, day, stage.random("test", day)).to_pylist()]
    assert {row["ip"] for row in rows} == {accounts.VENDOR_IP}
    assert all(row["user"].endswith(stage.organisation.vendor) for row in rows)
    assert not accounts.vendor(stage, 6, stage.random("test")).num_rows


def test_nothing_forwards_in_the_background(stage: World) -> None:
    rows = [
        row
        for day in range(84)
        for habit in (accounts.administrators, accounts.rules)
        for row in habit(stage, day, stage.random("test", day)).to_pylist()
        if row["workload"] == "Exchange"
    ]
    assert {"New-InboxRule", "Set-Mailbox"} <= {row["operation"] for row in rows}
    for row in rows:
        names = {p["Name"] for p in json.loads("{" + row["body"][1:] + "}")["Parameters"]}
        assert not any("Forward" in name or "Redirect" in name or "BlindCopy" in name for name in names)
