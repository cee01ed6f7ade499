"""An instrument in no register that sends round the clock is found within a day; phones and printers are not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.detectors.lives import START
from tests.detectors.network_lives import LAPTOPS, Row, called
from tests.tables import run
from tidegate.detectors.unknown_instrument import unknown_instrument

DAY = START + timedelta(days=43, hours=7)
MAC = "02:00:5e:00:53:07"
REGISTER: list[Row] = [
    *({"device": d, "kind": "laptop", "registered": None} for d in LAPTOPS),
    *({"device": f"station{k}", "mac": f"02:00:5e:00:53:a{k}", "registered": date(2020, 5, 1)} for k in range(3)),
    {"device": "printer", "ip": "10.0.0.9"},
]


def life() -> list[Row]:
    """Laptops at work, stations round the clock, and each day a visitor whose phone goes to many places."""
    rows = []
    for n in range(44):
        day = START + timedelta(days=n)
        rows += [called(f"station{k}", hour(day, h), "vendor.example", 9_000, 900) for k in range(3) for h in range(24)]
        rows += [called(d, hour(day, h), "cloud.example", 10**6, 10**5) for d in LAPTOPS[:10] for h in range(8, 17)]
        phone = [(h, f"s{(7 * n + h + k) % 40}.example") for h in range(10, 16) for k in range(4)]
        rows += [called(f"phone-{n}", hour(day, h), to, 10**5, 10**6) for h, to in phone]
        rows.append(called("10.0.0.9", hour(day, 8), "toner.example", 4_000, 500))
    return rows


def hour(day: datetime, n: int) -> datetime:
    return day + timedelta(hours=n, minutes=50)


LIFE = life()


def sending(device: str, hours: int, to: str = "collect.example", every: int = 1) -> list[Row]:
    return [called(device, hour(DAY, h), to, 20_000, 2_000) for h in range(0, hours, every)]


def found(*rows: Row, devices: list[Row] = REGISTER, inventory: list[Row] | None = None) -> list[Row]:
    return run(unknown_instrument, hourly=[*LIFE, *rows], devices=devices, device_inventory=inventory or [])


@pytest.mark.parametrize(("every", "hours"), [(1, 12), (3, 8)])  # after half a day at least
def test_an_instrument_is_found_within_a_day_of_first_contact(every: int, hours: int) -> None:
    first, *_ = found(*sending("ESP_5307", 48, every=every))
    assert (first["device"], first["destination"], first["per_week"] < 0.2) == ("ESP_5307", "collect.example", True)
    assert first["time"] < DAY + timedelta(hours=24)
    assert first["bytes_out"] == 20_000 * len(first["evidence"]) == 20_000 * hours
    assert first["first_time"] == hour(DAY, 0)


def test_the_longer_it_goes_on_the_more_is_said() -> None:
    assert [round(r["hours"]) for r in found(*sending("ESP_5307", 48))] == [12, 16]


def test_a_visitor_who_stays_all_day_at_one_service_is_gone_at_night() -> None:
    next_day = [row | {"last_time": row["last_time"] + timedelta(days=1)} for row in sending("phone-x", 11)]
    assert not found(*sending("phone-x", 11), *next_day)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"mac": MAC, "registered": DAY.date()}, False),  # entered on the day it came
        ({"mac": MAC, "registered": None}, False),  # entered, nobody knows when
        ({"mac": MAC, "registered": DAY.date() + timedelta(days=2)}, True),  # entered when somebody had asked
        ({"device": "esp_5307", "registered": date(2026, 1, 1)}, False),
        ({"mac": "02:00:5e:00:53:08", "registered": date(2026, 1, 1)}, True),  # somebody else's
    ],
)
def test_an_entry_in_the_register_ends_the_argument_from_its_day_on(entry: Row, expected: bool) -> None:
    lease = {"mac": MAC, "ip": "10.0.0.77", "device": "ESP_5307", "time": DAY}
    assert bool(found(*sending("ESP_5307", 24), devices=[*REGISTER, entry], inventory=[lease])) == expected


def test_visitors_phones_registered_stations_and_a_printer_stay_quiet() -> None:
    assert not found()


def test_a_guest_who_stays_for_a_day_and_goes_to_many_places_stays_quiet() -> None:
    rows = [row for k in range(6) for row in sending("phone-x", 14, to=f"s{k}.example")]
    assert not found(*rows)


def test_where_there_is_no_register_nothing_is_missing_from_it() -> None:
    assert not found(*sending("ESP_5307", 48), devices=[])


def test_where_many_devices_are_in_no_register_one_more_is_no_news() -> None:
    strangers = [
        called(f"new{k}", START + timedelta(days=k, hours=h), "collect.example", 20_000, 2_000)
        for k in range(30)
        for h in range(24)
    ]
    assert not [r for r in found(*strangers, *sending("ESP_5307", 24)) if r["time"] > DAY]


def test_what_comes_later_changes_nothing_before() -> None:
    rows = sending("ESP_5307", 24)
    late = sending("ESP_5308", 60, to="collect.example")[26:] + sending("ESP_5307", 60, to="x.example")[26:]
    before = found(*rows)
    assert before
    assert [r for r in found(*rows, *late) if r["time"] < DAY + timedelta(hours=26)] == before
