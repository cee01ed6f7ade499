"""Zeek's JSON logs (conn, ssl, http, files, dns, smtp, dhcp), joined by connection uids as Zeek does."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import ids
from tidegate.range.logs.rendering import Written, json_object, render
from tidegate.range.tables import numbers, pick

# How connections went: state, history, share of TCP connections; the first is for UDP.
_STATES = (
    ("SF", "Dd", 0.0),
    ("SF", "ShADadFf", 0.62),
    ("SF", "ShADadfF", 0.22),
    ("RSTO", "ShADadFR", 0.1),
    ("S1", "ShADad", 0.03),
    ("RSTR", "ShADadr", 0.03),
)
_CIPHERS = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"]
_AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Windows-Update-Agent/10.0.10011.16384 Client-Protocol/2.70",
    "Microsoft-CryptoAPI/10.0",
]

_ENDS = {"id.orig_h": "src", "id.orig_p": "#src_port", "id.resp_h": "dst", "id.resp_p": "#dst_port"}
_HEAD = {"ts": "#time / 1e6", "uid": "uid", **_ENDS}
_QTYPES = {"A": 1, "CNAME": 5, "NULL": 10, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
_MAIL_DATE = "strftime(make_timestamp(time), '%a, %d %b %Y %H:%M:%S +0000')"

CONN = json_object(
    _HEAD
    | {
        "proto": "proto",
        "service": "?service",
        "duration": "#round(seconds, 6)",
        "orig_bytes": "#sent",
        "resp_bytes": "#received",
        "conn_state": "state",
        "local_orig": "#outgoing",
        "local_resp": "#not outgoing or dst = '10.10.250.2'",
        "missed_bytes": "=0",
        "history": "?history",
        "orig_pkts": "#packets_out",
        "orig_ip_bytes": "#sent + packets_out * header",
        "resp_pkts": "#packets_in",
        "resp_ip_bytes": "#received + packets_in * header",
    }
)
SSL = json_object(
    _HEAD
    | {
        "version": '="TLSv13"',
        "cipher": "cipher",
        "curve": '="x25519"',
        "server_name": "?host",
        "resumed": "#src_port % 4 = 0",
        "next_protocol": '="h2"',
        "established": "=true",
        "ssl_history": '="CsiI"',
    }
)
HTTP = json_object(
    _HEAD
    | {
        "trans_depth": "=1",
        "method": "method",
        "host": "?host",
        "uri": "path",
        "version": '="1.1"',
        "user_agent": "agent",
        "request_body_len": "#case when method = 'GET' then 0 else sent end",
        "response_body_len": "#received",
        "status_code": "=200",
        "status_msg": '="OK"',
        "tags": "=[]",
        "resp_fuids": "@'[\"' || fuid || '\"]'",
        "resp_mime_types": "@'[\"' || mime || '\"]'",
    }
)
FILES = json_object(
    {
        "ts": "#time / 1e6",
        "fuid": "fuid",
        "uid": "uid",
        **_ENDS,
        "source": '="HTTP"',
        "depth": "=0",
        "analyzers": '=["MD5"]',
        "mime_type": "mime",
        "duration": "#round(seconds * 0.8, 6)",
        "local_orig": "=false",
        "is_orig": "=false",
        "seen_bytes": "#received",
        "total_bytes": "#received",
        "missing_bytes": "=0",
        "overflow_bytes": "=0",
        "timedout": "=false",
        "md5": "md5(fuid)",
    }
)
DNS = json_object(
    _HEAD
    | {
        "proto": '="udp"',
        "trans_id": "#(src_port * 7919) % 65536",
        "rtt": "#round(seconds, 6)",
        "query": "host",
        "qclass": "=1",
        "qclass_name": '="C_INTERNET"',
        "qtype": "#case qtype " + " ".join(f"when '{name}' then {n}" for name, n in _QTYPES.items()) + " end",
        "qtype_name": "qtype",
        "rcode": "#if(answer is null and qtype <> 'NULL', 3, 0)",
        "rcode_name": "if(answer is null and qtype <> 'NULL', 'NXDOMAIN', 'NOERROR')",
        "AA": "=false",
        "TC": "=false",
        "RD": "=true",
        "RA": "=true",
        "Z": "=0",
        "answers": "?#'[\"' || answer || '\"]'",
        "TTLs": "?#if(answer is null, null, '[' || (60 + src_port % 240) || '.0]')",
        "rejected": "=false",
    }
)
SMTP = json_object(
    _HEAD
    | {
        "trans_depth": "=1",
        "helo": "helo",
        "mailfrom": "sender",
        "rcptto": "@'[\"' || recipient || '\"]'",
        "date": _MAIL_DATE,
        "from": "@'\"<' || sender || '>\"'",
        "to": "@'[\"<' || recipient || '>\"]'",
        "msg_id": "@'\"<' || uid || '@' || helo || '>\"'",
        "subject": "subject",
        "last_reply": '="250 2.0.0 Ok: queued"',
        "path": "@'[\"' || dst || '\",\"' || src || '\"]'",
        "tls": "=false",
        "fuids": "=[]",
        "is_webmail": "=false",
    }
)
DHCP = json_object(
    {
        "ts": "#time / 1e6",
        "uids": "@'[\"' || uid || '\"]'",
        "client_addr": "address",
        "server_addr": '="10.10.250.2"',
        "mac": "mac",
        "host_name": "?name",
        "domain": "domain",
        "requested_addr": "?asked",
        "assigned_addr": "address",
        "lease_time": "=691200.0",
        "msg_types": '@case when fresh then \'["DISCOVER","OFFER","REQUEST","ACK"]\' else \'["REQUEST","ACK"]\' end',
        "duration": "#round(seconds, 6)",
    }
)


def logs(
    con: duckdb.DuckDBPyConnection, folder: str, flows: pa.Table, leases: pa.Table, rng: np.random.Generator
) -> Iterator[Written]:
    """Every log of a day, from its flows and its leases (both in the order of time)."""

    def written(log: str, table: pa.Table, expression: str, *, record: str = "uid") -> Written:
        lines = render(con, table, expression)
        return Written(file=f"{folder}/{log}.log.gz", source=f"zeek_{log}", rows=table, lines=lines, record=record)

    by = {name: flows.filter(pc.equal(flows["service"], name)) for name in ("ssl", "http", "dns", "smtp")}
    cipher = pick(_CIPHERS, rng.integers(0, len(_CIPHERS), by["ssl"].num_rows))
    updater = pc.equal(by["http"]["mime"], "application/vnd.ms-cab-compressed").to_numpy(zero_copy_only=False)
    agent = pick(_AGENTS, 2 * updater + rng.integers(0, 2, len(updater)))
    fuid = ids.zeek(rng, len(updater), first="F")
    web = by["http"].append_column("agent", agent).append_column("fuid", fuid)
    yield written("conn", _connections(flows, rng), CONN)
    yield written("ssl", by["ssl"].append_column("cipher", cipher), SSL)
    yield written("http", web, HTTP)
    yield written("files", web, FILES, record="fuid")
    yield written("dns", by["dns"], DNS)
    yield written("smtp", by["smtp"], SMTP)
    yield written("dhcp", leases, DHCP)


def _connections(flows: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Adds what conn.log alone says: how the connection went, and its packets."""
    states, histories, shares = zip(*_STATES, strict=True)
    tcp = pc.equal(flows["proto"], "tcp").to_numpy(zero_copy_only=False)
    pings = pa.array(pc.equal(flows["proto"], "icmp"))
    how = np.where(tcp, rng.choice(len(_STATES), len(tcp), p=shares), 0)
    sent, received = numbers(flows, "sent"), numbers(flows, "received")
    more = {
        "state": pc.if_else(pings, "OTH", pick(list(states), how)),
        "history": pc.if_else(pings, pa.scalar(None, pa.string()), pick(list(histories), how)),
        "packets_out": 1 + sent // 1_380 + received // 9_000,  # full packets, and an answer to every six or so
        "packets_in": 1 + received // 1_400 + sent // 9_000,
        "header": np.where(tcp, 40, 28),  # bytes of each packet
    }
    for name, column in more.items():
        flows = flows.append_column(name, column if isinstance(column, pa.ChunkedArray) else pa.array(column))
    return flows
