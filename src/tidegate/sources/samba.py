r"""Samba's audit of file shares (vfs_full_audit), through syslog: sign-ins to shares, and what was done with files.

A line is `user|address|machine|share|operation|ok or fail (reason)|arguments`, where the first four are the prefix that
`full_audit:prefix = %u|%I|%m|%S` makes. A file that is read leaves a line for each piece unless `pread` is left out of
`full_audit:success`: how much was read no line says.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.units import LINEAGE, Log, source

PREFIX = r"(?P<user>[^|]*)\|(?P<address>[^|]*)\|(?P<machine>[^|]*)\|(?P<share>[^|]*)\|"
AUDIT = r"smbd_audit|smbd"
ACTIVITIES = {
    "pread": "Read",
    "pread_send": "Read",
    "read": "Read",
    "sendfile": "Read",
    "pwrite": "Update",
    "pwrite_send": "Update",
    "write": "Update",
    "ftruncate": "Update",
    "rename": "Rename",
    "renameat": "Rename",
    "unlink": "Delete",
    "unlinkat": "Delete",
    "rmdir": "Delete",
    "mkdir": "Create",
    "mkdirat": "Create",
    "chmod": "Set Attributes",
    "fchmod": "Set Attributes",
    "chown": "Set Security",
    "fchown": "Set Security",
    "fset_nt_acl": "Set Security",
}
OPENING = ("open", "openat", "create_file")

SAMBA = Log(
    id="samba",
    title="Samba",
    formats=("lines",),
    how=(
        "In smb.conf: `vfs objects = full_audit`, `full_audit:prefix = %u|%I|%m|%S`, `full_audit:success = connect "
        "disconnect openat renameat unlinkat mkdirat`, `full_audit:failure = connect openat`; take the syslog file."
    ),
    reference="https://www.samba.org/samba/docs/current/man-html/vfs_full_audit.8.html",
    files=("*smb*audit*", "*samba*audit*"),
    probe=syslog.header(AUDIT) + r"[^|]*\|[^|]*\|[^|]*\|[^|]*\|\w+\|(?:ok|fail \([^)]*\))(?:\||$)",
    ignore=syslog.header(AUDIT),
    within="syslog",
)


def _done(operations: str) -> str:
    return syslog.fields(AUDIT) + PREFIX + rf"(?P<operation>{operations})\|(?:ok|(?P<failure>fail) \([^)]*\))"


def _base(raw: ibis.Table) -> dict[str, ir.Value]:
    return {
        "time": syslog.time(raw.stamp, raw.source_modified),
        "status": f.success(raw.failure.isnull()),
        "actor": f.lower(raw.user),
        "device": f.lower(raw.machine),
        "src_ip": f.ip(raw.address.re_replace("^::ffff:", "")),
    }


@source(
    log=SAMBA,
    produces="authentication",
    columns={"source_modified": "timestamp(6)"},
    pattern=_done("connect|disconnect"),
)
def samba_signins(raw: ibis.Table) -> ibis.Table:
    """Shares that people connected to, or tried to."""
    return raw.select(
        *LINEAGE,
        **_base(raw),
        activity=ibis.ifelse(raw.operation == "connect", "Logon", "Logoff"),
        dst_host=f.lower(raw.host),
        service=raw.share,
        protocol=ibis.literal("SMB"),
    )


@source(
    log=SAMBA,
    produces="file_activity",
    columns={"source_modified": "timestamp(6)"},
    # create_file: access mask | file or dir | disposition | path. openat: r or w | path. renameat: from | to.
    # Of the mask, only files opened for their data, bits 0 and 1, are of interest: the rest asks what is there.
    pattern=_done("|".join([*OPENING, *ACTIVITIES]))
    + r"\|(?:0x\w*[1-35-79abdef]\|file\|(?P<disposition>\w+)\||(?P<mode>[rw])\|)?"
    + r"(?P<path>[^|]*)(?:\|(?P<target>[^|]*))?$",
)
def samba_files(raw: ibis.Table) -> ibis.Table:
    """Files opened, read, written, made, renamed and deleted on shares."""
    renamed = raw.operation.startswith("rename")
    opened = ibis.cases(
        (raw.mode == "w", "Update"),
        (raw.disposition.isin(("create", "supersede")), "Create"),
        (raw.disposition.startswith("overwrite"), "Update"),
        else_="Open",
    )
    return raw.select(
        *LINEAGE,
        **_base(raw),
        activity=f.lookup(raw.operation, ACTIVITIES, other=opened),
        medium=raw.share,
        file_name=f.leaf(raw.path),
        file_path=raw.path,
        target_path=ibis.ifelse(renamed, raw.target, ibis.null("string")),
    )
