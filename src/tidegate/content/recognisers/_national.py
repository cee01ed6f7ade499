"""Whether a number that a state gives to a person can be one: check digits, dates, ranges."""

from __future__ import annotations

import re

from tidegate.content.recognisers._checksums import digits, is_date, luhn, mod11_10, verhoeff, weighted
from tidegate.content.recognisers._words import words


def china(value: str) -> bool:
    total = weighted([int(c) for c in value[:17]], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    province = value[:2] in _PROVINCES
    return (
        province
        and is_date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
        and "10X98765432"[total % 11] == value[17].upper()
    )


_PROVINCES = words(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)


def ssn(value: str) -> bool:
    area, group, serial = int(value[:3]), int(value[4:6]), int(value[7:])
    return (
        area not in {0, 666}
        and area < 900
        and group > 0
        and serial > 0
        and value not in {"078-05-1120", "219-09-9999", "123-45-6789"}
    )


def nhs(value: str) -> bool:
    numbers = digits(value)
    check = 11 - weighted(numbers[:9], range(10, 1, -1)) % 11
    return len(set(numbers)) > 3 and check % 11 == numbers[9]


def german_tax(value: str) -> bool:
    numbers = digits(value)
    often = [numbers[:10].count(n) for n in range(10)]
    return numbers[0] != 0 and max(often) in {2, 3} and often.count(0) in {1, 2} and mod11_10(numbers)


def nir(value: str) -> bool:
    text = re.sub(r"\s", "", value).upper()
    number = text[:13].replace("2A", "19").replace("2B", "18")
    return int(text[3:5]) in {*range(1, 13), *range(20, 43)} and 97 - int(number) % 97 == int(text[13:])


def aadhaar(value: str) -> bool:
    return len(set(value)) > 4 and verhoeff(digits(value))


def tfn(value: str) -> bool:
    return len(set(value)) > 3 and weighted(digits(value), (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def medicare(value: str) -> bool:
    numbers = digits(value)
    return weighted(numbers, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == numbers[8]


def dni(value: str) -> bool:
    number = value[:-1].upper().replace("X", "0").replace("Y", "1").replace("Z", "2").replace("-", "").replace(".", "")
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == value[-1].upper()


_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15,
17, 19, 21,
            2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True))  # fmt: skip


def codice_fiscale(value: str) -> bool:
    odd = sum(_ODD[c] for c in value[:15:2])
    even = sum(int(c) if c.isdigit() else ord(c) - 65 for c in value[1:15:2])
    return chr((odd + even) % 26 + 65) == value[15]


def pesel(value: str) -> bool:
    numbers = digits(value)
    dated = is_date(1900 + int(value[:2]), (int(value[2:4]) - 1) % 20 + 1, int(value[4:6]))
    return dated and weighted(numbers, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


def cpf(value: str) -> bool:
    numbers = digits(value)
    return (
        all(weighted(numbers, range(n, 1, -1)) * 10 % 11 % 10 == numbers[n - 1] for n in (10, 11))
        and len(set(numbers)) > 2
    )


def bsn(value: str) -> bool:
    numbers = digits(value)
    return len(set(numbers)) > 2 and (weighted(numbers, range(9, 1, -1)) - numbers[8]) % 11 == 0


def korea(value: str) -> bool:
    numbers = digits(value)
    dated = is_date(2000, int(value[2:4]), int(value[4:6]))
    return dated and (11 - weighted(numbers, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)) % 11) % 10 == numbers[12]


def taiwan(value: str) -> bool:
    letter = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(value[0]) + 10
    return weighted([*divmod(letter, 10), *digits(value)], (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def hong_kong(value: str) -> bool:
    values = [36 if c == " " else int(c, 36) for c in re.sub(r"[()]", "", value).rjust(9)]
    return weighted(values, range(9, 0, -1)) % 11 == 0


def singapore(value: str) -> bool:
    total = weighted(digits(value), (2, 7, 6, 5, 4, 3, 2)) + (4 if value[0] in "TG" else 0)
    return ("JZIHGFEDCBA" if value[0] in "ST" else "XWUTRQPNMLK")[total % 11] == value[-1]


def sin(value: str) -> bool:
    return len(set(value)) > 4 and luhn(digits(value))


def belgium(value: str) -> bool:
    numbers = "".join(map(str, digits(value)))
    return any(97 - int(century + numbers[:9]) % 97 == int(numbers[9:]) for century in ("", "2"))


def sweden(value: str) -> bool:
    numbers = digits(value)[-10:]
    month, day = numbers[2] * 10 + numbers[3], numbers[4] * 10 + numbers[5]
    return is_date(2000, month, day % 60) and luhn(numbers)


def ahv(value: str) -> bool:
    return weighted(digits(value), (1, 3) * 6 + (1,)) % 10 == 0


def turkey(value: str) -> bool:
    n = digits(value)
    return (sum(n[0:9:2]) * 7 - sum(n[1:8:2])) % 10 == n[9] and sum(n[:10]) % 10 == n[10]


def russia(value: str) -> bool:
    numbers = digits(value)
    total = weighted(numbers, range(9, 0, -1)) % 101 % 100
    return total == numbers[9] * 10 + numbers[10]
