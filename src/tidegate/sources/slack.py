"""Slack: the audit logs of an Enterprise organisation (`GET /audit/v1/logs`), under `entries` or one a line."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

SLACK = Log(
    id="slack",
    title="Slack audit logs",
    formats=("json",),
    how="Page through `GET https://api.slack.com/audit/v1/logs` with a token of scope auditlogs:read.",
    reference="https://docs.slack.dev/reference/audit-logs-api/methods-actions-reference",
    files=("*slack*.json*",),
    envelope=("entries",),
    redelivers=True,
)

NEEDS = ("action", "actor", "context", "date_create|entity")
_PERSON = "struct<id: string, email: string, name: string>"
_NAMED = "struct<id: string, name: string>"
BASE = {
    "id": "string",
    "date_create": "string",
    "action": "string",
    "actor": f"struct<user: {_PERSON}>",
    "entity": f"struct<type: string, file: struct<id: string, name: string, title: string>, user: {_PERSON},"
    f" channel: {_NAMED}, workspace: {_NAMED}, app: {_NAMED}>",
    "context": "struct<ua: string, ip_address: string, location: struct<name: string, domain: string>>",
    "details": "struct<external_organization_name: string, external_user_email: string, reason: string>",
}

ACTIVITIES = {
    "file_downloaded": "Download",
    "file_download_blocked": "Download",
    "file_downloaded_blocked": "Download",  # so it was called at first
    "file_uploaded": "Upload",
    "file_deleted": "Delete",
    "file_shared": "Share",
    "file_public_link_created": "Share",
    "file_public_link_revoked": "Unshare",
    "manual_export_downloaded": "Download",
    "manual_user_export_downloaded": "Download",
    "corporate_exports_downloaded": "Download",
}
SIGNINS = ("user_login", "user_login_failed", "user_logout", "user_logout_non_compliant_mobile_app_version")


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    who = raw.actor["user"]
    return {
        "uid": raw.id,
        "time": f.epoch_or_iso(raw.date_create),
        "actor": ibis.coalesce(f.lower(who["email"]), f.lower(who["name"]), f.lower(who["id"])),
        "src_ip": f.ip(raw.context["ip_address"]),
        "user_agent": f.text(raw.context["ua"]),
    }


@source(
    log=SLACK, produces="file_hosting", columns=BASE, needs=NEEDS, where=lambda raw: raw.action.isin(list(ACTIVITIES))
)
def slack_files(raw: ir.Table) -> ir.Table:
    """Files uploaded, downloaded, opened by public links, and exports of what was written; sizes are not logged."""
    file = raw.entity["file"]
    public = raw.action == "file_public_link_created"
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(raw.action, ACTIVITIES, other="Other"),
        status=ibis.ifelse(raw.action.endswith("_blocked"), "Failure", "Success"),
        operation=raw.action,
        file_name=ibis.coalesce(f.text(file["name"]), f.text(file["title"])),
        file_path=f.text(file["id"]),
        visibility=ibis.cases((public, "public_link")),
        recipient=ibis.cases((public, "anyone")),
        site=ibis.coalesce(f.text(raw.context["location"]["domain"]), f.text(raw.context["location"]["name"])),
    )


@source(log=SLACK, produces="authentication", columns=BASE, needs=NEEDS, where=lambda raw: raw.action.isin(SIGNINS))
def slack_signins(raw: ir.Table) -> ir.Table:
    """Sign-ins, failed ones too, and sign-outs."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.ifelse(raw.action.startswith("user_logout"), "Logoff", "Logon"),
        status=ibis.ifelse(raw.action.endswith("_failed"), "Failure", "Success"),
        service=ibis.literal("Slack"),
        detail=f.text(raw.details["reason"]),
    )


@source(log=SLACK, produces="api_activity", columns=BASE, needs=NEEDS)
def slack_calls(raw: ir.Table) -> ir.Table:
    """All other actions; a channel shared with another organisation names it, or who is invited, as the recipient."""
    what, details = raw.entity, raw.details
    outward = raw.action.re_search(
        r"^external_shared_channel_(invite_(sent|created|approved|accepted)|(re)?connected)$"
    )
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (raw.action.re_search("deleted|removed|revoked|disconnected|uninstalled|unenrolled"), "Delete"),
            (raw.action.re_search("created|added|installed|invite|enrolled"), "Create"),
            (raw.action.re_search("viewed|downloaded|started"), "Read"),
            else_="Update",
        ),
        operation=raw.action,
        service=ibis.literal("Slack"),
        resource=ibis.coalesce(
            *(f.text(what[kind]["name"]) for kind in ("channel", "app", "workspace")),
            f.text(what["file"]["name"]),
            f.lower(what["user"]["email"]),
        ),
        recipient=ibis.cases(
            (
                outward,
                ibis.coalesce(f.lower(details["external_user_email"]), f.lower(details["external_organization_name"])),
            )
        ),
        visibility=ibis.cases((raw.action == "private_channel_converted_to_public", "workspace"), (outward, "shared")),
    )
