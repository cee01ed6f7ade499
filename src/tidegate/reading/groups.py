"""Records of several lines: consecutive ones that say the same in one place, as the lines of an audit event do.

A line that says nothing there is a record of its own, except where the place is named `first`: then only the first line
of a record says something there, and others go on with it. Where the lines of two records come mixed, each run of lines
is a record, so none is lost.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.reading.blocks import Bytes, Cut, Positions
from tidegate.reading.lines import LineCutter


class GroupCutter:
    """Joins the lines that a `LineCutter` finds. pattern: RE2 with one named group, as `Log.groups`.

    The next line may belong to the last record, which is left over until then and, at the end, open.
    """

    def __init__(self, pattern: str) -> None:
        self._lines = LineCutter()
        self._pattern = pattern
        self._begins = "(?P<first>" in pattern

    def cut(self, data: Bytes, *, end: bool, full: bool) -> Cut:
        """Cut where what the group holds changes; a record that fills the buffer ends with it."""
        cut = self._lines.cut(data, end=end, full=full)
        if not len(cut.starts):
            return cut
        firsts = self._firsts(data, cut)
        lasts = np.append(firsts[1:], len(cut.starts)) - 1
        starts, ends, numbers = cut.starts[firsts], cut.ends[lasts], cut.numbers[firsts]
        begin, lines = int(starts[-1]), cut.last - int(numbers[-1]) + 1
        if end:
            return replace(cut, starts=starts, ends=ends, numbers=numbers, sure=begin, open=lines)
        if full and len(firsts) == 1:
            return replace(cut, starts=starts, ends=ends, numbers=numbers)
        self._lines.again(lines)
        blank = cut.blank - (lines - (len(cut.starts) - int(firsts[-1])))
        last = cut.last - lines
        return Cut(starts[:-1], ends[:-1], numbers[:-1], begin, begin, last, blank, cut.bad)

    def _firsts(self, data: Bytes, cut: Cut) -> Positions:
        """Which lines begin a record."""
        bounds = np.append(cut.starts, cut.ends[-1]).astype(np.int32)
        lines = pa.StringArray.from_buffers(len(cut.starts), pa.py_buffer(bounds), pa.py_buffer(data))
        keys = pc.struct_field(pc.extract_regex(lines, self._pattern), 0)
        same = pc.is_null(keys[1:]) if self._begins else pc.fill_null(pc.equal(keys[1:], keys[:-1]), False)
        return np.flatnonzero(np.append(True, ~same.to_numpy(zero_copy_only=False)))
