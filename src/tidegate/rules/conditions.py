"""A Sigma condition as an Ibis expression: the same on DuckDB as on Spark.

Sigma compares text without regard to case; `*` and `?` are wildcards; a field that an event lacks equals nothing, and
its negation holds. Regular expressions are RE2's, which is what pySigma checks them against and DuckDB runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
import ibis.expr.types as ir
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SpecialChars,
)

from tidegate.rules.fields import EVERY_ROW, TOLD, field
from tidegate.rules.logsources import NotKeptError

UNSEARCHED = ("uid", "product", "source_file", "status", "activity")  # our own words, which no keyword means
COMPARED: dict[CompareOperators, Callable[[Any, Any], ir.BooleanValue]] = {
    CompareOperators.LT: lambda a, b: a < b,
    CompareOperators.LTE: lambda a, b: a <= b,
    CompareOperators.GT: lambda a, b: a > b,
    CompareOperators.GTE: lambda a, b: a >= b,
    CompareOperators.NEQ: lambda a, b: a != b,
}


def holds(condition: object, table: ir.Table, name: str) -> ir.BooleanValue:
    """Whether a row of the event class `name` meets a parsed condition; never null.

    Raises NotKeptError for a field that the class has not, and for what Sigma can say and we cannot.
    """
    match condition:
        case ConditionAND(args=args):
            return reduce(and_, (holds(arg, table, name) for arg in args))
        case ConditionOR(args=args):
            return reduce(or_, (holds(arg, table, name) for arg in args))
        case ConditionNOT(args=args):
            return ~holds(args[0], table, name)
        case ConditionFieldEqualsValueExpression(field=sigma, value=value):
            if _everywhere(name, sigma, value):
                return ibis.literal(True)
            return _is(_field(table, name, sigma), value, table, name).fill_null(False)
        case ConditionValueExpression(value=value):
            return _anywhere(value, table)
    raise NotKeptError(f"a condition of the kind {type(condition).__name__}")


def _everywhere(name: str, sigma: str, value: object) -> bool:
    """Whether every row has this value of a field. Raises NotKeptError for a value that no row can be told to have."""
    at = name, sigma.lower()
    told = EVERY_ROW.get(at, TOLD.get(at))
    if told is not None and str(value).lower() not in told:
        raise NotKeptError(f"no {sigma} {value} in {name}")
    return at in EVERY_ROW


def _field(table: ir.Table, name: str, sigma: str) -> ir.Value:
    found = field(table, name, sigma)
    if found is None:
        raise NotKeptError(f"no field {sigma} in {name}")
    return found


def _is(value: ir.Value, wanted: object, table: ir.Table, name: str) -> ir.BooleanValue:
    match wanted:
        case SigmaExpansion(values=values):
            return reduce(or_, (_is(value, one, table, name).fill_null(False) for one in values))
        case SigmaNull():
            return value.isnull()
        case SigmaExists():
            return value.notnull() if wanted.exists else value.isnull()
        case SigmaFieldReference():
            return _refers(_text(value), _text(_field(table, name, wanted.field)), wanted)
    if isinstance(value, ir.ArrayValue):
        matched = value.filter(lambda one: _is(one, wanted, table, name).fill_null(False))
        return matched.length() > 0
    return _equals(value, wanted)


def _equals(value: ir.Value, wanted: object) -> ir.BooleanValue:
    match wanted:
        case SigmaString():
            return like(_text(value), wanted)
        case SigmaRegularExpression():
            return _text(value).re_search(_flagged(wanted))
        case SigmaCIDRExpression():
            return _within(_text(value), wanted)
        case SigmaCompareExpression():
            return COMPARED[wanted.op](value.try_cast("float64"), float(wanted.number.number))
        case SigmaTimestampPart():
            raise NotKeptError("parts of a time")
        case SigmaBool():
            return _text(value).lower() == str(bool(wanted.boolean)).lower()
        case SigmaNumber():
            return value.try_cast("float64") == float(wanted.number)
    raise NotKeptError(f"values of the kind {type(wanted).__name__}")


def _refers(value: ir.StringValue, other: ir.StringValue, wanted: SigmaFieldReference) -> ir.BooleanValue:
    mine, theirs = value.lower(), other.lower()
    if wanted.starts_with and wanted.ends_with:
        return mine.contains(theirs)
    if wanted.starts_with:
        return mine.startswith(theirs)
    return mine.endswith(theirs) if wanted.ends_with else mine == theirs


def like(value: ir.StringValue, wanted: SigmaString) -> ir.BooleanValue:
    """Whether a text is like a Sigma string; a plain comparison where that does, for it is many times faster."""
    parts = list(wanted.s)
    if any(not isinstance(part, str | SpecialChars) for part in parts):
        raise NotKeptError("placeholders, which only its author can fill")
    cased = isinstance(wanted, SigmaCasedString)
    value = value if cased else value.lower()
    many, inner = SpecialChars.WILDCARD_MULTI, [part for part in parts if isinstance(part, str)]
    plain = "".join(inner) if cased else "".join(inner).lower()
    if len(inner) <= 1 and SpecialChars.WILDCARD_SINGLE not in parts:
        before, after = bool(parts) and parts[0] is many, bool(parts) and parts[-1] is many
        if not inner and before:
            return value.notnull()
        if before and after:
            return value.contains(plain)
        if before:
            return value.endswith(plain)
        return value.startswith(plain) if after else value == plain
    return value.re_search(f"(?s)^{_pattern(parts, cased=cased)}$")


def _pattern(parts: list[Any], *, cased: bool) -> str:
    wild = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
    return "".join(
        re.escape(part if cased else part.lower()) if isinstance(part, str) else wild[part] for part in parts
    )


def _flagged(wanted: SigmaRegularExpression) -> str:
    flags = "".join(sorted(wanted.sigma_to_re_flag[flag] for flag in wanted.flags))
    pattern = wanted.regexp.original if isinstance(wanted.regexp.original, str) else str(wanted.regexp)
    return f"(?{flags}){pattern}" if flags else pattern


def _within(value: ir.StringValue, wanted: SigmaCIDRExpression) -> ir.BooleanValue:
    """Of an IPv4 network by numbers; of an IPv6 one by its text, which holds for networks of whole groups."""
    network = wanted.network
    if network.version == 4:
        first, last = int(network.network_address), int(network.broadcast_address)
        parts = value.split(".")
        number = sum(
            (parts[at].try_cast("int64") * 256 ** (3 - at) for at in range(1, 4)), parts[0].try_cast("int64") * 256**3
        )
        return (parts.length() == 4) & number.between(first, last)
    if network.prefixlen % 16:
        raise NotKeptError("IPv6 networks that do not end with a group")
    groups = network.exploded.split("/")[0].split(":")[: network.prefixlen // 16]
    prefix = ":".join(group.lstrip("0") or "0" for group in groups)
    return (value.lower() == str(network.network_address)) | value.lower().startswith(f"{prefix}:")


def _anywhere(wanted: object, table: ir.Table) -> ir.BooleanValue:
    """A keyword in any text of the event."""
    texts = [
        table[name].join(" ") if kind.is_array() else table[name]
        for name, kind in table.schema().items()
        if name not in UNSEARCHED and (kind.is_string() or (kind.is_array() and kind.value_type.is_string()))
    ]
    match wanted:
        case SigmaExpansion(values=values):
            return reduce(or_, (_anywhere(one, table) for one in values))
        case SigmaString():
            inside = wanted if wanted.contains_special() else _inside(wanted)
            return reduce(or_, (like(text, inside).fill_null(False) for text in texts))
        case SigmaNumber():
            return _anywhere(SigmaString(str(wanted.number)), table)
        case SigmaRegularExpression():
            return reduce(or_, (text.re_search(_flagged(wanted)).fill_null(False) for text in texts))
    raise NotKeptError(f"keywords of the kind {type(wanted).__name__}")


def _inside(wanted: SigmaString) -> SigmaString:
    around = SigmaString()
    around.s = [SpecialChars.WILDCARD_MULTI, *wanted.s, SpecialChars.WILDCARD_MULTI]
    return around


def _text(value: ir.Value) -> ir.StringValue:
    return value if isinstance(value, ir.StringValue) else value.cast("string")
