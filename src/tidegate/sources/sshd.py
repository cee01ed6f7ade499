"""OpenSSH server, through syslog: sign-ins, and files that went through its SFTP server.

The server names who signed in and what a session's process did on lines of their own; `session` joins them.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _linux as linux
from tidegate.sources import _syslog as syslog
from tidegate.units import LINEAGE, Log, source

SSHD = Log(
    id="sshd",
    title="OpenSSH",
    formats=("lines",),
    how=(
        "Take /var/log/auth.log (or secure) with its rotated parts; to see files, set `Subsystem sftp internal-sftp "
        "-l INFO` in sshd_config, and give a chrooted session a /dev/log."
    ),
    reference="https://man.openbsd.org/sftp-server.8",
    within="syslog",
)
MODIFIED = {"source_modified": "timestamp(6)"}


@source(
    log=SSHD,
    produces="authentication",
    columns=MODIFIED,
    pattern=syslog.fields(linux.SIGNIN.programs, pid=True) + linux.SIGNIN.pattern,
)
def sshd_signins(raw: ibis.Table) -> ibis.Table:
    """Sign-ins through SSH, the failed ones too, and sessions of its SFTP server."""
    return raw.select(*LINEAGE, time=syslog.time(raw.stamp, raw.source_modified), **linux.SIGNIN.columns(raw))


@source(
    log=SSHD,
    produces="file_hosting",
    columns=MODIFIED,
    pattern=syslog.fields(linux.SFTP.programs, pid=True) + linux.SFTP.pattern,
)
def sshd_sftp(raw: ibis.Table) -> ibis.Table:
    """Files fetched, stored, renamed and removed through SFTP."""
    return raw.select(*LINEAGE, time=syslog.time(raw.stamp, raw.source_modified), **linux.SFTP.columns(raw))
