"""Box: the enterprise's events (`GET /events?stream_type=admin_logs`), under `entries`, as an array or one a line.

Somebody who did not sign in is logged as user 2, `Unknown User`, without a login: here `anonymous`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

BOX = Log(
    id="box",
    title="Box enterprise events",
    formats=("json",),
    how="Page through `GET https://api.box.com/2.0/events?stream_type=admin_logs` and keep the answers as they are.",
    reference="https://developer.box.com/reference/resources/event/",
    files=("*box*.json*",),
    envelope=("entries",),
    redelivers=True,
)

NEEDS = ("event_type", "created_by", "source|ip_address|event_id")
BASE = {
    "event_id": "string",
    "event_type": "string",
    "created_at": "string",
    "ip_address": "string",
    "created_by": "struct<id: string, login: string, name: string>",
    "source": "struct<type: string, login: string, name: string, item_type: string, item_name: string, size: int64,"
    " path_collection: struct<entries: array<struct<name: string>>>, parent: struct<name: string>,"
    " owned_by: struct<login: string>, shared_link: struct<access: string>>",
    "accessible_by": "struct<login: string, name: string>",
    "additional_details": "struct<size: int64, service_name: string, role: string,"
    " shield_alert: struct<rule_id: string, rule_name: string, rule_category: string, priority: string,"
    " user: struct<email: string>>>",
}

ACTIVITIES = {
    "UPLOAD": "Upload",
    "ITEM_UPLOAD": "Upload",
    "DOWNLOAD": "Download",
    "ITEM_DOWNLOAD": "Download",
    "PREVIEW": "Preview",
    "ITEM_PREVIEW": "Preview",
    "CONTENT_ACCESS": "Open",
    "ITEM_OPEN": "Open",
    "EDIT": "Update",
    "ITEM_MODIFY": "Update",
    "DELETE": "Delete",
    "ITEM_TRASH": "Delete",
    "UNDELETE": "Restore",
    "ITEM_UNDELETE_VIA_TRASH": "Restore",
    "COPY": "Copy",
    "ITEM_COPY": "Copy",
    "MOVE": "Move",
    "ITEM_MOVE": "Move",
    "RENAME": "Rename",
    "ITEM_RENAME": "Rename",
    "LOCK": "Lock",
    "UNLOCK": "Unlock",
    "ITEM_SYNC": "Sync",
    "ITEM_UNSYNC": "Unsync",
    "SHARE": "Share",
    "ITEM_SHARED": "Share",
    "ITEM_SHARED_CREATE": "Share",
    "ITEM_SHARED_UPDATE": "Share",
    "COLLABORATION_INVITE": "Share",
    "COLLAB_INVITE_COLLABORATOR": "Share",
    "COLLAB_ADD_COLLABORATOR": "Share",
    "UNSHARE": "Unshare",
    "ITEM_SHARED_UNSHARE": "Unshare",
    "COLLABORATION_REMOVE": "Unshare",
    "COLLAB_REMOVE_COLLABORATOR": "Unshare",
}
LINKS = ("SHARE", "ITEM_SHARED", "ITEM_SHARED_CREATE", "ITEM_SHARED_UPDATE")
SIGNINS = ("LOGIN", "ADMIN_LOGIN", "FAILED_LOGIN")


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    by = raw.created_by
    return {
        "uid": raw.event_id,
        "time": f.iso(raw.created_at),
        "actor": ibis.coalesce(f.lower(by["login"]), ibis.ifelse(unknown(raw), "anonymous", f.lower(by["name"]))),
        "src_ip": f.ip(raw.ip_address),
    }


def unknown(raw: ir.Table) -> ir.BooleanValue:
    """Holds for an event of somebody who did not sign in."""
    by = raw.created_by
    return f.text(by["login"]).isnull() & ((by["id"] == "2") | (by["name"] == "Unknown User")).fill_null(False)


@source(
    log=BOX,
    produces="file_hosting",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: raw.event_type.isin(list(ACTIVITIES)),
)
def box_files(raw: ir.Table) -> ir.Table:
    """Files and folders uploaded, downloaded, viewed, changed, and opened by links and to collaborators."""
    what, activity = raw.source, f.lookup(raw.event_type, ACTIVITIES, other="Other")
    name = ibis.coalesce(f.text(what["item_name"]), ibis.ifelse(what["type"] == "user", None, f.text(what["name"])))
    folders = ibis.coalesce(
        f.text(what["path_collection"]["entries"].map(lambda one: one["name"]).join("/")),
        f.text(what["parent"]["name"]),
    )
    invited = ibis.coalesce(f.lower(raw.accessible_by["login"]), f.lower(what["login"]))
    link = raw.event_type.isin(LINKS)
    access = f.lower(what["shared_link"]["access"])
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=activity,
        operation=raw.event_type,
        file_name=name,
        file_path=ibis.coalesce(folders + "/" + name, name),
        file_size=ibis.coalesce(raw.additional_details["size"], what["size"]),
        owner=f.lower(what["owned_by"]["login"]),
        visibility=ibis.coalesce(access, f.lower(raw.additional_details["role"])),
        # A link is open to anyone unless it says that it is for the company or for collaborators.
        recipient=ibis.cases(
            (link & ibis.coalesce(access == "open", True), "anyone"),
            ((activity == "Share") & ~link, invited),
            (unknown(raw), "anyone"),
        ),
        site=f.text(raw.additional_details["service_name"]),
    )


@source(
    log=BOX,
    produces="authentication",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: raw.event_type.isin(SIGNINS),
)
def box_signins(raw: ir.Table) -> ir.Table:
    """Sign-ins of people and administrators, failed ones too."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.literal("Logon"),
        status=ibis.ifelse(raw.event_type == "FAILED_LOGIN", "Failure", "Success"),
        service=ibis.literal("Box"),
        detail=raw.event_type,
    )


@source(
    log=BOX,
    produces="detection_finding",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: raw.event_type == "SHIELD_ALERT",
)
def box_alerts(raw: ir.Table) -> ir.Table:
    """What Box Shield made of somebody's doings: anomalous downloads, suspicious places and sessions, malware."""
    alert = raw.additional_details["shield_alert"]
    common = base(raw)
    common["actor"] = ibis.coalesce(f.lower(alert["user"]["email"]), f.lower(raw.source["login"]), common["actor"])
    return raw.select(
        *LINEAGE,
        **common,
        activity=ibis.literal("Create"),
        rule=ibis.coalesce(f.text(alert["rule_name"]), f.text(alert["rule_category"]), raw.event_type),
        rule_uid=f.text(alert["rule_id"]),
        severity=f.text(alert["priority"]).capitalize(),
        category=f.text(alert["rule_category"]),
    )


@source(log=BOX, produces="api_activity", columns=BASE, needs=NEEDS)
def box_calls(raw: ir.Table) -> ir.Table:
    """All other events: users, groups, devices, applications, policies and settings."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (raw.event_type.re_search("DELETE|REMOVE|DESTROY"), "Delete"),
            (raw.event_type.re_search("NEW_|CREATE|ADD"), "Create"),
            else_="Update",
        ),
        operation=raw.event_type,
        service=ibis.literal("Box"),
        resource=ibis.coalesce(
            f.text(raw.source["item_name"]), f.lower(raw.source["login"]), f.text(raw.source["name"])
        ),
    )
