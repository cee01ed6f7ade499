"""Every source on its fixtures: `<log>/<case>/input.*` is ingested, what the lake then holds is `expected.json`.

A case without `expected.json` fails and shows what it would hold: read it, correct the source, then save it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES
from tidegate.pipeline.ingest import ingest
from tidegate.reading.recognise import recognise
from tidegate.registry import sources
from tidegate.units import Source

FOLDER = Path(__file__).parent
INPUTS = sorted(FOLDER.glob("*/*/input.*"))
MODIFIED = datetime(2025, 12, 1, tzinfo=UTC).timestamp()  # syslog's times have no year: the file's date gives it
Stored = dict[str, list[dict[str, object]]]  # by table, in the order of the file's lines
OMITTED = ("source_file", "product", "day")  # the same for all events of a case, or told by their time


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Stored]:
    """What a lake of all cases holds, by file: a lake for each, or a question for each, would take most of the time."""
    folder = tmp_path_factory.mktemp("sources")
    copies = [folder / "logs" / path.relative_to(FOLDER) for path in INPUTS]
    for path, copy in zip(INPUTS, copies, strict=True):
        copy.parent.mkdir(parents=True)
        shutil.copy(path, copy)
        os.utime(copy, (MODIFIED, MODIFIED))
    held: dict[str, Stored] = defaultdict(dict)
    with closing(Lake(folder / "lake")) as lake:
        ingest(copies, lake)
        for name in (*CLASSES, "quarantine"):
            order = [column for column in ("source_line", "uid") if column in TABLES[name]]
            for row in lake.table(name).order_by(order).to_pyarrow().to_pylist():
                file = str(Path(row["source_file"]).relative_to(folder / "logs"))
                held[file].setdefault(name, []).append(told(row) if name in CLASSES else refused(row))
    return held


@pytest.mark.xdist_group("sources")  # one lake for all, whatever the number of processes
@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_fixture(path: Path, stored: Mapping[str, Stored]) -> None:
    found = json.dumps(stored[str(path.relative_to(FOLDER))], indent=1, ensure_ascii=False)
    expected = path.with_name("expected.json")
    if not expected.exists():
        pytest.fail(f"{expected} is missing; it would be:\n{found}")
    assert json.loads(found) == json.loads(expected.read_text())


@pytest.mark.parametrize("source", sources().values(), ids=lambda source: source.id)
def test_source_has_a_fixture_with_each_of_its_columns(source: Source) -> None:
    inputs = [path for path in INPUTS if path.parts[-3] == source.log.id]
    produced = {name for path in inputs for name in json.loads(path.with_name("expected.json").read_text())}
    assert source.produces in produced, f"no fixture of {source.log.id} has an event of {source.produces}"
    text = "\n".join(path.read_text() for path in inputs)
    words = {column: re.escape(column).replace("_", "[ _]") for column in source.columns}  # headings hold spaces
    unused = [column for column, word in words.items() if not re.search(rf"(?<!\w){word}(?!\w)", text, re.IGNORECASE)]
    if source.parts:
        most = max(len(line.split()) for line in text.splitlines() if re.search(source.pattern or "", line))
        unused = [column for column in unused if column not in source.parts[:most]]
    elif source.pattern:  # groups of it are there where they match
        records = [text] if source.log.groups else text.splitlines()
        matches = [match for record in records for match in re.finditer(source.pattern, record)]
        unused = [column for column in unused if not any(match.groupdict().get(column) for match in matches)]
    assert [column for column in unused if column != "source_modified"] == []  # that one comes from the engine


@pytest.mark.parametrize(
    ("log", "line"),
    [
        # A web server's own log looks like the combined format, without the proxy's verdict at its end.
        ("squid", '10.1.2.20 - - [20/Nov/2025:11:00:00 +0100] "GET /index.html HTTP/1.1" 200 5120 "-" "curl/8.5"'),
        # Any other log that begins with seconds since 1970.
        ("squid", "1763632800.123 10.1.2.20 login ok"),
        # Syslog of something that handles no mail.
        ("postfix", "Nov 30 23:59:58 host sshd[2100]: Accepted publickey for ann from 10.1.2.20 port 50001 ssh2"),
        # Another mail server.
        (
            "postfix",
            "2025-11-20 11:00:00 1vMabc-0000AB-1x <= ann@reserve.example H=localhost P=esmtp S=512",
        ),
        # Another log that begins with a plain date and time.
        ("exim", "2025-11-20 11:00:00 192.0.2.5 GET /index.html - 443 - 203.0.113.9 curl/8.5 200 0 0 15"),
        # A program of the same name as one of Dovecot's services, which names no level.
        ("dovecot", "Nov 20 11:00:00 host auth[12]: session opened for user ann"),
        # A DHCP client says what it was given.
        ("dhcpd", "Nov 20 11:00:00 host dhclient[812]: DHCPACK of 192.0.2.5 from 192.0.2.1"),
        # The server's configuration has blocks as well.
        ("dhcpd_leases", "subnet 192.0.2.0 netmask 255.255.255.0 {"),
        # Java programs write time, level and brackets in the same order.
        ("kea", "2025-11-20 11:00:00.123 INFO  [main] org.example.App started"),
        # Another DHCP server.
        ("dnsmasq", "Nov 20 11:00:00 gw dhcpd[812]: DHCPACK on 192.0.2.5 to 00:00:5e:00:53:01 via eth0"),
        # Tomcat has the same form of time.
        ("bind", "20-Nov-2025 11:00:00.123 INFO [main] org.apache.catalina.startup.Catalina.start Server startup"),
        # Nagios begins with seconds in brackets too.
        ("unbound", "[1763636400] SERVICE ALERT: gw;DNS;OK;HARD;1;answered"),
    ],
)
def test_probe_leaves_lines_of_other_products(log: str, line: str) -> None:
    probe = next(source.log.probe for source in sources().values() if source.log.id == log)
    assert probe is not None
    assert re.search(probe, line) is None


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_log_is_known_by_what_it_holds(path: Path) -> None:
    found = recognise("log", path.read_bytes(), sources().values(), whole=True)
    assert found is not None
    assert path.parts[-3] in {source.log.id for source in found.sources}  # in a mixture it is one of several


def told(row: Mapping[str, object]) -> dict[str, object]:
    """What an event says; `uid` where it is the product's own."""
    return {
        column: value.isoformat() if isinstance(value, datetime) else value
        for column, value in row.items()
        if value is not None and column not in OMITTED and not _made_up(column, value)
    }


def refused(row: Mapping[str, object]) -> dict[str, object]:
    return {"source_line": row["source_line"], "reason": row["reason"]}


def _made_up(column: str, value: object) -> bool:
    """The MD5 that a record without an id of its own is given."""
    return column == "uid" and re.fullmatch("[0-9a-f]{32}", str(value)) is not None
