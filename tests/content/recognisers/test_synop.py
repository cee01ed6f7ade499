"""Reports of a bulletin are counted, with their stations and hour."""

from __future__ import annotations

from tests.content.seeing import seen

BULLETIN = (
    "SMCU20 MUHV 310000\nAAXX 31001\n78310 01470 70303 10250 20214=\n78315 01462 70402 10233\n"
    "333 10320 20231=\n78328\nNIL=\n"
    "AAXX 31061\n78318 01458 70000 10234=\n"
)


def test_stations_and_hours_are_told() -> None:
    tally = seen(BULLETIN, "synop").tallies["synop"]
    assert tally.count == 3
    assert tally.facts["stations"] == ("78310", "78315", "78318")
    assert tally.facts["observed"] == ("day 31, 00 UTC", "day 31, 06 UTC")


def test_ships_are_known_by_their_call_signs() -> None:
    tally = seen("BBXX\nDBLK 23064 99536 70102 41498=\n", "synop").tallies["synop"]
    assert tally.facts["stations"] == ("DBLK",)


def test_the_mark_alone_is_no_report() -> None:
    assert "synop" not in seen("The mark AAXX begins a section, YYGGi follows.\n", "synop").tallies
