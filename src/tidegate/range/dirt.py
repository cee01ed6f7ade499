"""What log folders hold besides logs: broken lines, a file cut short, one in UTF-16, one that is no log at all."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

from tidegate.range.logs.rendering import gzipped
from tidegate.range.world import World


def spill(folder: Path, world: World) -> list[dict[str, Any]]:
    """Spoil a few files of the first, quiet third of the period. Returns what was done, for truth.json."""
    calendar = world.workdays
    days = [d for d in range(1, max(3, world.days // 3)) if calendar.weekday[d] < 5]
    written = {
        log: [name for day in days if (folder / (name := log.format(calendar.date(day)))).exists()]
        for log in ("zeek/{}/conn.log.gz", "squid/access.log-{:%Y%m%d}.gz", "zeek/{}/ssl.log.gz")
    }
    conn, squid, ssl = (names[n % len(names)] for n, names in enumerate(written.values()))
    return [
        _break_lines(folder, conn, [b'{"ts":1770000000.1,"uid":"C', b"\x00\x00\x00 bad block"]),
        _break_lines(folder, squid, [b"1770000000.123 TCP_MISS/"]),
        _cut(folder, ssl),
        _utf16(folder, min((folder / "microsoft365").glob("AuditLog_*.csv"))),
        _strange(folder),
    ]


def _break_lines(folder: Path, name: str, lines: list[bytes]) -> dict[str, Any]:
    """Put lines that do not parse in the middle of a file."""
    path = folder / name
    good = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    middle = len(good) // 2
    good[middle:middle] = [line + b"\n" for line in lines]
    path.write_bytes(gzipped(b"".join(good)))
    return {"file": name, "what": "malformed lines", "lines": list(range(middle + 1, middle + 1 + len(lines)))}


def _cut(folder: Path, name: str) -> dict[str, Any]:
    """Stop a gzip in its middle, as a full disk does."""
    path = folder / name
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    return {"file": name, "what": "truncated gzip"}


def _utf16(folder: Path, export: Path) -> dict[str, Any]:
    """A search for a few records, saved by PowerShell in UTF-16; the same records are in the portal's export."""
    name = "microsoft365/helpdesk-search.csv"
    with export.open(encoding="utf-8-sig", newline="") as file:
        found = [row for row, _ in zip(csv.DictReader(file), range(25), strict=False)]
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    write.writerow(("RecordType", "CreationDate", "UserIds", "Operations", "AuditData"))
    write.writerows((r["RecordType"], r["CreationDate"], r["UserId"], r["Operation"], r["AuditData"]) for r in found)
    (folder / name).write_bytes(out.getvalue().encode("utf-16"))
    return {"file": name, "what": "UTF-16, records that are in the export too", "lines": len(found)}


def _strange(folder: Path) -> dict[str, Any]:
    name = "zeek/site-plan.bin"
    (folder / name).write_bytes(bytes(range(256)) * 8)
    return {"file": name, "what": "not a log"}
