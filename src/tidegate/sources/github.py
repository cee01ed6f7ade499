"""GitHub: the audit log of an organisation or an enterprise, with its Git events, as exported JSON or streamed.

GitHub names people by their login: those who belong to the organisation have to be in destinations.csv as `own` for
their access not to count as an outsider's. How much a clone takes is not logged.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

GITHUB = Log(
    id="github",
    title="GitHub audit log",
    formats=("json",),
    how="Export the audit log and its Git events as JSON in the organisation's settings, or stream it to a bucket.",
    reference="https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/audit-log-events-for-your-organization",
    files=("*github*.json*", "export-*.json*"),
    redelivers=True,
)

NEEDS = ("action", "actor", "org|business|repo|repository", "@timestamp|created_at")
BASE = {
    "_document_id": "string",
    "@timestamp": "string",
    "created_at": "string",
    "action": "string",
    "actor": "string",
    "actor_ip": "string",
    "user": "string",
    "user_agent": "string",
    "org": "string",
    "business": "string",
    "repo": "string",
    "repository": "string",
    "visibility": "string",
    "repository_public": "boolean",
    "email": "string",
    "permission": "string",
    "config": "struct<url: string>",
}

MOVES = {
    "git.clone": "Download",
    "git.fetch": "Sync",
    "git.push": "Upload",
    "repo.download_zip": "Download",
    "repo.destroy": "Delete",
    "repo.rename": "Rename",
    "repo.transfer": "Move",
    "repo.archived": "Lock",
    "repo.unarchived": "Unlock",
    "repo.restore": "Restore",
}
MEMBERS = {
    "repo.add_member": "Share",
    "repo.update_member": "Share",
    "org.add_outside_collaborator": "Share",
    "repo.remove_member": "Unshare",
    "org.remove_outside_collaborator": "Unshare",
}
SIGNINS = r"^(user\.(login|failed_login|logout|two_factor_\w+)|(org|business)\.sso_response|staff\.fake_login)$"


def base(raw: ir.Table) -> dict[str, ir.Value]:
    """What every class of this log has."""
    return {
        "uid": raw._document_id,
        "time": f.epoch_or_iso(ibis.coalesce(f.text(raw["@timestamp"]), raw.created_at)),
        "actor": ibis.coalesce(f.lower(raw.actor), f.lower(raw.user), "anonymous"),
        "src_ip": f.ip(raw.actor_ip),
        "user_agent": f.text(raw.user_agent),
    }


def repository(raw: ir.Table) -> ir.StringValue:
    """`organisation/repository`, null where the event is about none."""
    return ibis.coalesce(f.text(raw.repo), f.text(raw.repository))


@source(
    log=GITHUB,
    produces="file_hosting",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: (
        raw.action.isin([*MOVES, *MEMBERS, "repo.access"])
        | ((raw.action == "repo.create") & (raw.visibility == "public"))
    ),
)
def github_files(raw: ir.Table) -> ir.Table:
    """Repositories cloned, fetched, pushed to, downloaded, made public, and opened to collaborators."""
    made = ibis.cases(  # older logs do not say to what the visibility was changed
        (raw.visibility == "public", "Share"), (raw.visibility.notnull(), "Unshare"), else_="Update"
    )
    activity = f.lookup(raw.action, MOVES | MEMBERS, other=made)
    nobody = ibis.coalesce(f.text(raw.actor), f.text(raw.user)).isnull()
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=activity,
        operation=raw.action,
        file_name=f.leaf(repository(raw)),
        file_path=repository(raw),
        visibility=ibis.coalesce(
            f.lower(raw.visibility),
            f.lower(raw.permission),
            ibis.cases((raw.repository_public, "public"), (~raw.repository_public, "private")),
        ),
        recipient=ibis.cases(
            (raw.action.isin(list(MEMBERS)), f.lower(raw.user)),
            ((activity == "Share") | (nobody & raw.repository_public), "anyone"),
        ),
        site=f.text(raw.org),
    )


@source(
    log=GITHUB,
    produces="authentication",
    columns=BASE,
    needs=NEEDS,
    where=lambda raw: raw.action.re_search(SIGNINS),
)
def github_signins(raw: ir.Table) -> ir.Table:
    """Sign-ins with a password or through the organisation's identity provider, failed ones too."""
    failed = raw.action.contains("failed")
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.ifelse(raw.action == "user.logout", "Logoff", "Logon"),
        status=ibis.ifelse(failed, "Failure", "Success"),
        service=ibis.literal("GitHub"),
        protocol=ibis.cases((raw.action.endswith("sso_response"), "SAML")),
        detail=raw.action,
    )


@source(log=GITHUB, produces="api_activity", columns=BASE, needs=NEEDS)
def github_calls(raw: ir.Table) -> ir.Table:
    """All other events; webhooks name the host that they send to, invitations by mail the address, as recipient."""
    hook = raw.action.re_search(r"^hook\.(create|config_changed)$")
    verb = raw.action.re_extract(r"\.(\w+)$", 1)
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.cases(
            (verb.re_search("^(delete|destroy|remove|revoke|cancel)|_(removed|destroyed)$"), "Delete"),
            (verb.re_search("^(create|add|invite|register|generate)|_created$"), "Create"),
            (verb.re_search("^(download|export|view|list)|_downloaded$"), "Read"),
            else_="Update",
        ),
        operation=raw.action,
        service=ibis.literal("GitHub"),
        account=ibis.coalesce(f.text(raw.org), f.text(raw.business)),
        resource=ibis.coalesce(repository(raw), f.lower(raw.user), f.text(raw.org)),
        recipient=ibis.cases(
            (hook, f.url_host(raw.config["url"])), (raw.action == "org.invite_member", f.address(raw.email))
        ),
        visibility=f.lower(raw.visibility),
    )
