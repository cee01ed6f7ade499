"""What an object store answered, in the words of OCSF's Web Resource Access Activity."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


def answered(code: ir.IntegerValue) -> ir.StringValue:
    """Access Grant, Access Deny or Access Error by a reply code of HTTP; null where there is none."""
    return ibis.cases(
        (code < 400, "Access Grant"),
        (code.isin((401, 403)), "Access Deny"),
        (code.notnull(), "Access Error"),
    )
