"""Windows: who signed in from where, which accounts and groups were changed, which programs and scripts ran."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._windows import SECURITY, SYSMON, Take, bare, reached, windows
from tidegate.sources._windows_forms import Event

LOGON_TYPES = {
    "2": "Interactive",
    "3": "Network",
    "4": "Batch",
    "5": "Service",
    "7": "Unlock",
    "8": "NetworkCleartext",
    "9": "NewCredentials",
    "10": "RemoteInteractive",
    "11": "CachedInteractive",
}
AT_THE_COMPUTER = ("2", "4", "5", "7", "11")  # logon types of those who are at the computer that writes the log
SIGNINS = {
    "4624": "Logon",
    "4625": "Logon",
    "4634": "Logoff",
    "4647": "Logoff",
    "4648": "Logon",
    "4768": "Authentication Ticket",
    "4769": "Service Ticket Request",
    "4771": "Preauth",
}
ACCOUNTS = {
    "4720": ("Create", "user created"),
    "4722": ("Enable", "user enabled"),
    "4723": ("Password Change", "password changed by the user"),
    "4724": ("Password Reset", "password reset"),
    "4725": ("Disable", "user disabled"),
    "4726": ("Delete", "user deleted"),
    "4740": ("Lock", "user locked out"),
    "4767": ("Unlock", "user unlocked"),
    "4728": ("Attach Policy", "member added to global group"),
    "4729": ("Detach Policy", "member removed from global group"),
    "4732": ("Attach Policy", "member added to local group"),
    "4733": ("Detach Policy", "member removed from local group"),
    "4756": ("Attach Policy", "member added to universal group"),
    "4757": ("Detach Policy", "member removed from universal group"),
}
COMMAND = r"^[A-Z][A-Za-z]+-[A-Z][A-Za-z]+$"  # `Get-Content`, as PowerShell's own are named
HASHES = ("SHA256", "SHA1", "MD5")
DNS_CODES = {"0": "NOERROR", "9002": "SERVFAIL", "9003": "NXDOMAIN", "9005": "REFUSED", "9501": "NOERROR"}


@windows(
    Take(SECURITY, tuple(map(int, SIGNINS))),
    produces="authentication",
    fields=(
        *("TargetUserName", "SubjectUserName", "LogonType", "IpAddress", "WorkstationName", "TargetServerName"),
        *("ServiceName", "AuthenticationPackageName", "Status", "SubStatus"),
    ),
)
def windows_signins(event: Event) -> dict[str, ir.Value]:
    """Sign-ins and sign-outs, with others' credentials too, and Kerberos tickets"""
    data = event.data
    logon, status = data("LogonType"), data("Status")
    failed = event.id.isin(("4625", "4771")) | (status.notnull() & ~status.isin(("0x0", "0x00000000")))
    other = event.id == "4648"  # the one who is signed in here uses the credentials of another
    ticket = event.id.isin(("4768", "4769"))
    server = data("TargetServerName").lower().nullif("localhost")
    return {
        "activity": f.lookup(event.id, SIGNINS, other=ibis.null("string")),
        "status": f.success(~failed),
        "actor": f.lower(ibis.coalesce(data("TargetUserName"), data("SubjectUserName"))),  # the text of 4634 has one
        "device": ibis.ifelse(
            logon.isin(AT_THE_COMPUTER).fill_null(False) | other, event.computer, data("WorkstationName").lower()
        ),
        "src_ip": reached(data("IpAddress")),
        "dst_host": ibis.coalesce(server, event.computer),
        "service": ibis.ifelse(ticket, data("ServiceName"), f.lookup(logon, LOGON_TYPES, other=ibis.null("string"))),
        "protocol": data("AuthenticationPackageName"),
        "detail": ibis.cases(
            (other, "credentials used by " + data("SubjectUserName").lower()),
            (failed, ibis.coalesce(data("SubStatus").nullif("0x0"), status).lower()),
        ),
    }


@windows(
    Take(SECURITY, tuple(map(int, ACCOUNTS))),
    produces="account_change",
    fields=("SubjectUserName", "TargetUserName", "MemberName", "MemberSid"),
)
def windows_accounts(event: Event) -> dict[str, ir.Value]:
    """Users created, deleted, locked, given passwords; groups that gained or lost a member"""
    data = event.data
    member = data("MemberName")
    named = member.re_extract(r"^CN=((?:[^,\\]|\\.)*)", 1).replace("\\", "")
    return {
        "activity": f.lookup(event.id, {id_: names[0] for id_, names in ACCOUNTS.items()}, other=ibis.null("string")),
        "operation": f.lookup(event.id, {id_: names[1] for id_, names in ACCOUNTS.items()}, other=ibis.null("string")),
        "status": f.success(~event.failed),
        "actor": data("SubjectUserName").lower(),
        "target": data("TargetUserName").lower(),
        "recipient": ibis.coalesce(f.text(named), member, data("MemberSid")).lower(),
    }


@windows(
    Take(SECURITY, (4688,)),
    Take(SYSMON, (1,)),
    produces="process_activity",
    fields=(
        *("SubjectUserName", "TargetUserName", "NewProcessName", "CommandLine", "ParentProcessName"),
        *("User", "Image", "ParentImage", "Hashes"),
    ),
)
def windows_processes(event: Event) -> dict[str, ir.Value]:
    """Programs started, with their command lines where Windows is told to log them"""
    data = event.data
    return {
        "activity": ibis.literal("Launch"),
        "status": ibis.literal("Success"),
        "actor": ibis.coalesce(bare(data("User")), data("TargetUserName").lower(), data("SubjectUserName").lower()),
        "device": event.computer,
        "process": ibis.coalesce(data("Image"), data("NewProcessName")),
        "command_line": data("CommandLine"),
        "parent": ibis.coalesce(data("ParentImage"), data("ParentProcessName")),
        "hash": ibis.coalesce(*(f.lower(data("Hashes").re_extract(rf"{kind}=(\w+)", 1)) for kind in HASHES)),
    }


@windows(
    Take("Microsoft-Windows-PowerShell/Operational", (4104,)),
    produces="script_activity",
    fields=("ScriptBlockText", "Path"),
)
def windows_scripts(event: Event) -> dict[str, ir.Value]:
    """PowerShell that ran: which commands it uses, how long it is and its hash, not what it says"""
    text = event.data("ScriptBlockText")
    commands = f.distinct(text.re_split(r"[^\w-]+").filter(lambda word: word.re_search(COMMAND)))
    return {
        "activity": ibis.literal("Execute"),
        "actor": event.account,
        "device": event.computer,
        "file_path": event.data("Path"),
        "hash": text.hexdigest("md5"),
        "script_size": text.length(),
        "commands": ibis.ifelse(commands.length() > 0, commands, ibis.null("array<string>")),
    }


@windows(
    Take(SYSMON, (3,)),
    produces="network_activity",
    fields=(
        *("User", "Protocol", "Initiated", "SourceIp", "SourcePort", "SourceHostname"),
        *("DestinationIp", "DestinationPort", "DestinationHostname"),
    ),
)
def windows_connections(event: Event) -> dict[str, ir.Value]:
    """Connections a program opened or took, as Sysmon saw them; it does not count bytes"""
    data = event.data
    # Who connects is the source, and is this computer only where it began the connection.
    return {
        "activity": ibis.literal("Open"),
        "status": ibis.literal("Success"),
        "actor": ibis.cases((data("Initiated") == "true", bare(data("User")))),
        "device": ibis.ifelse(data("Initiated") == "true", event.computer, data("SourceHostname").lower()),
        "src_ip": data("SourceIp"),
        "src_port": data("SourcePort").try_cast("int32"),
        "dst_ip": data("DestinationIp"),
        "dst_port": data("DestinationPort").try_cast("int32"),
        "dst_host": data("DestinationHostname").lower(),
        "protocol": data("Protocol").lower(),
    }


@windows(Take(SYSMON, (22,)), produces="dns_activity", fields=("User", "QueryName", "QueryResults", "QueryStatus"))
def windows_lookups(event: Event) -> dict[str, ir.Value]:
    """Names that programs asked for, as Sysmon saw them"""
    status = event.data("QueryStatus")
    answers = f.listed(event.data("QueryResults").re_replace(r"type: +\d+ |::ffff:", ""))
    return {
        "activity": ibis.literal("Query"),
        "status": f.success(status == "0"),
        "actor": bare(event.data("User")),
        "device": event.computer,
        "query": event.data("QueryName").lower(),
        "response_code": f.lookup(status, DNS_CODES, other=status),
        "answers": answers,
    }
