"""Leases, sites and services."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address, ip_network

import numpy as np

from tidegate.range.network import domain
from tidegate.range.world import World

NOBODYS = [ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15")]


def test_no_address_is_two_devices_on_one_day(stage: World) -> None:
    for day in range(stage.days):
        held = Counter(ip for ip in stage.network.leases(day).tolist() if ip)
        assert max(held.values()) == 1


def test_addresses_change_now_and_then_and_come_back_to_others(stage: World) -> None:
    every = np.stack([stage.network.leases(day) for day in range(stage.days)], axis=1)
    leases = every[stage.organisation.of_kind("laptop")]
    held = [len({ip for ip in row if ip}) for row in leases.tolist()]
    assert 1.5 < np.mean(held) < 8
    owners = Counter(ip for row in leases.tolist() for ip in {ip for ip in row if ip})
    assert max(owners.values()) > 1  # whoever joins by address alone blames the wrong device
    servers = every[stage.organisation.of_kind("server")]
    assert all(len(set(row)) == 1 for row in servers.tolist())


def test_the_outside_is_nobodys_in_the_world(stage: World) -> None:
    sites = stage.network.sites
    named = [ip for _, ip in stage.network.services.values()]
    for ip in [*named, *sites.ip.tolist(), *stage.organisation.people.home_ip, stage.network.office_ip(0)]:
        assert any(ip_address(ip) in network for network in NOBODYS)
    assert all(host.endswith(".example") for host in sites.host.tolist())


def test_popularity_is_zipfs_and_sites_are_born_all_the_time(stage: World) -> None:
    sites = stage.network.sites
    drawn = sites.popular(np.random.default_rng(1), 50_000)
    assert np.mean(drawn < 40) > 0.4
    assert drawn.max() < len(sites.host)
    born = sites.born[sites.born >= 0]
    assert len(set(born.tolist())) > 0.9 * stage.days
    assert sites.born[sites.favourites].max() < 0  # nobody's favourite is a site that is not yet there


def test_domain() -> None:
    assert domain("a.b.example") == domain("b.example") == "b.example"
