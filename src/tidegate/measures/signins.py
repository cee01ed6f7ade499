"""Daily roll-up of sign-ins: from which networks each account comes.

A network is what an address begins with (/24, /48), never a country: a person who travels is no suspect for it.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.measures._places import done


def signins(authentication: ir.Table) -> ir.Table:
    """One row a (day, actor, network): signins, first and last time, uid of the first. Only those let in count."""
    let_in = authentication.filter(_.activity == "Logon", done(_.status), _.actor.notnull(), _.src_ip.notnull()).mutate(
        network=network(_.src_ip)
    )
    return let_in.group_by("day", "actor", "network").agg(
        signins=_.count(),
        first_time=_.time.min(),
        last_time=_.time.max(),
        uid=_.uid.first(order_by=("time", "uid")),
    )


def network(address: ir.StringValue) -> ir.StringValue:
    """What an address begins with: three numbers of IPv4, three groups of IPv6."""
    three, groups = address.re_extract(r"^(\d+\.\d+\.\d+)\.\d+$", 1), address.re_extract(r"^(\w*:\w*:\w*):", 1)
    return ibis.cases((three != "", three + ".0/24"), (groups != "", groups + "::/48"), else_=address)
