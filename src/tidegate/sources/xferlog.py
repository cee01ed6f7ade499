"""Transfer log of FTP servers (wu-ftpd, ProFTPD, vsftpd, Pure-FTPd): files that clients fetched, stored and deleted.

A file that goes out of the server is a download. Spaces in names are underscores, as the servers write them. Times are
the server's; without an offset they are taken to be UTC.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.sources import _ftp as ftp
from tidegate.units import LINEAGE, Log, source

PATTERN = (
    rf"^{ftp.STAMP} \d+ (?P<host>\S+) (?P<size>\d+) (?P<path>.+) [ab] [CUT_]+ (?P<direction>[oid]) (?P<access>[agr]) "
    r"(?P<user>.+) (?P<service>\S+) [01] \S+ (?P<completion>[ci])$"
)

XFERLOG = Log(
    id="xferlog",
    title="FTP transfer log",
    formats=("lines",),
    how=(
        "Take /var/log/xferlog; ProFTPD: `TransferLog /var/log/xferlog`; vsftpd: `xferlog_enable=YES` and "
        "`xferlog_std_format=YES`."
    ),
    reference="http://www.castaglia.org/proftpd/doc/xferlog.html",
    files=("xferlog*",),
    probe=PATTERN,
)


@source(log=XFERLOG, produces="file_hosting", pattern=PATTERN)
def xferlog(raw: ibis.Table) -> ibis.Table:
    """Files fetched from the server, stored on it and deleted, by account and address."""
    activity = f.lookup(raw.direction, {"o": "Download", "i": "Upload", "d": "Delete"}, other=ibis.null("string"))
    return raw.select(
        *LINEAGE,
        time=ftp.time(raw),
        activity=activity,
        status=f.lookup(raw.completion, {"c": "Success", "i": "Failure"}, other=ibis.null("string")),
        # Of an anonymous client, `user` is what it gave for a password.
        actor=ibis.ifelse(raw.access == "a", ibis.null("string"), f.lower(raw.user)),
        device=ibis.ifelse(f.ip(raw.host).isnull(), f.lower(raw.host), ibis.null("string")),
        src_ip=f.ip(raw.host),
        operation=raw.service,
        recipient=ftp.handed_out(activity, raw.access == "a"),
        file_name=f.leaf(raw.path),
        file_path=raw.path,
        file_size=raw["size"].try_cast("int64"),
    )
