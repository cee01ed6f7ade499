"""What counts as data moved, once, and where it is said to have gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import ibis.expr.types as ir
import pytest

from tests.tables import Row, engine, table
from tidegate.events.transfers import MOVED, connections, copied, hosted, mail, moved, served, web

NOON = datetime(2026, 3, 2, 12)
ALONE = {"email_activity": mail, "file_hosting": hosted, "file_activity": copied, "web_resources": served}


def transfers(**rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The transfers of rows of one class, or of connections and requests; all at noon unless they say so."""
    tables = {name: _table(name, rows.get(name, ())) for name in ("network_activity", "http_activity", *rows)}
    network, http = tables.pop("network_activity"), tables.pop("http_activity")
    if tables:
        ((name, given),) = tables.items()
        return _run(ALONE[name](given))
    return _run(connections(network, http).union(web(http, network)))


def _table(name: str, rows: Sequence[Row]) -> ir.Table:
    return table(name, [{"time": NOON, "source_line": n, **row} for n, row in enumerate(rows)])


def _run(found: ir.Table) -> list[dict[str, Any]]:
    assert found.schema() == MOVED
    return sorted(engine().to_pyarrow(found).to_pylist(), key=lambda row: (row["time"], row["uid"], row["endpoint"]))


def places(**rows: Sequence[Row]) -> list[tuple[str, int]]:
    return [(row["endpoint"], row["bytes"]) for row in transfers(**rows)]


def connection(uid: str | None, **more: Any) -> Row:
    return {"connection": uid, "dst_ip": "203.0.113.9", "bytes_out": 100, **more}


def test_a_connection_is_named_by_its_tls_server_name() -> None:
    handshake = {"connection": "C1", "dst_ip": "203.0.113.9", "dst_host": "files.example", "bytes_out": None}
    assert places(network_activity=[connection("C1"), handshake]) == [("files.example", 100)]
    # The near miss: a handshake of another connection to the same address says nothing of this one.
    assert places(network_activity=[connection("C2"), handshake]) == [("203.0.113.9", 100)]


def test_a_connection_may_bring_its_name_along() -> None:
    assert places(network_activity=[connection("C1", dst_host="a.example")]) == [("a.example", 100)]
    # Without an id nothing can be joined to it, not even what has no id either.
    rows = [connection(None, dst_host="a.example"), connection(None)]
    assert places(network_activity=rows) == [("a.example", 100), ("203.0.113.9", 100)]


@pytest.mark.parametrize(
    ("seen", "via"),
    [
        ({"service": "SSL", "protocol": "tcp", "dst_port": 443}, "ssl"),
        ({"protocol": "TCP", "dst_port": 4444}, "tcp/4444"),
        ({"service": "", "protocol": "udp", "dst_port": 51_820}, "udp/dynamic"),  # nobody's port
        ({"protocol": "icmp", "dst_port": 0}, "icmp"),  # a message's type, no port
        ({"protocol": "gre"}, "gre"),
        ({"dst_port": 22}, "ip/22"),
    ],
)
def test_a_connection_says_by_which_service_it_went(seen: Row, via: str) -> None:
    assert [row["via"] for row in transfers(network_activity=[connection("C1", **seen)])] == [via]


def test_what_is_no_connection_has_no_service() -> None:
    assert [row["via"] for row in transfers(http_activity=[{"dst_host": "up.example", "bytes_out": 90}])] == [None]


def test_a_name_without_a_dot_is_known_only_inside_so_the_address_counts() -> None:
    request = {"connection": "C1", "dst_host": "intranet", "bytes_out": 90}
    inside = connection("C1", dst_ip="10.0.0.7")
    assert places(network_activity=[inside], http_activity=[request]) == [("10.0.0.7", 100)]
    # Through a proxy that logs no address, the bare name is all there is.
    assert places(http_activity=[{"dst_host": "intranet", "bytes_out": 90}]) == [("intranet", 90)]


def test_http_of_a_counted_connection_only_names_it() -> None:
    request = {"connection": "C1", "dst_host": "up.example", "dst_ip": "203.0.113.9", "bytes_out": 90}
    assert places(network_activity=[connection("C1")], http_activity=[request]) == [("up.example", 100)]
    # Near misses: a request whose connection was not logged, or logged without its bytes, is counted itself.
    assert places(network_activity=[connection("C2")], http_activity=[request])[1:] == [("up.example", 90)]
    unmeasured = connection("C1", bytes_out=None)
    assert places(network_activity=[unmeasured], http_activity=[request]) == [("up.example", 90)]


def test_what_a_proxy_logged_is_counted_and_what_sent_nothing_is_not() -> None:
    proxied = [{"dst_host": "up.example", "bytes_out": 90}, {"dst_host": "read.example", "bytes_out": 0}]
    assert places(network_activity=[connection("C1", bytes_out=0)], http_activity=proxied) == [("up.example", 90)]


def test_mail_is_counted_for_each_recipient_with_the_size_that_the_queue_logged() -> None:
    queue: Row = {"activity": "Trace", "message": "3F2A1C", "sender": "ann@own.example", "bytes_out": 700}
    sent: Row = {"activity": "Send", "message": "3F2A1C", "recipients": ["bo@Out.example", "cy@x.example"]}
    client: Row = {"activity": "Trace", "message": "3F2A1C", "actor": "ann@own.example"}  # has no size
    rows = transfers(email_activity=[client, queue, sent])
    assert [(r["endpoint"], r["bytes"], r["actor"]) for r in rows] == [
        ("bo@out.example", 700, "ann@own.example"),
        ("cy@x.example", 700, "ann@own.example"),
    ]
    # Near misses: what was not delivered has not left, and mail that somebody received was not sent by them.
    assert not places(email_activity=[queue, {**sent, "status": "Failure"}, {**sent, "activity": "Receive"}])


def test_a_queue_id_that_is_given_out_again_belongs_to_the_latest_message() -> None:
    def message(hour: int, sender: str, size: int) -> list[Row]:
        when = {"time": NOON.replace(hour=hour), "message": "3F2A1C"}
        return [
            {**when, "activity": "Trace", "sender": sender, "bytes_out": size},
            {**when, "activity": "Send", "recipients": ["bo@out.example"]},
        ]

    unknown: list[Row] = [
        {"activity": "Send", "recipients": ["bo@out.example"], "time": NOON.replace(hour=20)}
    ]  # of no queue
    rows = transfers(email_activity=message(8, "zoe", 9_000) + message(9, "ann", 10) + unknown)
    assert [(r["actor"], r["bytes"]) for r in rows] == [("zoe", 9_000), ("ann", 10), (None, None)]


def test_mail_that_says_its_size_and_files_keeps_them() -> None:
    rows = [{"activity": "Send", "recipients": ["bo@out.example"], "bytes_out": 5, "attachments": ["a.pdf", "b.pdf"]}]
    (row,) = transfers(email_activity=rows)
    assert (row["bytes"], row["files"], row["file_name"]) == (5, 2, "a.pdf, b.pdf")


def test_what_the_file_service_gave_to_outsiders() -> None:
    register = {"activity": "Send", "recipient": "bo@out.example", "file_size": 10, "items": 3, "permit": "P1"}
    used = {"activity": "Download", "recipient": "anyone", "file_size": 7}
    rows = transfers(file_hosting=[register, used])
    assert [(r["channel"], r["endpoint"], r["files"], r["permit"]) for r in rows] == [
        ("register", "bo@out.example", 3, "P1"),
        ("cloud", "anyone", 1, None),
    ]
    # Making a link moves nothing yet; nor does a person of the house who opens a file.
    assert not places(file_hosting=[{**used, "activity": "Share"}, {**used, "recipient": None}])


def test_a_copy_to_a_removable_device() -> None:
    copy = {"activity": "Copy", "removable": True, "medium": "AB12", "file_size": 9, "file_path": "/a/b.doc"}
    (row,) = transfers(file_activity=[copy])
    assert (row["endpoint"], row["bytes"], row["file_name"]) == ("removable:AB12", 9, "/a/b.doc")
    # Near misses: plugged in, deleted from it, kept from it by a policy, and a copy on the same disk.
    others: list[Row] = [{"activity": "Mount"}, {"activity": "Delete"}, {"status": "Failure"}, {"removable": False}]
    assert not places(file_activity=[{**copy, **other} for other in others])


def test_a_bucket_gives_to_the_address_that_asked_unless_it_refuses() -> None:
    given = {"resource": "maps", "object": "core.zip", "src_ip": "198.51.100.7", "bytes_out": 8}
    (row,) = transfers(web_resources=[given, {**given, "error": "AccessDenied"}])
    assert (row["endpoint"], row["file_name"], row["channel"]) == ("198.51.100.7", "maps/core.zip", "cloud")


def test_all_of_it_is_one_table() -> None:
    given: dict[str, Row] = {
        "network_activity": connection("C1"),
        "http_activity": {"dst_host": "a.example", "bytes_out": 1},
        "email_activity": {"activity": "Send", "recipients": ["bo@out.example"]},
        "file_hosting": {"activity": "Send", "recipient": "bo@out.example"},
        "file_activity": {"activity": "Copy", "removable": True},
        "web_resources": {"src_ip": "198.51.100.7", "bytes_out": 1},
    }
    channels = [row["channel"] for row in _run(moved({name: _table(name, [row]) for name, row in given.items()}))]
    assert sorted(channels) == ["cloud", "mail", "network", "register", "removable", "web"]
    assert moved({}).schema() == MOVED
