"""Records inside JSON documents: arrays, objects that keep them under a key, pretty-printed objects one after another.

A record is an object at a known depth. Depth follows from the brackets outside strings, and these NumPy finds for a
whole block at once; the text between them is never parsed here. A record that does not close takes the text up to
the next line that looks like the start of one with it, and reading goes on from there. What stands where records do and
is none is refused as well.
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
_BETWEEN = " \t\r\n,"
_SOLID = np.ones(256, bool)  # what is not nothing where it stands between records
_SOLID[[ord(c) for c in _BETWEEN]] = False
_REASONS = {"damaged": "brackets of a JSON document that do not match", "open": "JSON that does not end"}
_ASTRAY = "no record of a JSON document stands there"
_Where = Literal["beside", "between", "among"]
"""Beside the records, in what else an envelope holds; between documents; among the records."""
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
    """Objects at `depth`: 0 one after another, 1 in an array, 2 in the arrays that top-level objects have at `keys`.

    A record's number counts the records of the stream, refused ones too.
    """

    def __init__(self, depth: int, keys: Collection[str] = ()) -> None:
        self._base, self._keys = depth, keys
        # At the start of the data:
        self._depth = 0
        self._where: _Where = "between" if depth else "among"
        self._top = 0  # where the value around all begins, which is before
        self._seen = True  # … and whether it has had an array of records
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
            begun, ended, astray, used, state = self._pass(data[at:seen])
            looked += seen - at if closed else 0
            starts.append(begun + at)
            ends.append(ended + at)
            numbers.append(self._record + 1 + np.arange(len(begun)) + np.searchsorted([x for x, _ in astray], begun))
            before = self._record + 1 + np.arange(len(astray)) + np.searchsorted(begun, [x for x, _ in astray])
            bad += (_astray(n, data, at + x, at + y) for n, (x, y) in zip(before.tolist(), astray, strict=True))
            self._record += len(begun) + len(astray)
            sure = max([sure, *(at + int(y) for y in ended[-1:]), *(at + y for _, y in astray)])
            at += used
            if seen < len(data) and (state == "whole" or (state == "open" and closed and closed(at))):
                near *= 2
                continue
            if state == "whole" and full and not at:
                state = "open"  # text without end
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
            reason = _REASONS[state] if looked < _AGAIN else "a JSON document damaged in too many places"
            since = at if self._seen else max(0, at + self._top)  # with the document around that has no records
            bad.append(Bad(self._record, reason, excerpt(data, since, after)))
            sure = at if state == "open" and after == len(data) else after
            self._depth, self._where, self._seen = self._base, "among", True
            at, near = after, _NEAR
        if end and state == "whole" and (begin := self._unfinished(data, at)) is not None:
            self._record += 1
            bad.append(_astray(self._record, data, begin, len(data)))
            sure, state = begin, "open"
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

    def _pass(self, data: Bytes) -> tuple[Positions, Positions, list[tuple[int, int]], int, _State]:
        """Starts and ends of whole records and of what is none, how much is dealt with, and what stopped it."""
        before = self._depth
        found = brackets(data, before)
        opens = found.at[(found.which == ord("{")) & (found.depth == self._base + 1)]
        excess = found.at[found.depth < 0][:1]  # what follows it says nothing about depth
        opens = opens[opens < excess[0]] if len(excess) else opens
        backs = np.flatnonzero((_STEP[found.which] < 0) & (found.depth <= self._base))
        back = np.searchsorted(found.at[backs], opens)
        begun = int(np.searchsorted(back, len(backs)))  # the first one that nothing closes
        closes, right = found.at[backs[back[:begun]]] + 1, found.which[backs[back[:begun]]] == ord("}")
        paired = begun if right.all() else int(np.argmin(right))
        self._depth = self._base
        state: _State
        if paired < len(opens):
            used, state = int(opens[paired]), "open" if paired == begun else "damaged"
        elif len(excess):
            used, state = int(excess[0]), "damaged"
        else:
            used = int(found.at[-1]) + 1 if len(found.at) else 0 if _SOLID[data].any() else len(data)
            self._depth, state = int(found.depth[-1]) if len(found.depth) else before, "whole"
        starts, ends, astray = self._sorted(data, found, opens[:paired], closes[:paired], used)
        self._top -= used
        return starts, ends, astray, used, state

    def _sorted(
        self, data: Bytes, found: Brackets, starts: Positions, ends: Positions, used: int
    ) -> tuple[Positions, Positions, list[tuple[int, int]]]:
        """Those of the objects that lie among the records; and what is none though it stands where they do."""
        step = _STEP[found.which]
        around = np.flatnonzero((found.depth < self._base + (step > 0)) & (found.at < used))
        where, astray = self._around(data, found, around)
        frame, among = found.at[around], np.array([each == "among" for each in where])
        chosen = among[np.searchsorted(frame, starts)]
        starts, ends = starts[chosen], ends[chosen]
        lefts = np.sort(np.concatenate([[0], ends, frame + 1]))
        rights = np.sort(np.concatenate([starts, frame, [used]]))
        strict = np.array([each != "beside" for each in where])[np.searchsorted(frame, lefts)] & (rights > lefts)
        lefts, rights = lefts[strict], rights[strict]
        if len(lefts):
            solid = np.append(_SOLID[data[:used]], False)
            held = np.logical_or.reduceat(solid, np.column_stack([lefts, rights]).ravel())[::2]
            astray += zip(lefts[held].tolist(), rights[held].tolist(), strict=True)
        return starts, ends, sorted(astray)

    def _around(self, data: Bytes, found: Brackets, around: Positions) -> tuple[list[_Where], list[tuple[int, int]]]:
        """What comes before, between and after the brackets around records; and documents that have none."""
        where, astray = [self._where], []
        for at, which, depth in zip(
            found.at[around].tolist(), found.which[around].tolist(), found.depth[around].tolist(), strict=True
        ):
            if _STEP[which] < 0:
                if depth == 0 and not self._seen:
                    astray.append((self._top, at + 1))
                    self._seen = True  # and said
                where.append("beside" if depth else "between")
                continue
            if depth == 1:
                self._top, self._seen = at, False
            array = depth == self._base and which == ord("[")
            here = array and (not self._keys or _key_before(data, at) in self._keys)
            self._seen |= here
            where.append("among" if here else "beside")
        self._where = where[-1]
        return where, astray

    def _unfinished(self, data: Bytes, at: int) -> int | None:
        """Where at the end something begins that is no record, or no document of records so far."""
        if not self._seen:
            return max(0, at + self._top)
        return at if self._where != "beside" and _SOLID[data[at:]].any() else None


def _astray(number: int, data: Bytes, start: int, end: int) -> Bad:
    return Bad(number, _ASTRAY, excerpt(data, max(0, start), end).strip(_BETWEEN))


def _indent(data: Bytes, at: int) -> bytes:
    """White space before a record, if it begins a line."""
    line = data[max(0, at - 256) : at].tobytes().rpartition(b"\n")[2]
    return line if not line.strip() else b""


def _next_start(text: bytes, at: int, indent: bytes) -> int:
    """Where the next line begins with an object, indented as the one before; -1 for nowhere."""
    found = text.find(b"\n" + indent + b"{", at)
    return found if found < 0 else found + 1 + len(indent)
