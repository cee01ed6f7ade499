"""Dropbox: the team's activity (`POST /2/team_log/get_events`), under `events`, as an array or one a line.

Dropbox tells apart the forms of a value by a member `.tag`; some collectors write it as `_tag`. Events have no id.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

DROPBOX = Log(
    id="dropbox",
    title="Dropbox team events",
    formats=("json",),
    how="Page through `POST https://api.dropboxapi.com/2/team_log/get_events` and keep the answers as they are.",
    reference="https://www.dropbox.com/developers/documentation/http/teams#team_log-get_events",
    files=("*dropbox*.json*",),
    envelope=("events",),
)

NEEDS = ("event_type", "actor|context", "origin|assets|event_category|involve_non_team_member")
_PERSON = "struct<email: string, display_name: string>"
BASE = {
    "timestamp": "string",
    "event_type": "string",  # text of {".tag": …}: a name that begins with a dot cannot be declared
    "actor": f"struct<user: {_PERSON}, admin: {_PERSON}, app: {_PERSON}>",
    "context": _PERSON,
    "origin": "struct<geo_location: struct<ip_address: string>>",
    "participants": "array<struct<user: struct<email: string>, group: struct<display_name: string>>>",
    "assets": "array<struct<display_name: string, file_size: int64, path: struct<contextual: string>>>",
    "details": "struct<new_value: string, shared_link_access_level: string, shared_content_access_level: string,"
    " shared_content_owner: struct<email: string>, shared_link_owner: struct<email: string>, invitees: array<string>,"
    " external_users: array<struct<user_identifier: string>>, login_method: string, error_details: string>",
}

ACTIVITIES = {
    "add": "Upload",
    "copy": "Copy",
    "delete": "Delete",
    "permanently_delete": "Delete",
    "download": "Download",
    "edit": "Update",
    "get_copy_reference": "Copy",
    "save_copy_reference": "Copy",
    "move": "Move",
    "preview": "Preview",
    "view": "Open",
    "rename": "Rename",
    "restore": "Restore",
    "revert": "Restore",
    "rollback_changes": "Restore",
    "add_to_folder": "Move",
}
FILES = r"^(?:(?:file|folder|shared_content|shared_link|paper_doc|paper_content)_)"
SHARES = (
    r"^shared_link_(create|share|change_visibility|settings_change_audience)$|^shared_content_(add_member|add_invitees"
    r"|change_link_audience)$|^sf_(add_group|invite_group|team_invite|external_invite_warn)$"
    r"|^paper_(doc_(change_sharing_policy|add_member)|external_view_allow)$|^file_request_create$|_receive_file$"
)
ENDS = (
    r"^shared_link_(disable|remove_visitor)$|^shared_content_(remove_member|remove_invitee|unshare|restore_invitees)$"
)
CLOSED = ("team_only", "team", "members", "no_one", "none", "team_and_explicitly_shared")
SIGNINS = r"^(login_success|login_fail|logout|sso_error|sign_in_as_session_(start|end))$"


def kind(column: ir.StringValue) -> ir.StringValue:
    """`public` of `{".tag": "public"}`."""
    return f.text(column.re_extract(r'"[._]tag":\s*"(\w+)"', 1))


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    who = raw.actor
    return {
        "time": f.iso(raw.timestamp),
        "actor": ibis.coalesce(
            f.lower(who["user"]["email"]),
            f.lower(who["admin"]["email"]),
            f.lower(raw.context["email"]),
            f.lower(who["app"]["display_name"]),
            "anonymous",
        ),
        "src_ip": f.ip(raw.origin["geo_location"]["ip_address"]),
    }


def is_file(raw: ir.Table) -> ir.BooleanValue:
    """Holds for what is done with files and folders, links and shared folders."""
    event = kind(raw.event_type)
    return event.re_search(SHARES) | event.re_search(ENDS) | _activity(event).notnull()


@source(log=DROPBOX, produces="file_hosting", columns=BASE, needs=NEEDS, where=is_file)
def dropbox_files(raw: ir.Table) -> ir.Table:
    """Files added, downloaded, viewed, changed, and opened by links and to people of other teams."""
    event, details, asset = kind(raw.event_type), raw.details, raw.assets[0]
    audience = kind(details["new_value"])
    activity = ibis.cases(
        (event.re_search(ENDS), "Unshare"),
        (event.re_search(SHARES) & audience.isin(CLOSED), "Unshare"),
        (event.re_search(SHARES), "Share"),
        else_=_activity(event),
    )
    common = base(raw)
    path = f.text(asset["path"]["contextual"])
    anybody = event.isin(("shared_link_create", "shared_link_change_visibility")) | event.re_search("_audience$")
    return raw.select(
        *LINEAGE,
        **common,
        activity=activity,
        operation=event,
        file_name=ibis.coalesce(f.text(asset["display_name"]), f.leaf(path)),
        file_path=path,
        file_size=asset["file_size"],
        owner=f.lower(ibis.coalesce(details["shared_content_owner"]["email"], details["shared_link_owner"]["email"])),
        visibility=ibis.coalesce(
            audience, kind(details["shared_link_access_level"]), kind(details["shared_content_access_level"])
        ),
        # A link is open to whoever has it until the audience is narrowed, which is an event of its own.
        recipient=ibis.cases(
            ((activity == "Share") & anybody, "anyone"),
            (activity.isin(("Share", "Unshare")), _named(raw)),
            (event.startswith("shared_link") & (common["actor"] == "anonymous"), "anyone"),
        ),
        items=ibis.cases((raw.assets.length() > 1, raw.assets.length())),
    )


def _activity(event: ir.StringValue) -> ir.StringValue:
    found = ibis.ifelse(event.re_search(FILES), event.re_replace(FILES, ""), None)
    return f.lookup(found, ACTIVITIES, other=ibis.null("string"))


def _named(raw: ir.Table) -> ir.StringValue:
    """Addresses of those invited or let in, joined by `;`."""
    none = ibis.literal([], "array<string>")
    lists = (
        raw.participants.map(lambda one: one["user"]["email"]),
        raw.details["invitees"],
        raw.details["external_users"].map(lambda one: one["user_identifier"]),
    )
    every = lists[0].fill_null(none).concat(lists[1].fill_null(none), lists[2].fill_null(none))
    named = every.map(lambda one: f.lower(one)).filter(lambda one: one.contains("@"))
    return f.joined(named)


@source(
    log=DROPBOX,
    produces="authentication",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: kind(raw.event_type).re_search(SIGNINS),
)
def dropbox_signins(raw: ir.Table) -> ir.Table:
    """Sign-ins and sign-outs, failed ones, and administrators who sign in as somebody else."""
    event = kind(raw.event_type)
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.ifelse(event.re_search("logout|_end$"), "Logoff", "Logon"),
        status=ibis.ifelse(event.re_search("fail|error"), "Failure", "Success"),
        service=ibis.literal("Dropbox"),
        protocol=kind(raw.details["login_method"]),
        detail=ibis.coalesce(kind(raw.details["error_details"]), event),
    )


@source(log=DROPBOX, produces="api_activity", columns=BASE, needs=NEEDS)
def dropbox_calls(raw: ir.Table) -> ir.Table:
    """All other events: members, groups, devices, linked applications, policies and reports."""
    event = kind(raw.event_type)
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (event.re_search("_(view|preview|list)$|_report$|export"), "Read"),
            (event.re_search("delete|remove|revoke|unlink"), "Delete"),
            (event.re_search("create|_add|_link$|join"), "Create"),
            else_="Update",
        ),
        operation=event,
        service=ibis.literal("Dropbox"),
        resource=ibis.coalesce(f.text(raw.assets[0]["display_name"]), f.lower(raw.participants[0]["user"]["email"])),
    )
