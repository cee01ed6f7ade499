"""Sign-ins and changes of accounts in the Linux audit log, as sshd, login, sudo, su, cron and useradd report them.

One sign-in through PAM is several events: USER_AUTH (who asked), USER_START (a session began), and from some services
USER_LOGIN; `detail` says which it was.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.auditd import AUDITD, BEGIN, account, outcome, plain
from tidegate.units import LINEAGE, source

CHANGES = {
    "ADD_USER": "Create",
    "DEL_USER": "Delete",
    "USER_CHAUTHTOK": "Password Change",
    "ACCT_LOCK": "Lock",
    "ACCT_UNLOCK": "Unlock",
}


def reported(*types: str) -> str:
    """RE2 of what a service reports: about `acct`, or the number `id`, which the end of the line names."""
    return (
        BEGIN.format(rf"(?P<kind>{'|'.join(types)})") + r"(?:user )?pid=\d+ uid=(?P<user>\d+) auid=(?P<login>\d+) "
        r"[^\n]*?msg='[^\n]*?"
        r'(?: acct=(?P<account>"[^"]*"|[^ ,\n]+)| id=(?P<number>\d+))[^\n]*? exe=(?P<exe>\S+) '
        r"[^\n]*?hostname=(?P<host>[^ ,\n]+),? addr=(?P<address>[^ ,\n]+),? [^\n]*?res=(?P<result>\w+)"
        r'(?:[^\n]*?\x1d(?:UID="(?P<user_name>[^"]*)" AUID="(?P<login_name>[^"]*)")?(?:[^\n]*? ID="(?P<name>[^"]*)")?)?'
    )


def _about(raw: ibis.Table) -> ir.StringValue:
    return account(plain(raw.account), raw.name, raw.number)


@source(
    log=AUDITD,
    produces="authentication",
    pattern=reported("USER_LOGIN", "USER_AUTH", "USER_START", "USER_END", "USER_LOGOUT"),
)
def auditd_signins(raw: ibis.Table) -> ibis.Table:
    """Sign-ins, the failed ones too, and sign-outs."""
    return raw.select(
        *LINEAGE,
        time=f.epoch(raw.stamp.try_cast("float64")),
        activity=ibis.ifelse(raw.kind.isin(("USER_END", "USER_LOGOUT")), "Logoff", "Logon"),
        status=outcome(raw.result),
        actor=_about(raw),
        src_ip=f.ip(raw.address),
        device=ibis.ifelse(f.ip(raw.host).isnull(), f.lower(raw.host).nullif("?"), ibis.null("string")),
        dst_host=f.lower(raw.node),
        service=f.leaf(plain(raw.exe)),
        detail=raw.kind,
    )


@source(log=AUDITD, produces="account_change", pattern=reported(*CHANGES))
def auditd_accounts(raw: ibis.Table) -> ibis.Table:
    """Accounts made, removed, locked, or given another password."""
    return raw.select(
        *LINEAGE,
        time=f.epoch(raw.stamp.try_cast("float64")),
        activity=f.lookup(raw.kind, CHANGES, other=raw.kind),
        status=outcome(raw.result),
        actor=account(raw.login_name, raw.login, raw.user_name, raw.user),
        device=f.lower(raw.node),
        src_ip=f.ip(raw.address),
        target=_about(raw),
        operation=raw.kind,
    )
