"""Exchange message tracking log: each step of a message through the servers, as CSV under `#Fields:` lines.

The extended message trace of Exchange Online has the same columns, spelt with `_`. Sizes stand in every record, so that
a sending needs no other one; `message` is the Message-ID. Subjects are not kept.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

EXCHANGE = Log(
    id="exchange",
    title="Exchange",
    formats=("csv",),
    how=(
        "Take MSGTRK*.LOG from TransportRoles\\Logs\\MessageTracking of every server; of Exchange Online download a "
        "summary or extended message trace, or export what Get-MessageTraceV2 returns to CSV."
    ),
    reference="https://learn.microsoft.com/en-us/exchange/mail-flow/transport-logs/message-tracking",
    files=("MSGTRK*.log*", "MTDetail*.csv", "MTSummary*.csv"),
    # Steps that move nothing: copies kept for safety, lists taken apart, notices of what else is logged here.
    ignore=(
        r',"?(?:AGENTINFO|DSN|DUPLICATE[A-Z]+|EXPAND|HA[A-Z]+|INITMESSAGECREATED|LOAD|MODERA[A-Z]+|NOTIFY[A-Z]+'
        r'|POISONMESSAGE|PROCESS[A-Z]*|RESOLVE|RESUBMIT[A-Z]*|SUBMITDEFER|SUPPRESSED|THROTTLE|TRANSFER)"?,'
    ),
)
ACTIVITIES = {
    "SEND": "Send",
    "SENDEXTERNAL": "Send",
    "DELIVER": "Receive",
    "RECEIVE": "Trace",
    "SUBMIT": "Trace",
    "REDIRECT": "Send",
    "BADMAIL": "Send",
    "DEFER": "Send",
    "DROP": "Send",
    "FAIL": "Send",
    "SUBMITFAIL": "Send",
}
FAILED = ("BADMAIL", "DEFER", "DROP", "FAIL", "SUBMITFAIL")


@source(
    log=EXCHANGE,
    produces="email_activity",
    columns=dict.fromkeys(
        (
            "date-time",
            "date_time_utc",
            "client-ip",
            "client-hostname",
            "server-ip",
            "server-hostname",
            "connector-id",
            "source",
            "event-id",
            "message-id",
            "recipient-address",
            "total-bytes",
            "related-recipient-address",
            "sender-address",
            "directionality",
            "original-client-ip",
        ),
        "string",
    ),
    needs=("date-time|date_time_utc", "source", "event-id", "recipient-address", "sender-address"),
    where=lambda raw: raw["event-id"].isin(tuple(ACTIVITIES)),
)
def exchange(raw: ibis.Table) -> ibis.Table:
    """Steps of a message through the servers: Trace as it comes in, then Send, Receive or MTA Relay."""
    event, sent_by = raw["event-id"], raw["source"]
    # From one server of the organisation to the next, which logs what it does with it.
    inside = (event == "SEND") & raw["connector-id"].re_search("(?i)^(intra-organization|inbound proxy internal)")
    inside = inside.fill_null(False)
    activity = ibis.ifelse(inside, "MTA Relay", f.lookup(event, ACTIVITIES, other=ibis.null("string")))
    sending, arriving = event.isin(("SEND", "SENDEXTERNAL")), (event == "RECEIVE") & (sent_by == "SMTP")
    sender = f.address(raw["sender-address"])
    composed = event.isin(("RECEIVE", "SUBMIT")) & sent_by.isin(("STOREDRIVER", "MAILBOXRULE"))
    # Turned aside from this mailbox, which is thereby what sends it to the recipients named.
    mailbox = ibis.cases((event == "REDIRECT", f.address(raw["related-recipient-address"])))
    return raw.select(
        *LINEAGE,
        time=f.iso(ibis.coalesce(raw["date-time"], raw.date_time_utc)),
        activity=activity,
        status=ibis.cases((event.isin(FAILED), "Failure"), (activity != "Trace", "Success")),
        actor=ibis.cases((composed, sender), else_=mailbox),
        device=ibis.cases((arriving, f.lower(raw["client-hostname"]))),
        src_ip=ibis.coalesce(f.ip(raw["original-client-ip"]), ibis.cases((arriving, f.ip(raw["client-ip"])))),
        dst_host=ibis.cases((sending, f.lower(raw["server-hostname"]))),
        dst_ip=ibis.cases((sending, f.ip(raw["server-ip"]))),
        direction=ibis.cases(
            ((raw.directionality == "Incoming") & activity.isin(("Trace", "Receive")), "Inbound"),
            ((raw.directionality == "Originating") & (activity == "Send"), "Outbound"),
        ),
        message=f.text(raw["message-id"].re_replace("[<>]", "")),
        sender=sender,
        recipients=f.addresses(f.listed(raw["recipient-address"])),
        bytes_out=raw["total-bytes"].try_cast("int64"),
        mailbox=mailbox,
        operation=sent_by + " " + event,
    )
