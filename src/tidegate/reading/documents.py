"""Records inside JSON documents: arrays, objects that keep them under a key, pretty-printed objects one after another.

A record is an object at a known depth. Depth follows from the brackets outside strings, and these NumPy finds for a
whole block at once; the text between them is never parsed here. A record that does not close takes the text up to
the next line that looks like the start of one with it, and reading goes on from there.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tidegate.reading.blocks import Bad, Bytes, Cut, Positions, excerpt

_QUOTE, _ESCAPE = ord('"'), ord("\\")
_STEP = np.zeros(256, np.int8)  # what a bracket does to the depth
_STEP[[ord("{"), ord("[")]] = 1
_STEP[[ord("}"), ord("]")]] = -1
_MARKS = _STEP != 0
_MARKS[[_QUOTE, _ESCAPE]] = True
_State = Literal["whole", "open", "damaged"]
_BETWEEN = b" \t\r\n,"
_NEAR = 4 << 10
"""Bytes looked at first behind a damaged place: the next may be near, and what lies behind that is looked at again."""
_AGAIN = 128 << 20
"""Bytes of a block that are looked at again behind damaged places: some seconds. What is then left is hardly a log."""


@dataclass(frozen=True)
class Brackets:
    """Brackets outside strings: where, which, and the depth after each. open_string: the last string is not closed."""

    at: Positions
    which: npt.NDArray[np.uint8]
    depth: npt.NDArray[np.int64]
    open_string: bool


def brackets(data: Bytes, depth: int) -> Brackets:
    """The brackets of a text that begins outside any string at `depth`."""
    at, which, quotes = _marks(data)
    outside = np.searchsorted(quotes, at) % 2 == 0
    at, which = at[outside], which[outside]
    return Brackets(at, which, depth + np.cumsum(_STEP[which], dtype=np.int64), len(quotes) % 2 == 1)


def _marks(data: Bytes) -> tuple[Positions, npt.NDArray[np.uint8], Positions]:
    """Brackets, in strings or not: where and which; and the quotation marks that begin or end a string."""
    at = np.flatnonzero(_MARKS[data])
    which = data[at]
    escapes = at[which == _ESCAPE]
    quotes = at[which == _QUOTE]
    if len(escapes):
        last = np.flatnonzero(np.diff(escapes, append=-1) != 1)  # of each run of backslashes
        odd = np.diff(last, prepend=-1) % 2 == 1  # an odd run escapes what follows it
        quotes = quotes[~np.isin(quotes, escapes[last[odd]] + 1)]
    held = _STEP[which] != 0
    return at[held], which[held], quotes


class _Closed:
    """Tells of any bracket in a text whether it is closed there, without looking at what follows each time."""

    def __init__(self, data: Bytes) -> None:
        at, which, self._quotes = _marks(data)
        within = np.searchsorted(self._quotes, at) % 2
        self._at = [at[within == side] for side in (0, 1)]  # outside strings, or within, if one begins before the text
        self._depth = [np.cumsum(_STEP[which[within == side]], dtype=np.int64) for side in (0, 1)]
        self._least = [np.minimum.accumulate(depth[::-1])[::-1] for depth in self._depth]  # from there to the end

    def __call__(self, at: int) -> bool:
        side = int(np.searchsorted(self._quotes, at)) % 2
        i = int(np.searchsorted(self._at[side], at))
        return bool(i < len(self._at[side]) and self._least[side][i] < self._depth[side][i])


def envelope_key(data: Bytes, keys: Collection[str]) -> str | None:
    """Under which of `keys` the top-level object keeps an array, if the text begins with such an object."""
    found = brackets(data, 0)
    arrays = found.at[(found.depth == 2) & (found.which == ord("["))]
    return next((key for at in arrays if (key := _key_before(data, int(at))) in keys), None)


def _key_before(data: Bytes, at: int) -> str:
    match = re.search(rb'"([^"\\]*)"\s*:\s*$', data[max(0, at - 256) : at].tobytes())
    return match[1].decode(errors="replace") if match else ""


class DocumentCutter:
    """Objects at `depth`: 0 one after another, 1 in an array, 2 in the arrays that the top-level object has at `key`.

    A record's number counts the records of the stream.
    """

    def __init__(self, depth: int, key: str | None = None) -> None:
        self._base, self._key = depth, key
        self._depth = 0  # at the start of the data
        self._inside = False  # … which is within an array at `key`
        self._record = 0
        self._dropping: bytes | None = None  # until a line that begins with this before an object

    def cut(self, data: Bytes, *, end: bool, full: bool) -> Cut:
        """Cut after each record that closes."""
        starts: list[Positions] = []
        ends: list[Positions] = []
        numbers: list[Positions] = []
        bad: list[Bad] = []
        at = sure = looked = 0
        text, near = b"", len(data)
        closed: _Closed | None = None  # from the first damaged place on
        state: _State = "whole"
        if self._dropping is not None:
            at = _next_start(data.tobytes(), 0, self._dropping)
            self._dropping = self._dropping if at < 0 else None
            at = len(data) if at < 0 else at
        while at < len(data):
            seen = min(at + near, len(data))
            begun, ended, used, state = self._pass(data[at:seen])
            looked += seen - at if closed else 0
            starts.append(begun + at)
            ends.append(ended + at)
            numbers.append(self._record + 1 + np.arange(len(begun)))
            self._record += len(begun)
            bad += self._between(data, begun + at, ended + at)
            sure = int(ends[-1][-1]) if len(begun) else sure
            at += used
            if seen < len(data) and (state == "whole" or (state == "open" and closed and closed(at))):
                near *= 2
                continue
            # In a full buffer that is damaged, only a record of less than half of it may go on behind.
            last = end or (full and (at == 0 or (closed is not None and at < len(data) // 2)))
            if state == "whole" or (state == "open" and not last):
                break
            text, closed = text or data.tobytes(), closed or _Closed(data)
            indent = _indent(data, at)
            after = _next_start(text, at + 1, indent) if looked < _AGAIN else -1
            self._dropping = indent if after < 0 and not end else None
            after = len(data) if after < 0 else after
            self._record += 1
            reason = "brackets of a JSON document that do not match" if state == "damaged" else "JSON that does not end"
            reason = reason if looked < _AGAIN else "a JSON document damaged in too many places"
            bad.append(Bad(self._record, reason, excerpt(data, at, after)))
            sure = at if state == "open" and after == len(data) else after
            self._depth, at, near = self._base, after, _NEAR
        none = np.empty(0, np.int64)
        return Cut(
            np.concatenate(starts or [none]),
            np.concatenate(ends or [none]),
            np.concatenate(numbers or [none]),
            len(data) if end else at,
            sure if end else at,
            self._record,
            bad=tuple(bad),
            open=end and state == "open" and sure < len(data),
        )

    def _pass(self, data: Bytes) -> tuple[Positions, Positions, int, _State]:
        """Starts and ends of whole records, how much of the data is dealt with, and what stopped it."""
        before = self._depth
        found = brackets(data, before)
        opens = found.at[(found.which == ord("{")) & (found.depth == self._base + 1)]
        closes = found.at[(found.which == ord("}")) & (found.depth == self._base)] + 1
        excess = found.at[found.depth < 0][:1]
        paired = min(len(opens), len(closes))
        if len(excess):
            paired = min(paired, int(np.searchsorted(opens, excess[0])))
        apart = (closes[:paired] > opens[:paired]) & (closes[:paired] <= np.append(opens[1:], len(data))[:paired])
        paired = paired if apart.all() else int(np.argmin(apart))
        self._depth = self._base
        state: _State
        if paired < len(opens) and not (len(excess) and excess[0] < opens[paired]):
            used, state = int(opens[paired]), "open" if paired == len(closes) else "damaged"
        elif len(excess):
            used, state = int(excess[0]), "damaged"
        else:
            used = int(found.at[-1]) + 1 if len(found.at) else 0 if found.open_string else len(data)
            self._depth, state = int(found.depth[-1]) if len(found.depth) else before, "whole"
        starts, ends = opens[:paired], closes[:paired]
        if self._key is not None:
            chosen = self._under_key(data, found, starts, used)
            starts, ends = starts[chosen], ends[chosen]
        return starts, ends, used, state

    def _under_key(self, data: Bytes, found: Brackets, opens: Positions, used: int) -> npt.NDArray[np.bool_]:
        """Which objects lie in an array at the key; remembers whether what is used of the data ends within one."""
        into = found.at[(found.depth == self._base) & (_STEP[found.which] == 1) & (found.at < used)]
        at_key = np.array([self._inside] + [_key_before(data, int(i)) == self._key for i in into])
        self._inside = bool(at_key[-1])
        return at_key[np.searchsorted(into, opens)]

    def _between(self, data: Bytes, starts: Positions, ends: Positions) -> list[Bad]:
        """What stands between records and is neither white space nor a bracket around them."""
        bad = []
        first = self._record - len(starts) + 1
        for i, (end, start) in enumerate(zip(ends[:-1], starts[1:], strict=True)):
            text = data[end:start].tobytes().strip(_BETWEEN)
            if text and not re.search(rb"[\[\]{}]", text):
                bad.append(Bad(first + i, "text between JSON records", excerpt(data, int(end), int(start))))
        return bad


def _indent(data: Bytes, at: int) -> bytes:
    """White space before a record, if it begins a line."""
    line = data[max(0, at - 256) : at].tobytes().rpartition(b"\n")[2]
    return line if not line.strip() else b""


def _next_start(text: bytes, at: int, indent: bytes) -> int:
    """Where the next line begins with an object, indented as the one before; -1 for nowhere."""
    found = text.find(b"\n" + indent + b"{", at)
    return found if found < 0 else found + 1 + len(indent)
