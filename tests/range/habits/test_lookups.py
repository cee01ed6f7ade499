"""Names that look like data and are none."""

from __future__ import annotations

import numpy as np

from tidegate.range.habits import lookups
from tidegate.range.network import domain
from tidegate.range.tables import numbers
from tidegate.range.world import World

MONDAY, SUNDAY = 7, 6


def test_reputation_is_asked_by_many_hosts_with_a_hash_each(stage: World) -> None:
    table = lookups.reputation(stage, MONDAY, stage.random("test"))
    hosts = table["host"].to_pylist()
    assert len(set(hosts)) == len(hosts) > 50
    assert all(host.endswith("avqs." + domain(stage.service("antivirus")[0])) for host in hosts)
    assert len(np.unique(numbers(table, "device"))) > 5
    assert {"A", "TXT"} == set(table["qtype"].to_pylist())


def test_names_of_the_content_network_come_again_and_some_only_once(stage: World) -> None:
    hosts = [
        host for day in range(28) for host in lookups.content(stage, day, stage.random("test", day))["host"].to_pylist()
    ]
    assert 0.2 < len(set(hosts)) / len(hosts) < 0.8
    assert max(map(len, hosts)) > 30


def test_the_mail_gateway_checks_senders_on_any_day(stage: World) -> None:
    gateway = stage.organisation.server("MX")
    for day in (MONDAY, SUNDAY):
        rows = lookups.mail_checks(stage, day, stage.random("test")).to_pylist()
        assert {row["device"] for row in rows} == {gateway}
        assert {row["qtype"] for row in rows} == {"TXT", "PTR"}
        assert any(row["answer"].startswith("TXT 34 v=spf1") for row in rows)
        assert any("_domainkey" in row["host"] for row in rows)


def test_not_every_address_has_a_name(stage: World) -> None:
    table = lookups.reverse(stage, SUNDAY, stage.random("test"))
    assert 0 < table["answer"].null_count < table.num_rows
    assert all(host.endswith(".in-addr.arpa") for host in table["host"].to_pylist())
