"""Coordinates in running text: degrees, minutes and seconds, decimal pairs, as pilots, sailors and botanists write."""

from __future__ import annotations

import math
import re

from tidegate.content.document import Positions
from tidegate.content.recognisers import _mgrs
from tidegate.content.units import PROSE, Recogniser

_PART = re.compile(r"\d{1,3}(?:\.\d{1,10})?")
_SIDES = {"s": "lat", "n": "lat", "北": "lat", "南": "lat", "e": "lon", "w": "lon", "东": "lon", "西": "lon"}
_NEGATIVE = frozenset("sw南西")
_SECOND = 31.0  # metres a second of arc


def _sexagesimal(text: str) -> Positions | None:
    """`46°30'54"N 13°51'36"E`, `N 46° 30.9' E 13° 51.6'`, `北纬33°12′东经103°52′`."""
    marks = [(place, letter) for place, letter in enumerate(text.lower()) if letter in _SIDES]
    numbers = [(found.start(), found[0]) for found in _PART.finditer(text)]
    if len(marks) != 2 or len(numbers) < 2:
        return None
    before = marks[0][0] < numbers[0][0]
    cut = marks[1][0] if before else marks[0][0]
    halves = [n for at, n in numbers if at < cut], [n for at, n in numbers if at >= cut]
    values: dict[str, float] = {}
    for (_, letter), half in zip(marks, halves, strict=True):
        if not 1 <= len(half) <= 3 or any(float(n) >= 60 for n in half[1:]):
            return None
        value = sum(float(n) / 60**power for power, n in enumerate(half))
        values[_SIDES[letter]] = -value if letter in _NEGATIVE else value
    last = halves[0][-1]
    unit = (111_320.0, 1855.0, _SECOND)[len(halves[0]) - 1] / 10 ** len(last.partition(".")[2])
    return _point(values, unit)


def _icao(text: str) -> Positions | None:
    """`463054N 0135136E`, as in notices to airmen."""
    found = re.findall(r"(\d{6,7})([NSEW])", text)
    values: dict[str, float] = {}
    for digits, side in found:
        whole = len(digits) - 4
        value = int(digits[:whole]) + int(digits[whole : whole + 2]) / 60 + int(digits[whole + 2 :]) / 3600
        values[_SIDES[side.lower()]] = -value if side in "SW" else value
    return _point(values, _SECOND)


def _decimal(text: str) -> Positions | None:
    """`46.51512, 13.86013`: two numbers with four digits or more after the point."""
    numbers = re.findall(r"-?\d{1,3}\.\d{1,10}", text)
    if len(numbers) != 2:
        return None
    signs = [-1 if mark in text.lower() else 1 for mark in ("s", "w")]
    lat, lon = float(numbers[0]) * signs[0], float(numbers[1]) * signs[1]
    digits = min(len(n.partition(".")[2]) for n in numbers)
    return _point({"lat": lat, "lon": lon}, 111_320 / 10**digits)


def _grid(text: str) -> Positions | None:
    """`33TVM1234567890`: ten digits are metres, eight tens of metres."""
    point = _mgrs.degrees(text)
    if point is None:
        return None
    digits = len(re.sub(r"^\d{1,2}|\D", "", text))
    return Positions([point[0]], [point[1]], precision_m=float(10 ** (5 - digits // 2)), what="text")


def _point(values: dict[str, float], unit: float) -> Positions | None:
    lat, lon = values.get("lat", math.nan), values.get("lon", math.nan)
    if not (abs(lat) <= 90 and abs(lon) <= 180 and (lat or lon)):
        return None
    return Positions([lat], [lon], precision_m=float(f"{max(unit, 0.01):.2g}"), what="text")


_HALF = (
    r"\d{1,3}(?:\.\d{1,8})?\s?[°º度]\s?(?:\d{1,2}(?:\.\d{1,8})?\s?['′’分]\s?)?"
    r"(?:\d{1,2}(?:\.\d{1,8})?\s?(?:\"|″|”|''|秒)\s?)?"
)

COORDINATE_TEXT = (
    Recogniser(
        id="degrees_in_text",
        data_class="geographic",
        source="ISO 6709:2022 annex D, human interface representation",
        pattern=rf"{_HALF}[NS]\s?[,;/]?\s?{_HALF}[EW]|[NS]\s?{_HALF}[,;/]?\s?[EW]\s?{_HALF}"
        rf"|[北南]纬\s?[:：]?\s?{_HALF}\s?[，,、;]?\s?[东西]经\s?[:：]?\s?{_HALF}"
        rf"|[东西]经\s?[:：]?\s?{_HALF}\s?[，,、;]?\s?[北南]纬\s?[:：]?\s?{_HALF}",
        places=_sexagesimal,
        confidence=0.85,
        hits=(
            "The den lies at 46°30'54.4\"N, 13°51'36.5\"E, below the ridge.",
            "Position N 46° 30.912' E 13° 51.608' at noon",
            "样地位于北纬33°12′24″，东经103°52′10″，海拔2800米",
            "东经103.86°，北纬33.2°",
        ),
        misses=(
            "Turn it by 46° 30' and heat to 200 °C",  # an angle and a temperature
            "from 95°N to 13°E",  # no latitude
            "Bearing 46°30'N from the church",  # half a position
        ),
    ),
    Recogniser(
        id="position_in_notice",
        data_class="geographic",
        source="ICAO Doc 10066 (PANS-AIM), appendix 3: positions in notices to airmen",
        pattern=r"\b\d{6}[NS]\s?\d{7}[EW]\b",
        places=_icao,
        confidence=0.85,
        hits=("CRANE POSITION: 513018N 0002640W HEIGHT 225FT",),
        misses=("Order 513018N and 0002640X", "993018N 0002640W", "4029N07343W"),  # no such latitude; a mile
    ),
    Recogniser(
        id="mgrs",
        data_class="geographic",
        source="NGA.STND.0037, Universal Grids and Grid Reference Systems (2014), section 3",
        pattern=r"\b[0-6]?\d[C-HJ-NP-X] ?[A-HJ-NP-Z][A-HJ-NP-V] ?(?:\d{5} ?\d{5}|\d{4} ?\d{4})\b",
        places=_grid,
        formats=PROSE,
        confidence=0.6,
        hits=("Camp at 33TVM1234567890, water at 33T VM 1240 6790",),
        misses=("Part no. 99TVM1234567890", "33TIM1234567890"),  # no zone 99; I is no letter of the grid
    ),
    Recogniser(
        id="decimal_pair",
        data_class="geographic",
        source="RFC 5870 (geo URI), ISO 6709:2022: latitude before longitude",
        pattern=r"-?\b\d{1,2}\.\d{4,10}°?\s?[NS]?\s?[,;/，]\s?-?\d{1,3}\.\d{4,10}°?\s?[EW]?\b",
        places=_decimal,
        formats=PROSE,
        confidence=0.4,
        context=(
            "lat",
            "lon",
            "gps",
            "coord",
            "position",
            "located",
            "location",
            "geo:",
            "°",
            "坐标",
            "位置",
            "经纬",
            "定位",
        ),
        near=0.8,
        hits=("Nest located at 46.51512, 13.86013", "geo:46.51512,13.86013", "定位：33.20671, 103.86942"),
        misses=(
            "loss 0.2341, 0.8812 after epoch 3",  # measures of a model
            "version 10.1234, 13.5678 of the catalogue",  # numbers without a word about a place
            "GPS 46.5, 13.9",  # a town, to ten kilometres
        ),
    ),
)
