"""The event classes: flat, typed columns, each with its path in OCSF (Open Cybersecurity Schema Framework 1.8).

A class is a Delta table. Every column of a class is in every row of its table, null where the log says nothing.
`time` is UTC to the microsecond; `bytes_out` is what the actor's side sent, `bytes_in` what it received.
Paths that begin with `unmapped.` hold what OCSF has no place for. Source: https://schema.ocsf.io/1.8.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import ibis


@dataclass(frozen=True)
class Column:
    """A column: its name, Ibis type, OCSF path, and what it holds where the name does not say."""

    name: str
    type: str
    path: str
    note: str = ""


@dataclass(frozen=True)
class EventClass:
    """An OCSF event class as a flat table. `activities` maps our activity names to OCSF's `activity_id`.

    An own column named like a common one takes its place: the class keeps it under another path.
    """

    name: str
    uid: int
    title: str
    own: tuple[Column, ...]
    activities: Mapping[str, int]

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(({c.name: c for c in COMMON} | {c.name: c for c in self.own}).values())

    @property
    def schema(self) -> ibis.Schema:
        """Ibis schema of the table, `day` (the partition) last."""
        return ibis.schema({c.name: c.type for c in self.columns} | {DAY: "date"})


DAY = "day"

COMMON = (
    Column("uid", "string", "metadata.uid", "the product's own record id, else the MD5 of the record"),
    Column("time", "timestamp(6)", "time", "UTC"),
    Column("activity", "string", "activity_name"),
    Column("status", "string", "status", "Success, Failure or null"),
    Column("actor", "string", "actor.user.name", "account as logged, lower case"),
    Column("device", "string", "device.hostname", "the actor's device: host name, else null"),
    Column("src_ip", "string", "src_endpoint.ip"),
    Column("product", "string", "metadata.product.name"),
    Column("source_file", "string", "metadata.log_name"),
    Column("source_line", "int64", "metadata.sequence"),
)

_SRC_PORT = Column("src_port", "int32", "src_endpoint.port")
_SRC_MAC = Column("src_mac", "string", "src_endpoint.mac")
_DST = (
    Column("dst_ip", "string", "dst_endpoint.ip"),
    Column("dst_port", "int32", "dst_endpoint.port"),
    Column("dst_host", "string", "dst_endpoint.hostname"),
)
_TRAFFIC = (
    Column("bytes_out", "int64", "traffic.bytes_out"),
    Column("bytes_in", "int64", "traffic.bytes_in"),
)
_SERVED = (
    Column("bytes_out", "int64", "unmapped.bytes_out", "what left the resource"),
    Column("bytes_in", "int64", "unmapped.bytes_in", "what was put into it"),
)
_CONNECTION = Column("connection", "string", "connection_info.uid", "joins records of one connection")
_AGENT = Column("user_agent", "string", "http_request.user_agent")
_FILE = (
    Column("file_name", "string", "file.name"),
    Column("file_path", "string", "file.path"),
    Column("file_size", "int64", "file.size"),
)
_OPERATION = Column("operation", "string", "metadata.event_code", "the product's own name of what was done")
_RECIPIENT = Column(
    "recipient", "string", "unmapped.recipient", "whom it gives access or copies to: address, account, domain, anyone"
)

CLASSES: Mapping[str, EventClass] = MappingProxyType(
    {
        c.name: c
        for c in (
            EventClass(
                "network_activity",
                4001,
                "Network Activity",
                (
                    _SRC_PORT,
                    _SRC_MAC,
                    *_DST,
                    Column("protocol", "string", "connection_info.protocol_name"),
                    Column("service", "string", "app_name", "application protocol as the sensor saw it"),
                    Column("duration_ms", "int64", "duration"),
                    *_TRAFFIC,
                    Column("packets_out", "int64", "traffic.packets_out"),
                    Column("packets_in", "int64", "traffic.packets_in"),
                    Column("state", "string", "unmapped.connection_state"),
                    _CONNECTION,
                ),
                {"Open": 1, "Close": 2, "Reset": 3, "Fail": 4, "Refuse": 5, "Traffic": 6, "Listen": 7},
            ),
            EventClass(
                "http_activity",
                4002,
                "HTTP Activity",
                (
                    _SRC_PORT,
                    *_DST,
                    Column("url", "string", "http_request.url.url_string"),
                    _AGENT,
                    Column("status_code", "int32", "http_response.code"),
                    *_TRAFFIC,
                    Column("mime_type", "string", "file.mime_type"),
                    Column("file_name", "string", "file.name"),
                    _CONNECTION,
                ),
                {
                    "Connect": 1,
                    "Delete": 2,
                    "Get": 3,
                    "Head": 4,
                    "Options": 5,
                    "Post": 6,
                    "Put": 7,
                    "Trace": 8,
                    "Patch": 9,
                },
            ),
            EventClass(
                "dns_activity",
                4003,
                "DNS Activity",
                (
                    _SRC_PORT,
                    *_DST,
                    Column("query", "string", "query.hostname"),
                    Column("query_type", "string", "query.type"),
                    Column("response_code", "string", "rcode"),
                    Column("answers", "array<string>", "answers[].rdata"),
                    _CONNECTION,
                ),
                {"Query": 1, "Response": 2, "Traffic": 6},
            ),
            EventClass(
                "email_activity",
                4009,
                "Email Activity",
                (
                    *_DST,
                    Column("direction", "string", "direction", "Inbound, Outbound or Internal, where the log says"),
                    Column("message", "string", "email.message_uid", "joins records of one message"),
                    Column("sender", "string", "email.from"),
                    Column("recipients", "array<string>", "email.to", "to, cc and bcc"),
                    Column("bytes_out", "int64", "email.size", "of the message as sent"),
                    Column("attachments", "array<string>", "email.files[].name"),
                    Column("mailbox", "string", "unmapped.mailbox", "whose mailbox it was read in or sent from"),
                    Column("items", "int64", "count", "messages the record stands for"),
                    _OPERATION,
                ),
                {"Send": 1, "Receive": 2, "Scan": 3, "Trace": 4, "MTA Relay": 5, "Read": 99},
            ),
            EventClass(
                "file_hosting",
                6006,
                "File Hosting Activity",
                (
                    *_FILE,
                    Column("owner", "string", "file.owner.name"),
                    Column("label", "string", "file.confidentiality", "sensitivity label as logged"),
                    Column("visibility", "string", "unmapped.visibility", "who can open it afterwards, as logged"),
                    _RECIPIENT,
                    Column("site", "string", "dst_endpoint.name", "site, drive or carrier"),
                    Column("items", "int64", "count", "files, or things, the record stands for"),
                    Column("permit", "string", "unmapped.permit"),
                    Column("country", "string", "unmapped.destination_country", "of a destination, never of a person"),
                    Column("session", "string", "actor.session.uid", "names the actor where the record does not"),
                    _OPERATION,
                    _AGENT,
                ),
                {
                    "Upload": 1,
                    "Download": 2,
                    "Update": 3,
                    "Delete": 4,
                    "Rename": 5,
                    "Copy": 6,
                    "Move": 7,
                    "Restore": 8,
                    "Preview": 9,
                    "Lock": 10,
                    "Unlock": 11,
                    "Share": 12,
                    "Unshare": 13,
                    "Open": 14,
                    "Sync": 15,
                    "Unsync": 16,
                    "Access Check": 17,
                    "Send": 99,
                },
            ),
            EventClass(
                "file_activity",
                1001,
                "File System Activity",
                (
                    Column("src_ip", "string", "device.ip"),
                    *_FILE,
                    Column("target_path", "string", "file_result.path"),
                    Column("removable", "boolean", "unmapped.removable", "the target is a removable device"),
                    Column("medium", "string", "unmapped.medium", "name or serial number of the device or share"),
                    Column("process", "string", "actor.process.name"),
                ),
                {
                    "Create": 1,
                    "Read": 2,
                    "Update": 3,
                    "Delete": 4,
                    "Rename": 5,
                    "Set Attributes": 6,
                    "Set Security": 7,
                    "Get Attributes": 8,
                    "Get Security": 9,
                    "Encrypt": 10,
                    "Decrypt": 11,
                    "Mount": 12,
                    "Unmount": 13,
                    "Open": 14,
                    "Copy": 99,
                    "Print": 99,
                },
            ),
            EventClass(
                "process_activity",
                1007,
                "Process Activity",
                (
                    Column("src_ip", "string", "device.ip"),
                    Column("process", "string", "process.file.path"),
                    Column("command_line", "string", "process.cmd_line"),
                    Column("parent", "string", "process.parent_process.file.path"),
                    Column("hash", "string", "process.file.hashes[].value", "of the program's file"),
                ),
                {"Launch": 1, "Terminate": 2, "Open": 3, "Inject": 4, "Set User ID": 5},
            ),
            EventClass(
                "script_activity",
                1009,
                "Script Activity",
                (
                    Column("src_ip", "string", "device.ip"),
                    Column("file_path", "string", "script.file.path", "null for what was typed"),
                    Column("hash", "string", "script.hashes[].value", "MD5 of the text, which is not kept"),
                    Column("script_size", "int64", "script.file.size", "characters of the text"),
                    Column("commands", "array<string>", "unmapped.commands", "names of the commands in it"),
                ),
                {"Execute": 1},
            ),
            EventClass(
                "peripheral_activity",
                1010,
                "Peripheral Activity",
                (
                    Column("src_ip", "string", "device.ip"),
                    Column("medium", "string", "peripheral_device.name"),
                    Column("serial", "string", "peripheral_device.serial_number"),
                    Column("kind", "string", "peripheral_device.class", "disk, printer, … as logged"),
                ),
                {"Connect": 1, "Disconnect": 2, "Enable": 3, "Disable": 4, "Eject": 5},
            ),
            EventClass(
                "detection_finding",
                2004,
                "Detection Finding",
                (
                    Column("src_ip", "string", "evidences[].src_endpoint.ip"),
                    Column("src_port", "int32", "evidences[].src_endpoint.port"),
                    Column("dst_ip", "string", "evidences[].dst_endpoint.ip"),
                    Column("dst_port", "int32", "evidences[].dst_endpoint.port"),
                    Column("dst_host", "string", "evidences[].dst_endpoint.hostname"),
                    Column("rule", "string", "finding_info.title", "what the other product calls it"),
                    Column("rule_uid", "string", "finding_info.uid"),
                    Column("severity", "string", "severity", "Informational, Low, Medium, High or Critical"),
                    Column("category", "string", "finding_info.types[]"),
                    Column("action", "string", "unmapped.action", "Allowed or Denied"),
                    Column("connection", "string", "evidences[].connection_info.uid"),
                ),
                {"Create": 1, "Update": 2, "Close": 3},
            ),
            EventClass(
                "authentication",
                3002,
                "Authentication",
                (
                    Column("actor", "string", "user.name", "the account that signs in, as logged, lower case"),
                    *_DST,
                    Column("service", "string", "service.name"),
                    Column("is_mfa", "boolean", "is_mfa"),
                    Column("protocol", "string", "auth_protocol"),
                    Column("detail", "string", "status_detail"),
                    Column("session", "string", "session.uid", "joins what was done with who signed in"),
                    _AGENT,
                ),
                {
                    "Logon": 1,
                    "Logoff": 2,
                    "Authentication Ticket": 3,
                    "Service Ticket Request": 4,
                    "Service Ticket Renew": 5,
                    "Preauth": 6,
                },
            ),
            EventClass(
                "api_activity",
                6003,
                "API Activity",
                (
                    Column("operation", "string", "api.operation", "the product's own name of what was done"),
                    Column("service", "string", "api.service.name"),
                    Column("region", "string", "cloud.region"),
                    Column("account", "string", "cloud.account.uid"),
                    Column("resource", "string", "resources[].name", "what was acted on"),
                    _RECIPIENT,
                    Column("visibility", "string", "unmapped.visibility"),
                    Column("error", "string", "api.response.error"),
                    *_SERVED,
                    _AGENT,
                ),
                {"Create": 1, "Read": 2, "Update": 3, "Delete": 4},
            ),
            EventClass(
                "web_resources",
                6004,
                "Web Resource Access Activity",
                (
                    Column("resource", "string", "web_resources[].name", "bucket, site or container"),
                    Column("object", "string", "web_resources[].url_string", "key within it"),
                    Column("account", "string", "unmapped.account", "account that owns the resource"),
                    *_SERVED,
                    Column("error", "string", "status_detail"),
                    _OPERATION,
                    _AGENT,
                ),
                {"Access Grant": 1, "Access Deny": 2, "Access Revoke": 3, "Access Error": 4},
            ),
            EventClass(
                "account_change",
                3001,
                "Account Change",
                (
                    Column("target", "string", "user.name", "account or mailbox that was changed"),
                    _OPERATION,
                    _RECIPIENT,
                    Column("detail", "string", "status_detail"),
                    _AGENT,
                ),
                {
                    "Create": 1,
                    "Enable": 2,
                    "Password Change": 3,
                    "Password Reset": 4,
                    "Disable": 5,
                    "Delete": 6,
                    "Attach Policy": 7,
                    "Detach Policy": 8,
                    "Lock": 9,
                    "MFA Factor Enable": 10,
                    "MFA Factor Disable": 11,
                    "Unlock": 12,
                    "Forward": 99,
                    "Delegate": 99,
                },
            ),
            EventClass(
                "device_inventory",
                5001,
                "Device Inventory Info",
                (
                    Column("src_ip", "string", "unmapped.src_ip"),
                    Column("mac", "string", "device.mac"),
                    Column("ip", "string", "device.ip"),
                    Column("lease_ms", "int64", "unmapped.lease_duration"),
                ),
                {"Log": 1, "Collect": 2},
            ),
        )
    }
)
"""Every event class by table name."""
