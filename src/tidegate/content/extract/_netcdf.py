"""Headers of NetCDF classic files, read without a library, and the first values of their coordinates."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from tidegate.errors import InputError

_TYPES = {1: "b", 2: "c", 3: "h", 4: "i", 5: "f", 6: "d", 7: "B", 8: "H", 9: "I", 10: "q", 11: "Q"}
_MOST_NAMES = 20_000  # dimensions, variables or attributes of one list; data sets stay under a few hundred
_MOST_DIMENSIONS = 1_024  # of a variable (NC_MAX_VAR_DIMS)
_LARGEST = 1 << 62  # values: no file system holds more
_MOST_TEXT = 1 << 22  # bytes of one attribute
SAMPLE = 4_096
"""Values of a coordinate that are read: its first ones."""


@dataclass(frozen=True)
class Variable:
    """A variable of a data set: what it is called, how large it is, and its first values where it is a coordinate."""

    name: str
    shape: tuple[int, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)
    begin: int = 0
    kind: str = ""

    @property
    def size(self) -> int:
        """Values in it, as far as that is believed."""
        product = 1
        for length in self.shape:
            product = min(product * length, _LARGEST)
        return product


@dataclass(frozen=True)
class DataSet:
    """What a file says of itself before its data."""

    attributes: Mapping[str, str]
    variables: Sequence[Variable]


class _Reader:
    def __init__(self, data: IO[bytes], version: int) -> None:
        self.data, self.wide = data, version == 5
        self.offset = ">I" if version == 1 else ">Q"

    def take(self, length: int) -> bytes:
        piece = self.data.read(length) if length <= _MOST_TEXT else b""
        if len(piece) < length:
            raise InputError("cut off or damaged within its header")
        return piece

    def number(self, code: str = "") -> int:
        code = code or (">Q" if self.wide else ">I")
        return int(struct.unpack(code, self.take(struct.calcsize(code)))[0])

    def padded(self, length: int) -> bytes:
        return self.take(length + -length % 4)[:length]

    def name(self) -> str:
        return self.padded(self.number()).decode("utf-8", "replace")

    def count(self) -> int:
        self.number(">I")  # what the list is of, or zero
        return self.few(_MOST_NAMES)

    def few(self, most: int) -> int:
        if (found := self.number()) > most:
            raise InputError("damaged within its header")
        return found

    def attributes(self) -> dict[str, str]:
        found = {}
        for _ in range(self.count()):
            name, kind = self.name(), _TYPES.get(self.number(">I"))
            if kind is None:
                raise InputError("damaged within its header")
            raw = self.padded(self.number() * struct.calcsize(kind))
            if kind == "c":
                found[name] = raw.decode("utf-8", "replace").strip("\0 ")
            else:
                values = struct.unpack(f">{len(raw) // struct.calcsize(kind)}{kind}", raw)
                found[name] = " ".join(f"{value:g}" for value in values[:8])
        return found


def read(data: IO[bytes]) -> DataSet:
    """The header. Raises InputError where it is damaged."""
    reader = _Reader(data, data.read(4)[3])
    records = reader.number()
    lengths = []
    for _ in range(reader.count()):
        reader.name()
        lengths.append(reader.number())
    attributes, variables = reader.attributes(), []
    for _ in range(reader.count()):
        name = reader.name()
        which = [reader.number() for _ in range(reader.few(_MOST_DIMENSIONS))]
        if any(w >= len(lengths) for w in which):
            raise InputError("damaged within its header")
        described, kind = reader.attributes(), _TYPES.get(reader.number(">I"), "b")
        reader.number()
        begin = reader.number(reader.offset)
        shape = tuple(lengths[w] or (records if records < 1 << 31 else 0) for w in which)
        variables.append(Variable(name, shape, described, begin, kind))
    return DataSet(attributes, variables)


def values(data: IO[bytes], variable: Variable) -> list[float]:
    """First values of a variable, as if it lay in one piece: one that grows with records is alone in doing so."""
    width = struct.calcsize(variable.kind)
    if variable.kind == "c":
        return []
    data.seek(variable.begin)
    raw = data.read(min(variable.size, SAMPLE) * width)
    return [float(v) for v in struct.unpack(f">{len(raw) // width}{variable.kind}", raw[: len(raw) // width * width])]
