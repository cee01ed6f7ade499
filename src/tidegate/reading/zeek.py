"""Zeek's tab-separated logs: the header lines, which may come again and change in the middle of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from tidegate.reading.blocks import Block
from tidegate.reading.layout import Layout


class ZeekHeader:
    """The layout as the header lines read so far leave it."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def read(self, line: str) -> None:
        """Take in a line that begins with `#`; what is no header says nothing."""
        # The word is followed by the separator, and by a space only where the separator is not known yet.
        name, _, value = line.removeprefix("#").partition(self._separator if self._separator in line else " ")
        name, value = name.strip(), value.strip("\r")
        if name.startswith("separator"):
            self._said = {"separator": _plain(value.strip() or "\t")}
        else:
            self._said[name] = value

    @property
    def _separator(self) -> str:
        return self._said.get("separator", "\t")

    @property
    def layout(self) -> Layout | None:
        """None as long as no line has named the fields."""
        if "fields" not in self._said:
            return None
        path = self._said.get("path")
        return Layout(
            format="zeek",
            fields=tuple(self._said["fields"].split(self._separator)),
            constants=(("_path", path),) if path else (),
            separator=self._separator,
            set_separator=self._said.get("set_separator", ","),
            unset=self._said.get("unset_field", "-"),
            empty=self._said.get("empty_field", "(empty)"),
        )

    def parts(self, block: Block) -> Iterator[tuple[Layout | None, Block]]:
        """The records of a block, parted where a header changes the layout; header lines are no records."""
        comments = np.flatnonzero(block.buffer[block.starts] == ord("#"))
        begin, layout = 0, self.layout
        keep = np.ones(len(block.starts), bool)
        keep[comments] = False
        for i in comments.tolist():
            self.read(block.buffer[block.starts[i] : block.ends[i]].tobytes().decode())
            header_goes_on = i + 1 < len(keep) and not keep[i + 1]
            if not header_goes_on and self.layout != layout:
                if keep[begin:i].any():
                    yield layout, _part(block, keep, begin, i)
                begin, layout = i, self.layout
        yield layout, _part(block, keep, begin, len(keep))


def _part(block: Block, keep: np.ndarray[tuple[int], np.dtype[np.bool_]], begin: int, end: int) -> Block:
    within = np.zeros(len(keep), bool)
    within[begin:end] = True
    return block.kept(keep & within)


def _plain(text: str) -> str:
    r"""`\x09` and the like as the character."""
    return re.sub(r"\\x([0-9a-fA-F]{2})", lambda code: chr(int(code[1], 16)), text)
