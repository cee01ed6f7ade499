"""What detectors see: the lake's measures and rare events up to a moment, their people, devices, destinations resolved.

Names are resolved on distinct values, a few thousand where there are millions of rows, and joined back.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, fields, replace
from datetime import date, datetime, timedelta
from functools import cache, partial

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from ibis import _
from ibis.backends.duckdb import Backend

from tidegate.config import Config
from tidegate.context.accounts import spellings
from tidegate.context.devices import Device
from tidegate.context.endpoints import Rule, resolve
from tidegate.context.load import Context
from tidegate.context.people import Person
from tidegate.context.permits import Permit
from tidegate.context.scopes import plain, spread
from tidegate.detectors._statistics import earliest
from tidegate.events.schema import CLASSES
from tidegate.events.sessions import attributed
from tidegate.lake.compiled import code
from tidegate.lake.engine import stored
from tidegate.lake.kept import Kept
from tidegate.lake.store import Lake
from tidegate.measures.hourly import permitted
from tidegate.measures.hours import hours
from tidegate.pipeline.labelled import known, labelled, with_marked
from tidegate.pipeline.measured import keep, later, measures, measures_since
from tidegate.pipeline.rollups import ACTING, ROLLUPS, WATCHED

NOBODY = ("224.0.0.0/4", "255.255.255.255/32", "0.0.0.0/8", "ff00::/8", "::/128")  # multicast, broadcast, unset
OWN_SHARE = 0.2  # of the accounts: a domain that so many have is the organisation's, where it names none
ACCOUNTS = {  # the columns that hold accounts
    **dict.fromkeys((*ACTING, "hourly", "lookups", "handled", "marked", "visits", "signins", "seen"), ("actor",)),
    "email_activity": ("actor", "mailbox"),
    "account_change": ("actor", "target"),
    "mailboxes": ("actor", "mailbox"),
    "correspondence": ("mailbox",),
}
RESOLVED = ("hourly", "lookups", "marked")  # measures that are joined with what the organisation says
FIRSTS = {"visits": ("actor", "folder"), "endpoints": ("endpoint",)}  # what is kept of no combination but once
RECIPIENTS = ("file_hosting", "account_change", "api_activity")  # tables with recipients of what is opened


def scene(
    lake: Lake,
    context: Context,
    config: Config,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    labels: pa.Table | None = None,
    kept: Kept | None = None,
) -> dict[str, ir.Table]:
    """Every table a detector can read, by name: event classes, measures, and what the organisation says of itself.

    labels: of known files (`pipeline.labels`), which attach to what left of them: `labelled`. kept: where what is
    resolved of measures is kept, for who looks at the whole lake again and again.

    Only events in [since, until) are in it, so what is found in it is what would have been found at `until`; of
    measures by the hour the hour of `until` is left out, of daily ones its day.
    """
    con = lake.engine.ibis
    lake.engine.widen()
    keep(lake, _inside(context, config), config)
    events = {name: partial(_of_class, lake, name, since, until) for name in CLASSES}

    def unkept() -> Lazily:
        return Lazily(events, {name: _whole(table, since, until) for name, table in measures(lake).items()})

    news = _news(lake, kept.since) if kept and kept.since else unkept()
    accounts = _distinct(
        con,
        *(news[name][column] for name in ("seen", "mailboxes", "correspondence") for column in ACCOUNTS[name]),
        news["account_change"].target,
    )
    accounts = kept.values("accounts", accounts) if kept else accounts
    rules = _rules(context, config, accounts)
    listed = [
        *(p.user for p in context.people),
        *(d.owner for d in context.devices),
        *(p.holder for p in context.permits),
    ]
    spelled = spellings(filter(None, listed), accounts, _own(accounts, rules))
    spelling = _table(con, "spelling", {"account": pa.string(), "person": pa.string()}, list(spelled.items()))
    if kept:
        kept.rest_on(_key(context, config, rules, spelled))
        news = news if kept.since else unkept()
    sessions = news["authentication"].filter(_.session.notnull())
    sessions = _filled(con, kept, "sessions", sessions) if kept else sessions
    tables = Lazily({name: partial(_known, name, events[name], sessions, spelling) for name in CLASSES})
    if kept and kept.since:
        kept.events = cache(partial(_late, lake, kept.since, tables, sessions, spelling))
    for name in ROLLUPS:
        for column in ACCOUNTS.get(name, ()):
            news[name] = _respelled(news[name], column, spelling)
    files = known(con, tables, labels)
    if labels:
        news["marked"] = with_marked(con, Lazily(tables.made, {"marked": news["marked"]}), files)
    tables["accounts"] = _table(con, "accounts", {"account": pa.string()}, [(a,) for a in accounts])
    tables["people"] = _table(con, "people", _types(Person), [astuple(p) for p in context.people])
    held = [replace(p, holder=p.holder and spelled.get(p.holder, p.holder)) for p in context.permits]
    tables["permits"] = _permits(con, held)
    devices = [replace(d, owner=d.owner and spelled.get(d.owner, d.owner)) for d in context.devices]
    tables["devices"] = _devices(con, devices)
    tables["endpoints"] = _endpoints(con, news, rules, context.permits, kept)
    tables["own"] = _table(con, "own", {"pattern": pa.string()}, [(r.pattern,) for r in rules if r.kind == "own"])
    for name in ("hourly", "lookups"):
        news[name] = _named(news[name], tables["devices"])
    domains = tables["endpoints"].select("kind", destination="endpoint")
    news["lookups"] = news["lookups"].left_join(domains, "destination").drop("destination_right")
    for name in ("hourly", "marked"):
        where = placed(news[name], tables["endpoints"])
        if kept and kept.since:  # what a permit was used for before counts towards its limits
            limited = tables["permits"].filter(_.max_bytes.notnull() | _.max_items.notnull())
            before = kept.table(name).filter(_.day < kept.since).semi_join(limited, "scope")
            where = where.union(before.select(*where.columns))
        news[name] = permitted(where, tables["permits"])
    if kept:  # detectors ask for the first visits only
        visits = news["visits"].filter(_.actor.notnull()).rename(time="first_time")
        news["visits"] = earliest(visits, *FIRSTS["visits"]).rename(first_time="time")
    for name in ROLLUPS:
        tables[name] = _filled(con, kept, name, news[name]) if kept or name in RESOLVED else news[name]
    lived = (tables[name].select("actor", "day", "hour") for name in ("handled", "mailboxes"))
    tables["hours"] = _filled(con, kept, "hours", hours(ibis.union(*lived)))
    tables["labelled"] = labelled(con, tables, files, labels)
    return tables


class Lazily(dict[str, ir.Table]):
    """Tables, each made when somebody asks for it: to open a class is to open its thousands of files."""

    def __init__(self, made: Mapping[str, Callable[[], ir.Table]], tables: Mapping[str, ir.Table] = {}) -> None:
        super().__init__(tables)
        self.made = made

    def __missing__(self, name: str) -> ir.Table:
        self[name] = self.made[name]()
        return self[name]


def _news(lake: Lake, day: date) -> Lazily:
    """Every measure, and events, of the days from one on."""
    return Lazily({name: partial(later, lake, name, day) for name in CLASSES}, measures_since(lake, day))


def _of_class(lake: Lake, name: str, since: datetime | None, until: datetime | None) -> ir.Table:
    return _between(lake.table(name), since, until)


def _known(name: str, events: Callable[[], ir.Table], sessions: ir.Table, spelling: ir.Table) -> ir.Table:
    """Events of a class with the people that they are of."""
    table = attributed(events(), sessions) if name == "file_hosting" else events()
    for column in ACCOUNTS.get(name, ()):
        table = _respelled(table, column, spelling)
    return table


def _late(
    lake: Lake, since: date, tables: Lazily, sessions: ir.Table, spelling: ir.Table, name: str, days: int | None
) -> ir.Table | None:
    """Events of a class of so many days before one, and since, or all of them; None for what is no class."""
    if name not in CLASSES:
        return None
    if days is None:
        return tables[name]
    return _known(name, partial(later, lake, name, since - timedelta(days=days)), sessions, spelling)


def _filled(con: Backend, kept: Kept | None, name: str, rows: ir.Table) -> ir.Table:
    """Rows as a table: only those that are news are computed where it is kept."""
    if kept is None:
        return stored(con, name, rows)
    return kept.fill(name, con.compile(rows), since=kept.since, firsts=FIRSTS.get(name, ()))


def _key(context: Context, config: Config, rules: Sequence[Rule], spelled: Mapping[str, str]) -> str:
    """What kept rows rest on, beside the events."""
    settings = sorted((name, sorted(given.items())) for name, given in config.detectors.items())
    said = (code(), context.people, context.devices, context.permits, rules, sorted(spelled.items()), settings)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _inside(context: Context, config: Config) -> list[Rule]:
    """What is inside beyond doubt. What is only guessed to be is told apart when it is looked at."""
    listed = [Rule(d.pattern, d.kind) for d in context.destinations]
    return listed + [Rule(pattern, "own") for pattern in (*config.own.domains, *config.own.networks, *NOBODY)]


def _whole(table: ir.Table, since: datetime | None, until: datetime | None) -> ir.Table:
    if since is not None:
        table = table.filter(_.first_time >= since)
    if until is not None:
        hourly, day = "hour" in table.columns, _.day.cast("timestamp")
        end = _.hour + ibis.interval(hours=1) if hourly else day + ibis.interval(days=1)
        table = table.filter(end <= until)
    return table


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
    enough = OWN_SHARE * counts.total()
    return [domain for domain, n in counts.items() if n >= enough]


def _own(accounts: Iterable[str], rules: Sequence[Rule]) -> set[str]:
    """Those of the accounts' domains that are the organisation's."""
    domains = resolve({a.rpartition("@")[2] for a in accounts}, rules).to_pylist()
    return {row["endpoint"] for row in domains if row["kind"] == "own"}


def _endpoints(
    con: Backend, tables: Mapping[str, ir.Table], rules: Sequence[Rule], permits: Sequence[Permit], kept: Kept | None
) -> ir.Table:
    """`endpoint, destination, kind, scope` of everything that data went to, came from, or was opened to.

    scope: the narrowest place named by a permit that it lies in, else its destination.
    """
    given = ibis.union(*(tables[name].select("recipient") for name in RECIPIENTS), distinct=True)
    recipients = given.recipient.split(";").unnest().strip().lower()
    sides = [
        *(tables[name].endpoint for name in ("hourly", "marked")),
        *(tables["correspondence"].other, tables["lookups"].destination),
    ]
    values = _distinct(con, *sides, recipients)
    found = resolve(values, rules)
    named = {plain(p.destination) for p in permits if p.destination}
    scopes = resolve(values, [Rule(pattern, pattern) for pattern in named])["kind"].to_pylist()
    narrowed = [s if s in named else d for s, d in zip(scopes, found["destination"].to_pylist(), strict=True)]
    table = found.append_column("scope", pa.array(narrowed, pa.string()))
    made = con.create_table("endpoints", ibis.memtable(table), temp=True, overwrite=True)
    day = ibis.literal((kept and kept.since) or date.min)  # as they are news since then
    return _filled(con, kept, "endpoints", made.mutate(day=day)).drop("day") if kept else made


def _permits(con: Backend, permits: Sequence[Permit]) -> ir.Table:
    """The permits, a row for each place (`scope`) that permits name and it covers; one without a place has one row."""
    rows = [*spread(permits), *((p, None) for p in permits if not p.destination)]
    types = _types(Permit) | {"scope": pa.string()}
    return _table(con, "permits", types, [(*astuple(p), scope) for p, scope in rows])


def _devices(con: Backend, devices: Sequence[Device]) -> ir.Table:
    """The register: `device, mac, ip, kind, owner, registered`."""
    types = dict.fromkeys(("device", "mac", "ip", "kind", "owner"), pa.string()) | {"registered": pa.date32()}
    rows = [(d.device or d.mac, d.mac, d.ip, d.kind, d.owner, d.registered) for d in devices]
    return _table(con, "devices", types, rows)


def _named(measure: ir.Table, devices: ir.Table) -> ir.Table:
    """With the device by hardware, lease or address, and the person whose device it is."""
    by_mac = devices.filter(_.mac.notnull()).group_by("mac").agg(known=_.device.min(), owner=_.owner.min())
    by_ip = devices.filter(_.ip.notnull()).group_by("ip").agg(named=_.device.min(), holder=_.owner.min())
    watched = measure.channel.isin(WATCHED) if "channel" in measure.columns else ibis.literal(True)
    joined = (
        measure.mutate(watched=watched)
        .left_join(by_mac, "mac")
        .drop("mac_right")
        .left_join(by_ip, _.src_ip == by_ip.ip)
    )
    seen = ibis.coalesce(_.known, _.leased, _.mac, _.named, _.src_ip)
    return joined.mutate(
        device=ibis.coalesce(_.device, ibis.ifelse(_.watched, seen, None)),
        actor=ibis.coalesce(_.actor, ibis.ifelse(_.watched, ibis.ifelse(_.mac.notnull(), _.owner, _.holder), None)),
    ).select(*measure.columns)


def placed(measure: ir.Table, endpoints: ir.Table) -> ir.Table:
    """With `destination`, `kind` and `scope` of where it went; without what stayed."""
    joined = measure.left_join(endpoints, "endpoint").drop("endpoint_right")
    return joined.filter(_.kind.isnull() | (_.kind != "own"))


def _types(row: type[Person | Permit]) -> dict[str, pa.DataType]:
    """Of a context file's columns: dates as dates, amounts as int64, the rest as text."""
    known = {"start": pa.date32(), "end": pa.date32(), "max_items": pa.int64(), "max_bytes": pa.int64()}
    return {field.name: known.get(field.name, pa.string()) for field in fields(row)}


def _table(
    con: Backend, name: str, types: Mapping[str, pa.DataType], rows: Sequence[Sequence[str | int | date | None]]
) -> ir.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    arrays = [pa.array(list(column), type_) for column, type_ in zip(columns, types.values(), strict=True)]
    table = pa.table(arrays, schema=pa.schema(list(types.items())))
    return con.create_table(name, ibis.memtable(table), temp=True, overwrite=True)
