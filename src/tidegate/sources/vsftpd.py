"""vsftpd's own log: sign-ins, and files that clients fetched, stored, renamed and deleted.

Times are the server's zone where `use_localtime` is on, else GMT; they are taken to be UTC.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.sources import _ftp as ftp
from tidegate.units import LINEAGE, Log, source

BEGIN = rf"^{ftp.STAMP} \[pid \d+\] (?:\[(?P<user>[^\]]*)\] )?"
CLIENT = r': Client "(?P<client>[^"]*)"'
ANYBODY = ("ftp", "anonymous")
ACTIVITIES = {"UPLOAD": "Upload", "DOWNLOAD": "Download", "DELETE": "Delete", "RENAME": "Rename", "RMDIR": "Delete"}

VSFTPD = Log(
    id="vsftpd",
    title="vsftpd",
    formats=("lines",),
    how="Take /var/log/vsftpd.log; vsftpd.conf: `xferlog_enable=YES`, `xferlog_std_format=NO`.",
    reference="https://security.appspot.com/vsftpd/vsftpd_conf.html",
    files=("vsftpd*.log*",),
    probe=BEGIN + r"(?:OK|FAIL|CONNECT|FTP|DEBUG)\b",
    ignore=BEGIN + r"(?:CONNECT: |FTP (?:command|response): |DEBUG: |(?:OK|FAIL) (?:MKDIR|CHMOD): )",
)


@source(
    log=VSFTPD,
    produces="authentication",
    pattern=BEGIN + r"(?P<outcome>OK|FAIL) " + "LOGIN" + CLIENT,
)
def vsftpd_signins(raw: ibis.Table) -> ibis.Table:
    """Sign-ins, the failed ones too."""
    return raw.select(
        *LINEAGE,
        time=ftp.time(raw),
        activity=ibis.literal("Logon"),
        status=f.success(raw.outcome == "OK"),
        actor=f.lower(raw.user),
        src_ip=_address(raw.client),
        service=ibis.literal("ftp"),
    )


@source(
    log=VSFTPD,
    produces="file_hosting",
    pattern=BEGIN
    + rf"(?P<outcome>OK|FAIL) (?P<command>{'|'.join(ACTIVITIES)})"
    + CLIENT
    + r', "(?P<path>.*)"(?:, (?P<size>\d+) bytes)?(?:, [\d.]+Kbyte/sec)?$',
)
def vsftpd_files(raw: ibis.Table) -> ibis.Table:
    """Files fetched from the server, stored on it, renamed and deleted, by account and address."""
    activity = f.lookup(raw.command, ACTIVITIES, other=raw.command)
    path = ibis.ifelse(raw.command == "RENAME", raw.path.re_replace(" /.*$", ""), raw.path)  # old and new
    return raw.select(
        *LINEAGE,
        time=ftp.time(raw),
        activity=activity,
        status=f.success(raw.outcome == "OK"),
        actor=ibis.ifelse(raw.user.isin(ANYBODY), ibis.null("string"), f.lower(raw.user)),
        src_ip=_address(raw.client),
        operation=raw.command,
        recipient=ftp.handed_out(activity, raw.user.isin(ANYBODY)),
        file_name=f.leaf(path),
        file_path=path,
        file_size=raw["size"].try_cast("int64"),
    )


def _address(client: ibis.ir.StringValue) -> ibis.ir.StringValue:
    """Of a server that listens on IPv6, IPv4 clients are `::ffff:192.0.2.1`."""
    return f.ip(client.re_replace("^::ffff:", ""))
