"""Nextcloud's audit log: what its app `admin_audit` writes, one JSON object a line, with the news in `message`.

What was done and to which file is told in a sentence whose wording changed over the versions; those of Nextcloud 12 to
32 are read. One request writes several records with one `reqId`, which is therefore no record's id.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

NEXTCLOUD = Log(
    id="nextcloud",
    title="Nextcloud audit log",
    formats=("json",),
    how="Enable the app Auditing / Logging (`occ app:enable admin_audit`) and take audit.log from the data directory.",
    reference="https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/logging_configuration.html#admin-audit-log",
    files=("audit.log*", "nextcloud*.log*", "*nextcloud*.json*"),
    ignore='"reqId"',  # the same file may hold what the server's other apps log
)

NEEDS = ("reqId", "remoteAddr", "app", "message")
BASE = {
    "reqId": "string",
    "time": "string",
    "remoteAddr": "string",
    "user": "string",
    "app": "string",
    "method": "string",
    "message": "string",
    "userAgent": "string",
}

SIGNINS = r"^(Login|Logout|(Successful|Failed) two factor)"
FILES = r"^(Files? |Preview |Version |The (file|folder|shared|permissions|password|expiration) )"
ACCOUNTS = r"^(User |UserID |Password of user|Two factor provider|Email address changed)"
# The path stands between these, whatever the version's wording around it is.
PATH = (
    r'^(?:File (?:with id "\d*" )?(?:accessed|written to|created|updated|deleted|renamed|copied):'
    r'|File renamed with id "\d*" from|File id copied from: "\d*" to "\d*", path from'
    r"|Preview accessed:(?: \(id: .*path:)?|The (?:file|folder)|The permissions of the shared \w+|File"
    r'|Version "[^"]*" of)'
    r' "(.+?)"(?:$|\)$| to "| \((?:width|id)| with ID| (?:deleted|restored) | was )'
)
DONE = (
    r'^(?:File (?:with id "\d*" )?|File id |Preview )(accessed|written to|created|updated|deleted|renamed|copied)',
    r" ((?:deleted|restored) from trash bin|was (?:deleted|restored))\.?$",
    r" ha(?:s|ve) been ((?:un)?shared(?: via link| (?:to|from) the [a-z ]*[a-z])?|changed|accessed)",
)
ACTIVITIES = {
    "written to": "Update",
    "created": "Upload",
    "updated": "Update",
    "changed": "Update",
    "deleted": "Delete",
    "deleted from trash bin": "Delete",
    "was deleted": "Delete",
    "restored from trash bin": "Restore",
    "was restored": "Restore",
    "renamed": "Rename",
    "copied": "Copy",
}
SYNC = r"mirall|csyncoC|Nextcloud-(android|iOS)|neon/"  # user agents of the clients that keep a copy


def written(raw: ir.Table, messages: str) -> ir.BooleanValue:
    """Holds for the audit's own records with such a message."""
    return (raw.app == "admin_audit") & raw.message.re_search(messages)


def user(raw: ir.Table) -> ir.StringValue:
    """The account, null for who did not sign in."""
    return f.lower(raw.user).nullif("--").nullif("false")


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    return {"time": f.iso(raw.time), "src_ip": f.ip(raw.remoteAddr), "user_agent": f.text(raw.userAgent).nullif("--")}


@source(
    log=NEXTCLOUD,
    produces="authentication",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: written(raw, SIGNINS),
)
def nextcloud_signins(raw: ir.Table) -> ir.Table:
    """Attempts to sign in (`Preauth`), what came of them, second factors and sign-outs."""
    named = f.lower(raw.message.re_extract(r'^Login \w+: "(.*)"$', 1))
    factor = f.lower(raw.message.re_extract(r"^\w+ two factor attempt by user .*\(([^()]*)\) with provider", 1))
    return raw.select(
        *LINEAGE,
        **base(raw),
        actor=ibis.coalesce(named, factor, user(raw)),
        activity=ibis.cases(
            (raw.message.startswith("Logout"), "Logoff"),
            (raw.message.startswith("Login attempt") | factor.notnull(), "Preauth"),
            else_="Logon",
        ),
        status=ibis.cases(
            (raw.message.re_search("(?i)^login failed|^failed"), "Failure"),
            (raw.message.re_search("(?i)^login successful|^successful"), "Success"),
        ),
        is_mfa=ibis.cases((factor.notnull(), True)),
        detail=f.text(raw.message.re_extract(r" with provider (.*)$", 1)),
        service=ibis.literal("Nextcloud"),
    )


@source(log=NEXTCLOUD, produces="file_hosting", columns=BASE, needs=NEEDS, where=lambda raw: written(raw, FILES))
def nextcloud_files(raw: ir.Table) -> ir.Table:
    """Files opened, downloaded, synchronised, written, deleted and shared; sizes are not logged."""
    said, account = raw.message, user(raw)
    outsider = account.isnull() & base(raw)["src_ip"].notnull()  # commands on the server have no address
    through_link = said.startswith("The shared ")
    done = ibis.coalesce(*(f.text(said.re_extract(pattern, 1)) for pattern in DONE))
    shares = done.startswith("shared")
    path = f.text(said.re_extract(PATH, 1))
    return raw.select(
        *LINEAGE,
        **base(raw),
        actor=ibis.coalesce(account, ibis.ifelse(outsider, "anonymous", None)),
        activity=ibis.cases(
            (through_link, "Open"),
            (said.startswith("Preview"), "Preview"),
            (shares, "Share"),
            (done.startswith("unshared"), "Unshare"),
            (done != "accessed", f.lookup(done, ACTIVITIES, other="Update")),
            (raw.userAgent.re_search(SYNC), "Sync"),
            (raw.method == "GET", "Download"),
            else_="Open",
        ),
        operation=done,
        file_name=f.leaf(path),
        file_path=path,
        owner=f.lower(said.re_extract(r'with the token ".*" by "(.*)" has been accessed', 1)),
        visibility=f.text(done.re_extract(r"shared (?:via|to the|from the) (.*)$", 1)),
        recipient=ibis.cases(
            (done == "shared via link", "anyone"),
            (shares, _outside(f.lower(said.re_extract(r'shared to the [a-z ]+ "(.+?)" with permissions', 1)))),
            (outsider, "anyone"),
        ),
        site=ibis.ifelse(through_link, f.text(said.re_extract(r'with the token "(.*?)"', 1)), None),
    )


def _outside(name: ir.StringValue) -> ir.StringValue:
    """Mail addresses and accounts of other servers (`name@host`): accounts, groups and rooms here are the server's."""
    return ibis.cases((name.contains("@"), name.re_replace(r"^(.*@)https?://|/$", r"\1")))


@source(
    log=NEXTCLOUD,
    produces="account_change",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: written(raw, ACCOUNTS),
)
def nextcloud_accounts(raw: ir.Table) -> ir.Table:
    """Accounts made, deleted, enabled and disabled, passwords and second factors changed, groups joined and left."""
    said = raw.message
    return raw.select(
        *LINEAGE,
        **base(raw),
        actor=user(raw),
        activity=ibis.cases(
            (said.startswith("User created"), "Create"),
            (said.startswith("User deleted"), "Delete"),
            (said.startswith("User enabled"), "Enable"),
            (said.startswith("User disabled"), "Disable"),
            (said.startswith("Password"), "Password Change"),
            (said.re_search("^Two factor provider .* enabled"), "MFA Factor Enable"),
            (said.re_search("^Two factor provider .* disabled"), "MFA Factor Disable"),
            (said.re_search("added to group"), "Attach Policy"),
            (said.re_search("removed from group"), "Detach Policy"),
            else_="Update",
        ),
        status=ibis.literal("Success"),
        operation=ibis.coalesce(
            f.text(said.re_extract(r" ((?:added to|removed from) group) ", 1)),
            f.text(
                said.re_extract(r"^(User(?:ID)? \w+|Password of user|Two factor provider|Email address changed)", 1)
            ),
        ),
        target=f.lower(
            ibis.coalesce(
                f.text(said.re_extract(r'^[\w ]*:? ?"(.+?)"', 1)), f.text(said.re_extract(r"\(([^()]*)\)$", 1))
            )
        ),
        detail=f.text(said.re_extract(r'group "(.+)"', 1)),
    )


@source(
    log=NEXTCLOUD,
    produces="api_activity",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: (raw.app == "admin_audit") & ~raw.message.re_search(f"{SIGNINS}|{FILES}|{ACCOUNTS}"),
)
def nextcloud_calls(raw: ir.Table) -> ir.Table:
    """All other news: apps enabled and disabled, groups, tags, commands run on the server."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        actor=user(raw),
        activity=ibis.cases(
            (raw.message.re_search("(?i)created"), "Create"),
            (raw.message.re_search("(?i)deleted"), "Delete"),
            else_="Update",
        ),
        operation=f.text(raw.message.re_replace(r' ?"[^"]*"', "")),
        service=ibis.literal("Nextcloud"),
        resource=f.text(raw.message.re_extract(r'"(.+?)"', 1)),
    )
