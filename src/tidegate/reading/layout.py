"""How the records of a log, or of a part of one, are written."""

from __future__ import annotations

from dataclasses import dataclass

from tidegate.units import Format


@dataclass(frozen=True)
class Layout:
    """A format with what a header says: the columns in order, and how Zeek writes what it cannot write plainly.

    constants: raw columns whose value the header gives for every record (Zeek's `#path`). directives: lines that begin
    with `#` name the columns, and may do so again (W3C's `#Fields:`).
    """

    format: Format
    fields: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    separator: str = "\t"
    set_separator: str = ","
    unset: str = "-"
    empty: str = "(empty)"
    directives: bool = False
