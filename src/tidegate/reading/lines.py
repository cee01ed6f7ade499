"""Records that end with a line, and CSV records, which may hold line breaks between quotation marks."""

from __future__ import annotations

import numpy as np

from tidegate.reading.blocks import TOO_LONG, Bad, Bytes, Cut, Positions, excerpt

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
SPAN = 1 << 20
"""Bytes of a record that holds line breaks. Beyond that a stray quotation mark is likelier than such a record: the next
one may be far away, and all lines up to there would be refused as one."""


class LineCutter:
    """One record a line; with `quoted`, lines between two that have an odd number of quotation marks are one with them.

    Where that would take more than `span` bytes, the first mark is a stray one and each line stands for itself.
    """

    def __init__(self, *, quoted: bool = False, span: int = SPAN) -> None:
        self._quoted, self._span = quoted, span
        self._line = 0  # complete lines so far
        self._within = False  # what comes continues a line that was used before its end was there
        self._refuse = ""  # … and why that is refused
        self._mask = np.empty(0, bool)  # reused: fresh memory costs more than the comparison

    def cut(self, data: Bytes, *, end: bool, full: bool) -> Cut:
        """Cut at line breaks; a line that fills the whole buffer is refused, and dropped as it comes."""
        if len(self._mask) < len(data):
            self._mask = np.empty(len(data), bool)
        breaks = np.flatnonzero(np.equal(data, _NEWLINE, out=self._mask[: len(data)]))
        if not full:  # nothing as large will come for now
            self._mask = np.empty(0, bool)
        bad: list[Bad] = []
        begin = 0
        if self._within:
            if not len(breaks) and not end:
                return self._nothing(len(data))
            begin = int(breaks[0]) + 1 if len(breaks) else len(data)
            if self._refuse and data[:begin].tobytes().strip():
                bad.append(Bad(self._line, self._refuse, excerpt(data, 0, begin)))
            self._within = begin == 0 or data[begin - 1] != _NEWLINE
            breaks = breaks[1:]
        if not len(breaks) and full and not end:
            self._line += 1
            self._within, self._refuse = True, ""
            return self._nothing(len(data), Bad(self._line, TOO_LONG, excerpt(data, 0, len(data))))
        return self._records(data, begin, breaks, tuple(bad), end=end, full=full)

    def again(self, lines: int) -> None:
        """The last so many lines come again: the caller uses less than was cut."""
        self._line -= lines

    def _records(
        self, data: Bytes, begin: int, breaks: Positions, bad: tuple[Bad, ...], *, end: bool, full: bool
    ) -> Cut:
        last = int(breaks[-1]) + 1 if len(breaks) else begin
        open_ = end and last < len(data)
        if open_:
            breaks = np.append(breaks, len(data))
        closing = self._closing(data, begin, breaks, end=end, full=full)
        ends = breaks[closing]
        starts = np.concatenate([[begin], ends[:-1] + 1])[: len(ends)]
        numbers = self._line + 1 + np.concatenate([[0], closing[:-1] + 1])[: len(ends)]
        used = min(int(ends[-1]) + 1, len(data)) if len(ends) else begin
        self._line += int(closing[-1]) + 1 if len(closing) else 0
        self._within, self._refuse = open_, "continues a line that was read before it was complete"
        ends = ends - ((ends > starts) & (data[ends - 1] == _RETURN))
        held = ends > starts
        open_ = open_ and bool(held[-1])
        sure = int(starts[-1]) if open_ else used
        lines = self._line + 1 - int(numbers[-1]) if open_ else 0
        return Cut(starts[held], ends[held], numbers[held], used, sure, self._line, int((~held).sum()), bad, open=lines)

    def _closing(self, data: Bytes, begin: int, breaks: Positions, *, end: bool, full: bool) -> Positions:
        """Which of the line breaks end a record."""
        if not self._quoted or not len(breaks):
            return np.arange(len(breaks))
        size, starts = min(int(breaks[-1]) + 1, len(data)), np.append(begin, breaks[:-1] + 1)
        marks = np.equal(data[:size], _QUOTE, out=self._mask[:size] if len(self._mask) >= size else None)
        odd = np.flatnonzero(np.bitwise_xor.reduceat(marks.view(np.uint8), starts))
        starts = starts[odd]
        # From one such line to the next; nothing closes the last, and what is there so far may be too much already.
        far = np.append(breaks[odd[1:]], len(data)) - starts[: len(odd)] > self._span
        far[-1:] |= end or (full and len(odd) == 1 and odd[0] == 0)
        first = np.maximum.accumulate(np.where(np.append(True, far[:-1])[: len(odd)], np.arange(len(odd)), 0))
        opens = np.flatnonzero(((np.arange(len(odd)) - first) % 2 == 0) & ~far)
        step = np.zeros(len(breaks) + 1, np.int8)
        step[odd[opens]] = 1
        step[np.append(odd, len(breaks))[opens + 1]] = -1
        return np.flatnonzero(np.cumsum(step[:-1], dtype=np.int8) == 0)

    def _nothing(self, used: int, *bad: Bad) -> Cut:
        none = np.empty(0, np.int64)
        return Cut(none, none, none, used, used, self._line, bad=bad)
