"""Export in OCSF (Open Cybersecurity Schema Framework 1.8): a stored row as an event, a case as a Detection Finding.

The nested document follows from the columns' paths in `events.schema`; `sources.ocsf` reads it back into the same row.
Where OCSF requires what a log did not say, the export says so in OCSF's own way: 0 for an id, an empty text for a name.
Source: https://schema.ocsf.io/1.8.0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tidegate import __version__, clock
from tidegate.cases.model import Case, Finding
from tidegate.events.schema import CLASSES

VERSION = "1.8.0"
_EPOCH = clock.parse("1970-01-01")
Json = dict[str, Any]

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "network_activity": ("src_endpoint",),
    "http_activity": ("http_request",),
    "dns_activity": ("src_endpoint",),
    "email_activity": ("email",),
    "file_hosting": ("src_endpoint", "actor.user", "file"),
    "file_activity": ("actor.user", "device", "file"),
    "authentication": ("user", "service"),
    "api_activity": ("src_endpoint", "actor.user", "api"),
    "web_resources": ("web_resources[]", "http_request"),
    "account_change": ("user",),
    "device_inventory": ("device",),
    "process_activity": ("actor.user", "device", "process"),
    "script_activity": ("actor.user", "device", "script"),
    "peripheral_activity": ("actor.user", "device", "peripheral_device"),
    "detection_finding": ("finding_info",),
}
"""Objects an event of the class must have."""

_FILE = {"name": "", "type_id": 0}
_MEMBERS: Mapping[str, Json] = {
    "file": _FILE,
    "files": _FILE,
    "file_result": _FILE,
    "device": {"type_id": 0},
    "connection_info": {"direction_id": 0},
    "process": {"uid": ""},
    "parent_process": {"uid": ""},
    "hashes": {"algorithm_id": 0},
    "script": {"script_content": {"value": ""}, "type_id": 0},
    "peripheral_device": {"name": ""},
    "finding_info": {"uid": ""},
    "query": {"hostname": ""},
    "api": {"operation": ""},
}
"""Members an object of this name must have, and how OCSF says that they are unknown."""

_NAMED = frozenset({"src_endpoint", "dst_endpoint", "device", "user", "service", "product", "web_resources"})
"""Objects that must have one at least of these."""
_NAMES = frozenset({"name", "hostname", "ip", "uid"})

_STATUS = {"Success": 1, "Failure": 2}
_DIRECTION = {"Inbound": 1, "Outbound": 2, "Internal": 3}
_OTHER = 99


def event(name: str, row: Mapping[str, Any]) -> Json:
    """A row of the class table `name` as an OCSF event; columns that are null or absent are left out.

    `time` is epoch milliseconds, as OCSF has it, and `time_dt` (profile datetime) keeps the microseconds.
    Raises KeyError where there is no such class.
    """
    kind = CLASSES[name]
    made: Json = {}
    for column in kind.columns:
        if (value := row.get(column.name)) is not None and column.name != "time":
            _put(made, column.path, value)
    for path in _REQUIRED[name]:
        _put(made, path, {})
    activity, status, time = row.get("activity"), row.get("status"), row["time"]
    activity_id = kind.activities.get(activity, _OTHER) if activity else 0
    made |= {
        "class_uid": kind.uid,
        "class_name": kind.title,
        "category_uid": kind.uid // 1000,
        "activity_id": activity_id,
        "type_uid": kind.uid * 100 + activity_id,
        "severity_id": 1,
        "status_id": _STATUS.get(status, _OTHER) if status else 0,
        "time": _milliseconds(time),
        "time_dt": clock.iso(time),
    }
    if name == "email_activity":
        made["direction_id"] = _DIRECTION.get(row.get("direction") or "", 0)
        made["email"].setdefault("to", [])
    metadata = made.setdefault("metadata", {})
    product = metadata.setdefault("product", {})
    metadata |= {"version": VERSION, "profiles": ["datetime", "host"]}
    if "cloud" in made:
        made["cloud"]["provider"] = product.get("name", "")
        metadata["profiles"].append("cloud")
    _complete(made)
    return made


def _put(node: Json, path: str, value: Any) -> None:
    """Set `a.b.c`; `a[].b` spreads a list over objects. An object that is there already keeps what it has."""
    head, _, rest = path.partition(".")
    if head.endswith("[]"):
        items = node.setdefault(head[:-2], [])
        for at, one in enumerate(value if isinstance(value, Sequence) and not isinstance(value, str) else [value]):
            if at == len(items):
                items.append({} if rest else one)
            if rest:
                _put(items[at], rest, one)
    elif rest:
        _put(node.setdefault(head, {}), rest, value)
    else:
        node.setdefault(head, value)


def _complete(node: Json) -> None:
    """Give every object below `node` the members OCSF requires of it."""
    for key, value in node.items():
        if key == "unmapped":
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                for member, unknown in _MEMBERS.get(key, {}).items():
                    one.setdefault(member, unknown)
                if key in _NAMED and not _NAMES & one.keys():
                    one["name"] = ""
                _complete(one)


_SEVERITY = ((80, 5), (60, 4), (40, 3), (20, 2), (0, 1))
"""Score from which a case is critical, high, medium, low, informational: fifths of the scale."""


def finding(case: Case) -> Json:
    """A case as an OCSF Detection Finding (class 2004); who stands in it is as masked as in `case`."""
    return {
        "class_uid": 2004,
        "class_name": "Detection Finding",
        "category_uid": 2,
        "activity_id": 1,
        "activity_name": "Create",
        "type_uid": 200401,
        "severity_id": next(level for score, level in _SEVERITY if case.score >= score),
        "status_id": 1,
        "status": "New",
        "is_alert": True,
        "risk_score": round(case.score),
        "message": case.summary or case.title,
        "count": len(case.findings),
        "time": _milliseconds(case.raised_time),
        "start_time": _milliseconds(case.first_time),
        "end_time": _milliseconds(case.last_time),
        "metadata": {
            "version": VERSION,
            "uid": case.uid,
            "product": {"name": "Tidegate", "vendor_name": "Tidegate", "version": __version__},
        },
        "finding_info": {
            "uid": case.uid,
            "title": case.title,
            "desc": case.summary,
            "types": [case.pattern],
            "created_time": _milliseconds(case.raised_time),
            "first_seen_time": _milliseconds(case.first_time),
            "last_seen_time": _milliseconds(case.last_time),
            "analytic": _analytic(case.pattern),
            "related_analytics": [_analytic(name) for name in sorted({one.detector for one in case.findings})],
            "attacks": [_attack(technique) for technique in case.techniques],
            "related_events": [{"uid": uid} for uid in sorted({u for one in case.findings for u in one.evidence})],
        },
        "evidences": [_evidence(one) for one in case.findings],
        "unmapped": {
            "bytes_out": case.bytes_out,
            "destinations": list(case.destinations),
            "false_alarms_per_week": case.false_alarms_per_week,
            "innocent_explanation": case.twin,
            "question": case.question,
        },
    }


def _evidence(one: Finding) -> Json:
    made: Json = {
        "name": one.detector,
        "uid": one.uid,
        "data": {
            "explanation": one.explanation,
            "surprise": one.surprise,
            "bytes_out": one.bytes_out,
            "files": one.files,
        },
    }
    for path, value in (
        ("actor.user.name", one.actor),
        ("src_endpoint.name", one.device),
        ("dst_endpoint.name", one.destination),
    ):
        if value is not None:
            _put(made, path, value)
    return made


def _analytic(name: str) -> Json:
    return {"name": name, "uid": name, "type": "Statistical", "type_id": 3}


def _attack(technique: str) -> Json:
    """A technique by its id; of a sub-technique its parent too."""
    parent = technique.partition(".")[0]
    made: Json = {"technique": {"uid": parent, "name": parent}}
    return made if parent == technique else made | {"sub_technique": {"uid": technique, "name": technique}}


def _milliseconds(time: datetime) -> int:
    return (time - _EPOCH) // timedelta(milliseconds=1)
