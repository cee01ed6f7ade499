"""Google Workspace audit: the activities that the Admin SDK's Reports API lists, for Drive, accounts and the rest.

A record (an activity) holds one or more events; each becomes a row of its own, with its own uid. The same change is
reported under `login` and `user_accounts` with the same qualifier and time: it is one event here.
"""

from __future__ import annotations

from collections.abc import Collection

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

GOOGLE_WORKSPACE = Log(
    id="google_workspace",
    title="Google Workspace audit",
    formats=("json",),
    how="Page through activities.list of the Reports API for drive, login, admin, user_accounts, groups and token.",
    reference="https://developers.google.com/workspace/admin/reports/v1/reference/activities",
    files=("drive*.json*", "login*.json*", "admin*.json*", "user_accounts*.json*"),
    envelope=("items", "activities"),
    redelivers=True,
)

NEEDS = ("id", "events", "actor")
COLUMNS = {
    "id": "struct<time: string, uniqueQualifier: string, applicationName: string>",
    "actor": "struct<email: string, key: string>",
    "ipAddress": "string",
    "events": "array<struct<type: string, name: string, parameters: array<struct<name: string, value: string,"
    " multiValue: array<string>, intValue: string, boolValue: boolean>>>>",
}


def names(raw: ir.Table, wanted: Collection[str]) -> ir.BooleanValue:
    """Holds where one of the record's events has one of these names."""
    found = raw.events.filter(lambda event: event["name"].isin(list(wanted)))
    return found.length().fill_null(0) > 0


def opened(raw: ir.Table) -> ir.Table:
    """One row an event: its columns beside the record's, its parameters as texts."""
    each = raw.unnest("events", offset="nth", keep_empty=True)
    return each.mutate(
        type=each.events["type"],
        event=each.events["name"],
        parameters=each.events["parameters"].map(
            lambda one: ibis.struct(
                {
                    "name": one["name"],
                    "value": ibis.coalesce(
                        f.text(one["value"]),
                        f.text(one["multiValue"].join(";")),
                        one["intValue"],
                        one["boolValue"].cast("string"),
                    ),
                }
            )
        ),
    )


def parameter(each: ir.Table, *named: str) -> ir.StringValue:
    """The first of these parameters that the event has."""
    values = (each.parameters.filter(lambda one, name=name: one["name"] == name)[0]["value"] for name in named)
    return ibis.coalesce(*values)


def base(each: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    qualifier = ibis.coalesce(each.id["uniqueQualifier"], each.record.hexdigest("md5"))
    return {
        # A sign-in and its second factor have one time and one qualifier: only the name tells them apart.
        "uid": ibis.literal(" ").join(
            [each.id["time"], qualifier, each.event.fill_null(""), each.nth.fill_null(0).cast("string")]
        ),
        "time": f.iso(each.id["time"]),
        "actor": f.lower(ibis.coalesce(f.text(each.actor["email"]), each.actor["key"])),
        "src_ip": f.ip(each.ipAddress),
    }


RESOURCES = (
    "group_id", "GROUP_EMAIL", "calendar_id", "app_name", "client_id", "doc_title", "USER_EMAIL", "SETTING_NAME",
    "API_CLIENT_NAME", "APPLICATION_NAME", "DOMAIN_NAME", "ORG_UNIT_NAME", "INVESTIGATION_DATA_SOURCE",
)  # fmt: skip
SIGNINS = {
    "login_success": "Logon",
    "login_failure": "Logon",
    "logout": "Logoff",
    "login_challenge": "Preauth",
    "login_verification": "Preauth",
}


@source(
    log=GOOGLE_WORKSPACE,
    produces="authentication",
    columns=COLUMNS,
    needs=NEEDS,
    where=lambda raw: names(raw, SIGNINS),
)
def google_workspace_logins(raw: ir.Table) -> ir.Table:
    """Sign-ins, failed ones, second factors asked for, and sign-outs."""
    each = opened(raw)
    outcome = ibis.coalesce(parameter(each, "login_challenge_status"), each.event)
    suspicious = ibis.cases((parameter(each, "is_suspicious") == "true", "suspicious"))
    return each.select(
        *LINEAGE,
        **base(each),
        activity=f.lookup(each.event, SIGNINS, other=each.event),
        status=ibis.cases(
            (outcome.re_search("(?i)fail|blocked|incorrect"), "Failure"),
            (outcome.re_search("(?i)success|passed|logout"), "Success"),
        ),
        service=each.id["applicationName"],
        is_mfa=parameter(each, "is_second_factor").cast("boolean"),
        protocol=parameter(each, "login_type"),
        detail=f.text(
            ibis.array([suspicious, parameter(each, "login_failure_type", "login_challenge_method")])
            .filter(lambda one: one.notnull())
            .join(" ")
        ),
    )


@source(log=GOOGLE_WORKSPACE, produces="api_activity", columns=COLUMNS, needs=NEEDS)
def google_workspace_calls(raw: ir.Table) -> ir.Table:
    """All other events: groups, calendars, tokens, devices, exports and the settings that administrators change."""
    each = opened(raw)
    level = parameter(each, "access_level")
    added = ibis.cases((each.event == "ADD_GROUP_MEMBER", parameter(each, "USER_EMAIL")))
    whom = f.lower(ibis.coalesce(parameter(each, "grantee_email", "event_guest", "member_id"), added))
    opens = each.event.re_search(r"(?i)^(add|create|invite|change_calendar_acls)") & (level.fill_null("") != "none")
    return each.select(
        *LINEAGE,
        **base(each),
        activity=ibis.cases(
            (each.event.re_search(r"(?i)^(view|search|query|list|get|download)|_(view|search|query)$"), "Read"),
            (each.event.re_search(r"(?i)^(delete|remove|revoke)|_delete"), "Delete"),
            (each.event.re_search(r"(?i)^(create|add|authorize|insert|register)"), "Create"),
            else_="Update",
        ),
        operation=each.event,
        service=each.id["applicationName"],
        resource=parameter(each, *RESOURCES),
        recipient=ibis.cases((opens, ibis.ifelse(whom.startswith("__public_principal__"), "anyone", whom))),
        visibility=level,
        user_agent=parameter(each, "user_agent"),
    )
