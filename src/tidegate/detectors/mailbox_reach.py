"""One account reaching into many mailboxes that it never touched: reading, granting itself, exporting."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.detectors._episodes import unusual
from tidegate.detectors._statistics import earliest
from tidegate.units import detector


@detector(
    reads=("email_activity", "account_change", "permits"),
    attack=("T1114.002", "T1098.002", "T1078"),
    severity="critical",
    pattern="springboard",
    says=(
        "{who} reached into {amount:count} mailboxes of others within {days:days} that it had never touched before; "
        "the usual for this account is {usual:count}, for its peers {peer_usual:count}"
    ),
    misses="one mailbox a week; an account that reads everybody's mail as its work, put to another use",
    twin="a mailbox migration under a change ticket (permits.csv, class mail); a journaling service on its first days",
    question="Is there a change ticket for this account's access to these mailboxes?",
)
def mailbox_reach(
    mail: ir.Table,
    changes: ir.Table,
    permits: ir.Table,
    *,
    at_most: float = 1.0,  # findings a week by chance
    horizons: tuple[int, ...] = (1, 7, 30, 365),  # days: a burst, and a patient reader
) -> ir.Table:
    columns = ("uid", "time", "day", "actor", "device", "mailbox", "bytes", "files")
    read = mail.filter(_.mailbox.notnull(), _.activity != "Receive").mutate(
        bytes=ibis.literal(0, "int64"), files=_["items"].fill_null(1)
    )
    granted = changes.filter(_.activity == "Delegate", _.status.fill_null("") != "Failure").mutate(
        mailbox=_.target,
        bytes=ibis.literal(0, "int64"),
        files=ibis.literal(0, "int64"),
        actor=ibis.coalesce(_.recipient, _.actor),
    )
    touched = read.select(*columns).union(granted.select(*columns)).filter(_.actor != _.mailbox)
    permitted = permits.filter(_.data_class == "mail")
    new = (
        earliest(touched, "actor", "mailbox")
        .anti_join(
            permitted,
            [
                _.actor == permitted.holder,
                permitted.start.isnull() | (_.day >= permitted.start),
                permitted.end.isnull() | (_.day <= permitted.end),
            ],
        )
        .mutate(key=_.actor, amount=ibis.literal(1, "int64"), destination=ibis.null("string"))
    )
    return unusual(new, horizons=horizons, at_most=at_most)
