"""Dovecot: sign-ins to mailboxes, what was read out of them, and what was delivered or forwarded from them.

Through syslog, there often among Postfix's lines, or in a file of its own. Times without an offset are taken to be UTC.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.units import LINEAGE, Log, source

THROUGH = r"(?:dovecot(?:\[\d+\])?: |dovecot \S+ \S+ - )?"
SERVICES = (
    "(?:anvil|auth|auth-worker|config|dict|doveadm|imap|imap-login|indexer-worker|lda|lmtp|log|managesieve|"
    r"managesieve-login|master|pop3|pop3-login|replicator|ssl-params|stats|submission|submission-login)"
    r"(?:\([^)]*\))?(?:<[^>]*>)*"
)
SESSION = r"\((?:\d+, )?(?P<account>[^)]+)\)(?:<\d+>)?(?:<[^>]*>)?"
LEVEL = "(?:Info: )?"

DOVECOT = Log(
    id="dovecot",
    title="Dovecot",
    formats=("lines",),
    how="Take mail.log, into which it logs beside the mail server, or the file that `doveadm log find` names.",
    reference="https://doc.dovecot.org/main/core/admin/logging.html",
    files=("*dovecot*",),
    within="postfix",
    # In a file of its own a level follows the service, which tells it from other programs of these names.
    probe=rf"{syslog.header('dovecot')}|{syslog.header(SERVICES)}[A-Z][a-z]+: ",
    ignore=syslog.header(f"{THROUGH}{SERVICES}|dovecot"),
)


@source(
    log=DOVECOT,
    produces="authentication",
    columns={"source_modified": "timestamp(6)"},
    pattern=syslog.fields(rf"{THROUGH}(?P<service>imap|pop3|managesieve|submission)-login")
    + LEVEL
    + r"(?P<outcome>Login: |Logged in: |[A-Z][^<]*auth failed[^<]*: )user=<(?P<account>[^>]*)>"
    r"(?:, method=(?P<method>[^,]+))?, rip=(?P<client>[^,]+)(?:, lip=(?P<server>[^,]+))?",
)
def dovecot_sign_in(raw: ibis.Table) -> ibis.Table:
    """Sign-ins to a mailbox."""
    failed = raw.outcome.contains("auth failed")
    return raw.select(
        *LINEAGE,
        time=syslog.time(raw.stamp, raw.source_modified),
        activity=ibis.literal("Logon"),
        status=ibis.ifelse(failed, "Failure", "Success"),
        actor=f.lower(raw.account),
        src_ip=_address(raw.client),
        dst_host=f.lower(raw.host),
        dst_ip=_address(raw.server),
        service=raw.service,
        protocol=raw.method,
        detail=ibis.cases((failed, raw.outcome.re_replace(": $", ""))),
    )


@source(
    log=DOVECOT,
    produces="email_activity",
    columns={"source_modified": "timestamp(6)"},
    pattern=syslog.fields(rf"{THROUGH}(?P<service>imap|pop3){SESSION}")
    + LEVEL
    + r".*?(?: in=\d+,? out=(?P<sent>\d+)(?:.* body_count=(?P<fetched>\d+))?"
    r"| top=\d+/\d+, retr=(?P<retrieved>\d+)/(?P<size>\d+)| bytes=\d+/(?P<bytes>\d+))",
)
def dovecot_read(raw: ibis.Table) -> ibis.Table:
    """What left a mailbox in a session, as the session ends; the messages fetched, where it says how many."""
    return raw.select(
        *LINEAGE,
        time=syslog.time(raw.stamp, raw.source_modified),
        activity=ibis.literal("Read"),
        status=ibis.literal("Success"),
        actor=f.lower(raw.account),
        dst_host=f.lower(raw.host),
        mailbox=f.lower(raw.account),
        bytes_out=ibis.coalesce(raw.sent, raw["size"], raw.bytes).try_cast("int64"),
        items=ibis.coalesce(raw.fetched, raw.retrieved).try_cast("int64"),
        operation=raw.service,
    )


@source(
    log=DOVECOT,
    produces="email_activity",
    columns={"source_modified": "timestamp(6)"},
    pattern=syslog.fields(rf"{THROUGH}(?P<service>lmtp|lda|deliver|imap|managesieve){SESSION}")
    + LEVEL
    + r"(?:sieve: )?msgid=(?:<(?P<message>[^>]*)>|[^:]*): (?P<deed>saved mail to|stored mail into|forwarded to) "
    r"(?:mailbox )?(?P<target>.+)$",
)
def dovecot_delivery(raw: ibis.Table) -> ibis.Table:
    """Mail put into a mailbox, and what a Sieve rule of its owner sends on from there."""
    forwarded = raw.deed == "forwarded to"
    return raw.select(
        *LINEAGE,
        time=syslog.time(raw.stamp, raw.source_modified),
        activity=ibis.ifelse(forwarded, "Send", "Receive"),
        status=ibis.literal("Success"),
        actor=ibis.cases((forwarded, f.lower(raw.account))),
        message=raw.message,
        recipients=ibis.array([ibis.ifelse(forwarded, f.address(raw.target), f.lower(raw.account))]),
        mailbox=ibis.cases((forwarded, f.lower(raw.account))),
        operation=raw.service + " " + raw.deed,
    )


def _address(text: ir.StringValue) -> ir.StringValue:
    """An IPv4 address may be written as an IPv6 one."""
    return f.ip(text.re_replace("^::ffff:", ""))
