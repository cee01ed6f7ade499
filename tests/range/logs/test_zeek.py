"""Zeek's logs: fields as Zeek writes them, and uids that join."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.range.conftest import Folder

DAY = "2026-01-21"


def records(folder: Folder, log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in folder.lines(f"zeek/{DAY}/{log}.log.gz")]


@pytest.mark.parametrize("log", ["ssl", "http", "dns", "smtp"])
def test_uids_join_conn_with_the_same_ends_and_service(folder: Folder, log: str) -> None:
    conn = {row["uid"]: row for row in records(folder, "conn")}
    rows = records(folder, log)
    assert rows
    for row in rows:
        other = conn[row["uid"]]
        assert other["service"] == log
        for end in ("id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "ts"):
            assert row[end] == other[end]


def test_connections_have_packets_that_carry_their_bytes(folder: Folder) -> None:
    for row in records(folder, "conn"):
        assert row["orig_pkts"] * 1_460 >= row["orig_bytes"]
        assert row["orig_ip_bytes"] > row["orig_bytes"]
        assert ("service" in row) or row["id.resp_p"] == 3478


def test_files_are_those_of_http(folder: Folder) -> None:
    fuids = {row["fuid"]: row["uid"] for row in records(folder, "files")}
    assert {row["resp_fuids"][0]: row["uid"] for row in records(folder, "http")} == fuids


def test_dhcp_names_laptops_and_phones(folder: Folder) -> None:
    rows = records(folder, "dhcp")
    assert {row["host_name"][:3] for row in rows} >= {"LT-", "pho"}
    assert all(("DISCOVER" in row["msg_types"]) != ("requested_addr" in row) for row in rows)
    seen = {row["assigned_addr"] for row in rows}
    used = {row["id.orig_h"] for row in records(folder, "conn") if row["id.orig_h"].split(".")[2] == "1"}
    assert used & seen
