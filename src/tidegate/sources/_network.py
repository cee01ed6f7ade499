"""What logs of connections share: protocol numbers, whether a connection came about, and which records are of one."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f

# IANA's protocol numbers; others stay numbers.
_PROTOCOLS = {"1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "47": "gre", "50": "esp", "58": "icmp6", "132": "sctp"}


def protocol(number: ir.StringValue) -> ir.StringValue:
    """`tcp` of `6`; a name as it is, in lower case."""
    return f.lookup(number, _PROTOCOLS, other=f.lower(number))


def ip(column: ir.StringValue) -> ir.StringValue:
    """`2001:db8::20` of `2001:0db8:0000:0000:0000:0000:0000:0020`, as other logs write it; others as they are."""
    short = column.lower().re_replace(r"\b0{1,3}([0-9a-f])", r"\1").re_replace(r"(^|:)0(:0)+(:|$)", "::")
    return ibis.ifelse(column.contains(":"), short, column)


def mac(column: ir.StringValue) -> ir.StringValue:
    """`00:0d:3a:f8:78:56` of any spelling; null where it is all zeros, or none."""
    digits = column.lower().re_replace("[^0-9a-f]", "")
    pairs = digits.re_replace(r"^(..)(..)(..)(..)(..)(..)$", r"\1:\2:\3:\4:\5:\6")
    return ibis.cases(((pairs.length() == 17) & (digits != "000000000000"), pairs))


def outcome(
    activity: ir.StringValue, sent: ir.IntegerValue, received: ir.IntegerValue | None = None
) -> dict[str, ir.Value]:
    """Activity, status and bytes: what was refused, or never answered, moved nothing, whatever packets were counted."""
    failed = activity.isin(("Refuse", "Fail"))
    return {
        "activity": activity,
        "status": ibis.ifelse(failed, "Failure", "Success"),
        "bytes_out": ibis.ifelse(failed, 0, sent),
        "bytes_in": ibis.null("int64") if received is None else ibis.ifelse(failed, 0, received),
    }


def session(number: ir.StringValue, *ends: ir.StringValue) -> ir.StringValue:
    """Key of a firewall's session: its number, which is given out again, with its ends; null without a number."""
    named = ibis.literal(" ").join([number, *(end.fill_null("") for end in ends)])
    return ibis.cases((number != "0", named))
