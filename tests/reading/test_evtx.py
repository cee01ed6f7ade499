from __future__ import annotations

import gzip
import io
import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard

from tests.reading.evtx_files import CHUNK, FILE_HEADER, chunk, event, evtx
from tidegate.errors import InputError
from tidegate.reading.evtx import lines
from tidegate.reading.files import find
from tidegate.reading.streams import members

FEW = [event(i, TargetUserName=f"größer-{i}") for i in range(1, 6)]
FIRST, SECOND = chunk(FEW[:3]), chunk(FEW[3:])


def read(data: bytes, size: int = 1 << 20) -> list[str | int | None]:
    """Of each line, the record's number, or what is said to be unreadable."""
    found: list[str | int | None] = []
    for piece in lines(data[i : i + size] for i in range(0, len(data), size)):
        for line in piece.decode().splitlines():
            record: dict[str, Any] = json.loads(line)
            found.append(
                record.get("unreadable") or (record["Event"] and int(record["Event"]["System"]["EventRecordID"]))
            )
    return found


def place(data: bytes, number: int) -> int:
    """Where a record begins in a chunk."""
    return next(m.start() for m in re.finditer(rb"\*\*\0\0", data) if data[m.start() + 8] == number)


@pytest.mark.parametrize("size", [1, 7000, CHUNK, 1 << 20])
def test_records_become_lines_however_they_come(size: int) -> None:
    assert read(evtx(FIRST, SECOND)[: (4096 + CHUNK * 2)], size if size > 1 else 4095) == [1, 2, 3, 4, 5]


def test_a_record_is_its_json() -> None:
    (line,) = b"".join(lines(iter([evtx(chunk(FEW[:1]))]))).decode().splitlines()
    said = json.loads(line)["Event"]
    assert said["System"]["TimeCreated"]["#attributes"]["SystemTime"] == "2025-11-20T10:00:01.000000Z"
    assert said["EventData"] == {"TargetUserName": "größer-1"}


def test_chunks_that_are_not_in_use_leave_nothing() -> None:
    assert read(evtx(FIRST, bytes(CHUNK), bytes(CHUNK))) == [1, 2, 3]
    assert read(FILE_HEADER) == []


def test_more_records_only_add_lines() -> None:
    # A log in use: what was read of it before stays as it was, so that reading goes on from there.
    before, after = (b"".join(lines(iter([evtx(chunk(FEW[:n]))]))) for n in (3, 5))
    assert after.startswith(before)
    assert len(after) > len(before)


def test_a_header_that_is_damaged_costs_nothing() -> None:
    assert read(FILE_HEADER[:8] + b"\xff" * 4088 + FIRST) == [1, 2, 3]


def test_a_damaged_record_leaves_a_line_that_says_so() -> None:
    bad = bytearray(FIRST)
    at = place(FIRST, 2)
    bad[at + 30 : at + 60] = b"\x99" * 30
    *kept, lost = read(evtx(bytes(bad), SECOND))[:3]
    assert kept == [1, 3]
    assert str(lost).startswith("chunk 1: Failed to parse record number 2: ")
    assert read(evtx(bytes(bad), SECOND))[3:] == [4, 5]


def test_what_follows_a_lost_record_is_counted() -> None:
    bad = bytearray(FIRST)
    at = place(FIRST, 2)
    bad[at : at + 4] = b"lost"
    number, lost, others = read(evtx(bytes(bad)))
    assert number == 1
    assert "magic" in str(lost)
    assert others == "chunk 1: 1 of its records are not found"
    # The library says nothing where a chunk claims to be less full than it is.
    struct.pack_into("<I", bad := bytearray(FIRST), 48, place(FIRST, 3))
    assert read(evtx(bytes(bad))) == [1, 2, "chunk 1: 1 of its records are not found"]


def test_a_damaged_chunk_costs_no_other() -> None:
    lost, *kept = read(evtx(b"XXXX" + FIRST[4:], SECOND))
    assert "chunk header" in str(lost)
    assert kept[-2:] == [4, 5]


def test_a_file_that_is_cut_off_is_read_up_to_there() -> None:
    whole = evtx(FIRST, SECOND)
    found = read(whole[: 4096 + CHUNK + place(SECOND, 5) + 10])
    assert found == [1, 2, 3, 4, None, "chunk 2: the file ends within it"]  # of the fifth, there is only the number
    assert read(whole[: 4096 + CHUNK]) == [1, 2, 3]


@pytest.mark.parametrize("at", [128, 128 + 4 * 95])  # the first list of names, the last of templates
def test_a_list_that_leads_in_a_circle_is_refused(at: int) -> None:
    # The library would follow it for ever, and nothing could stop it.
    bad = bytearray(FIRST)
    struct.pack_into("<I", bad, at, 60_000)
    struct.pack_into("<I", bad, 60_000, 60_010)
    struct.pack_into("<I", bad, 60_010, 60_000)
    assert read(evtx(bytes(bad), SECOND)) == ["chunk 1: its lists of names lead in a circle", 4, 5]
    # The near miss: a list of two.
    struct.pack_into("<I", bad, 60_010, 0)
    assert "circle" not in str(read(evtx(bytes(bad), SECOND)))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
def test_it_is_found_in_whatever_it_comes(tmp_path: Path, pack: Any) -> None:
    (tmp_path / "Security.evtx").write_bytes(pack(evtx(FIRST)))
    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.write(tmp_path / "Security.evtx", "Security.evtx")
    for file in find([tmp_path])[0]:
        (member,) = members(file)
        with member.open() as opened:
            assert b"".join(opened.pieces) == b"".join(lines(iter([evtx(FIRST)])))


def test_damage_of_what_it_is_packed_in_is_told_after_the_records(tmp_path: Path) -> None:
    (tmp_path / "Security.evtx.gz").write_bytes(gzip.compress(evtx(FIRST))[:-8] + b"12345678")
    (member,) = members(find([tmp_path])[0][0])
    data = io.BytesIO()
    with member.open() as opened, pytest.raises(InputError, match="checksum"):
        data.writelines(opened.pieces)
    assert data.getvalue().count(b"\n") == 3
