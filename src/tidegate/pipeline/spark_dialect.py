"""Ibis expressions as Spark's SQL that says the same as DuckDB's: where the two read text differently, DuckDB's way.

Imported only where Spark is: Ibis' own compiler for it needs PySpark.
"""

from __future__ import annotations

import re
from typing import Any

import ibis.expr.datatypes as dt
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

_OUTSIDE = re.compile(r"\\.|\[\^?\]?|\(\?P<\w+>|\(\?[ims]+\)|.", re.DOTALL)
_INSIDE = re.compile(r"\\.|.", re.DOTALL)
"""What a regular expression consists of, outside of `[…]` and inside."""
_SPACE = r"\t\n\f\r "
_WRITTEN = {r"\s": f"[{_SPACE}]", r"\S": f"[^{_SPACE}]", r"\b": r"(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))"}
_MOMENT = r"^\s*\d{4}-\d{1,2}-\d{1,2}(?:[ T]|\s*$)"
"""Text that begins with a whole date: Spark would also take a year for a time, or a time for one of today."""
_HEXADECIMAL = r"^\s*0[xX]([0-9a-fA-F]{1,16})\s*$"


def java(pattern: str) -> str:
    """A regular expression of RE2 as one of Java that matches the same."""
    written, at, inside, lines = ["(?d)"], 0, False, False  # (?d): lines end with \n and nothing else
    while found := (_INSIDE if inside else _OUTSIDE).match(pattern, at):
        piece, at = found.group(), found.end()
        if inside:
            inside = piece != "]"
            written.append({r"\s": _SPACE, "&": r"\&", "[": r"\["}.get(piece, piece))
        elif piece.startswith("["):
            inside = True
            written.append(piece.replace("]", r"\]"))
        elif piece.startswith("(?P<"):
            written.append("(")
        elif piece.startswith("(?") and piece.endswith(")"):
            lines = lines or "m" in piece
            written.append(piece.replace("i", "iu"))
        elif piece == "$" and not lines:
            written.append(r"\z")
        else:
            written.append(_WRITTEN.get(piece, piece))
    return "".join(written)


class Compiler(PySparkCompiler):  # type: ignore[misc]  # Ibis has no types
    """Ibis' compiler for Spark, corrected."""

    __slots__ = ()

    def visit_Cast(self, op: Any, *, arg: Any, to: Any) -> Any:
        return self._cast(op, arg, to)

    def visit_TryCast(self, op: Any, *, arg: Any, to: Any) -> Any:
        return self._cast(op, arg, to)

    def _cast(self, op: Any, arg: Any, to: Any) -> Any:
        """What does not convert is null, also where the source says nothing of it: a log may hold anything."""
        given = op.arg.dtype
        if given.is_string():
            match to:
                case dt.Integer():
                    rounded = self._tried(self.f.round(self._float(arg)), to)
                    digits = self.f.anon.regexp_extract(arg, sge.convert(_HEXADECIMAL), 1)
                    hexadecimal = self._tried(self.f.anon.conv(digits, 16, 10), to)
                    return self.f.coalesce(self._tried(arg, to), rounded, hexadecimal)
                case dt.Floating():
                    return self._float(arg)
                case dt.Timestamp() if to.timezone:
                    offset = self.f.regexp_replace(arg, r"([+-]\d\d)(\d\d)\s*$", "$1:$2")
                    return self.if_(self.f.regexp_like(arg, _MOMENT), self._tried(offset, to), sge.null())
        if to.is_integer() and given.is_numeric():
            return self._tried(self.f.round(arg) if given.is_floating() else arg, to)
        return super().visit_Cast(op, arg=arg, to=to)

    def _float(self, text: Any) -> Any:
        """Java reads `1d` and `1f` as numbers."""
        return self.if_(self.f.lower(self.f.right(text, 1)).isin("d", "f"), sge.null(), self._tried(text, dt.float64))

    def _tried(self, arg: Any, to: dt.DataType) -> Any:
        return sge.TryCast(this=arg, to=self.type_mapper.from_ibis(to), safe=True)

    def visit_Round(self, op: Any, *, arg: Any, digits: Any) -> Any:
        return self._tried(self.f.round(arg, digits), op.dtype)

    def visit_RegexSearch(self, op: Any, *, arg: Any, pattern: Any) -> Any:
        return self.f.anon.regexp_like(arg, _java_literal(pattern))

    def visit_RegexExtract(self, op: Any, *, arg: Any, pattern: Any, index: Any) -> Any:
        return self.f.anon.regexp_extract(arg, _java_literal(pattern), index)

    def visit_RegexReplace(self, op: Any, *, arg: Any, pattern: Any, replacement: Any) -> Any:
        by = re.sub(r"\\(\d)", r"$\1", replacement.this.replace("$", r"\$"))
        return self.f.anon.regexp_replace(arg, _java_literal(pattern), sge.convert(by))

    def visit_RegexSplit(self, op: Any, *, arg: Any, pattern: Any) -> Any:
        return self.f.anon.split(arg, _java_literal(pattern))

    def visit_StringSplit(self, op: Any, *, arg: Any, delimiter: Any) -> Any:
        return self.f.anon.split(arg, sge.convert(re.escape(delimiter.this)))

    def visit_ArrayIndex(self, op: Any, *, arg: Any, index: Any) -> Any:
        return self.f.anon.try_element_at(arg, self.if_(index < 0, index, index + 1))

    def visit_Strip(self, op: Any, *, arg: Any) -> Any:
        return self.f.trim(arg, self.f.concat(sge.convert(" \t\n\r"), self.f.anon.char(11), self.f.anon.char(12)))


def _java_literal(pattern: Any) -> Any:
    return sge.convert(java(pattern.this))
