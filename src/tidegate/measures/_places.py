"""Where a file lies and whose it is, spelled the same in every measure, so that their rows can be joined."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

_FOLDER = r"^(.*)[/\\][^/\\]*$"


def folder(path: ir.StringValue) -> ir.StringValue:
    """The folder of a path; null where the log gives no path but an id."""
    return path.re_extract(_FOLDER, 1).nullif("")


def own_drive(actor: ir.StringValue, owner: ir.StringValue, *places: ir.StringValue) -> ir.BooleanValue:
    """Whether somebody is at their own files: they own them, or the place is the drive that is named after them."""
    name = actor.split("@")[0].re_replace(r"[^a-z0-9]", "_")
    personal = (place.lower().contains("/personal/" + name).fill_null(False) for place in places)
    own = (actor == owner).fill_null(False)
    for one in personal:
        own = own | one
    return own


def done(status: ir.StringValue) -> ir.BooleanValue:
    """Whether it happened, as far as the log says."""
    return ibis.coalesce(status != "Failure", True)
