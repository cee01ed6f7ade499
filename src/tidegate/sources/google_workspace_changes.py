"""Google Workspace: accounts changed and mail made to flow elsewhere, by people themselves and by administrators."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.google_workspace import COLUMNS, GOOGLE_WORKSPACE, NEEDS, base, names, opened, parameter
from tidegate.units import LINEAGE, source

ACTIVITIES = {
    "email_forwarding_change": "Forward",
    "email_forwarding_out_of_domain": "Forward",
    "2sv_enroll": "MFA Factor Enable",
    "2sv_disable": "MFA Factor Disable",
    "password_edit": "Password Change",
    "recovery_email_edit": "Update",
    "recovery_phone_edit": "Update",
    "recovery_secret_qa_edit": "Update",
    "titanium_enroll": "MFA Factor Enable",
    "titanium_unenroll": "MFA Factor Disable",
    "CREATE_EMAIL_MONITOR": "Forward",
    "MAIL_ROUTING_DESTINATION_ADDED": "Forward",
    "CREATE_DATA_TRANSFER_REQUEST": "Delegate",
    "CREATE_USER": "Create",
    "DELETE_USER": "Delete",
    "SUSPEND_USER": "Disable",
    "UNSUSPEND_USER": "Enable",
    "CHANGE_PASSWORD": "Password Reset",
    "TURN_OFF_2_STEP_VERIFICATION": "MFA Factor Disable",
    "ASSIGN_ROLE": "Attach Policy",
    "GRANT_ADMIN_PRIVILEGE": "Attach Policy",
    "GRANT_DELEGATED_ADMIN_PRIVILEGES": "Attach Policy",
    "UNASSIGN_ROLE": "Detach Policy",
    "REVOKE_ADMIN_PRIVILEGE": "Detach Policy",
}
# Settings of all mailboxes: routing among them, told by an address in the new value.
SETTINGS = ("CHANGE_EMAIL_SETTING", "CREATE_GMAIL_SETTING", "CHANGE_GMAIL_SETTING")
ADDRESS = r"[\w.+%'-]+@[\w-]+(\.[\w-]+)+"


@source(
    log=GOOGLE_WORKSPACE,
    produces="account_change",
    columns=COLUMNS,
    needs=NEEDS,
    where=lambda raw: (raw.id["applicationName"] == "user_accounts") | names(raw, (*ACTIVITIES, *SETTINGS)),
)
def google_workspace_changes(raw: ir.Table) -> ir.Table:
    """Forwarding and mail monitors, second factors, passwords, administrators' roles, accounts made and deleted."""
    each = opened(raw)
    setting = each.event.isin(SETTINGS)
    value = parameter(each, "NEW_VALUE", "SETTING_DESCRIPTION")
    routed = ibis.cases(
        (setting | (each.event == "MAIL_ROUTING_DESTINATION_ADDED"), f.text(value.re_extract(ADDRESS, 0)))
    )
    recipient = f.lower(
        ibis.coalesce(
            parameter(
                each, "email_forwarding_destination_address", "EMAIL_MONITOR_DEST_EMAIL", "DESTINATION_USER_EMAIL"
            ),
            routed,
        )
    )
    common = base(each)
    return each.select(
        *LINEAGE,
        **common,
        activity=ibis.cases(
            (setting & recipient.notnull(), "Forward"),
            else_=f.lookup(each.event, ACTIVITIES, other="Update"),
        ),
        status=ibis.literal("Success"),  # Google logs changes that were made
        operation=each.event,
        target=f.lower(ibis.coalesce(parameter(each, "USER_EMAIL"), ibis.ifelse(setting, None, common["actor"]))),
        recipient=recipient,
        detail=parameter(each, "ROLE_NAME", "SETTING_NAME", "APPLICATION_NAME"),
    )
