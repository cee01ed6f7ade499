"""Files of the Linux audit log: what was opened, made, changed, renamed and deleted below the watched folders."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.auditd import AUDITD, base, call, called, plain
from tidegate.units import LINEAGE, source

ACTIVITIES = {
    "openat2": "Open",  # its flags are not among the arguments
    "creat": "Create",
    "truncate": "Update",
    "rename": "Rename",
    "renameat": "Rename",
    "renameat2": "Rename",
    "unlink": "Delete",
    "unlinkat": "Delete",
    "rmdir": "Delete",
    "mkdir": "Create",
    "mkdirat": "Create",
    "chmod": "Set Attributes",
    "fchmodat": "Set Attributes",
    "chown": "Set Security",
    "fchownat": "Set Security",
}
READING = ("0", "4", "8", "c")  # last digits of flags whose lowest two bits, O_ACCMODE, say O_RDONLY


@source(
    log=AUDITD,
    produces="file_activity",
    pattern=called("open", "openat", *ACTIVITIES),
)
def auditd_files(raw: ibis.Table) -> ibis.Table:
    """Files opened to read or to write, made, renamed, deleted, or given other rights."""
    name = call(raw)
    flags = ibis.ifelse(name == "open", raw.a1, raw.a2).right(1)
    renamed = name.startswith("rename")
    made = _named(raw, "CREATE")
    path = ibis.ifelse(renamed, _named(raw, "DELETE"), _named(raw, "NORMAL|CREATE|DELETE|UNKNOWN"))
    opened = ibis.cases((made.notnull(), "Create"), (flags.isin(READING), "Read"), else_="Update")
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(name, ACTIVITIES, other=opened),
        file_name=f.leaf(path),
        file_path=path,
        target_path=ibis.ifelse(renamed, made, ibis.null("string")),
        process=plain(raw.exe),
    )


def _named(raw: ibis.Table, kinds: str) -> ir.StringValue:
    """Path of the last file of these kinds, from the root: names are as the program gave them, to be read from CWD."""
    name = plain(f.text(raw.record.re_extract(rf"[\s\S]*type=PATH [^\n]* name=(\S+) [^\n]*nametype=(?:{kinds})", 1)))
    folder = plain(f.text(raw.record.re_extract(r"type=CWD [^\n]* cwd=([^ \n\x1d]+)", 1)))
    return ibis.ifelse(name.startswith("/") | folder.isnull(), name, (folder + "/" + name).replace("//", "/"))
