"""Who did what a log puts down to a session only: the one who signed in to it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _


def attributed(files: ir.Table, signins: ir.Table) -> ir.Table:
    """`files` (any class with `session`) with actor, device and address of their sessions' sign-ins, where they lack.

    A host gives its sessions' numbers again: what counts is the latest sign-in before.
    """
    lacking = files.actor.isnull() & files.session.notnull()
    begun = signins.filter(_.session.notnull(), _.activity == "Logon", _.status == "Success").select(
        "time", "session", *(signins[column].name(f"of_{column}") for column in ("actor", "device", "src_ip"))
    )
    known = files.filter(lacking).asof_join(begun, on="time", predicates="session")
    named = known.mutate(
        actor=_.of_actor, device=ibis.coalesce(_.device, _.of_device), src_ip=ibis.coalesce(_.src_ip, _.of_src_ip)
    ).select(*files.columns)
    return files.filter(~lacking).union(named)
