"""Zeek's logs of files: seen on the wire (files), on Windows shares (smb_files), on FTP servers (ftp).

A file of files.log is File System Activity (1001), not File Hosting (6006), which stands for what a service did with
it: the bytes that carried it are already those of a connection, so here it only gives them a name.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.sources.zeek import BASE, ZEEK, end, record_is
from tidegate.units import LINEAGE, source

SMB = {
    "SMB::FILE_OPEN": "Open",
    "SMB::FILE_READ": "Read",
    "SMB::FILE_WRITE": "Update",
    "SMB::FILE_RENAME": "Rename",
    "SMB::FILE_DELETE": "Delete",
    "SMB::FILE_SET_ATTRIBUTE": "Set Attributes",
}
FTP = {"STOR": "Upload", "STOU": "Upload", "APPE": "Upload", "RETR": "Download", "DELE": "Delete"}


@source(
    log=ZEEK,
    produces="file_activity",
    columns=BASE
    | {
        "fuid": "string",
        "tx_hosts": "array<string>",
        "rx_hosts": "array<string>",
        "filename": "string",
        "is_orig": "boolean",
        "source": "string",
        "seen_bytes": "int64",
        "total_bytes": "int64",
        "conn_uids": "array<string>",
        "md5": "string",
        "sha1": "string",
        "sha256": "string",
    },
    needs=("ts", "fuid", "seen_bytes"),
    where=lambda raw: record_is("files", "seen_bytes")(raw) & (raw["source"].fill_null("") != "SSL"),  # certificates
)
def zeek_files(raw: ibis.Table) -> ibis.Table:
    """Files that crossed the wire: read from the other side, or copied to it (files.log)."""
    sent = raw.is_orig.fill_null(False)  # by the side that opened the connection: the actor's
    # Since 5.1 Zeek logs the connection's ends, before that the hosts that sent and received.
    mine = ibis.ifelse(sent, raw.tx_hosts[0], raw.rx_hosts[0])
    theirs = ibis.ifelse(sent, raw.rx_hosts[0], raw.tx_hosts[0])
    return raw.select(
        *LINEAGE,
        uid=raw.fuid,
        time=f.epoch_or_iso(raw.ts),
        activity=ibis.ifelse(sent, "Copy", "Read"),
        src_ip=ibis.coalesce(end(raw, "orig_h"), mine),
        medium=ibis.coalesce(end(raw, "resp_h"), theirs),
        file_name=f.leaf(raw.filename),
        file_path=raw.filename,
        file_size=ibis.coalesce(raw.total_bytes, raw.seen_bytes),
        hash=ibis.coalesce(raw.sha256, raw.sha1, raw.md5),
        connection=ibis.coalesce(raw["uid"], raw.conn_uids[0]),
    )


@source(
    log=ZEEK,
    produces="file_activity",
    columns=BASE | {"action": "string", "path": "string", "name": "string", "size": "int64", "prev_name": "string"},
    needs=("ts", "uid", "action", "path|name"),
    where=record_is("smb_files", "action"),
)
def zeek_smb_files(raw: ibis.Table) -> ibis.Table:
    """Files opened, read, written, renamed and deleted on Windows shares (smb_files.log)."""
    share = ibis.coalesce(raw.path + "\\", "")
    renamed = raw.prev_name.notnull()
    was = ibis.coalesce(raw.prev_name, raw.name)
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=f.lookup(raw.action, SMB, other=raw.action),
        src_ip=end(raw, "orig_h"),
        medium=ibis.coalesce(raw.path, end(raw, "resp_h")),
        file_name=f.leaf(was),
        file_path=share + was,
        file_size=raw["size"],
        target_path=ibis.ifelse(renamed, share + raw.name, ibis.null("string")),
    )


@source(
    log=ZEEK,
    produces="file_hosting",
    columns=BASE
    | {"user": "string", "command": "string", "arg": "string", "file_size": "int64", "reply_code": "int32"},
    needs=("ts", "uid", "command", "reply_code"),
    where=lambda raw: record_is("ftp", "command")(raw) & raw.command.isin(FTP),
)
def zeek_ftp(raw: ibis.Table) -> ibis.Table:
    """Files stored on and fetched from FTP servers, by account (ftp.log)."""
    return raw.select(
        *LINEAGE,
        time=f.epoch_or_iso(raw.ts),
        activity=f.lookup(raw.command, FTP, other=raw.command),
        status=f.outcome(raw.reply_code),
        actor=f.lower(raw.user),
        src_ip=end(raw, "orig_h"),
        site=end(raw, "resp_h"),
        operation=raw.command,
        file_name=f.leaf(raw.arg),
        file_path=raw.arg,
        file_size=raw.file_size,
    )
