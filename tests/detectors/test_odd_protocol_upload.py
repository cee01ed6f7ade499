"""An upload by a port of one's own is found; the same by what everybody sends by is another detector's business."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.detectors.lives import START
from tests.detectors.network_lives import Row, called, calling, told
from tests.tables import run
from tidegate.detectors.odd_protocol_upload import odd_protocol_upload

DAY = START + timedelta(days=43)
LIFE = calling()


def rare(rows: list[Row], below: float = 0.05) -> list[Row]:
    """What is rare after a month, in which the servers' own ways have become known."""
    known = START + timedelta(days=31)
    return [r for r in run(odd_protocol_upload, hourly=rows) if r["per_week"] < below and r["time"] > known]


def upload(hour: int, via: str | None, sent: int = 10**9, got: int = 10**6, **more: object) -> Row:
    return called("dev-p3", DAY + timedelta(hours=hour, minutes=59), "drop.example", sent, got, via=via, **more)


@pytest.mark.parametrize("via", ["tcp/4444", "ftp", "icmp"])
def test_an_upload_by_a_service_that_hardly_anybody_sends_by_is_found_in_its_first_hour(via: str) -> None:
    # FTP is one server's habit, and everybody pings: neither makes the way a common one for sending out.
    first, *_ = rare(LIFE + [upload(h, via) for h in (10, 11, 12)])
    assert (first["actor"], first["destination"], first["via"]) == ("p3", "drop.example", via)
    assert first["time"] == DAY + timedelta(hours=10, minutes=59)
    assert first["share"] < 0.05


@pytest.mark.parametrize("via", ["ssl", "udp/3478", None])
def test_the_same_by_what_many_send_by_is_not(via: str | None) -> None:
    # Near misses: TLS, video conferences, and what only a proxy saw.
    assert not rare(LIFE + [upload(h, via) for h in (10, 11, 12)])


def test_what_receives_as_much_is_no_upload() -> None:
    assert not rare([*LIFE, upload(10, "tcp/4444", got=10**9)])


def test_mail_is_a_gateways_work_and_nobody_elses() -> None:
    places = [
        called("dev-p3", START + timedelta(days=d), f"mx{d}.example", 10**6, 10**4, via="smtp") for d in range(12)
    ]
    assert not rare(LIFE + places + [upload(10, "smtp")])
    assert rare(LIFE + places[:3] + [upload(10, "smtp")])


def test_quiet_life_raises_nothing() -> None:
    # The vendor's file transfer that only one server does, clocks and pings are all in it.
    assert not rare(calling(1))


def test_an_approved_place_or_a_permit_ends_the_argument() -> None:
    assert not rare([*LIFE, upload(10, "tcp/4444", kind="approved"), upload(11, "tcp/4444", permitted=True)])


def test_what_comes_later_changes_nothing_before() -> None:
    rows = LIFE + [upload(h, "tcp/4444") for h in (10, 11)]
    end = DAY + timedelta(hours=12)
    late = [called(f"dev-p{n}", DAY + timedelta(hours=15), "x.example", 10**9, 0, via="tcp/4444") for n in range(9)]
    before = told(run(odd_protocol_upload, hourly=rows), end)
    assert before
    assert told(run(odd_protocol_upload, hourly=rows + late), end) == before
