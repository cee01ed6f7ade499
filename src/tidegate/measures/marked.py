"""Files that bear a protective marking, and what was done with each: few rows, so every one is kept."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
from ibis import _

from tidegate.events.transfers import GATHERING
from tidegate.measures._markings import in_label, in_name
from tidegate.measures._places import done, folder, own_drive

OUT = ("removable", "mail", "register", "cloud", "web")  # channels on which a name of a file is logged
COLUMNS = (
    *("uid", "time", "day", "hour", "actor", "device", "file", "marking", "place", "deed", "own", "channel"),
    *("endpoint", "bytes", "files", "first_time"),
)


def marked(
    hosted: ir.Table,
    local: ir.Table,
    transfers: ir.Table,
    *,
    own: Sequence[str] = (),
    known: ir.Table | None = None,
) -> ir.Table:
    """A row an event: who did what (`open`, `copy`, `send`) with which marked file, and where it went.

    transfers: of `MOVED` columns. own: words with which the organisation marks. A file copied on a device to somewhere
    that is no removable device has the place it went to as endpoint. known: `uid, marking` of events of files in which
    a marking stands; then these count, and no names.
    """
    if known is not None:
        hosted, local, transfers = (t.inner_join(known, "uid") for t in (hosted, local, transfers))
    labels = hosted.filter(_.label.notnull()).select("uid", label="label").distinct()
    sent = _sent(transfers, labels, own)
    return ibis.union(_opened(hosted, own), _copied(local, own), sent).select(*COLUMNS)


def _found(table: ir.Table, own: Sequence[str], *names: str) -> ir.Table:
    """Rows in whose names or label a marking stands, with the words as they were found."""
    words = [_words(table[name], in_name(own)) for name in names]
    if "label" in table.columns:
        words.append(ibis.cases((table.label.re_search(in_label(own)), table.label)))
    known = "marking" in table.columns
    return (
        table.mutate(marking=table.marking if known else ibis.coalesce(*words))
        .filter(_.marking.notnull())
        .mutate(hour=_.time.truncate("h"), first_time=_.time)
    )


def _words(name: ir.StringValue, pattern: str) -> ir.StringValue:
    return name.re_extract(pattern, 1).nullif("")


def _opened(hosted: ir.Table, own: Sequence[str]) -> ir.Table:
    taken = hosted.filter(_.activity.isin(GATHERING), done(_.status))
    return (
        _found(taken, own, "file_path", "file_name", "site")
        .mutate(
            file=ibis.coalesce(_.file_path, _.file_name),
            place=ibis.coalesce(_.site, folder(_.file_path), _.owner),
            deed=ibis.literal("open"),
            own=own_drive(_.actor, _.owner, _.site, _.file_path),
            channel=ibis.null("string"),
            endpoint=ibis.null("string"),
            bytes=_.file_size.fill_null(0),
            files=ibis.literal(1, "int64"),
        )
        .select(*COLUMNS)
    )


def _copied(local: ir.Table, own: Sequence[str]) -> ir.Table:
    """What was opened, printed or copied on a device and its shares; copies to removable devices are transfers."""
    taken = local.filter(_.activity.isin((*GATHERING, "Print")), ~_.removable.fill_null(False), done(_.status))
    away = taken.activity.isin(("Copy", "Print")) & taken.medium.notnull() & ~taken.medium.contains("\\")
    return (
        _found(taken.mutate(away=away), own, "file_path", "file_name")
        .mutate(
            file=ibis.coalesce(_.file_path, _.file_name),
            place=ibis.coalesce(_.medium, folder(_.file_path)),
            deed=ibis.ifelse(_.away, "copy", "open"),
            own=ibis.literal(False),
            channel=ibis.cases((_.away, ibis.ifelse(_.activity == "Print", "print", "cloud"))),
            endpoint=ibis.cases((_.away, _.medium.lower())),
            bytes=_.file_size.fill_null(0),
            files=ibis.literal(1, "int64"),
        )
        .select(*COLUMNS)
    )


def _sent(transfers: ir.Table, labels: ir.Table, own: Sequence[str]) -> ir.Table:
    named = transfers.filter(_.channel.isin(OUT)).left_join(labels, "uid").drop("uid_right")
    return (
        _found(named, own, "file_name")
        .mutate(
            file=_.file_name,
            place=ibis.null("string"),
            deed=ibis.ifelse(_.channel == "removable", "copy", "send"),
            own=ibis.literal(False),
            bytes=_.bytes.fill_null(0),
            files=_.files.fill_null(1),
        )
        .select(*COLUMNS)
    )
