"""Linux audit log: what the kernel and the sign-in services of a host saw, as auditd writes it to audit.log.

The lines of one event, which share `audit(time:serial)`, are one record: SYSCALL has who and what, EXECVE the
arguments, PATH the files, SOCKADDR the other side. Where the log is enriched (the upper-case names after the separator
U+001D), accounts have names, else the numbers of the host. System calls are known by their numbers on x86-64, 64-bit
Arm and 32-bit x86; those of other machines are ignored. Times are UTC.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._encoded import hexadecimal
from tidegate.units import LINEAGE, Log, source

LINE = r"^(?:node=\S+ )?type=[A-Z0-9_\[\]]+ msg=audit\(\d+\.\d+:\d+\): "

AUDITD = Log(
    id="auditd",
    title="Linux audit",
    formats=("lines",),
    how=(
        "Take /var/log/audit/audit.log with its rotated parts; in auditd.conf set `log_format = ENRICHED` for names of "
        "accounts and `name_format = HOSTNAME` for that of the host, and watch folders with `auditctl -w PATH -p rwa`."
    ),
    reference="https://github.com/linux-audit/audit-documentation/wiki/SPEC-Audit-Event-Enrichment",
    files=("audit.log*",),
    probe=LINE,
    groups=r"^(?:node=\S+ )?type=\S* msg=audit\((?P<event>[^)]*)\)",
    ignore=LINE,  # events of other kinds, and what came of an event after its first lines
)

MACHINES = ("c000003e", "c00000b7", "40000003")
# Numbers of each on these machines, 0 where it has none: Linux, arch/*/entry/syscalls/*.tbl and asm-generic/unistd.h.
CALLS = {
    "execve": (59, 221, 11),
    "execveat": (322, 281, 358),
    "connect": (42, 203, 362),
    "open": (2, 0, 5),
    "creat": (85, 0, 8),
    "openat": (257, 56, 295),
    "openat2": (437, 437, 437),
    "truncate": (76, 45, 92),
    "rename": (82, 0, 38),
    "renameat": (264, 38, 302),
    "renameat2": (316, 276, 353),
    "unlink": (87, 0, 10),
    "unlinkat": (263, 35, 301),
    "rmdir": (84, 0, 40),
    "mkdir": (83, 0, 39),
    "mkdirat": (258, 34, 296),
    "chmod": (90, 0, 15),
    "fchmodat": (268, 53, 306),
    "chown": (92, 0, 182),
    "fchownat": (260, 54, 298),
}
BEGIN = r"(?:^|\n)(?:node=(?P<node>\S+) )?type={} msg=audit\((?P<stamp>[\d.]+):\d+\): "
UNDER_WAY = ("-115", "EINPROGRESS")  # how a connection begins that is not waited for
_UNSET = ("unset", "4294967295", "-1", "?")


def called(*names: str) -> str:
    """RE2 of the SYSCALL line of these system calls, with the groups that `base` reads, and `a1`, `a2` and `exit`."""
    calls = "|".join(
        f"{machine} syscall=(?:{'|'.join(str(CALLS[name][i]) for name in names if CALLS[name][i])})"
        for i, machine in enumerate(MACHINES)
    )
    return (
        BEGIN.format("SYSCALL")
        + rf"arch=(?P<call>{calls}) (?:per=\w+ )?(?:success=(?P<success>\w+) exit=(?P<exit>\S+) )?"
        r"a0=\w+ a1=(?P<a1>\w+) a2=(?P<a2>\w+) [^\n]*?auid=(?P<login>\d+) uid=(?P<user>\d+) "
        r"[^\n\x1d]*? exe=(?P<exe>[^ \n\x1d]+)[^\n\x1d]*"
        r'(?:\x1d[^\n]*?AUID="(?P<login_name>[^"]*)" UID="(?P<user_name>[^"]*)")?'
    )


def call(raw: ibis.Table) -> ir.StringValue:
    """Name of the system call."""
    names = {f"{m} syscall={numbers[i]}": name for name, numbers in CALLS.items() for i, m in enumerate(MACHINES)}
    return f.lookup(raw["call"], names, other=ibis.null("string"))


def base(raw: ibis.Table) -> dict[str, ir.Value]:
    """Columns that the events of all system calls have. The actor is who signed in, whoever they became since."""
    return {
        "time": f.epoch(raw.stamp.try_cast("float64")),
        "actor": account(raw.login_name, raw.login, raw.user_name, raw.user),
        "device": f.lower(raw.node),
        "status": f.lookup(raw.success, {"yes": "Success", "no": "Failure"}, other=ibis.null("string")),
    }


def account(*names: ir.StringValue) -> ir.StringValue:
    """The first that is one."""
    return f.lower(ibis.coalesce(*(ibis.ifelse(name.isin(_UNSET), ibis.null("string"), name) for name in names)))


def plain(value: ir.StringValue) -> ir.StringValue:
    """What a field holds: text between quotation marks, or its bytes in hexadecimal, as where it has spaces in it."""
    return ibis.cases(
        (value.startswith('"'), value.replace('"', "")),
        (value.re_search("^(?:[0-9A-F]{2})+$"), hexadecimal(value)),
        (value != "(null)", value),
    )


@source(log=AUDITD, produces="process_activity", pattern=called("execve", "execveat"))
def auditd_process(raw: ibis.Table) -> ibis.Table:
    """Programs that were started, with their arguments."""
    words = raw.record.re_extract(r"type=EXECVE [^\n]*?argc=\d+([^\n\x1d]*)", 1).re_split(r" a\d+(?:\[\d+\])?=")
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=ibis.literal("Launch"),
        process=plain(raw.exe),
        command_line=f.text(words.map(lambda word: plain(word)).join(" ")),
    )


@source(
    log=AUDITD,
    produces="process_activity",
    pattern=(
        BEGIN.format("USER_CMD") + r"pid=\d+ uid=(?P<user>\d+) auid=(?P<login>\d+) [^\n]*? cmd=(?P<command>\S+) "
        r"(?:exe=(?P<exe>\S+) )?[^\n]*?res=(?P<result>\w+)"
        r'(?:[^\n]*?\x1dUID="(?P<user_name>[^"]*)" AUID="(?P<login_name>[^"]*)")?'
    ),
)
def auditd_sudo(raw: ibis.Table) -> ibis.Table:
    """Commands given through sudo."""
    command = plain(raw.command)
    return raw.select(
        *LINEAGE,
        time=f.epoch(raw.stamp.try_cast("float64")),
        actor=account(raw.login_name, raw.login, raw.user_name, raw.user),
        device=f.lower(raw.node),
        status=outcome(raw.result),
        activity=ibis.literal("Launch"),
        process=command.re_extract(r"^(\S+)", 1),
        command_line=command,
        parent=plain(raw.exe),
    )


def outcome(result: ir.StringValue) -> ir.StringValue:
    """Of what a service says, in the words of old and new ones."""
    return f.lookup(
        result,
        {"success": "Success", "1": "Success", "yes": "Success", "failed": "Failure", "0": "Failure", "no": "Failure"},
        other=ibis.null("string"),
    )


@source(
    log=AUDITD,
    produces="network_activity",
    pattern=(
        called("connect") + r"[^\n]*\n(?:[^\n]*\n)*?(?:node=\S+ )?type=SOCKADDR [^\n]*?"
        r"saddr=(?P<family>02|0A)00(?P<port>[0-9A-F]{4})(?P<ipv4>[0-9A-F]{8})(?P<ipv6>[0-9A-F]{32})?"
        r"(?:[^\n]*\x1d[^\n]*laddr=(?P<named>\S+))?"
    ),
)
def auditd_network(raw: ibis.Table) -> ibis.Table:
    """Connections that programs opened; how much went over them it does not say."""
    octets = [("0x" + raw.ipv4[i : i + 2]).try_cast("int32").cast("string") for i in (0, 2, 4, 6)]
    groups = raw.ipv6.lower().re_replace("(....)", r"\1:").re_replace(":$", "")
    return raw.select(
        *LINEAGE,
        **(base(raw) | {"status": ibis.ifelse(raw["exit"].isin(UNDER_WAY), "Success", base(raw)["status"])}),
        activity=ibis.literal("Open"),
        dst_ip=ibis.coalesce(raw.named, ibis.ifelse(raw.family == "02", ibis.literal(".").join(octets), groups)),
        dst_port=("0x" + raw.port).try_cast("int32"),
        service=f.leaf(plain(raw.exe)),
    )
