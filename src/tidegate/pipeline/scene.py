"""What detectors see: the lake's events up to a moment, their people, devices and destinations resolved.

Names are resolved on distinct values, a few thousand where there are millions of rows, and joined back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, fields, replace
from datetime import date, datetime

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends.duckdb import Backend

from tidegate.config import Config
from tidegate.context.accounts import spellings
from tidegate.context.endpoints import Rule, resolve
from tidegate.context.load import Context
from tidegate.context.people import Person
from tidegate.context.permits import Permit
from tidegate.events.schema import CLASSES
from tidegate.events.sessions import attributed
from tidegate.events.transfers import endpoints, moved
from tidegate.lake.store import Lake
from tidegate.measures.hourly import hourly, permitted

NOBODY = ("224.0.0.0/4", "255.255.255.255/32", "0.0.0.0/8", "ff00::/8", "::/128")  # multicast, broadcast, unset
LEASE_MS = 86_400_000  # a DHCP lease whose length the log does not say: a day, as servers commonly give
OWN_SHARE = 0.2  # of the accounts: a domain that so many have is the organisation's, where it names none
NAMED = (
    "file_hosting",
    "account_change",
    "authentication",
    "email_activity",
    "http_activity",
    "file_activity",
    "api_activity",
    "web_resources",
)
WATCHED = ("network", "web")  # channels seen on the way: who passes by from outside to outside is none of ours


def scene(
    lake: Lake, context: Context, config: Config, *, since: datetime | None = None, until: datetime | None = None
) -> dict[str, ir.Table]:
    """Every table a detector can read, by name: the event classes, `hourly`, `endpoints`, `people`, `permits`.

    Only events in [since, until) are in it, so what is found in it is what would have been found at `until`.
    """
    con = lake.engine.ibis
    lake.engine.widen()
    tables = {name: _between(lake.table(name), since, until) for name in CLASSES}
    tables["file_hosting"] = attributed(tables["file_hosting"], tables["authentication"])
    accounts = _distinct(
        con,
        *(tables[name].actor for name in NAMED),
        tables["email_activity"].mailbox,
        tables["account_change"].target,
    )
    tables["accounts"] = _table(con, "accounts", {"account": pa.string()}, [(a,) for a in accounts])
    rules = _rules(context, config, accounts)
    listed = [
        *(p.user for p in context.people),
        *(d.owner for d in context.devices),
        *(p.holder for p in context.permits),
    ]
    spelled = spellings(filter(None, listed), accounts, _own(accounts, rules))
    spelling = _table(con, "spelling", {"account": pa.string(), "person": pa.string()}, list(spelled.items()))
    for name in NAMED:
        tables[name] = _respelled(tables[name], "actor", spelling)
    tables["email_activity"] = _respelled(tables["email_activity"], "mailbox", spelling)
    tables["account_change"] = _respelled(tables["account_change"], "target", spelling)
    transfers = moved(tables)
    tables["endpoints"] = _endpoints(con, tables, rules)
    tables["people"] = _context(con, "people", Person, context.people)
    tables["permits"] = _context(con, "permits", Permit, _spelled_permits(context.permits, rules, spelled))
    devices = _devices(con, tables, context, spelled)
    leaving = _leaving(transfers, tables["endpoints"], devices)
    rolled = con.create_table("rolled", hourly(leaving), temp=True, overwrite=True)
    tables["hourly"] = con.create_table("hourly", permitted(rolled, tables["permits"]), temp=True, overwrite=True)
    return tables


def _between(table: ir.Table, since: datetime | None, until: datetime | None) -> ir.Table:
    if since is not None:
        table = table.filter(_.day >= since.date(), _.time >= since)
    if until is not None:
        table = table.filter(_.day <= until.date(), _.time < until)
    return table


def _distinct(con: Backend, *columns: ir.StringColumn) -> list[str]:
    values = ibis.union(*(c.name("value").as_table() for c in columns), distinct=True)
    return sorted(v for v in con.to_pyarrow(values)["value"].to_pylist() if v)


def _respelled(table: ir.Table, column: str, spelling: ir.Table) -> ir.Table:
    joined = table.left_join(spelling, table[column] == spelling.account)
    return joined.mutate(**{column: ibis.coalesce(_.person, _[column])}).select(*table.columns)


def _rules(context: Context, config: Config, accounts: Iterable[str]) -> list[Rule]:
    """Destinations as listed, then the organisation's own networks and domains."""
    domains = config.own.domains or _own_domains(accounts)
    listed = [Rule(d.pattern, d.kind) for d in context.destinations]
    return listed + [Rule(pattern, "own") for pattern in (*domains, *config.own.networks, *NOBODY)]


def _own_domains(accounts: Iterable[str]) -> list[str]:
    counts = Counter(domain for a in accounts if (domain := a.rpartition("@")[2]) != a and "#ext#" not in a)
    return [domain for domain, n in counts.items() if n >= OWN_SHARE * counts.total()]


def _own(accounts: Iterable[str], rules: Sequence[Rule]) -> set[str]:
    """Those of the accounts' domains that are the organisation's."""
    domains = resolve({a.rpartition("@")[2] for a in accounts}, rules).to_pylist()
    return {row["endpoint"] for row in domains if row["kind"] == "own"}


def _endpoints(con: Backend, tables: Mapping[str, ir.Table], rules: Sequence[Rule]) -> ir.Table:
    """`endpoint, destination, kind` of everything that data went to, came from, or was opened to."""
    recipients = [
        tables[name].recipient.split(";").unnest().strip().lower()
        for name in ("file_hosting", "account_change", "api_activity")
    ]
    found = resolve(_distinct(con, endpoints(tables).value, *recipients), rules)
    return con.create_table("endpoints", ibis.memtable(found), temp=True, overwrite=True)


def _spelled_permits(permits: Sequence[Permit], rules: Sequence[Rule], spelled: Mapping[str, str]) -> list[Permit]:
    """The permits with their holders and destinations in the spelling that transfers have."""
    permits = [replace(p, holder=spelled.get(p.holder, p.holder)) if p.holder else p for p in permits]
    patterns = {p.destination: p.destination.removeprefix("*.") for p in permits if p.destination}
    named = dict(zip(patterns, resolve(patterns.values(), rules)["destination"].to_pylist(), strict=True))
    return [replace(p, destination=named[p.destination]) if p.destination else p for p in permits]


def _devices(con: Backend, tables: Mapping[str, ir.Table], context: Context, spelled: Mapping[str, str]) -> ir.Table:
    """`address, hour, device, owner`: which device had an address in an hour, by DHCP lease, else by the register."""
    text = {"mac": pa.string(), "ip": pa.string(), "device": pa.string(), "owner": pa.string()}
    rows = [(d.mac, d.ip, d.device or d.mac, d.owner and spelled.get(d.owner, d.owner)) for d in context.devices]
    register = _table(con, "register", text, rows)
    leases = tables["device_inventory"].filter(_.ip.notnull(), _.mac.notnull())
    leases = leases.select("mac", ip="ip", host="device", granted="time", lease_ms=_.lease_ms.fill_null(LEASE_MS))
    sending = (tables[name].filter(_.bytes_out > 0) for name in ("network_activity", "http_activity"))
    asked = (table.select(address="src_ip", hour=_.time.truncate("h")).distinct() for table in sending)
    hours = ibis.union(*asked, distinct=True).mutate(until=_.hour + ibis.interval(hours=1))
    granted = hours.asof_join(leases, on=hours.until > leases.granted, predicates=hours.address == leases.ip)
    running = _.granted.delta(_.hour, unit="millisecond") + _.lease_ms >= 0
    latest = granted.filter(running).select("address", "hour", "mac", "host")
    by_mac = register.filter(_.mac.notnull()).group_by("mac").agg(device=_.device.min(), owner=_.owner.min())
    by_ip = register.filter(_.ip.notnull()).group_by("ip").agg(named=_.device.min(), holder=_.owner.min())
    known = (
        hours.left_join(latest, ["address", "hour"])
        .left_join(by_mac, "mac")
        .left_join(by_ip, hours.address == by_ip.ip)
        .select(
            "address",
            "hour",
            device=ibis.coalesce(_.device, _.host, _.mac, _.named, _.address),
            owner=ibis.ifelse(_.mac.notnull(), _.owner, _.holder),
        )
    )
    return con.create_table("addresses", known, temp=True, overwrite=True)


def _leaving(transfers: ir.Table, endpoints: ir.Table, devices: ir.Table) -> ir.Table:
    """Transfers from inside to outside, with destination and kind, device and the person whose device it is."""
    inside = endpoints.filter(_.kind == "own").select(inside="endpoint")
    outside = endpoints.filter(_.kind != "own")
    logged = transfers.src_ip.isnull() | ~transfers.channel.isin((*WATCHED, "mail"))
    ours = transfers.mutate(logged=logged).left_join(inside, transfers.src_ip == inside.inside)
    ours = ours.filter(_.logged | _.inside.notnull())
    hourly = ours.inner_join(outside, "endpoint").mutate(hour=_.time.truncate("h"))
    return hourly.left_join(devices, [hourly.src_ip == devices.address, hourly.hour == devices.hour]).mutate(
        actor=ibis.coalesce(_.actor, _.owner),
        device=ibis.coalesce(_.device, _.device_right, ibis.ifelse(_.channel.isin(WATCHED), _.src_ip, None)),
    )


def _context(con: Backend, name: str, row: type[Person | Permit], rows: Sequence[Person | Permit]) -> ir.Table:
    """A context file as a table, dates as dates, amounts as int64, the rest as text."""
    types = {
        field.name: pa.date32()
        if field.name in ("start", "end")
        else pa.int64()
        if "max_" in field.name
        else pa.string()
        for field in fields(row)
    }
    return _table(con, name, types, [astuple(r) for r in rows])


def _table(
    con: Backend, name: str, types: Mapping[str, pa.DataType], rows: Sequence[Sequence[str | int | date | None]]
) -> ir.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    arrays = [pa.array(list(column), type_) for column, type_ in zip(columns, types.values(), strict=True)]
    table = pa.table(arrays, schema=pa.schema(list(types.items())))
    return con.create_table(name, ibis.memtable(table), temp=True, overwrite=True)
