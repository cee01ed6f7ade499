"""Exchange Online's message trace: a record a recipient (Get-MessageTraceV2), or one a message (summary report).

The report's columns are declared as the tracking log spells them: `sender-address` stands for `sender_address` too.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.exchange import EXCHANGE
from tidegate.units import LINEAGE, source

STATES = {"Delivered": "Success", "Failed": "Failure", "FilteredAsSpam": "Failure", "Quarantined": "Failure"}


@source(
    log=EXCHANGE,
    produces="email_activity",
    columns=dict.fromkeys(
        ("Received", "SenderAddress", "RecipientAddress", "Status", "ToIP", "FromIP", "Size", "MessageId"), "string"
    ),
    needs=("Received", "SenderAddress", "RecipientAddress", "Status", "MessageId"),
)
def exchange_trace(raw: ibis.Table) -> ibis.Table:
    """What became of a message for one recipient; a list that was taken apart is no recipient."""
    return raw.select(
        *LINEAGE,
        time=_time(raw.Received),
        activity=ibis.ifelse(raw.Status == "Expanded", "Trace", "Send"),
        status=f.lookup(raw.Status, STATES, other=ibis.null("string")),
        src_ip=f.ip(raw.FromIP),
        dst_ip=f.ip(raw.ToIP),
        message=f.text(raw.MessageId.re_replace("[<>]", "")),
        sender=f.address(raw.SenderAddress),
        recipients=f.addresses(f.listed(raw.RecipientAddress)),
        bytes_out=raw.Size.try_cast("int64"),
        operation=raw.Status,
    )


@source(
    log=EXCHANGE,
    produces="email_activity",
    columns=dict.fromkeys(
        (
            "origin_timestamp_utc",
            "sender-address",
            "recipient-status",
            "total-bytes",
            "message-id",
            "original-client-ip",
            "directionality",
        ),
        "string",
    ),
    needs=("origin_timestamp_utc", "sender-address", "recipient-status"),
)
def exchange_summary(raw: ibis.Table) -> ibis.Table:
    """A message with all whom it reached (`address##step, step;…`), else those whom it did not reach."""
    each = f.listed(raw["recipient-status"])
    reached = each.filter(lambda one: ~one.re_search("##.*Fail"))
    some = reached.length() > 0
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.origin_timestamp_utc),
        activity=ibis.literal("Send"),
        status=ibis.ifelse(some, "Success", "Failure"),
        src_ip=f.ip(raw["original-client-ip"]),
        direction=ibis.cases((raw.directionality == "Incoming", "Inbound")),
        message=f.text(raw["message-id"].re_replace("[<>]", "")),
        sender=f.address(raw["sender-address"]),
        recipients=f.addresses(ibis.ifelse(some, reached, each).map(lambda one: one.re_replace("##.*$", ""))),
        bytes_out=raw["total-bytes"].try_cast("int64"),
    )


def _time(text: ir.StringValue) -> ir.TimestampValue:
    """ISO 8601, or `11/20/2025 1:00:00 PM` as PowerShell writes it where it speaks American English; UTC."""
    month, day, year = (text.re_extract(r"^(\d+)/(\d+)/(\d{4}) ", part).lpad(2, "0") for part in (1, 2, 3))
    hour = text.re_extract(r" (\d+):", 1).try_cast("int64") % 12 + ibis.ifelse(text.endswith("PM"), 12, 0)
    rest = text.re_extract(r"(:\d\d:\d\d) [AP]M$", 1)
    spoken = year + "-" + month + "-" + day + "T" + hour.cast("string").lpad(2, "0") + rest
    return ibis.coalesce(f.iso(text), f.iso(spoken))
