"""Reads and genomes in binary are counted without a library, up to the damage."""

from __future__ import annotations

import gzip
import random
import struct

import pytest

from tests.content.seeing import format_id, labelled, seen


def bam(alignments: int, *, length: int = 40, references: int = 1) -> bytes:
    chance = random.Random(alignments)
    names = b"".join(struct.pack("<I", 5) + b"chr1\0" + struct.pack("<I", 1_000) for _ in range(references))
    head = b"BAM\1" + struct.pack("<I", 3) + b"@HD" + struct.pack("<I", references) + names
    return head + b"".join(struct.pack("<I", length) + chance.randbytes(length) for _ in range(alignments))


def counted(content: bytes) -> tuple[int, str | None]:
    found = seen(content, "sequences")
    return found.tallies["sequences"].count if labelled(found) else 0, found.error


@pytest.mark.parametrize(
    ("content", "format_", "count"),
    [
        (gzip.compress(bam(7)), "bam", 7),
        (gzip.compress(bam(0)), "bam", 0),  # names of chromosomes alone are nobody's genome
        (b".sff" + bytes(16) + struct.pack(">I", 12) + bytes(40), "sff", 12),
        (struct.pack("<4I", 0x1A412743, 0, 3, 0) + bytes(20), "twobit", 3),
        (struct.pack(">4I", 0x1A412743, 0, 3, 0) + bytes(20), "twobit", 3),
        (b"CRAM\3\0" + bytes(60), "cram", 1),
        (gzip.compress(b"BCF\2\2" + bytes(60)), "bcf", 1),
    ],
)
def test_records_are_counted(content: bytes, format_: str, count: int) -> None:
    assert (format_id(content), counted(content)) == (format_, (count, None))


@pytest.mark.parametrize("content", [b"BAM is a format", gzip.compress(b"BAMBOO\n"), b"CRAB", b".sf"])
def test_what_begins_alike_is_something_else(content: bytes) -> None:
    assert "sequences" not in labelled(seen(content))


def test_what_stands_before_the_damage_is_counted() -> None:
    whole = gzip.compress(bam(2_000))
    count, why = counted(whole[: len(whole) // 2])
    assert 500 < count < 1_500
    assert why == "cut off or damaged within its alignments"


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0xFFFFFFFF])
def test_a_length_that_lies_takes_no_memory(length: int) -> None:
    lying = b"BAM\1" + struct.pack("<I", length) + bytes(99)
    assert counted(gzip.compress(lying)) == (1, "cut off or damaged within its alignments")
    assert seen(b".sff" + bytes(4)).error == "cut off within its header"
