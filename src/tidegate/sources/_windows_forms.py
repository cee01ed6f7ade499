"""A Windows event whoever wrote it down: its fields by their names in Windows.

Two forms: the JSON of .evtx files (`{"Event": {"System": …, "EventData": …}}`), and whatever is shipped: Winlogbeat's
(`winlog.event_data`), and the flat records of NXLog (`to_json`), Log Analytics and PowerShell, whose fields may be in
the event's `Xml` or in the English text of its `Message`. Times without a zone, as NXLog's, are taken to be UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._windows_message import pattern

Names = tuple[str, ...]

_SYSTEM = (
    "EventID: string, EventRecordID: string, Channel: string, Computer: string, Keywords: string, Task: string, "
    "TimeCreated: map<string, struct<SystemTime: string>>, Security: map<string, struct<UserID: string>>"
)
_WINLOG = (
    "event_id: string, record_id: string, channel: string, computer_name: string, task: string, "
    "user: struct<name: string, identifier: string>, user_data: string"
)
_FLAT = (
    *("EventID", "Id", "Channel", "LogName", "EventLog", "Hostname", "Computer", "MachineName", "Task", "Keywords"),
    *("RecordNumber", "RecordId", "EventOriginId", "UtcTime", "EventTime", "TimeGenerated", "TimeCreated"),
    *("@timestamp", "EventType", "AccountName", "UserId", "Message", "Xml"),
)
_AUDIT_FAILURE = ("0x8010000000000000", "-9218868437227405312")  # a keyword: 64 bits, without and with a sign
_LOCAL_TIMES = ("%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M:%S")  # as Export-Csv writes them


@dataclass(frozen=True, kw_only=True)
class Event:
    """What every event says, and `data`, which gives the fields of its kind by name; empty ones and `-` are null."""

    id: ir.StringValue
    computer: ir.StringValue
    uid: ir.StringValue
    time: ir.TimestampValue
    failed: ir.BooleanValue
    task: ir.StringValue
    account: ir.StringValue
    data: Callable[[str], ir.StringValue]


@dataclass(frozen=True)
class Form:
    """How events are written. columns: raw ones for fields of EventData and UserData. told: id and channel."""

    suffix: str
    name: str
    needs: Names
    columns: Callable[[Names, Names], dict[str, str]]
    told: Callable[[ibis.Table], tuple[ir.StringValue, ir.StringValue]]
    event: Callable[[ibis.Table, Names], Event]


def _evtx_columns(fields: Names, user: Names) -> dict[str, str]:
    data = f", EventData: struct<{_strings(fields)}>" if fields else ""
    more = ", UserData: string" if user else ""
    return {"Event": f"struct<System: struct<{_SYSTEM}>{data}{more}>", "unreadable": "string"}


def _evtx_told(raw: ibis.Table) -> tuple[ir.StringValue, ir.StringValue]:
    said = raw.Event["System"]
    # With qualifiers, the id is an object: {"#attributes":{"Qualifiers":16384},"#text":104}
    id_ = ibis.ifelse(said["EventID"].startswith("{"), said["EventID"].re_extract(r"(\d+)\W*$", 1), said["EventID"])
    return id_, said["Channel"]


def _evtx_event(raw: ibis.Table, user: Names) -> Event:
    said, xml = raw.Event["System"], raw.Event
    time = f.iso(said["TimeCreated"]["#attributes"]["SystemTime"])
    return Event(
        id=_evtx_told(raw)[0],
        computer=said["Computer"].lower(),
        uid=_uid(said["Computer"], said["Channel"], said["EventRecordID"], time),
        time=time,
        failed=said["Keywords"].isin(_AUDIT_FAILURE),
        task=said["Task"],
        account=said["Security"]["#attributes"]["UserID"].lower(),
        data=lambda name: _given(_in_json(xml["UserData"], name) if name in user else xml["EventData"][name]),
    )


def _shipped_columns(fields: Names, user: Names) -> dict[str, str]:
    data = f", event_data: struct<{_strings(fields)}>" if fields else ""
    flat = dict.fromkeys((*_FLAT, *fields, *user), "string")
    return flat | {"winlog": f"struct<{_WINLOG}{data}>", "event": "struct<outcome: string>"}


def _shipped_told(raw: ibis.Table) -> tuple[ir.StringValue, ir.StringValue]:
    return (
        ibis.coalesce(raw.winlog["event_id"], raw.EventID, raw.Id),
        ibis.coalesce(raw.winlog["channel"], raw.Channel, raw.LogName, raw.EventLog),
    )


def _shipped_event(raw: ibis.Table, user: Names) -> Event:
    beat = raw.winlog
    computer = ibis.coalesce(beat["computer_name"], raw.Hostname, raw.Computer, raw.MachineName)
    id_, channel = _shipped_told(raw)
    record = ibis.coalesce(beat["record_id"], raw.RecordNumber, raw.RecordId)
    times = (raw.UtcTime, raw.EventTime, raw.TimeGenerated, raw.TimeCreated, raw["@timestamp"])
    time = ibis.coalesce(
        *(f.iso(time) for time in times),
        *(raw.TimeCreated.as_timestamp(written).cast("timestamp(6)") for written in _LOCAL_TIMES),
        f.epoch(raw.TimeCreated.re_extract(r"^/Date\((\d+)\)/$", 1).try_cast("float64")),  # PowerShell 5's JSON
    )

    def data(name: str) -> ir.StringValue:
        shipped = _in_json(beat["user_data"], name) if name in user else beat["event_data"][name]
        written = raw.Message.re_extract(pattern(name), 1)
        return ibis.coalesce(_given(shipped), _given(raw[name]), _given(_in_xml(raw.Xml, name)), _given(written))

    return Event(
        id=id_,
        computer=computer.lower(),
        uid=ibis.coalesce(_uid(computer, channel, record, time), raw.EventOriginId),
        time=time,
        failed=f.either(
            raw.Keywords.isin(_AUDIT_FAILURE).fill_null(False),
            (raw.EventType == "AUDIT_FAILURE").fill_null(False),
            (raw.event["outcome"] == "failure").fill_null(False),
        ),
        task=ibis.coalesce(beat["task"], raw.Task),
        account=f.lower(ibis.coalesce(beat["user"]["name"], raw.AccountName, beat["user"]["identifier"], raw.UserId)),
        data=data,
    )


EVTX = Form("", "EVTX", ("Event",), _evtx_columns, _evtx_told, _evtx_event)
SHIPPED = Form(
    "_shipped",
    "shipped",
    ("winlog|EventID|Id", "winlog|Channel|LogName|EventLog", "@timestamp|EventTime|TimeGenerated|TimeCreated"),
    _shipped_columns,
    _shipped_told,
    _shipped_event,
)


def _strings(names: Names) -> str:
    return ", ".join(f"{name}: string" for name in names)


def _uid(
    computer: ir.StringValue, channel: ir.StringValue, record: ir.StringValue, time: ir.TimestampValue
) -> ir.StringValue:
    """The same whoever shipped the event. Its number begins anew where a log is made anew: hence the time."""
    second = time.truncate("s").epoch_seconds().cast("int64").cast("string")
    return computer.lower() + "/" + channel + "/" + record + "/" + second


def _given(value: ir.StringValue) -> ir.StringValue:
    return ibis.cases((~value.isin(("", "-")), value))


def _in_json(text: ir.StringValue, name: str) -> ir.StringValue:
    """An element or an attribute, wherever it is; an older Windows writes `instance` for `InstanceId`."""
    key = rf'(?i)"(?:{name}|{name.removesuffix("Id")})": ?'
    written = text.re_extract(key + r'"((?:[^"\\]|\\.)*)"', 1).replace('\\"', '"').replace("\\\\", "\\")
    return ibis.coalesce(f.text(written), f.text(text.re_extract(key + r"(\d+)", 1)))


def _in_xml(text: ir.StringValue, name: str) -> ir.StringValue:
    # No name on Windows holds a `<`: that one may stay as it is until the element is found.
    plain = text.replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'").replace("&amp;", "&")
    return plain.re_extract(rf"<(?:Data Name=.{name}.|{name})>([^<]*)<", 1).replace("&lt;", "<")
