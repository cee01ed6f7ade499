"""Names that carry data are found in the first hour; names that many devices ask are not."""

from __future__ import annotations

from datetime import timedelta

from tests.detectors.lives import START
from tests.detectors.network_lives import LAPTOPS, Row, asked, looking_up, told
from tests.tables import run
from tidegate.detectors.dns_tunnel import dns_tunnel

DAY = START + timedelta(days=43)  # a Tuesday, six weeks in
LIFE = looking_up()


def rare(rows: list[Row], below: float = 0.05) -> list[Row]:
    """What is rare after a month, in which the mail server's own ways have become known."""
    known = START + timedelta(days=31)
    return [r for r in run(dns_tunnel, lookups=rows) if r["per_week"] < below and r["time"] > known]


def tunnel(hour: int, size: int, **more: object) -> Row:
    return asked("dev-p3", DAY + timedelta(hours=hour, minutes=59), "t.example", size, **{"long": 200, **more})


def test_a_tunnel_is_found_in_its_first_hour() -> None:
    first, *_ = rare(LIFE + [tunnel(h, 200_000) for h in (10, 11, 12)])
    assert (first["device"], first["destination"]) == ("dev-p3", "t.example")
    assert first["time"] == DAY + timedelta(hours=10, minutes=59)
    assert (first["names"], first["long"], first["others"]) == (5_001, 200, 0)


def test_a_slow_tunnel_is_found_by_what_it_sums_up_to() -> None:
    found = rare(LIFE + [tunnel(h + 24 * d, 3_000) for d in range(7) for h in range(24)])
    assert {(r["device"], r["destination"]) for r in found} == {("dev-p3", "t.example")}
    assert found[0]["time"] < DAY + timedelta(hours=24)


def test_quiet_look_ups_raise_nothing() -> None:
    # Anti-virus, a content network, a long tail of sites, and a mail server that asks block lists all day.
    assert not rare(looking_up(1))


def test_a_handful_of_odd_names_is_no_tunnel() -> None:
    # The near miss: one new domain, with the names a page's content network may have.
    assert not rare([*LIFE, tunnel(10, 200, long=0)])


def test_a_new_anti_virus_on_all_laptops_is_no_tunnel() -> None:
    # The twin: a kilobyte of hashes an hour from everybody, starting within a day.
    rows = [asked(d, DAY + timedelta(hours=9, minutes=n), "newav.example", 1_200) for n, d in enumerate(LAPTOPS)]
    assert not rare(LIFE + rows)


def test_what_counts_is_what_goes_beyond_the_domains_other_devices() -> None:
    # A service grows chatty overnight and puts as much into everybody's names; who puts ten times as much hides there.
    grown = [
        asked(d, DAY + timedelta(days=day, hours=hour, minutes=n), "chatty.example", 9_000 if day == 0 else 160)
        for day in range(-7, 1)
        for hour in (9, 14)
        for n, d in enumerate(LAPTOPS)
    ]
    hidden = [tunnel(h, 90_000, destination="chatty.example") for h in (16, 17)]
    found = rare(LIFE + grown + hidden)
    assert {r["device"] for r in found if r["time"] > DAY + timedelta(hours=13)} == {"dev-p3"}


def test_what_comes_later_changes_nothing_before() -> None:
    rows = LIFE + [tunnel(h, 200_000) for h in (10, 11)]
    end = DAY + timedelta(hours=11)
    late = [asked(d, DAY + timedelta(hours=15), "t.example", 500_000) for d in LAPTOPS[20:]]
    before = told(run(dns_tunnel, lookups=rows), end)
    assert before
    assert told(run(dns_tunnel, lookups=rows + late), end) == before
