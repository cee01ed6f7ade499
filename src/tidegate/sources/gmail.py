"""Gmail log in BigQuery: what became of every message, and what people did with those in their mailboxes.

Both shapes: the `gmail` record in the table `activity` of Workspace's logs, and the older `daily_` tables. In the first
each record says what happened (`mail_event_type`) and the steps of the way have type 0; in the second only the step
is there (`action_type`). Subjects are not kept.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

EVENT = (
    "struct<timestamp_usec: string, success: boolean, mail_event_type: string, "
    "client_context: struct<session_context: struct<delegate_user_email: string>>>"
)
MESSAGE = (
    "struct<action_type: string, rfc2822_message_id: string, payload_size: string, "
    "source: struct<address: string, service: string, selector: string>, "
    "destination: array<struct<address: string>>, attachment: array<struct<file_name: string>>, "
    "connection_info: struct<client_ip: string, smtp_out_connect_ip: string, smtp_out_remote_host: string, "
    "is_internal: boolean, is_intra_domain: boolean>>"
)
# What a message or its owner did; in the mailbox, `Read` is whatever takes something out of it.
EVENTS = {
    "0": "Trace",
    "1": "Send",
    "2": "Receive",
    "5": "Scan",
    "7": "Read",
    "11": "Send",
    "17": "Read",
    "18": "Read",
    "19": "Read",
    "28": "Read",
    "30": "Send",
    "31": "Read",
    "32": "Read",
    "33": "Read",
    "35": "Trace",
}
NAMES = {
    "5": "quarantined",
    "7": "opened",
    "11": "forwarded by the account's setting",
    "17": "attachment downloaded",
    "18": "attachment saved to Drive",
    "19": "Drive item saved",
    "28": "attachment previewed",
    "30": "bounced",
    "31": "viewed",
    "32": "downloaded",
    "33": "read by an app",
}
STEPS = {"10": "Send", "18": "Send"}  # handed to another server, or bounced there; others are on the way
LEFT = ("69", "70", "71")  # done in the mailbox, which older tables do not tell apart

GMAIL = Log(
    id="gmail",
    title="Gmail",
    formats=("json",),
    how=(
        "Turn on the BigQuery export of Google Workspace's logs and export the records of its table `activity` whose "
        "record_type is gmail (or the older daily tables of Gmail logs) as JSON."
    ),
    reference="https://support.google.com/a/answer/12384955",
    files=("*gmail*.json*", "daily_*.json*"),
    # Labels, marks, moves within the mailbox, links; replies and forwardings are sent by records of their own.
    ignore=r'"mail_event_type": ?"?(?:[34689]|1[023456]|2[0-79]|34)\b|"action_type": ?"?(?:69|7[01])\b',
)


def _event(raw: ibis.Table) -> ir.StructValue:
    return ibis.coalesce(raw.gmail["event_info"], raw.event_info)


def _message(raw: ibis.Table) -> ir.StructValue:
    return ibis.coalesce(raw.gmail["message_info"], raw.message_info)


def _activity(raw: ibis.Table) -> ir.StringValue:
    """What is no use is null. Where there are event types they alone decide, or a sending would count twice."""
    step = _message(raw)["action_type"]
    by_step = ibis.ifelse(step.isin(LEFT), ibis.null("string"), f.lookup(step, STEPS, other="Trace"))
    type_ = _event(raw)["mail_event_type"]
    return ibis.ifelse(type_.isnull(), by_step, f.lookup(type_, EVENTS, other=ibis.null("string")))


@source(
    log=GMAIL,
    produces="email_activity",
    columns={
        "email": "string",
        "gmail": f"struct<event_info: {EVENT}, message_info: {MESSAGE}>",
        "event_info": EVENT,
        "message_info": MESSAGE,
    },
    needs=("gmail|event_info", "time_usec|message_info"),
    where=lambda raw: _activity(raw).notnull(),
)
def gmail(raw: ibis.Table) -> ibis.Table:
    """Mail sent, received, read and forwarded, and the steps in between as Trace."""
    event, message, activity = _event(raw), _message(raw), _activity(raw)
    type_, sent_by, connection = event["mail_event_type"], message["source"], message["connection_info"]
    delegate = f.address(event["client_context"]["session_context"]["delegate_user_email"])
    sender = f.address(sent_by["address"])
    recipients = f.addresses(message["destination"].map(lambda one: one["address"]))
    read, sent = activity == "Read", activity == "Send"
    # Whose record it is; where that is not said, the sender is not the one whose account forwards by itself.
    by_hand = sent & (sent_by["selector"].fill_null("") != "autoforward")
    owner = ibis.coalesce(f.address(raw.email), ibis.cases((read, recipients[0]), (by_hand, sender)))
    failed = ~event["success"].fill_null(True) | (type_ == "30") | (message["action_type"] == "18").fill_null(False)
    inside = connection["is_internal"].fill_null(False) | connection["is_intra_domain"].fill_null(False)
    return raw.select(
        *LINEAGE,
        time=f.epoch(event["timestamp_usec"].try_cast("float64") / 1e6),
        activity=activity,
        status=ibis.ifelse(failed.fill_null(False), "Failure", "Success"),
        actor=ibis.cases((read | sent, ibis.coalesce(delegate, owner))),
        src_ip=f.ip(connection["client_ip"]),
        dst_ip=f.ip(connection["smtp_out_connect_ip"]),
        dst_host=f.lower(connection["smtp_out_remote_host"]),
        direction=ibis.cases((inside, "Internal"), (sent, "Outbound"), (activity == "Receive", "Inbound")),
        message=f.text(message["rfc2822_message_id"].re_replace("[<>]", "")),
        sender=sender,
        recipients=recipients,
        bytes_out=message["payload_size"].try_cast("int64"),
        attachments=_names(message["attachment"].map(lambda one: one["file_name"])),
        mailbox=ibis.cases((read | sent, owner)),
        operation=ibis.coalesce(
            f.lookup(type_, NAMES, other=ibis.null("string")),
            # `gmail-ui send`, `google-apps-script user`: by what it was sent
            f.text(ibis.coalesce(sent_by["service"], "") + " " + ibis.coalesce(sent_by["selector"], "")),
        ),
    )


def _names(column: ir.ArrayValue) -> ir.ArrayValue:
    found = column.filter(lambda one: one.notnull())
    return ibis.ifelse(found.length() > 0, found, ibis.null(found.type()))
