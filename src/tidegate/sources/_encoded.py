"""Text that a log holds as its bytes: in hexadecimal, or escaped one by one.

What is not UTF-8 stays as it is written.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

# Functions of the engine: text of `%` and two digits a byte; null where a value cannot be made.
_decoded = ibis.udf.scalar.builtin(lambda text: text, name="url_decode", signature=((str,), str))
_tried = ibis.udf.scalar.builtin(lambda text: text, name="try", signature=((str,), str))


def percent(text: ir.StringValue) -> ir.StringValue:
    """`é` of `%C3%A9`; null where the bytes are not UTF-8."""
    decoded: ir.StringValue = _tried(_decoded(text))
    return decoded


def hexadecimal(text: ir.StringValue) -> ir.StringValue:
    """`ab` of `6162`. A zero byte, which parts the words of a command line, becomes a space."""
    return ibis.coalesce(percent(text.re_replace("(..)", r"%\1").replace("%00", "%20")), text)


def octal(text: ir.StringValue) -> ir.StringValue:
    r"""`é` of `\303\251`, as the system log of BSD and of OpenSSH is written."""
    parts = text.replace("%", "%25").replace("\\\\", "%5C").split("\\")
    rest = parts[1:].map(lambda part: ibis.ifelse(part.re_search("^[0-3][0-7]{2}"), _byte(part), "%5C" + part))
    decoded = ibis.coalesce(percent(parts[0] + rest.join("")), text)
    return ibis.ifelse(text.contains("\\"), decoded, text)


def _byte(part: ir.StringValue) -> ir.StringValue:
    """`%C3` of `303`, and what follows it."""
    high, middle, low = (part[i].try_cast("int32") for i in range(3))
    return _hex(high * 64 + middle * 8 + low) + part[3:]


def _hex(byte: ir.IntegerValue) -> ir.StringValue:
    digits = ibis.literal("0123456789ABCDEF")
    return "%" + digits.substr(byte // 16, 1) + digits.substr(byte % 16, 1)


def listed(text: ir.StringValue) -> ir.StringValue:
    """`ab` of `[97, 98]`; where the bytes are not UTF-8, with U+FFFD for those beyond ASCII."""
    codes = text.re_replace(r"[\[\] ]", "").split(",").map(lambda code: code.try_cast("int32"))
    readable = codes.map(lambda code: ibis.ifelse(code < 128, _hex(code), "%EF%BF%BD"))
    return ibis.coalesce(percent(codes.map(_hex).join("")), percent(readable.join("")))
