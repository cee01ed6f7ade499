"""Headers in lines that begin with `#`, which may come again and change in the middle of a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

import numpy as np

from tidegate.reading.blocks import Block
from tidegate.reading.layout import Layout


class Headers(ABC):
    """The layout as the header lines read so far leave it."""

    @abstractmethod
    def read(self, line: str) -> None:
        """Take in a line that begins with `#`; what is no header says nothing."""

    @property
    @abstractmethod
    def layout(self) -> Layout | None:
        """None as long as no line has named the fields."""

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
