"""What the logs of FTP servers share: their time, and who is anybody."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f

STAMP = r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>[ \d]\d) (?P<clock>[\d:]{8}) (?P<year>\d{4})"
"""C's `ctime`: `Mon Jun  6 18:43:28 2016`, in the server's zone; taken to be UTC."""


def time(raw: ibis.Table) -> ir.TimestampValue:
    """Of the groups of `STAMP`."""
    day = raw["day"].replace(" ", "0")
    return f.iso(raw["year"] + "-" + f.month(raw["month"]) + "-" + day + "T" + raw.clock)


def handed_out(activity: ir.StringValue, anonymous: ir.BooleanValue) -> ir.StringValue:
    """Whom a file went to: anyone, where the server asks nobody who they are."""
    return ibis.ifelse(anonymous & (activity == "Download"), "anyone", ibis.null("string"))
