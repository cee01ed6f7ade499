"""Transfers: every event in which data moved, from whatever class, in one shape.

`bytes` is what the sender gave away: uploads of a connection, the size of a mail, what a bucket served. `endpoint` is
the other side as logged (address, host, mailbox, device); `context.endpoints` turns it into a destination of a kind.
Volume is counted once: HTTP and TLS records of a connection that the sensor also logged as a connection only name its
other side.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.events.schema import CLASSES

Tables = Mapping[str, ir.Table]

MOVED = ibis.schema(
    {
        "uid": "string",
        "time": "timestamp(6)",
        "day": "date",
        "actor": "string",
        "device": "string",
        "src_ip": "string",
        "endpoint": "string",
        "channel": "string",  # network, web, mail, cloud, removable, register
        "via": "string",  # of a connection, the service the sensor saw (`ssl`), else protocol and port (`tcp/4444`)
        "activity": "string",
        "bytes": "int64",
        "bytes_in": "int64",  # what came back: null where the log does not say
        "files": "int64",
        "file_name": "string",
        "permit": "string",
    }
)
"""Columns of a transfer before its endpoint and its device are resolved."""

DYNAMIC = 32_768
"""Ports from which on a number says nothing of a service: Linux gives them out; IANA's dynamic ones begin at 49152."""

DELIVERY = ("smtp", "tcp/25")
"""Services by which a gateway hands over everybody's mail, which is counted as mail."""

GATHERING = ("Read", "Open", "Download", "Sync", "Copy", "Preview")
"""Activities in which somebody takes a file to where they are."""


def moved(tables: Tables) -> ir.Table:
    """All transfers of the class tables given (a missing class counts as empty): a table of `MOVED` columns."""
    known = {name: tables.get(name, _empty(name)) for name in CLASSES}
    parts = (
        connections(known["network_activity"], known["http_activity"]),
        web(known["http_activity"], known["network_activity"]),
        mail(known["email_activity"]),
        hosted(known["file_hosting"]),
        copied(known["file_activity"]),
        served(known["web_resources"]),
    )
    return reduce(lambda a, b: a.union(b), parts)


def endpoints(tables: Tables) -> ir.Table:
    """Every endpoint and every sender's address that `moved` can give, once: one column, `value`."""
    watched = [
        tables[name][column].name("value").as_table()
        for name in ("network_activity", "http_activity")
        for column in ("dst_host", "dst_ip", "src_ip")
    ]
    rest = {name: table for name, table in tables.items() if name not in ("network_activity", "http_activity")}
    others = moved(rest)
    parts = (*watched, others.endpoint.name("value").as_table(), others.src_ip.name("value").as_table())
    return ibis.union(*(part.distinct() for part in parts), distinct=True)


def connections(network: ir.Table, http: ir.Table) -> ir.Table:
    """Connections, each named by its TLS server name or HTTP host where the sensor saw one."""
    names = (
        network.select("connection", "dst_host")
        .union(http.select("connection", "dst_host"))
        .filter(_.connection.notnull(), _.dst_host.notnull())
        .group_by(named=_.connection.hash())  # a third of the memory that the ids themselves would take
        .agg(host=_.dst_host.max())
    )
    sent = network.filter(_.bytes_out > 0)
    return _shape(
        sent.left_join(names, sent.connection.hash() == names.named),
        endpoint=lambda t: _place(ibis.coalesce(t.host, t.dst_host), t.dst_ip),
        channel=ibis.literal("network"),
        via=lambda t: _via(t.service, t.protocol, t.dst_port),
        bytes=_.bytes_out,
        bytes_in=_.bytes_in,
    )


def web(http: ir.Table, network: ir.Table) -> ir.Table:
    """Uploads that a proxy logged, and HTTP requests of connections without a record of their own."""
    counted = network.filter(_.connection.notnull(), _.bytes_out.notnull()).select("connection").distinct()
    return _shape(
        http.filter(_.bytes_out > 0).anti_join(counted, "connection"),
        endpoint=lambda t: _place(t.dst_host, t.dst_ip),
        channel=ibis.literal("web"),
        bytes=_.bytes_out,
        bytes_in=_.bytes_in,
        file_name=_.file_name,
    )


def mail(email: ir.Table) -> ir.Table:
    """Sent mail, once for each recipient; sizes come from the queue's record of the same message where there is one.

    A queue gives its ids out again: what counts is the latest record before the sending.
    """
    queued = (email.activity == "Trace") & email.bytes_out.notnull()
    so_far = ibis.window(group_by="message", order_by=("time", "source_line"), preceding=(None, 0))
    steps = (
        email.mutate(queued=queued)
        .filter(_.queued | (_.activity == "Send"))
        .mutate(message=ibis.coalesce(_.message, _.uid))
        .mutate(turn=_.queued.sum().over(so_far))
    )
    sizes = steps.filter(_.queued).select("message", "turn", size="bytes_out", from_="sender")
    sent = steps.filter(~_.queued, _.status.fill_null("") != "Failure")
    known = sent.left_join(sizes, ["message", "turn"]).mutate(actor=ibis.coalesce(_.actor, _.sender, _.from_))
    return _shape(
        known.unnest("recipients"),
        endpoint=_.recipients.lower(),
        channel=ibis.literal("mail"),
        bytes=lambda t: ibis.coalesce(t.bytes_out, t.size),
        files=_.attachments.length(),
        file_name=_.attachments.join(", "),
    )


def hosted(files: ir.Table) -> ir.Table:
    """What was handed out of the file service: register entries and uses of an outside link."""
    out = files.filter((_.activity == "Send") | ((_.recipient == "anyone") & _.activity.isin(GATHERING)))
    return _shape(
        out,
        endpoint=lambda t: ibis.coalesce(t.recipient, t.src_ip),
        channel=ibis.ifelse(_.activity == "Send", "register", "cloud"),
        bytes=_.file_size,
        files=ibis.coalesce(_["items"], 1),
        file_name=_.file_name,
        permit=_.permit,
    )


def copied(files: ir.Table) -> ir.Table:
    """Files written to a removable device, unless that was refused."""
    written = files.filter(_.removable, ~_.activity.isin(("Mount", "Unmount", "Delete")))
    return _shape(
        written.filter(_.status.fill_null("") != "Failure"),
        endpoint=lambda t: ibis.literal("removable:") + ibis.coalesce(t.medium, t.device, ""),
        channel=ibis.literal("removable"),
        bytes=_.file_size,
        files=ibis.literal(1),
        file_name=ibis.coalesce(_.file_path, _.file_name),
    )


def served(resources: ir.Table) -> ir.Table:
    """Objects that a bucket or container gave to the address that asked."""
    return _shape(
        resources.filter(_.bytes_out > 0, _.error.isnull()),
        endpoint=_.src_ip,
        channel=ibis.literal("cloud"),
        bytes=_.bytes_out,
        files=ibis.literal(1),
        file_name=_.resource + "/" + ibis.coalesce(_.object, ""),
    )


def _place(host: ir.StringValue, address: ir.StringValue) -> ir.StringValue:
    """The other side by its name; a name without a dot is known only inside, so that its address says more."""
    return ibis.coalesce(ibis.ifelse(host.contains("."), host, ibis.null("string")), address, host)


def _via(service: ir.StringValue, protocol: ir.StringValue, port: ir.IntegerValue) -> ir.StringValue:
    """`ssl`, `tcp/4444`, `udp/dynamic`, `icmp` (whose port is a message's type)."""
    number = ibis.ifelse(port >= DYNAMIC, "dynamic", port.cast("string"))
    ported = port.notnull() & ~protocol.fill_null("").lower().startswith("icmp")
    number = ibis.ifelse(ported, ibis.literal("/") + number, "")
    return ibis.coalesce(service.nullif(""), ibis.coalesce(protocol, "ip") + number).lower()


def _shape(table: ir.Table, **columns: object) -> ir.Table:
    """Name the columns a transfer has, fill the rest with nulls, cast and order them as `MOVED`."""
    same = ("uid", "time", "day", "actor", "device", "src_ip", "activity")
    shaped = table.select(*same, **columns)
    missing = {name: ibis.null(type_) for name, type_ in MOVED.items() if name not in shaped.columns}
    return shaped.mutate(**missing).cast(dict(MOVED.items())).select(*MOVED)


def _empty(name: str) -> ir.Table:
    nothing = (ibis.null(type_).name(column) for column, type_ in CLASSES[name].schema.items())
    return ibis.range(0).unnest().name("none").as_table().select(*nothing)
