"""What sources share: raw text, numbers and lists into the forms event columns have.

Each is an Ibis expression over columns; a value that does not parse becomes null, never an error.
"""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = ibis.literal("1970-01-01", "timestamp(6)")
# Of Ibis, `unique` names its array three times over, and so is what the array is made of computed.
_distinct = ibis.udf.scalar.builtin(
    lambda parts: parts, name="array_distinct", signature=(("array<string>",), "array<string>")
)
_LATEST_SECONDS = 1e10  # the year 2286: a greater number counts milliseconds


def iso(column: ir.StringValue) -> ir.TimestampValue:
    """UTC time from ISO 8601 text, with or without an offset; without one it is UTC (as the engine's session is)."""
    return column.try_cast("timestamp('UTC', 6)").cast("timestamp(6)")


def epoch(number: ir.NumericValue) -> ir.TimestampValue:
    """UTC time from seconds or milliseconds since 1970, to the microsecond."""
    micros = ibis.cases(
        (number.between(0, _LATEST_SECONDS), number * 1e6),
        (number.between(_LATEST_SECONDS, _LATEST_SECONDS * 1e3), number * 1e3),
        else_=ibis.null("float64"),
    )
    return _EPOCH + micros.round().cast("int64").as_interval("us")


def epoch_or_iso(column: ir.StringValue) -> ir.TimestampValue:
    """UTC time from text that is either."""
    return ibis.coalesce(epoch(column.try_cast("float64")), iso(column))


def month(name: ir.StringValue) -> ir.StringValue:
    """`01` of `Jan`."""
    return lookup(name, {word: f"{number:02}" for number, word in enumerate(_MONTHS, 1)}, other=ibis.null("string"))


def text(column: ir.StringValue) -> ir.StringValue:
    """Trimmed; empty is null."""
    return column.strip().nullif("")


def lower(column: ir.StringValue) -> ir.StringValue:
    """Trimmed and lower case; empty is null: accounts, hosts, addresses, which logs spell in any case."""
    return text(column).lower()


def milliseconds(seconds: ir.NumericValue) -> ir.IntegerValue:
    """Seconds with a fraction as whole milliseconds."""
    return (seconds.cast("float64") * 1000).round().try_cast("int64")


def leaf(path: ir.StringValue) -> ir.StringValue:
    r"""The last part of a path written with `/` or `\`."""
    return text(path.re_extract(r"([^/\\]*)[/\\]*$", 1))


def host(column: ir.StringValue) -> ir.StringValue:
    """Host of `host`, `host:port`, `[address]` or `[address]:port`."""
    bare = column.re_replace(r"^(\[[^\]]*\]|[^:]*):\d+$", r"\1").re_replace(r"[\[\]]", "")
    return lower(ibis.ifelse(column.contains(":") | column.contains("["), bare, column))


def ip(column: ir.StringValue) -> ir.StringValue:
    """Address of `address`, `address:port` or `[address]:port`; null where the log names a service or a host there."""
    bare = host(column)
    other = ibis.cases((bare.re_search(r"^(\d+\.){3}\d+$|^[0-9a-f.]*:[0-9a-f:.]*$"), bare))
    return ibis.ifelse(column.re_search(r"^\d+\.\d+\.\d+\.\d+$"), column, other)  # nine in ten, and quickly told


def url_host(url: ir.StringValue) -> ir.StringValue:
    """Host of `scheme://user@host:port/path`, and of CONNECT's `host:port`."""
    return host(_authority(url))


def url_port(url: ir.StringValue) -> ir.IntegerValue:
    """Port of the same, null where it is the scheme's own."""
    return _authority(url).re_extract(r":(\d+)$", 1).try_cast("int32")


def _authority(url: ir.StringValue) -> ir.StringValue:
    # One pattern for all of it is one that RE2 has to try in several ways, which takes four times as long.
    schemed = url.re_search(r"^\w+://")
    found = ibis.ifelse(schemed, url.re_extract(r"^\w+://([^/?#]*)", 1), url.re_extract(r"^[^/?#]*", 0))
    return ibis.ifelse(found.contains("@"), found.re_replace("^.*@", ""), found)


def url_leaf(url: ir.StringValue) -> ir.StringValue:
    """The last part of a URL's path."""
    return leaf(url.re_replace(r"[?#].*$", "").re_replace(r"^\w+://[^/]*", ""))


def address(column: ir.StringValue) -> ir.StringValue:
    """Bare e-mail address of `a@b`, `<a@b>` or `Name <a@b>`."""
    bare = column.re_replace(r"^.*<([^<>]*)>.*$", r"\1")
    return lower(ibis.ifelse(column.contains("<"), bare, column))


def addresses(column: ir.ArrayValue) -> ir.ArrayValue:
    """Each one's bare address; null where there is none."""
    found = column.map(lambda one: address(one)).filter(lambda one: one.notnull())
    return ibis.ifelse(found.length() > 0, found, ibis.null(found.type()))


def listed(column: ir.StringValue, *, mark: str = ";") -> ir.ArrayValue:
    """Trimmed parts of `one;two`; null where there is none."""
    parts = column.split(mark).map(lambda one: one.strip()).filter(lambda one: one != "")
    return ibis.ifelse(parts.length() > 0, parts, ibis.null(parts.type()))


def joined(parts: ir.ArrayValue) -> ir.StringValue:
    """The parts in order, each once, with `;` between them; null where there is none."""
    return text(distinct(parts).join(";"))


def distinct(parts: ir.ArrayValue) -> ir.ArrayValue:
    """The parts in order, each once."""
    return _distinct(parts).sort()


def outcome(code: ir.IntegerValue) -> ir.StringValue:
    """Success or Failure by a reply code of HTTP, FTP or SMTP: 400 and above failed."""
    return ibis.cases((code >= 400, "Failure"), (code > 0, "Success"))


def success(succeeded: ir.BooleanValue) -> ir.StringValue:
    """Success or Failure by a flag; unknown stays unknown."""
    return ibis.cases((succeeded, "Success"), (~succeeded, "Failure"))


def lookup(column: ir.StringValue, names: dict[str, str], *, other: str | ir.StringValue) -> ir.StringValue:
    """The product's word in ours."""
    return column.cases(*names.items(), else_=other)


def either(*holds: ir.BooleanValue) -> ir.BooleanValue:
    """Any of them."""
    return reduce(lambda one, two: one | two, holds)
