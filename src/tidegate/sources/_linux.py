"""What services of a Linux host tell the system log, whether it is read as lines of syslog or as the journal's records.

Each kind of message has the programs that tell it (RE2), a pattern (RE2, its named groups are columns), and a function
from those columns, `host` and `pid` to event columns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._encoded import octal


@dataclass(frozen=True)
class Message:
    """A kind of message: who tells it, how it reads, and the columns of its event."""

    programs: str
    pattern: str
    columns: Callable[[ibis.Table], dict[str, ir.Value]]


def _session(raw: ibis.Table) -> ir.StringValue:
    """One process serves a session: its number joins what was done to who signed in."""
    return f.lower(raw.host) + "[" + raw.pid + "]"


def _signin(raw: ibis.Table) -> dict[str, ir.Value]:
    stranger = raw.stranger.notnull()
    left = raw.leaver.notnull() | (raw.opened == "closed")
    return {
        # Of a stranger, what the server says before it asks for a password.
        "activity": ibis.cases((stranger, "Preauth"), (left, "Logoff"), else_="Logon"),
        "status": ibis.ifelse(stranger | (raw.verdict == "Failed"), "Failure", "Success"),
        "actor": f.lower(octal(ibis.coalesce(raw.user, raw.leaver, raw["local"]))),
        "src_ip": f.ip(ibis.coalesce(raw.address, raw.left, raw.client)),
        "dst_host": f.lower(raw.host),
        "service": ibis.ifelse(raw.opened.notnull(), "sftp", "ssh"),
        "protocol": raw.method,
        "detail": ibis.ifelse(stranger | raw.unknown.notnull(), "unknown user", ibis.null("string")),
        "session": _session(raw),
    }


SIGNIN = Message(
    programs="sshd|sshd-session|sftp-server|internal-sftp",
    pattern=(
        r"(?:message repeated \d+ times: \[ )?(?:"
        # Whoever signs in may call themselves anything: what counts is the last `from`.
        r"(?:(?P<verdict>Accepted|Failed) (?P<method>\S+) for(?: (?P<unknown>invalid|illegal) user)?"
        r"|(?P<stranger>Invalid) user) (?P<user>.*) from (?P<address>\S+) port \d+"
        r"|Disconnected from user (?P<leaver>.*) (?P<left>\S+) port \d+"
        r"|session (?P<opened>opened|closed) for local user (?P<local>.*) from \[(?P<client>[^\]]*)\])"
    ),
    columns=_signin,
)
"""Sign-ins through SSH, the failed ones too, and sessions of its SFTP server."""


def _sftp(raw: ibis.Table) -> dict[str, ir.Value]:
    sent, kept = raw.sent.try_cast("int64"), raw.kept.try_cast("int64")
    path = octal(raw.path)
    return {
        "activity": ibis.cases(
            (kept > 0, "Upload"),
            (sent > 0, "Download"),
            (raw.verb.contains("close"), "Open"),
            (raw.verb.contains("rename"), "Rename"),
            else_="Delete",
        ),
        "status": ibis.literal("Success"),
        "site": f.lower(raw.host),
        "operation": raw.verb,
        "file_name": f.leaf(path),
        "file_path": path,
        "file_size": ibis.ifelse(kept > 0, kept, sent),
        "session": _session(raw),
    }


SFTP = Message(
    programs="sshd|sshd-session|sftp-server|internal-sftp",
    pattern=(
        r'(?P<verb>(?:forced )?close|remove name|rmdir name|(?:posix-)?rename old) "(?P<path>.*?)"'
        r'(?: bytes read (?P<sent>\d+) written (?P<kept>\d+)| new ".*"|$)'
    ),
    columns=_sftp,
)
"""Files that went through the SFTP server: what it read left it, what it wrote came in."""


def _sudo(raw: ibis.Table) -> dict[str, ir.Value]:
    return {
        "activity": ibis.literal("Launch"),
        "status": ibis.ifelse(raw.refusal.isnull(), "Success", "Failure"),
        "actor": f.lower(raw.user),
        "device": f.lower(raw.host),
        "process": raw.command.re_extract(r"^(\S+)", 1),
        "command_line": raw.command,
        "parent": ibis.literal("sudo"),
    }


SUDO = Message(
    programs="sudo",
    pattern=r"(?P<user>\S+) : (?:(?P<refusal>[^;=]+) ; )?[A-Z]+=.* ; COMMAND=(?P<command>.+)$",
    columns=_sudo,
)
"""Commands given through sudo, the refused ones too."""


def _login(raw: ibis.Table) -> dict[str, ir.Value]:
    return {
        "activity": ibis.literal("Logon"),
        "status": ibis.literal("Success"),
        "actor": f.lower(raw.user),
        "dst_host": f.lower(raw.host),
        "service": ibis.literal("systemd-logind"),
    }


LOGIN = Message(
    programs="systemd-logind",
    pattern=r"New session \S+ of user (?P<user>\S+?)\.?$",
    columns=_login,
)
"""Sessions that began on the host, at its own keyboard too."""


def _usb(raw: ibis.Table) -> dict[str, ir.Value]:
    return {
        "activity": ibis.ifelse(raw.gone.isnull(), "Connect", "Disconnect"),
        "device": f.lower(raw.host),
        "medium": ibis.coalesce(raw.vendor + ":" + raw["product"], "usb " + ibis.coalesce(raw.port, raw.storage)),
        "serial": f.text(raw.serial),
        "kind": ibis.ifelse(raw.storage.isnull(), ibis.null("string"), "disk"),
    }


USB = Message(
    programs="kernel",
    pattern=(
        r"(?:\[ *[\d.]+\] )?(?:usb-storage (?P<storage>[\d.-]+):\S+ USB Mass Storage device detected"
        r"|usb (?P<port>[\d.-]+): (?:New USB device found, idVendor=(?P<vendor>\w+), idProduct=(?P<product>\w+)"
        r"|SerialNumber: (?P<serial>.+)|(?P<gone>USB disconnect)))"
    ),
    columns=_usb,
)
"""USB devices plugged in and out: of one, a message each with its make, its serial number, and that it is a disk."""
