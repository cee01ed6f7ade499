"""The numbers behind a finding are those its detector returned."""

from __future__ import annotations

from dataclasses import replace

from tests.cases.test_build import found
from tidegate.cases.build import finding
from tidegate.cases.model import Comparison


def test_an_amount_is_compared_with_its_own_past_and_its_peers() -> None:
    told = finding(found())
    assert told.comparisons == (
        Comparison(name="its own past", this=5e9, usual=1e7, unit="bytes"),
        Comparison(name="its peers", this=5e9, usual=2e7, unit="bytes"),
    )
    assert "backup" in told.twin
    assert told.techniques == ("T1567.002", "T1048", "T1030")


def test_the_unit_is_what_the_sentence_says() -> None:
    assert {c.unit for c in finding(found("leaver_haul")).comparisons} == {"files"}
    said = {"amount": 47.0, "usual": 2.0, "did": "took 47 files within 7 days", "why": "2 is usual for this account"}
    assert [c.unit for c in finding(found("vendor_reach", facts=said)).comparisons] == ["files"]
    nothing = {**said, "did": "came at night"}
    assert [c.unit for c in finding(found("vendor_reach", facts=nothing)).comparisons] == [""]


def test_an_act_is_compared_with_everybody_else() -> None:
    facts = {"operation": "New-InboxRule", "what": "their own mailbox", "before": 3}
    (compared,) = finding(found("mail_forwarding", facts=facts)).comparisons
    assert compared == Comparison(name="everybody else, so far", this=1, usual=3, unit="people")


def test_what_is_not_known_is_not_compared() -> None:
    plain = found()
    unknown = replace(plain, facts={**plain.facts, "peer_usual": None})
    assert [c.name for c in finding(unknown).comparisons] == ["its own past"]
