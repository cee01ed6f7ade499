"""Numbers of people stand by themselves or beside their words; a register is many of them."""

from __future__ import annotations

import pytest

from tests.content.seeing import classes, labelled, seen
from tidegate.content.document import Table


def _rows(count: int) -> str:
    return "".join(f"Ana,Li{n},1990-01-{n % 28 + 1:02},Road {n}\n" for n in range(count))


@pytest.mark.parametrize(
    "text",
    [
        "card 4012 8888 8888 1881.\n",
        '{"iban": "DE89 3704 0044 0532 0130 00"}',
        "身份证号码11010519491231002X\n",
        "BSN nr. 111222333\n",
        "my SSN is 536-22-8190\n",
    ],
)
def test_numbers_with_check_digits_are_personal_wherever_they_stand(text: str) -> None:
    assert "personal" in classes(text)


@pytest.mark.parametrize(
    "text",
    [
        "0.4012888888881881\n",  # a fraction
        "order 4012-8888-8888-1881-77\n",  # part of a longer number
        "a.b.4012888888881881\n",  # part of a name
        "111222333\n",  # a number of nine digits, of which one in eleven would do
        "bsnes 111222333\n",  # another word
        "x536-22-8190\n",  # a part number
        "passports are issued within 123456789 seconds of asking\n",
    ],
)
def test_numbers_that_are_parts_of_others_or_have_no_word_are_not(text: str) -> None:
    assert "personal" not in classes(text)


def test_where_a_number_stands_is_told_without_what_stands_before_it() -> None:
    text = "è qui: 4012 8888 8888 1881 e RSSMRA85T10A562S\n"
    found = seen(text)
    places = {t.recogniser: t.evidence[0] for t in found.tallies.values()}
    card, code = places["payment_card"], places["codice_fiscale"]
    assert text[card.start : card.end] == "4012 8888 8888 1881"
    assert text[code.start : code.end] == "RSSMRA85T10A562S"


def test_a_mail_address_is_told_whole() -> None:
    text = "to: ana.li+x@mail.example.org, and ben\n"
    tally = seen(text).tallies["e_mail"]
    assert text[tally.evidence[0].start : tally.evidence[0].end] == "ana.li+x@mail.example.org"
    assert not tally.enough  # one address is no register


def test_a_machine_readable_zone_is_told_from_its_dates_outwards() -> None:
    zone = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<\n"
    assert "machine_readable_zone" in labelled(seen(zone))
    assert "machine_readable_zone" not in labelled(seen(zone.replace("1204159", "1204158")))


def test_people_are_counted_by_row() -> None:
    tally = seen("GivenName,Surname,Birthday,StreetAddress\n" + _rows(40)).tallies["people"]
    assert (tally.count, tally.enough) == (40, True)
    assert set(tally.facts["columns"]) == {"name", "birth", "place"}  # type: ignore[arg-type]  # of words


@pytest.mark.parametrize(
    "header",
    [
        ("name", "lat", "lon"),  # places
        ("GivenName", "Surname", "Points"),  # a table of results: names alone are none of it
        ("station", "phone", "email"),
    ],
)
def test_tables_of_other_things_are_no_registers(header: tuple[str, ...]) -> None:
    assert "people" not in labelled(seen(Table(header, [[f"Ana Li{n}", "1", "2"] for n in range(30)])))


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"])
def test_digits_of_other_scripts_hide_nothing(digits: str) -> None:
    plain = "NHS no 943 476 5919\nDNI 12345678Z\nPESEL 44051401359\n"
    other = plain.translate(str.maketrans("0123456789", digits))
    found = seen(other + plain)
    assert found.error is None
    assert {"uk_nhs", "spanish_dni", "pesel"} <= labelled(found)
    assert not {"uk_nhs", "spanish_dni", "pesel"} & labelled(seen(other))
