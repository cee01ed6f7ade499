"""Which measure is made of which tables, and how these are made ready: with devices, and without what stays.

Nothing here depends on who is who in the context folder: names and registers change, and what was rolled up stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends.duckdb import Backend

from tidegate.context.endpoints import Rule, resolve
from tidegate.events.schema import CLASSES
from tidegate.events.sessions import attributed
from tidegate.events.transfers import endpoints, moved
from tidegate.lake.compiled import answer, query
from tidegate.measures.correspondence import correspondence
from tidegate.measures.handled import handled
from tidegate.measures.hourly import hourly
from tidegate.measures.lookups import lookups
from tidegate.measures.mailboxes import mailboxes
from tidegate.measures.marked import marked
from tidegate.measures.seen import seen
from tidegate.measures.signins import signins

LEASE_MS = 86_400_000  # a DHCP lease whose length the log does not say: a day, as servers commonly give
WATCHED = ("network", "web")  # channels seen on the way: who passes by from outside to outside is none of ours
ACTING = (
    *("file_hosting", "account_change", "authentication", "email_activity", "http_activity", "file_activity"),
    *("api_activity", "web_resources"),
)


MADE_OF: Mapping[str, tuple[str, ...]] = {
    "leaving": (
        *("network_activity", "http_activity", "email_activity", "file_hosting", "file_activity", "web_resources"),
    ),
    "asked": ("dns_activity",),
}
"""The classes of what is made ready for measures."""


@dataclass(frozen=True)
class Rollup:
    """A measure and the tables it takes, in order."""

    make: Callable[..., ir.Table]
    of: tuple[str, ...]

    @property
    def classes(self) -> set[str]:
        """The event classes whose rows it comes of."""
        return {name for table in self.of for name in MADE_OF.get(table, (table,))}


ROLLUPS: Mapping[str, Rollup] = {
    "hourly": Rollup(hourly, ("leaving",)),
    "lookups": Rollup(lookups, ("asked",)),
    "handled": Rollup(handled, ("file_hosting", "file_activity", "process_activity", "web_resources")),
    "mailboxes": Rollup(mailboxes, ("email_activity",)),
    "signins": Rollup(signins, ("authentication",)),
    "correspondence": Rollup(correspondence, ("email_activity",)),
    "marked": Rollup(marked, ("file_hosting", "file_activity", "leaving")),
    "seen": Rollup(lambda *logs: seen(**dict(zip(ACTING, logs, strict=True))), ACTING),
}


def rolled(
    tables: Mapping[str, ir.Table], *, marks: Sequence[str] = (), only: str | None = None
) -> dict[str, ir.Table]:
    """Every measure, or one, of tables made `ready`. marks: words with which the organisation marks its papers."""
    made = {name: rollup.make for name, rollup in ROLLUPS.items()} | {"marked": partial(marked, own=marks)}
    return {
        name: make(*(tables[table] for table in ROLLUPS[name].of))
        for name, make in made.items()
        if only in (None, name)
    }


def ready(con: Backend, tables: Mapping[str, ir.Table], rules: Sequence[Rule]) -> dict[str, ir.Table]:
    """The class tables, `inside` (endpoints that are, by the rules) and `leases`, from which all measures are made."""
    values = answer(con, _endpoints, tables, name="endpoints")["value"].to_pylist()
    named = resolve((value for value in values if value), rules)
    inside = con.create_table("inside", _own(named), temp=True, overwrite=True)
    asking = {name: tables[name] for name in ("device_inventory", "network_activity", "http_activity", "dns_activity")}
    leases, _columns = query(con, _leases, asking, name="leases")
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE leases AS {leases}")
    return {**tables, "inside": inside, "leases": con.table("leases")}


def measure(con: Backend, name: str, tables: Mapping[str, ir.Table], *, marks: Sequence[str] = ()) -> str:
    """SQL of a measure of tables made `ready`."""

    def make(*given: ir.Table, marks: Sequence[str]) -> ir.Table:
        return rolled(_located(dict(zip(tables, given, strict=True))), marks=marks, only=name)[name]

    return query(con, make, tables, name=f"measure_{name}", marks=tuple(marks))[0]


def _endpoints(*tables: ir.Table) -> ir.Table:
    return endpoints(_attributed(dict(zip(CLASSES, tables, strict=True)))).value.name("value").as_table().distinct()


def _attributed(tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """With the names of sessions."""
    return {**tables, "file_hosting": attributed(tables["file_hosting"], tables["authentication"])}


def _located(tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """With `leaving` (transfers that go outside) and `asked` (look-ups), and the devices of both."""
    known = _attributed(tables)
    inside, leases = tables["inside"], tables["leases"]
    transfers = moved({name: known[name] for name in CLASSES})
    logged = transfers.src_ip.isnull() | ~transfers.channel.isin((*WATCHED, "mail"))
    ours = transfers.mutate(logged=logged).left_join(inside, transfers.src_ip == inside.endpoint, rname="{name}_from")
    leaving = ours.filter(_.logged | _.endpoint_from.notnull()).anti_join(inside, "endpoint")
    known["leaving"] = _leased(leaving.drop("logged", "endpoint_from"), leases)
    known["asked"] = _leased(known["dns_activity"], leases)
    return known


def _own(named: pa.Table) -> ir.Table:
    return ibis.memtable(named).filter(_.kind == "own").select("endpoint")


def _leases(inventory: ir.Table, network: ir.Table, http: ir.Table, dns: ir.Table) -> ir.Table:
    """`address, hour, mac, leased`: which hardware, of which name, had an address in an hour, by DHCP."""
    leases = inventory.filter(_.ip.notnull(), _.mac.notnull())
    leases = leases.select("mac", ip="ip", leased="device", granted="time", lease_ms=_.lease_ms.fill_null(LEASE_MS))
    sending = (table.filter(_.bytes_out > 0) for table in (network, http))
    asked = (t.select(address="src_ip", hour=_.time.truncate("h")) for t in (*sending, dns))
    hours = ibis.union(*(t.distinct() for t in asked), distinct=True).mutate(until=_.hour + ibis.interval(hours=1))
    granted = hours.asof_join(leases, on=hours.until > leases.granted, predicates=hours.address == leases.ip)
    running = _.granted.delta(_.hour, unit="millisecond") + _.lease_ms >= 0
    return granted.filter(running).select("address", "hour", "mac", "leased")


def _leased(table: ir.Table, leases: ir.Table) -> ir.Table:
    """With `mac` and `leased` of the address that each row comes from."""
    timed = table.mutate(hour=_.time.truncate("h"))
    return timed.left_join(leases, [timed.src_ip == leases.address, timed.hour == leases.hour]).select(
        *table.columns, "mac", "leased"
    )
