"""Ibis expressions as Spark's SQL that says the same as DuckDB's: where the two read text differently, DuckDB's way.

Imported only where Spark is: Ibis' own compiler for it needs PySpark.
"""

from __future__ import annotations

import re
from typing import Any

import ibis.expr.datatypes as dt
import sqlglot as sg
import sqlglot.expressions as sge
from ibis.common.exceptions import UnsupportedOperationError

from tidegate.pipeline.spark_joins import JoinCompiler

_OUTSIDE = re.compile(r"\\.|\[\^?\]?|\(\?P<\w+>|\(\?[ims]+[:)]|.", re.DOTALL)
_INSIDE = re.compile(r"\\.|.", re.DOTALL)
"""What a regular expression consists of, outside of `[…]` and inside."""
_SPACE = r"\t\n\f\r "
_WRITTEN = {r"\s": f"[{_SPACE}]", r"\S": f"[^{_SPACE}]", r"\b": r"(?:(?<=\w)(?!\w)|(?<!\w)(?=\w))"}
_MOMENT = r"^\s*\d{4}-\d{1,2}-\d{1,2}(?:[ T]|\s*$)"
"""Text that begins with a whole date: Spark would also take a year for a time, or a time for one of today."""
_MICROS = {"day": 86_400_000_000, "hour": 3_600_000_000, "second": 1_000_000, "millisecond": 1_000}
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
        elif piece.startswith("(?") and len(piece) > 2:
            lines = lines or "m" in piece
            written.append(piece.replace("i", "iu"))
        elif piece == "$" and not lines:
            written.append(r"\z")
        else:
            written.append(_WRITTEN.get(piece, piece))
    return "".join(written)


class Compiler(JoinCompiler):
    """Ibis' compiler for Spark, corrected."""

    __slots__ = ()

    def visit_Literal(self, op: Any, *, value: Any, dtype: Any) -> Any:
        """No moment is one without a time zone where that is asked for, or those beside it would be given one."""
        if value is None and dtype.is_timestamp() and not dtype.timezone:
            return sge.Cast(this=sge.null(), to=sge.DataType.build("timestamp_ntz"))
        return super().visit_Literal(op, value=value, dtype=dtype)

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        """A whole number as wide as it was asked for."""
        if dtype.is_int64():
            return sge.Cast(this=sge.convert(value), to=self.type_mapper.from_ibis(dtype))
        return super().visit_NonNullLiteral(op, value=value, dtype=dtype)

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

    def visit_First(self, op: Any, *, arg: Any, where: Any, order_by: Any, include_null: bool) -> Any:
        if not order_by:
            return super().visit_First(op, arg=arg, where=where, order_by=order_by, include_null=include_null)
        there = None if include_null else arg.is_(sg.not_(sge.null()))
        return _filtered(self.f.anon.min_by(arg, self._ordered(op, order_by)), sg.and_(there, where))

    def visit_ArgMax(self, op: Any, *, arg: Any, key: Any, where: Any) -> Any:
        return _filtered(self.f.anon.max_by(arg, key), sg.and_(arg.is_(sg.not_(sge.null())), where))

    def visit_ArgMin(self, op: Any, *, arg: Any, key: Any, where: Any) -> Any:
        return _filtered(self.f.anon.min_by(arg, key), sg.and_(arg.is_(sg.not_(sge.null())), where))

    def visit_ArrayCollect(
        self, op: Any, *, arg: Any, where: Any, order_by: Any, include_null: bool, distinct: bool
    ) -> Any:
        if not order_by or distinct or include_null:
            return super().visit_ArrayCollect(
                op, arg=arg, where=where, order_by=order_by, include_null=include_null, distinct=distinct
            )
        pairs = self.f.anon.collect_list(self.f.anon.named_struct("order", self._ordered(op, order_by), "value", arg))
        found = _filtered(pairs, sg.and_(arg.is_(sg.not_(sge.null())), where))
        one = sg.to_identifier("pair")
        value = sge.Lambda(this=sge.Dot(this=one, expression=sg.to_identifier("value")), expressions=[one])
        return self.f.nullif(self.f.anon.transform(self.f.anon.array_sort(found), value), self.f.array())

    def _ordered(self, op: Any, order_by: Any) -> Any:
        """A struct that is the smaller, the earlier a row comes: what is null comes last."""
        parts = []
        for key, ordered in zip(op.order_by, order_by, strict=True):
            value, type_ = ordered.this, key.arg.dtype
            if key.descending:
                if type_.is_timestamp():
                    value = self._micros(value)
                elif not type_.is_numeric():
                    raise UnsupportedOperationError(f"the latest first by {type_}")
                value = -value
            parts += [ordered.this.is_(sge.null()), value]
        return self.f.anon.struct(*parts)

    def _micros(self, moment: Any) -> Any:
        return self.f.anon.unix_micros(sge.Cast(this=moment, to=sge.DataType.build("timestampltz")))

    def visit_TimestampDelta(self, op: Any, *, part: Any, left: Any, right: Any) -> Any:
        """How often a unit's boundary lies between, as DuckDB counts."""
        unit = _MICROS[part.this]
        return self._whole(left, unit) - self._whole(right, unit)

    def _whole(self, moment: Any, unit: int) -> Any:
        return self._tried(self.f.floor(self._micros(moment) / sge.convert(unit)), dt.int64)

    def visit_TimestampTruncate(self, op: Any, *, arg: Any, unit: Any) -> Any:
        """Spark's has a time zone, whatever it is given."""
        whole = super().visit_TimestampTruncate(op, arg=arg, unit=unit)
        return whole if op.dtype.timezone else sge.Cast(this=whole, to=sge.DataType.build("timestamp_ntz"))

    def visit_DateTruncate(self, op: Any, *, arg: Any, unit: Any) -> Any:
        return sge.Cast(this=super().visit_DateTruncate(op, arg=arg, unit=unit), to=sge.DataType.build("date"))

    def visit_DateDelta(self, op: Any, *, part: Any, left: Any, right: Any) -> Any:
        if part.this != "day":
            return super().visit_DateDelta(op, part=part, left=left, right=right)
        return self._tried(self.f.anon.datediff(left, right), dt.int64)


def _filtered(aggregate: Any, where: Any) -> Any:
    return aggregate if where is None else sge.Filter(this=aggregate, expression=sge.Where(this=where))


def _java_literal(pattern: Any) -> Any:
    return sge.convert(java(pattern.this))
