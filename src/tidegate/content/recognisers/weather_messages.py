"""Fields and observations in the binary formats of the World Meteorological Organization: GRIB and BUFR."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.recognisers._arrays import found
from tidegate.content.units import Found, recogniser

BUFR_4 = bytes.fromhex(
    "42554652 000040 04 000016 00 0022 0000 00 00 00 00 00 1f 00 07e6 03 15 0c 00 00"
    "000009 00 0001 80 0c01 00001b 00".replace(" ", "")
)
"""A message of edition 4 with one surface report of 21 March 2022, up to its data."""


@recogniser(
    data_class="meteorological",
    source="WMO-No. 306, Manual on Codes, volume I.2: FM 92 GRIB and FM 94 BUFR",
    sees=(Metadata,),
    about=("weather",),
    hits=(
        BUFR_4 + bytes(0x40 - len(BUFR_4) - 4) + b"7777",
        b"\x01\r\r\n001\r\r\nISMD02 LIIB 201200\r\r\n" + BUFR_4 + bytes(0x40 - len(BUFR_4) - 4) + b"7777",
    ),
    misses=(
        b"BUFR\x00\x00\x40\x09" + bytes(60),  # no such edition
        "GRIB is a format of weather services, BUFR is another.\n",  # a manual
    ),
)
def weather_messages(part: Metadata) -> Iterator[Found]:
    """Messages, by what their headers say of variables, times, area and grid."""
    yield from found(part, count=part.number("records"), where=str(part.values.get("format", "")))
