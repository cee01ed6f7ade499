"""Where the text of an event has its fields, as English Windows renders it for `Get-WinEvent` and `Export-Csv`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _line(label: str) -> str:
    """RE2 of what stands after a label at the start of a line."""
    return rf"(?m)^\s*(?:{label}):[ \t]*([^\r\n]*)"


def _below(section: str, label: str) -> str:
    """RE2 of the same, the first after a heading: subject and target are labelled alike."""
    return rf"(?ms)^[ \t]*(?:{section}):.*?^\s*(?:{label}):[ \t]*([^\r\n]*)"


_TARGETS = (
    "New Logon|Account For Which Logon Failed|Account Whose Credentials Were Used|Account Information|Target Account"
    "|New Account|Group|Deleted Group"
)
_PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        "SubjectUserName": _below("(?:Creator )?Subject", "Account Name"),
        "TargetUserName": _below(_TARGETS, "(?:Account|Group) Name"),
        "MemberName": _below("Member", "Account Name"),
        "MemberSid": _below("Member", "Security ID"),
        "TargetServerName": _line("Target Server Name"),
        "ServiceName": _line("Service Name"),
        "LogonType": _line("Logon Type"),
        "IpAddress": _line("(?:Source |Client |Source Network |Network )Address"),
        "WorkstationName": _line("Workstation Name"),
        "AuthenticationPackageName": _line("Authentication Package"),
        "Status": _line("Status|Result Code|Failure Code"),
        "SubStatus": _line("Sub Status"),
        "ObjectType": _line("Object Type"),
        "ObjectName": _line("Object Name"),
        "AccessMask": _line("Access Mask"),
        "ShareName": _line("Share Name"),
        "RelativeTargetName": _line("Relative Target Name"),
        "ProcessName": _line("Process Name"),
        "NewProcessName": _line("New Process Name"),
        "ParentProcessName": _line("Creator Process Name"),
        "CommandLine": _line("Process Command Line|CommandLine"),
        "DeviceId": _line("Device ID"),
        "DeviceDescription": _line("Device Name"),
        "ClassName": _line("Class Name"),
        "ScriptBlockText": r"(?s)^Creating Scriptblock text \(\d+ of \d+\):\s*(.*?)\s*ScriptBlock ID: ",
        "Param2": r"^Document \d+, (.*) owned by ",
        "Param3": r" owned by (.*) on \S+ was printed on ",
        "Param4": r" on (\S+) was printed on ",
        "Param5": r" was printed on (.*) through port ",
        "Param7": r"Size in bytes: (\d+)",
        "InstanceId": r" for device (\S+?)\.?(?:\s|$)",
        "RequestMajorCode": r" operation \((\d+),",
        "RequestMinorCode": r" operation \(\d+, (\d+)\)",
    }
)


def pattern(field: str) -> str:
    """RE2 of a field, its value in the first group; Sysmon writes them by their own names."""
    return _PATTERNS.get(field) or _line(field)
