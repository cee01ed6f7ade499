"""How the records of a log, or of a part of one, are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tidegate.units import Format

TEXT: tuple[Format, ...] = ("lines", "pairs", "cef", "leef", "syslog")
"""Formats of one record a line that a log's `probe` tells apart."""
SYSLOG = ("_priority", "_time", "_host")
HEADERS: Mapping[Format, tuple[str, ...]] = MappingProxyType(
    {
        "pairs": (),
        "cef": (*SYSLOG, "_vendor", "_product", "_version", "_event", "_name", "_severity"),
        "leef": (*SYSLOG, "_vendor", "_product", "_version", "_event"),
        "syslog": (*SYSLOG, "_program", "_pid", "_id", "_message"),
    }
)
"""Formats of text with fields in it, and the raw columns that what stands before the fields gives."""


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
    groups: str | None = None  # as `Log.groups`
    directives: bool = False
