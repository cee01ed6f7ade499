"""CERT insider-threat test data, releases 4.2 to 6.2: logon, device, file, email and http CSVs of a made-up company.

Everybody in the field compares on them. `content` (words of pages, mails and files) is never read.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

CERT = Log(
    id="cert",
    title="CERT Insider Threat Test Dataset",
    formats=("csv",),
    how="Unpack a release (r4.2 to r6.2) and point Tidegate at its logon, device, file, email and http CSVs.",
    reference="https://doi.org/10.1184/R1/12841247",
    files=("logon.csv", "device.csv", "file.csv", "email.csv", "http.csv"),
)
BASE = {"id": "string", "date": "string", "user": "string", "pc": "string"}
NEEDS = tuple(BASE)

SESSIONS = {"Logon": "Logon", "Logoff": "Logoff"}
DEVICES = {"Connect": "Mount", "Disconnect": "Unmount"}
FILES = {"File Open": "Open", "File Write": "Update", "File Copy": "Copy", "File Delete": "Delete"}
MAILS = {"Send": "Send", "Receive": "Receive", "View": "Read"}
PAGES = {"WWW Visit": "Get", "WWW Download": "Get", "WWW Upload": "Post"}


def base(raw: ibis.Table) -> dict[str, ir.Value]:
    """Which record, when, whose, and at which computer."""
    us = raw["date"].re_extract(r"^(\d\d/\d\d/\d{4} \d\d:\d\d:\d\d)$", 1)  # MM/DD/YYYY
    return {
        "uid": raw.id,
        "time": f.iso(us.re_replace(r"^(\d\d)/(\d\d)/(\d{4})", r"\3-\1-\2")),
        "actor": f.lower(raw.user),
        "device": f.lower(raw.pc),
    }


@source(
    log=CERT,
    produces="authentication",
    columns=BASE | {"activity": "string"},
    needs=(*NEEDS, "activity"),
    where=lambda raw: raw.activity.isin(SESSIONS),
)
def cert_logon(raw: ibis.Table) -> ibis.Table:
    """Sessions opened and closed at a computer (logon.csv)."""
    return raw.select(
        *LINEAGE, **base(raw), activity=f.lookup(raw.activity, SESSIONS, other="Logon"), status=ibis.literal("Success")
    )


@source(
    log=CERT,
    produces="file_activity",
    columns=BASE | {"activity": "string"},
    needs=(*NEEDS, "activity"),
    where=lambda raw: raw.activity.isin(DEVICES),
)
def cert_device(raw: ibis.Table) -> ibis.Table:
    """Removable drives plugged in and taken out (device.csv)."""
    return raw.select(
        *LINEAGE, **base(raw), activity=f.lookup(raw.activity, DEVICES, other="Mount"), removable=ibis.literal(True)
    )


@source(
    log=CERT,
    produces="file_activity",
    columns=BASE | {"filename": "string", "activity": "string", "to_removable_media": "boolean"},
    needs=(*NEEDS, "filename"),
    where=lambda raw: raw.filename.notnull(),
)
def cert_file(raw: ibis.Table) -> ibis.Table:
    """Files used on, or copied to, removable drives (file.csv); in release 4 every record is such a copy."""
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(raw.activity.fill_null("File Copy"), FILES, other=raw.activity),
        file_name=f.leaf(raw.filename),
        file_path=raw.filename,
        removable=raw.to_removable_media.fill_null(raw.activity.isnull()),
    )


@source(
    log=CERT,
    produces="email_activity",
    columns=BASE
    | {
        "to": "string",
        "cc": "string",
        "bcc": "string",
        "from": "string",
        "activity": "string",
        "size": "int64",
        "attachments": "string",
    },
    needs=(*NEEDS, "to", "from", "attachments"),
    where=lambda raw: raw["from"].notnull(),
)
def cert_email(raw: ibis.Table) -> ibis.Table:
    """Mails sent, received and read (email.csv): `attachments` is a count in release 4, later `name(size);…`."""
    names = raw.attachments.re_replace(r"\(\d+\)(;|$)", r"\1")
    carried = f.listed(raw.attachments).map(lambda one: one.re_extract(r"\((\d+)\)$", 1).try_cast("int64")).sums()
    people = (ibis.coalesce(raw[who] + ";", "") for who in ("to", "cc", "bcc"))
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(raw.activity.fill_null("Send"), MAILS, other=raw.activity),
        sender=f.address(raw["from"]),
        recipients=f.listed(sum(people, ibis.literal("")).lower()),
        bytes_out=raw["size"] + carried.fill_null(0),  # its size is that of the text alone
        attachments=f.listed(ibis.ifelse(names.re_search(r"^\d*$"), "", names)).map(f.leaf),
    )


@source(
    log=CERT,
    produces="http_activity",
    columns=BASE | {"url": "string", "activity": "string"},
    needs=(*NEEDS, "url"),
    where=lambda raw: raw.url.notnull(),
)
def cert_http(raw: ibis.Table) -> ibis.Table:
    """Pages visited and files moved up and down (http.csv); release 4 and 5 do not say which."""
    moved = raw.activity.isin(("WWW Download", "WWW Upload"))
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(raw.activity.fill_null("WWW Visit"), PAGES, other="Get"),
        url=raw.url,
        dst_host=f.url_host(raw.url),
        file_name=ibis.cases((moved, f.url_leaf(raw.url))),
    )
