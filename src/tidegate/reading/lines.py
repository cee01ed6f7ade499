"""Records that end with a line, and CSV records, which may hold line breaks between quotation marks."""

from __future__ import annotations

import numpy as np

from tidegate.reading.blocks import TOO_LONG, Bad, Bytes, Cut, Positions, excerpt

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34


class LineCutter:
    """One record a line; with `quoted`, a line break after an odd number of quotation marks ends none."""

    def __init__(self, *, quoted: bool = False) -> None:
        self._quoted = quoted
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
        closing = self._closing(data, breaks, end=end, full=full)
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
        return Cut(starts[held], ends[held], numbers[held], used, sure, self._line, int((~held).sum()), bad, open=open_)

    def _closing(self, data: Bytes, breaks: Positions, *, end: bool, full: bool) -> Positions:
        """Which of the line breaks end a record."""
        every = np.arange(len(breaks))
        if not self._quoted:
            return every
        quotes = np.flatnonzero(data == _QUOTE)
        closing = np.flatnonzero(np.searchsorted(quotes, breaks) % 2 == 0)
        if end or (full and not len(closing)):
            # A quotation mark that nothing closes: from there on, each line stands for itself.
            return np.concatenate([closing, every[closing[-1] + 1 if len(closing) else 0 :]])
        return closing

    def _nothing(self, used: int, *bad: Bad) -> Cut:
        none = np.empty(0, np.int64)
        return Cut(none, none, none, used, used, self._line, bad=bad)
