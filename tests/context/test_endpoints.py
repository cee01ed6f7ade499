"""Which destination an endpoint is, and of what kind."""

from __future__ import annotations

import pytest

from tidegate.context.endpoints import SCHEMA, Rule, resolve

RULES = (
    Rule("uni.example", "partner"),
    Rule("*.cloud.example", "approved"),
    Rule("private.cloud.example", "personal"),
    Rule("Backup.Store.example", "approved"),
    Rule("ann@mail.example", "personal"),
    Rule("123456789012", "partner"),
    Rule("ab12", "approved"),
    Rule("removable:cd34", "partner"),
    Rule("192.0.2.0/24", "partner"),
    Rule("192.0.2.128/25", "personal"),
    Rule("10.0.0.0/8", "own"),
    Rule("224.0.0.0/4", "own"),
    Rule("2001:db8::/32", "own"),
    Rule("anyone.example", "own"),
)


@pytest.mark.parametrize(
    ("endpoint", "destination", "kind"),
    [
        ("uni.example", "uni.example", "partner"),
        ("WWW.Uni.example.", "uni.example", "partner"),
        ("notuni.example", "notuni.example", "unknown"),  # ends the same, is another domain
        ("uni.example.evil.test", "evil.test", "unknown"),  # begins the same
        ("eu.cloud.example", "cloud.example", "approved"),
        ("private.cloud.example", "cloud.example", "personal"),  # the longer one decides
        ("a.private.cloud.example", "cloud.example", "personal"),
        ("backup.store.example", "store.example", "approved"),
        ("other.store.example", "store.example", "unknown"),  # only the one host was listed
        ("a.b.co.uk", "b.co.uk", "unknown"),  # by the Public Suffix List
        ("maps-core.s3.amazonaws.com", "maps-core.s3.amazonaws.com", "unknown"),  # a bucket is somebody's own
        ("bo@dept.uni.example", "uni.example", "partner"),
        ("Ann@Mail.example", "mail.example", "personal"),
        ("bo@mail.example", "mail.example", "unknown"),  # the mailbox was listed, not its provider
        ("123456789012", "123456789012", "partner"),
        ("123456789013", "123456789013", "unknown"),
        ("anyone", "anyone", "unknown"),  # a link for anyone is nobody's domain
        ("removable:AB12", "removable:ab12", "approved"),  # by its serial number
        ("removable:CD34", "removable:cd34", "partner"),
        ("removable:ef56", "removable:ef56", "unknown"),
        ("192.0.2.5", "192.0.2.5", "partner"),
        ("192.0.2.200", "192.0.2.200", "personal"),  # the narrower network decides
        ("192.0.3.5", "192.0.3.5", "unknown"),
        ("10.1.2.3", "10.1.2.3", "own"),
        ("::ffff:10.1.2.3", "10.1.2.3", "own"),  # the same address, as a dual-stack service logs it
        ("[2001:db8::7]", "2001:db8::7", "own"),
        ("2001:db9::7", "2001:db9::7", "unknown"),
        ("239.255.255.250", "239.255.255.250", "own"),  # multicast goes nowhere
        ("srv.corp.internal", "corp.internal", "own"),  # no such name outside
        ("internal.example", "internal.example", "unknown"),
    ],
)
def test_an_endpoint_is_a_destination_of_a_kind(endpoint: str, destination: str, kind: str) -> None:
    assert resolve([endpoint], RULES).to_pylist() == [{"endpoint": endpoint, "destination": destination, "kind": kind}]


@pytest.mark.parametrize("pattern", ["a.example", "192.0.2.0/24", "Ann@mail.example"])
def test_of_two_rules_for_the_same_the_first_decides(pattern: str) -> None:
    # What the organisation lists stands before what is inferred of it.
    endpoint = pattern.replace("0/24", "9")
    rules = [Rule(pattern, "partner"), Rule(pattern, "own")]
    assert resolve([endpoint], rules)["kind"].to_pylist() == ["partner"]


def test_nothing_to_resolve() -> None:
    assert resolve([], RULES).schema == SCHEMA
