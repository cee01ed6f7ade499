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


NAME = r"type=PATH [^\n]*? name=(\S+) [^\n]*nametype=(?:{})"


@source(log=AUDITD, produces="file_activity", pattern=called("open", "openat", *ACTIVITIES))
def auditd_files(raw: ibis.Table) -> ibis.Table:
    """Files opened to read or to write, made, renamed, deleted, or given other rights."""
    name = call(raw)
    flags = ibis.ifelse(name == "open", raw.a1, raw.a2).right(1)
    folder = raw.record.re_extract(r"type=CWD [^\n]*?cwd=([^ \n\x1d]+)", 1)
    # A name that is changed leaves the old one, DELETE, and then the new one, CREATE.
    made = raw.record.re_extract(NAME.format("CREATE"), 1)
    path = _path(raw.record.re_extract(NAME.format("NORMAL|CREATE|DELETE|UNKNOWN"), 1), folder)
    opened = ibis.cases((made != "", "Create"), (flags.isin(READING), "Read"), else_="Update")
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(name, ACTIVITIES, other=opened),
        file_name=f.leaf(path),
        file_path=path,
        target_path=ibis.ifelse(name.startswith("rename"), _path(made, folder), ibis.null("string")),
        process=plain(raw.exe),
    )


def _path(name: ir.StringValue, folder: ir.StringValue) -> ir.StringValue:
    """From the root: names are as the program gave them, to be read from the folder it was in."""
    name, folder = plain(f.text(name)), plain(f.text(folder))
    return ibis.ifelse(name.startswith("/") | folder.isnull(), name, (folder + "/" + name).replace("//", "/"))
