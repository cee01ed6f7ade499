"""What goes wrong with logs, as values that Hypothesis makes and shrinks: each changes the bytes of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from hypothesis import strategies as st

Kind = Literal["cut", "drop", "twice", "swap", "insert", "number", "value", "deep", "long", "ends", "mix", "flip"]
KINDS: tuple[Kind, ...] = (
    *("cut", "drop", "twice", "swap", "insert", "number", "value", "deep", "long", "ends", "mix", "flip"),
)
NOISE = (
    *(b"\0", b"\0" * 300, b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", "\u2028\u202e".encode(), b"\x1b[2J"),
    *(b'"', b"'", b"\\", b"\\u", b"\\ud800", b"{", b"}", b"[", b"]", b",", b";", b"\t", b"=", b"|", b"%", b"%zz"),
    *(b"\r", b"\n", b"\n\n \n", b"\r\n\r\n", b"#", b"\n#fields\ta\tb\n", b"\n#Fields: a b\n", b"-", b"(empty)"),
)
NUMBERS = (b"9" * 400, b"-1", b"1e400", b"-9223372036854775809", b"18446744073709551616", b"0x7f", b"NaN", b"1.5", b"")
VALUES = (
    *(b"null", b"true", b"-1", b"1e999", b'""', b"[]", b"{}", b'"x"', b"[null,[]]", b'{"a":{"a":[1]}}', b"9" * 30),
    *(b'"0000-00-00T99:99:99Z"', b'"9999-12-31T23:59:59Z"', b'"\\u0000"', b'"::::"', b'"999.1.1.1"'),
)
T = TypeVar("T")
LENGTHS = (10, 5_000, 70_000, 300_000)  # within a record, beyond a quarantined one's, beyond what is looked at first


@dataclass(frozen=True)
class Mutation:
    """One change, at a place given as a share of the file. which: of the noise, the numbers, the values, the sizes."""

    kind: Kind
    place: float
    which: int = 0

    def apply(self, data: bytes, other: bytes) -> bytes:
        """The changed file. other: a file of another log."""
        at = int(self.place * len(data))
        match self.kind:
            case "cut":
                return data[:at]
            case "drop":
                return data[:at] + data[at + 1 + self.which * 7 :]
            case "twice":
                return data[:at] + data[at : at + 1 + self.which * 50] + data[at:]
            case "insert":
                return data[:at] + _one(NOISE, self.which) + data[at:]
            case "number":
                return _replaced(rb"\d+", data, at, _one(NUMBERS, self.which))
            case "value":
                return _replaced(rb'(?<=":)\s*("[^"\\]*"|[-\w.]+|\[\s*\]|\{\s*\})', data, at, _one(VALUES, self.which))
            case "deep":
                opening = (b"[", b'{"a":', b"{")[self.which % 3]
                return data[:at] + opening * _one(LENGTHS, self.which // 3) + data[at:]
            case "long":
                return data[:at] + b"x" * _one(LENGTHS, self.which) + data[at:]
            case "ends":
                return data.replace(b"\n", (b"\r\n", b"\r", b"\n\n", b" \n", b"\0\n")[self.which % 5])
            case "flip":
                return (
                    data[:at] + bytes([data[at] ^ (1 << self.which % 8)]) + data[at + 1 :] if at < len(data) else data
                )
            case "swap":
                lines = data.split(b"\n")
                one, two = int(self.place * len(lines)) % len(lines), self.which % len(lines)
                lines[one], lines[two] = lines[two], lines[one]
                return b"\n".join(lines)
            case "mix":
                lines, others = data.split(b"\n"), other.split(b"\n")
                lines.insert(int(self.place * len(lines)), others[self.which % len(others)])
                return b"\n".join(lines)


def _one(choices: Sequence[T], which: int) -> T:
    return choices[which % len(choices)]


def _replaced(pattern: bytes, data: bytes, at: int, by: bytes) -> bytes:
    """The first match from `at` on, replaced."""
    found = re.compile(pattern).search(data, at)
    return data if found is None else data[: found.start()] + by + data[found.end() :]


def mutations(most: int = 5) -> st.SearchStrategy[tuple[Mutation, ...]]:
    """Some changes, the fewer the likelier."""
    places = st.floats(0, 1, exclude_max=True, width=32)
    one = st.builds(Mutation, st.sampled_from(KINDS), places, st.integers(0, 60))
    return st.lists(one, min_size=1, max_size=most).map(tuple)
