"""Check digits hold for the examples of their standards, and for no neighbour of them."""

from __future__ import annotations

import pytest

from tidegate.content.recognisers import _checksums as sums


def test_luhn_takes_one_last_digit_of_ten() -> None:
    assert [d for d in range(10) if sums.luhn(sums.digits(f"7992739871{d}"))] == [3]


def test_mod_97_takes_the_example_of_the_standard_and_no_swapped_digits() -> None:
    assert sums.mod97("GB82WEST12345698765432")
    assert not sums.mod97("GB82WEST12345698765423")


def test_verhoeff_sees_every_wrong_digit_and_every_swap() -> None:
    good = [2, 3, 6, 3]
    assert sums.verhoeff(good)
    wrong = [[*good[:i], d, *good[i + 1 :]] for i in range(4) for d in range(10) if d != good[i]]
    swapped = [[3, 2, 6, 3], [2, 6, 3, 3], [2, 3, 3, 6]]
    assert not any(map(sums.verhoeff, wrong + swapped))


@pytest.mark.parametrize(("field", "digit"), [("L898902C3", 6), ("740812", 2), ("120415", 9), ("<<<<<<", 0)])
def test_fields_of_a_machine_readable_zone_have_the_check_digits_of_doc_9303(field: str, digit: int) -> None:
    assert sums.mrz(field) == digit


def test_there_is_no_thirtieth_of_february() -> None:
    assert sums.is_date(2024, 2, 29)
    assert not sums.is_date(2023, 2, 29)
