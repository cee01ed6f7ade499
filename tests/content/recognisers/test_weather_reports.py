"""Reports for aviation are public; what stations measured is not, and a network's raw data least of all."""

from __future__ import annotations

from tests.content.seeing import seen
from tidegate.content import grade

METAR = "LIPQ 151150Z 06008KT 9999 FEW040 12/04 Q1024"
HEADER = "time,station,air_temp,wind_speed\n"


def graded(content: str) -> dict[str, str]:
    return {
        label.facts.data_class: label.grade
        for label in grade.labels(tuple(seen(content).tallies.values()), grade.load())
    }


def station(rows: int, stations: int = 2) -> str:
    return HEADER + "".join(
        f"2026-03-{n % 28 + 1:02} {n % 24:02}:00,S{n % stations},4.{n % 10},2.1\n" for n in range(rows)
    )


def test_a_report_is_public() -> None:
    assert graded(METAR) == {"meteorological": "public"}
    assert graded(f"Gentlemen,\n\nthe weather: {METAR}.\n") == {"meteorological": "public"}


def test_a_few_measurements_are_internal_also_beside_a_report() -> None:
    assert graded(station(20)) == {"meteorological": "internal"}


def test_raw_data_of_a_network_are_sensitive() -> None:
    assert graded(station(1_500)) == {"meteorological": "sensitive"}
    assert graded(station(1_500, stations=1)) == {"meteorological": "internal"}  # of one station


def test_observations_of_a_synoptic_bulletin_are_internal() -> None:
    assert graded("SMRO01 YRBK 171200\nAAXX 17121\n15108 01/92 92514 11028 21028 37901 48315=") == {
        "meteorological": "internal"
    }


def test_reports_tell_their_stations_and_hours() -> None:
    text = "LIPQ 151150Z 06008KT 9999 FEW040 12/04 Q1024=\nLIPZ 151220Z 06008KT CAVOK 12/04 Q1024=\n"
    tally = seen(text, "metar").tallies["metar"]
    assert tally.count == 2
    assert tally.facts["stations"] == ("LIPQ", "LIPZ")
    assert tally.facts["observed"] == ("day 15, 11 UTC", "day 15, 12 UTC")
