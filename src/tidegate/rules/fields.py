"""What Sigma's field names are in our tables, by event class. A field that stands here for no class is not kept.

Names are those of Sigma's taxonomy and, where rules are written for one product, that product's own. Source:
https://sigmahq.io/docs/basics/log-sources.html and the field names in SigmaHQ's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

Field = str | Callable[[ir.Table], ir.Value]
"""A column's name, or what is computed from columns."""

LOGON_TYPES = {"Interactive": 2, "Network": 3, "Batch": 4, "Service": 5, "Unlock": 7, "NetworkCleartext": 8}
LOGON_TYPES |= {"NewCredentials": 9, "RemoteInteractive": 10, "CachedInteractive": 11}
ACCOUNT_EVENTS = {  # Windows' event ids by what its source calls them
    "user created": 4720,
    "user enabled": 4722,
    "password changed by the user": 4723,
    "password reset": 4724,
    "user disabled": 4725,
    "user deleted": 4726,
    "user locked out": 4740,
    "user unlocked": 4767,
    "member added to global group": 4728,
    "member removed from global group": 4729,
    "member added to local group": 4732,
    "member removed from local group": 4733,
    "member added to universal group": 4756,
    "member removed from universal group": 4757,
}
SIGNIN_EVENTS = {"Logoff": 4634, "Authentication Ticket": 4768, "Service Ticket Request": 4769, "Preauth": 4771}


def _by(column: str, values: Mapping[str, int]) -> Callable[[ir.Table], ir.Value]:
    return lambda table: ibis.cases(*((table[column] == name, number) for name, number in values.items()))


def _signin_event(table: ir.Table) -> ir.Value:
    return ibis.cases(
        (table.detail.startswith("credentials used by").fill_null(False), 4648),
        (table.activity == "Logon", ibis.ifelse(table.status == "Failure", 4625, 4624)),
        *((table.activity == name, number) for name, number in SIGNIN_EVENTS.items()),
    )


def _aws_signin(table: ir.Table) -> ir.Value:
    """Of the names of AWS' sign-in events, the one that the table still tells."""
    return ibis.cases((table.service == "signin.amazonaws.com", "ConsoleLogin"))


def _file(table: ir.Table) -> ir.Value:
    return ibis.coalesce(table.file_path, table.file_name)


def _names(column: Field, *names: str) -> dict[str, Field]:
    return dict.fromkeys(names, column)


_WHO = _names("actor", "User", "SubjectUserName", "UserName", "UserId", "cs-username", "userPrincipalName") | _names(
    "actor", "userIdentity.userName", "actor.email", "gcp.audit.authentication_info.principal_email", "UserKey"
)
_WHERE = _names("device", "Computer", "ComputerName", "Hostname", "host") | _names(
    "src_ip", "src_ip", "SourceIp", "c-ip", "ClientIP", "sourceIPAddress", "IpAddress", "ipAddress", "id.orig_h"
)
_DST = (
    _names("dst_ip", "dst_ip", "DestinationIp", "dest_ip", "id.resp_h")
    | _names("dst_port", "dst_port", "DestinationPort", "dest_port", "id.resp_p")
    | _names("dst_host", "DestinationHostname", "dst_host")
)
_SERVICE = _names("service", "eventSource", "gcp.audit.service_name", "data.protoPayload.serviceName")
_OPERATION = _names("operation", "eventName", "Operation", "OperationName", "operationName", "event_name") | _names(
    "operation", "gcp.audit.method_name", "data.protoPayload.methodName", "ActivityDisplayName", "properties.message"
)
_AGENT = _names("user_agent", "c-useragent", "cs-user-agent", "userAgent", "user_agent", "UserAgent")
_ERROR = _names("error", "errorCode", "errorMessage")

_ALL = _WHO | _WHERE | _names("status", "Status", "ResultStatus")

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "process_activity": _ALL
    | _names("process", "Image", "NewProcessName", "ProcessName", "exe")
    | _names("command_line", "CommandLine", "ProcessCommandLine")
    | _names("parent", "ParentImage", "ParentProcessName")
    | _names("hash", "sha256", "sha1", "md5"),
    "file_activity": _ALL
    | _names(_file, "TargetFilename", "FileName", "ObjectName", "RelativeTargetName", "filename", "name")
    | _names("process", "Image", "ProcessName", "exe")
    | _names("medium", "ShareName"),
    "dns_activity": _ALL
    | _DST
    | _names("query", "QueryName", "query", "dns.question.name")
    | _names("query_type", "QueryType", "record_type", "qtype_name")
    | _names("answers", "QueryResults", "answer", "answers")
    | _names("response_code", "rcode", "rcode_name", "response_code"),
    "http_activity": _ALL
    | _DST
    | _AGENT
    | _names("url", "c-uri", "cs-uri", "cs-uri-stem", "url", "uri")
    | _names(lambda table: table.url.split("?")[1], "c-uri-query", "cs-uri-query")
    | _names(lambda table: table.url.re_extract(r"\.(\w+)(?:[?#].*)?$", 1), "c-uri-extension")
    | _names("dst_host", "cs-host", "r-dns", "c-dns", "dest_domain")
    | _names(lambda table: table.activity.upper(), "cs-method", "method", "http.method")
    | _names("status_code", "sc-status", "status_code")
    | _names("bytes_out", "cs-bytes")
    | _names("bytes_in", "sc-bytes")
    | _names("mime_type", "cs-content-type", "resp_mime_types"),
    "network_activity": _ALL
    | _DST
    | _names("src_port", "SourcePort", "src_port", "id.orig_p")
    | _names("protocol", "Protocol", "proto")
    | _names("service", "service")
    | _names("state", "conn_state")
    | _names("bytes_out", "orig_bytes")
    | _names("bytes_in", "resp_bytes"),
    "authentication": _ALL
    | _AGENT
    | _names("actor", "TargetUserName")
    | _names("device", "WorkstationName")
    | _names("dst_host", "TargetServerName", "dest_host")
    | _names("service", "eventSource", "ServiceName")
    | _names("protocol", "AuthenticationPackageName", "authenticationProtocol")
    | _names("detail", "SubStatus", "ResultDescription")
    | _names(_by("service", LOGON_TYPES), "LogonType")
    | _names(_signin_event, "EventID")
    | _names(_aws_signin, "eventName"),
    "account_change": _ALL
    | _OPERATION
    | _AGENT
    | _names("target", "TargetUserName", "TargetResources.userPrincipalName", "target.user.email")
    | _names("recipient", "MemberName", "MemberSid")
    | _names(_by("operation", ACCOUNT_EVENTS), "EventID"),
    "api_activity": _ALL
    | _OPERATION
    | _SERVICE
    | _AGENT
    | _ERROR
    | _names("region", "awsRegion")
    | _names("account", "recipientAccountId")
    | _names("resource", "gcp.audit.resource_name", "data.protoPayload.resourceName"),
    "web_resources": _ALL
    | _OPERATION
    | _AGENT
    | _ERROR
    | _names("resource", "requestParameters.bucketName")
    | _names("object", "requestParameters.key"),
    "file_hosting": _ALL
    | _OPERATION
    | _AGENT
    | _names("file_name", "SourceFileName", "FileName")
    | _names("file_path", "ObjectId", "SourceRelativeUrl")
    | _names("recipient", "TargetUserOrGroupName", "target_user"),
    "email_activity": _ALL
    | _OPERATION
    | _names("sender", "SenderAddress", "sender")
    | _names("recipients", "RecipientAddress", "recipients")
    | _names("attachments", "AttachmentName", "attachments")
    | _names("mailbox", "MailboxOwnerUPN"),
    "detection_finding": _ALL
    | _DST
    | _names("rule", "Signature", "signature", "alert.signature")
    | _names("rule_uid", "signature_id")
    | _names("category", "classification", "alert.category"),
    "script_activity": _ALL | _names("file_path", "Path", "ScriptName"),
    "peripheral_activity": _ALL | _names("medium", "DeviceDescription", "DeviceName") | _names("serial", "DeviceId"),
}
"""Event class → Sigma's field → ours."""


EVERY_ROW: Mapping[tuple[str, str], frozenset[str]] = {
    ("process_activity", "eventid"): frozenset({"4688", "1"}),
    ("network_activity", "eventid"): frozenset({"3"}),
    ("dns_activity", "eventid"): frozenset({"22"}),
    ("script_activity", "eventid"): frozenset({"4104"}),
    ("web_resources", "eventsource"): frozenset({"s3.amazonaws.com"}),
}
"""Fields that a table need not keep, for each of its rows has one of these values."""

TOLD: Mapping[tuple[str, str], frozenset[str]] = {
    ("authentication", "eventid"): frozenset(map(str, (4624, 4625, 4648, *SIGNIN_EVENTS.values()))),
    ("authentication", "logontype"): frozenset(map(str, LOGON_TYPES.values())),
    ("authentication", "eventname"): frozenset({"consolelogin"}),
    ("account_change", "eventid"): frozenset(map(str, ACCOUNT_EVENTS.values())),
}
"""Fields that are told by what was done, and the values that can be told: asking for another would never match."""


def field(table: ir.Table, name: str, sigma: str) -> ir.Value | None:
    """A Sigma field in one of our tables, whatever its case; None where the table does not keep it."""
    wanted = sigma.lower()
    found = next((ours for theirs, ours in FIELDS[name].items() if theirs.lower() == wanted), None)
    if found is None:
        return None
    return table[found] if isinstance(found, str) else found(table)
