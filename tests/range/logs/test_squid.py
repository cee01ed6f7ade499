"""Squid's native format with the request's size at the end."""

from __future__ import annotations

import re

from tests.range.conftest import Folder

NATIVE = re.compile(
    r"^(?P<time>\d+\.\d{3}) +\d+ (?P<client>\S+) (?P<result>[A-Z_]+)/\d{3} \d+ (?P<method>\S+) (?P<url>\S+)"
    r" (?P<user>\S+) (?P<peer>[A-Z_]+/\S+) (?P<type>\S+) (?P<sent>\d+)$"
)


def test_every_line_is_native(folder: Folder) -> None:
    seen = set()
    for name in folder.clean("squid/*.gz"):
        times = []
        for line in folder.lines(name):
            match = NATIVE.match(line)
            assert match, line
            times.append(float(match["time"]))
            seen.add((match["result"], match["method"]))
            if match["method"] == "CONNECT":
                assert match["url"].endswith(":443")
                assert int(match["sent"]) < 1_000
            assert (match["user"] == "-") == (match["result"] == "TCP_DENIED")
            assert match["user"] == "-" or re.fullmatch(r"[a-z.]+@[A-Z-]+\.EXAMPLE", match["user"])
            assert (match["peer"] == "HIER_NONE/-") == (match["result"] in ("TCP_DENIED", "TCP_HIT"))
        assert times == sorted(times)
    assert {"CONNECT", "GET", "POST"} <= {method for _, method in seen}


def test_the_proxys_clients_are_headquarters_laptops(folder: Folder) -> None:
    (name, *_) = folder.clean("squid/*.gz")
    clients = {line.split()[2] for line in folder.lines(name)}
    assert all(client.startswith("10.10.") for client in clients)
