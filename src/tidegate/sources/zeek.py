"""Zeek network monitor: what its sensors saw on the wire, one log a protocol, in TSV or JSON.

Connections carry the bytes. The protocol logs name what a connection did and join it by `connection`, Zeek's own
connection uid, so none of them counts its bytes twice.
"""

from __future__ import annotations

from collections.abc import Callable

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

ZEEK = Log(
    id="zeek",
    title="Zeek",
    formats=("json", "zeek"),
    how="Take conn, dns, http, ssl, files, smtp, dhcp, smb_files, ftp, kerberos and ntlm logs from Zeek's log folder.",
    reference="https://docs.zeek.org/en/master/logs/index.html",
    files=("conn*.log*", "dns*.log*", "http*.log*", "ssl*.log*", "files*.log*", "smtp*.log*", "dhcp*.log*"),
    kind=("@stream", "_path"),
    # Logs about the sensor or repeating conn; records of nothing but a connection's id (tickets shown to a server);
    # certificates that cross in a handshake; FTP's set-up commands.
    ignore=(
        r'"(@stream|_path)": ?"(analyzer|broker|capture_loss|cluster|config|dce_rpc|dpd|known_\w+|loaded_scripts|notice'
        r'|ntp|ocsp|packet_filter|pe|reporter|smb_mapping|snmp|software|stats|syslog|telemetry|tunnel|weird|x509)"'
        r'|"id[._]resp_p": ?\d+\}$|"source": ?"SSL"|\tSSL\t\d'
        r'|"command": ?"(ACCT|EPRT|EPSV|PASV|PORT)"|\t(ACCT|EPRT|EPSV|PASV|PORT)\t'
    ),
)

# `id.orig_h` is Zeek's own spelling, `id_orig_h` that of shippers whose keys may hold no dot.
BASE = {"@stream": "string", "_path": "string", "ts": "string", "uid": "string"} | {
    f"id{mark}{side}_{part}": type_
    for side in ("orig", "resp")
    for part, type_ in (("h", "string"), ("p", "int32"))
    for mark in (".", "_")
}


def end(raw: ibis.Table, part: str) -> ir.Value:
    """One field of the connection's id, however its key is spelt."""
    return ibis.coalesce(raw[f"id.{part}"], raw[f"id_{part}"])


def ends(raw: ibis.Table) -> dict[str, ir.Value]:
    """Who asked whom: the originator is the source."""
    return {"src_ip": end(raw, "orig_h"), "dst_ip": end(raw, "resp_h"), "dst_port": end(raw, "resp_p")}


def record_is(kind: str, *signs: str) -> Callable[[ibis.Table], ir.BooleanValue]:
    """Holds for records of this kind, and for those that name no kind but have one of the fields only it has."""

    def holds(raw: ibis.Table) -> ir.BooleanValue:
        unnamed = ibis.ifelse(f.either(*(raw[sign].notnull() for sign in signs)), kind, ibis.null("string"))
        return ibis.coalesce(raw["@stream"], raw["_path"], unnamed) == kind

    return holds


@source(
    log=ZEEK,
    produces="network_activity",
    columns=BASE
    | {
        "proto": "string",
        "service": "string",
        "duration": "float64",
        "orig_bytes": "int64",
        "resp_bytes": "int64",
        "conn_state": "string",
        "orig_pkts": "int64",
        "resp_pkts": "int64",
        "orig_l2_addr": "string",
    },
    needs=("ts", "uid", "proto", "conn_state"),
    where=record_is("conn", "conn_state"),
)
def zeek_conn(raw: ibis.Table) -> ibis.Table:
    """Connections: bytes, packets and duration between two ends (conn.log)."""
    # Only TCP can be refused or half open: UDP sends its data whether or not anything answers (state S0).
    activity = ibis.cases(
        (raw.conn_state == "REJ", "Refuse"),
        ((raw.proto == "tcp") & raw.conn_state.isin(("S0", "SH", "SHR", "RSTOS0", "RSTRH")), "Fail"),
        else_="Traffic",
    )
    return raw.select(
        *LINEAGE,
        uid=raw.uid,
        time=f.epoch_or_iso(raw.ts),
        activity=activity,
        status=ibis.ifelse(activity == "Traffic", "Success", "Failure"),
        **ends(raw),
        src_port=end(raw, "orig_p"),
        src_mac=raw.orig_l2_addr.lower(),
        protocol=raw.proto,
        service=raw.service,
        duration_ms=f.milliseconds(raw.duration),
        bytes_out=raw.orig_bytes,
        bytes_in=raw.resp_bytes,
        packets_out=raw.orig_pkts,
        packets_in=raw.resp_pkts,
        state=raw.conn_state,
        connection=raw.uid,
    )


@source(
    log=ZEEK,
    produces="dns_activity",
    columns=BASE
    | {"query": "string", "qtype_name": "string", "rcode_name": "string", "answers": "array<string>", "AA": "boolean"},
    needs=("ts", "uid", "query", "qtype_name", "AA"),
    where=record_is("dns", "AA"),
)
def zeek_dns(raw: ibis.Table) -> ibis.Table:
    """Name look-ups with their answers (dns.log)."""
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=ibis.ifelse(raw.rcode_name.isnull(), "Query", "Traffic"),
        status=ibis.cases((raw.rcode_name == "NOERROR", "Success"), (raw.rcode_name.notnull(), "Failure")),
        **ends(raw),
        src_port=end(raw, "orig_p"),
        query=f.lower(raw.query),
        query_type=raw.qtype_name,
        response_code=raw.rcode_name,
        answers=raw.answers,
        connection=raw.uid,
    )


@source(
    log=ZEEK,
    produces="http_activity",
    columns=BASE
    | {
        "method": "string",
        "host": "string",
        "uri": "string",
        "username": "string",
        "user_agent": "string",
        "request_body_len": "int64",
        "response_body_len": "int64",
        "status_code": "int32",
        "filename": "string",
        "orig_filenames": "array<string>",
        "resp_filenames": "array<string>",
        "orig_mime_types": "array<string>",
        "resp_mime_types": "array<string>",
    },
    needs=("ts", "uid", "method", "request_body_len"),
    where=record_is("http", "request_body_len"),
)
def zeek_http(raw: ibis.Table) -> ibis.Table:
    """Web requests in the clear (http.log)."""
    # A request to a proxy already carries the whole URL, CONNECT only host and port.
    whole = raw.uri.contains("://") | (raw.method == "CONNECT")
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=raw.method.capitalize(),
        status=f.outcome(raw.status_code),
        actor=f.lower(raw.username),
        **ends(raw),
        src_port=end(raw, "orig_p"),
        dst_host=f.host(raw.host),
        url=ibis.ifelse(whole, raw.uri, "http://" + ibis.coalesce(raw.host, end(raw, "resp_h")) + raw.uri),
        user_agent=raw.user_agent,
        status_code=raw.status_code,
        bytes_out=raw.request_body_len,
        bytes_in=raw.response_body_len,
        # What was sent comes first: an upload's answer is usually a page of no interest.
        mime_type=ibis.coalesce(raw.orig_mime_types[0], raw.resp_mime_types[0]),
        file_name=ibis.coalesce(
            f.leaf(ibis.coalesce(raw.orig_filenames[0], raw.resp_filenames[0], raw.filename)),
            ibis.cases((raw.method == "PUT", f.url_leaf(raw.uri))),  # stored under this name
        ),
        connection=raw.uid,
    )


@source(
    log=ZEEK,
    produces="network_activity",
    columns=BASE | {"cipher": "string", "server_name": "string", "established": "boolean"},
    needs=("ts", "uid", "cipher"),
    where=record_is("ssl", "cipher", "established", "server_name"),
)
def zeek_ssl(raw: ibis.Table) -> ibis.Table:
    """TLS handshakes: which host name a connection asked for (ssl.log); its bytes are in conn.log."""
    failed = ~raw.established.fill_null(True)  # logs of before 2014 do not say
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=ibis.ifelse(failed, "Fail", "Open"),
        status=ibis.ifelse(failed, "Failure", "Success"),
        **ends(raw),
        src_port=end(raw, "orig_p"),
        dst_host=f.lower(raw.server_name),
        protocol=ibis.literal("tcp"),
        service=ibis.literal("ssl"),
        connection=raw.uid,
    )
