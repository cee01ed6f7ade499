"""Google Workspace: files in Drive, what was done with them and whom they were opened to."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.google_workspace import COLUMNS, GOOGLE_WORKSPACE, NEEDS, base, opened, parameter
from tidegate.units import LINEAGE, source

ACTIVITIES = {
    "view": "Open",
    "print": "Open",
    "preview": "Preview",
    "download": "Download",
    "email_as_attachment": "Download",
    "prefetch_item_content": "Sync",
    "sync_item_content": "Sync",
    "edit": "Update",
    "create": "Upload",
    "upload": "Upload",
    "copy": "Copy",
    "source_copy": "Copy",
    "move": "Move",
    "add_to_folder": "Move",
    "remove_from_folder": "Move",
    "rename": "Rename",
    "delete": "Delete",
    "trash": "Delete",
    "untrash": "Restore",
    "add_lock": "Lock",
    "remove_lock": "Unlock",
}
ANYBODY = ("people_with_link", "public_on_the_web")
CLOSED = r"^(none|private|no|remove_from_shared_drive|remove_from_team_drive)$"


@source(
    log=GOOGLE_WORKSPACE,
    produces="file_hosting",
    columns=COLUMNS,
    needs=NEEDS,
    where=lambda raw: (
        (raw.id["applicationName"] == "drive")
        & (raw.events.filter(lambda event: event["type"].isin(("access", "acl_change"))).length() > 0)
    ),
)
def google_workspace_drive(raw: ir.Table) -> ir.Table:
    """Files viewed, downloaded, created, copied, deleted, and opened to people, domains and anyone with the link."""
    each = opened(raw)
    value = parameter(each, "membership_change_type", "new_value", "new_publish_visibility")
    visibility = ibis.coalesce(parameter(each, "visibility").nullif("unknown"), value)
    shares = each.type == "acl_change"
    common = base(each)
    outsider = common["actor"].isnull()  # Drive logs people who did not sign in without an address
    common["actor"] = common["actor"].fill_null("anonymous")
    return each.select(
        *LINEAGE,
        **common,
        activity=ibis.cases(
            (shares & value.re_search(CLOSED), "Unshare"),
            (shares, "Share"),
            else_=f.lookup(each.event, ACTIVITIES, other=each.event),
        ),
        operation=each.event,
        file_name=parameter(each, "doc_title"),
        file_path=parameter(each, "doc_id"),
        file_size=parameter(each, "file_size").try_cast("int64"),
        owner=f.lower(parameter(each, "owner")),
        visibility=visibility,
        recipient=ibis.cases(
            (shares, _recipient(each, visibility)),
            (outsider, "anyone"),
        ),
        site=parameter(each, "shared_drive_id", "team_drive_id"),
    )


def _recipient(each: ir.Table, visibility: ir.StringValue) -> ir.StringValue:
    """The person, group or domain named; `anyone` where the link alone opens the file, and only there.

    A new owner without an address is a shared drive, by its name.
    """
    owner = parameter(each, "new_owner")
    drive = ~owner.contains("@") & owner.notnull()
    named = f.lower(ibis.coalesce(parameter(each, "target_user"), drive.ifelse(None, owner), parameter(each, "target")))
    domain = f.lower(parameter(each, "target_domain"))
    links = each.event.re_search("^(change_document|publish)") & visibility.isin(ANYBODY)
    return ibis.coalesce(named, ibis.ifelse((domain == "all") | links, "anyone", domain))
