"""Linux logs: what the probes leave to others, and real samples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.samples import sample
from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.reading.recognise import recognise
from tidegate.registry import sources


@pytest.mark.parametrize(
    ("log", "line"),
    [
        # The kernel's ring buffer tells of audit events in another form.
        ("auditd", "audit: type=1400 audit(1763632800.123:42): apparmor=DENIED operation=open"),
        # Any other log of `type=`.
        ("auditd", "type=login user=ann time=1763632800"),
        # A web server's log, or anything else that begins with a weekday.
        ("xferlog", "Thu Nov 20 10:00:00 2025 [error] [client 192.0.2.1] File does not exist: /srv/ftp"),
        ("vsftpd", "Thu Nov 20 10:00:00 2025 [pid 12] AH00163: Apache/2.4 configured -- resuming normal operations"),
        # vsftpd's two logs are each other's near miss.
        ("xferlog", 'Thu Nov 20 10:00:00 2025 [pid 2] [ann] OK DELETE: Client "192.0.2.1", "/a"'),
        ("vsftpd", "Thu Nov 20 10:00:00 2025 1 192.0.2.10 4589 /a b _ o r ann ftp 0 * c"),
        # Samba's own messages, and an audit with the prefix that Samba has where none is set.
        ("samba", "Nov 20 10:00:00 files smbd[12]: [2025/11/20 10:00:00.1, 0] smbd_open_once_socket: open_socket_in"),
        ("samba", "Nov 20 10:00:00 files smbd_audit[12]: ann|192.0.2.10|openat|ok|r|/srv/x.csv"),
        # A daemon's file of its own whose lines have no program.
        ("syslog", "2025-11-20T10:00:00Z INFO started"),
        ("syslog", "Nov 20 10:00:00 ann signed in"),
        # CEF and pairs through syslog belong to those who read them.
        ("syslog", "Nov 20 10:00:00 gate CEF:0|Vendor|Gate|1|100|login|5|src=192.0.2.1"),
        ("syslog", "<189>Nov 20 10:00:00 gate date=2025-11-20 time=10:00:00 devname=gate type=traffic"),
    ],
)
def test_probe_leaves_lines_of_other_products(log: str, line: str) -> None:
    probe = next(source.log.probe for source in sources().values() if source.log.id == log)
    assert probe is not None
    assert re.search(probe, line) is None


def known(name: str, *lines: str) -> str | None:
    found = recognise(name, "\n".join(lines).encode(), sources().values(), whole=True)
    return found.log.id if found else None


SSHD = "Nov 20 10:00:00 files sshd[100]: Accepted publickey for ann from 192.0.2.10 port 50001 ssh2"
CRON = "Nov 20 10:00:00 files CRON[9]: (root) CMD (touch /x)"
QUEUED = "Nov 20 10:00:00 mail postfix/qmgr[7]: 3F2A1B0C: from=<ann@example.org>, size=512, nrcpt=1 (queue active)"


def test_a_mixed_file_is_the_system_log_and_a_pure_one_its_programs() -> None:
    assert known("messages", SSHD, CRON, QUEUED) == "syslog"
    assert known("x.log", SSHD, CRON, QUEUED) == "syslog"
    assert known("mail.log", QUEUED) == "postfix"
    # OpenSSH's lines never come alone: sudo and cron write to the same file.
    assert known("auth.log", SSHD) == "syslog"
    # The near miss: a journal's export is JSON, whatever its messages are.
    assert known("x.log", '{"__REALTIME_TIMESTAMP":"1","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"a"}') == "journald"


@pytest.mark.parametrize(
    ("name", "events", "quarantined", "ignored"),
    [
        ("audit_enriched.log", {"process_activity": 4, "authentication": 2, "account_change": 2}, 0, 4),
        ("vsftpd.log", {"file_hosting": 16, "authentication": 4}, 0, 5),
        ("syslog__syslog_ssh.log", {"authentication": 7}, 0, 2),
        ("syslog__syslog_cron.log", {}, 0, 9),
    ],
)
def test_samples(tmp_path: Path, name: str, events: dict[str, int], quarantined: int, ignored: int) -> None:
    lake = Lake(tmp_path / "lake")
    done = ingest([sample("logs", "plaso", name)], lake)
    found = {c: n for c in CLASSES if (n := lake.engine.ibis.execute(lake.table(c).count()))}
    lake.close()
    assert (found, done.quarantined, done.ignored, done.unknown_files) == (events, quarantined, ignored, ())
