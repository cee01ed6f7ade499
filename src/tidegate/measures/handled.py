"""Roll-up of what was done with files by ten minutes: who took, packed, wrote or deleted how many, where and when.

A file server's log has millions of rows a day, and every question of taking, gathering and working hours is asked of
years of it: this table holds a row for ten minutes of a person at a place, with one event uid, its largest. Whoever
works opens a file now and then: it has hardly more rows than one by the hour had, and says sooner what goes on.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.events.transfers import GATHERING
from tidegate.measures._places import done, folder, own_drive

# Archives, disk images and encrypted containers, also in parts: the formats that 7-Zip, WinRAR, tar and GnuPG write.
ARCHIVE = r"(?i)\.(zipx?|7z|rar|tar|tgz|tbz2?|txz|gz|bz2|xz|zst|lz4?|cab|arj|iso|wim|dmg|gpg|pgp|vhdx?)(\.\d{2,3})?$"
# Their programs. Without gzip and its like, that every log rotation launches: tar packs, they only press.
ARCHIVER = r"(?i)(^|[/\\])(7z[ar]?|7zg|7zfm|winrar|rar|wzzip|winzip\w*|zip|bsdtar|tar|makecab|gpg2?)(\.exe)?$"
UNPACKS = r"(?i)^\S+\s+(-?x|-\w*[xt]\w*\s|-?[et]\s|l\s|-d\b|--(extract|list|decrypt|verify))"
WRITES = ("Upload", "Create", "Update", "Move", "Rename", "Restore")
SLOT = 10  # minutes that share a row
SAME = ("uid", "time", "day", "actor", "device", "src_ip")


def handled(hosted: ir.Table, local: ir.Table, processes: ir.Table, objects: ir.Table) -> ir.Table:
    """One row a (slot, actor, device, address, place, act): files, events, bytes, own, removable, times, largest uid.

    act is `take` (read, open, download, synchronise, copy, preview), `pack` (an archive made, an archiver launched),
    `write` or `delete`. files are distinct ones within the slot, where the log names them.
    """
    acts = ibis.union(_hosted(hosted), _local(local), _launched(processes), _objects(objects))
    return (
        acts.filter(_.act.notnull())
        .mutate(hour=_.time.truncate("h"), slot=_.time.minute() // SLOT)
        .group_by("day", "hour", "slot", "actor", "device", "src_ip", "place", "act", "own", "removable")
        .agg(
            files=(_.file.nunique() + ibis.ifelse(_.file.isnull(), _["items"], 0).sum()).cast("int64"),
            events=_.count(),
            bytes=_["size"].sum().fill_null(0).cast("int64"),
            first_time=_.time.min(),
            last_time=_.time.max(),
            uid=_.uid.first(order_by=(ibis.desc(_["size"].fill_null(0)), "uid")),  # of equal ones always the same
        )
        .drop("slot")
    )


def _hosted(table: ir.Table) -> ir.Table:
    named = table.mutate(file=ibis.coalesce(_.file_path, _.file_name))
    wrote = ibis.ifelse(named.file.re_search(ARCHIVE), "pack", "write")
    return named.filter(done(_.status)).select(
        *SAME,
        "file",
        place=ibis.coalesce(_.site, folder(_.file_path), _.owner),
        act=ibis.cases(
            (named.activity.isin(GATHERING), "take"),
            (named.activity == "Delete", "delete"),
            (named.activity.isin(WRITES), wrote),
        ),
        size=_.file_size,
        items=_["items"].fill_null(1),
        own=own_drive(named.actor, named.owner, named.site, named.file_path),
        removable=ibis.literal(False),
    )


def _local(table: ir.Table) -> ir.Table:
    removable = table.removable.fill_null(False)
    made = ibis.coalesce(table.target_path, table.file_path, table.file_name)
    packed = made.re_search(ARCHIVE) | (table.activity == "Encrypt")
    copied = table.activity.isin(GATHERING)
    return table.filter(done(table.status)).select(
        *SAME,
        file=ibis.coalesce(table.file_path, table.file_name),
        place=ibis.coalesce(table.medium, folder(table.file_path)),
        act=ibis.cases(
            (table.activity == "Delete", "delete"),
            (copied & ~removable, "take"),
            (table.activity.isin((*WRITES, "Encrypt")) & packed.fill_null(False), "pack"),
            (table.activity.isin((*WRITES, "Encrypt")) | copied, "write"),
        ),
        size=table.file_size,
        items=ibis.literal(1, "int64"),
        own=ibis.literal(False),
        removable=removable,
    )


def _launched(table: ir.Table) -> ir.Table:
    packs = table.filter(_.activity == "Launch", done(_.status), _.process.re_search(ARCHIVER))
    return packs.filter(~_.command_line.fill_null("").re_search(UNPACKS)).select(
        *SAME,
        file=ibis.null("string"),
        place=ibis.null("string"),
        act=ibis.literal("pack"),
        size=ibis.null("int64"),
        items=ibis.literal(0, "int64"),  # nothing says how many went in
        own=ibis.literal(False),
        removable=ibis.literal(False),
    )


def _objects(table: ir.Table) -> ir.Table:
    verb = table.operation.lower()
    wrote = ibis.ifelse(table.object.re_search(ARCHIVE), "pack", "write")
    return table.filter(done(table.status), table.error.isnull(), table.object.notnull()).select(
        *SAME,
        file=table.resource + "/" + table.object,
        place=table.resource,
        act=ibis.cases(
            (verb.contains("delete"), "delete"),
            (verb.re_search(r"put|upload|insert|create|copy|compose|write|post"), wrote),
            (verb.contains("list"), ibis.null("string")),
            (verb.re_search(r"get|read|download|select|extract") | (table.bytes_out > 0), "take"),
        ),
        size=ibis.coalesce(table.bytes_out, table.bytes_in),
        items=ibis.literal(1, "int64"),
        own=ibis.literal(False),
        removable=ibis.literal(False),
    )
