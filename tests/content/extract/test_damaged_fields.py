"""Formats of weather, networks and buildings, cut off or with bytes changed: an error or nothing, and never a crash."""

from __future__ import annotations

import random
import struct
import time

import pytest

from tests.content.extract import test_capture, test_drawing, test_gridded
from tests.content.extract.test_grib import edition_1, edition_2
from tests.content.seeing import seen
from tidegate import registry

BUFR = bytes.fromhex("42554652000040040000160000220000000000000000001f0007e603150c0000000009000001800c0100001b00")
WAV = b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\2\0\x80\x9f\x24\0\0\x7e\x92\0\4\0\x10\0auxi\x24\0\0\0" + bytes(36)
WHOLE = {
    "grib 1": edition_1(),
    "grib 2": edition_2(),
    "bufr": BUFR + bytes(0x40 - len(BUFR) - 4) + b"7777",
    "netcdf": test_gridded.STATION,
    "pcap": test_capture.pcap(test_capture.udp(53, b"query"), test_capture.udp(20_000, test_capture.DNP3)),
    "pcapng": test_capture.pcapng(test_capture.udp(53, b"query")),
    "dxf": test_drawing.DXF.encode(),
    "ifc": test_drawing.IFC.format(lat="(46,30,0,0)", lon="(13,45,0,0)").encode(),
    "wav": WAV,
    "toa5": b'"TOA5","A","CR1"\n"TIMESTAMP","AirTC"\n"TS","C"\n"","Avg"\n"2026-03-01",4\n',
    "rdb": b"# x\nsite_no\tgage_ht\n5s\t8s\n1\t2\n",
    "epanet": b"[JUNCTIONS]\n 1 2 3\n[PIPES]\n 1 1 2 3\n",
}
LATE = 5.0  # seconds: each takes milliseconds
OURS = {
    "grib",
    "bufr",
    "gridded",
    "capture",
    "drawing",
    "wave",
    "logger_table",
    "grid_model",
    "network_device",
    "samples",
}


def _looked(content: bytes) -> None:
    began = time.monotonic()
    found = seen(content)
    assert time.monotonic() - began < LATE
    assert found.error is None or "\n" not in found.error


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_cut_off_costs_itself(name: str) -> None:
    whole = WHOLE[name]
    for length in {1, 4, 8, 12, len(whole) // 3, len(whole) // 2, len(whole) - 9, len(whole) - 1}:
        _looked(whole[: max(1, length)])


@pytest.mark.parametrize("name", WHOLE)
def test_bytes_that_are_changed_cost_no_more(name: str) -> None:
    chance = random.Random(name)
    for _ in range(40):
        damaged = bytearray(WHOLE[name])
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(min(len(damaged), 200))] = chance.choice(
                (0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256))
            )
        _looked(bytes(damaged))


def test_every_extractor_of_these_is_looked_at() -> None:
    found = registry.extractors()
    assert found.keys() >= OURS


def test_numbers_that_lie_about_their_size_take_no_memory() -> None:
    _looked(b"CDF\x01" + b"\xff" * 200)
    _looked(b"\n\r\r\n\xff\xff\xff\x7fM<+\x1a" + bytes(100))
    _looked(b"GRIB\xff\xff\xff\x01" + bytes(100))
    header = struct.pack(">4I", 0, 10, 1, 1) + b"a\0\0\0" + struct.pack(">6I", 1 << 30, 0, 0, 11, 1, 1) + b"v\0\0\0"
    _looked(b"CDF\x01" + header + struct.pack(">I", 200_000) + bytes(800_000) + struct.pack(">5I", 0, 0, 5, 0, 0))
    _looked(b"RIFF\xff\xff\xff\xffWAVE" + b"data\xff\xff\xff\xff" * 20)


def test_hdf5_by_its_name_only_is_an_error() -> None:
    assert seen(b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 4).error
