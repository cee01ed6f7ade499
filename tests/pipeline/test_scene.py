"""From a few lines of real logs to who sent how much where: people, devices, places and permits resolved."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from tidegate.config import Config, Own
from tidegate.context.load import load
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.scene import scene

Logs = Mapping[str, list[Mapping[str, Any]]]
MB = 10**6


def zeek(when: str, uid: str = "C1", ip: str = "10.0.0.5", **more: Any) -> dict[str, Any]:
    ts = datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp()
    return {"ts": ts, "uid": uid, "id.orig_h": ip, "id.orig_p": 5000, "id.resp_p": 443, **more}


def conn(when: str, uid: str = "C1", to: str = "203.0.113.9", size: int = MB, **more: Any) -> dict[str, Any]:
    state = {"proto": "tcp", "conn_state": "SF", "orig_bytes": size, "resp_bytes": 7}
    return zeek(when, uid, **{"id.resp_h": to, **state, **more})


def lease(when: str, mac: str, name: str | None = None, ip: str = "10.0.0.5") -> dict[str, Any]:
    return zeek(when, mac=mac, host_name=name, assigned_addr=ip, lease_time=3600.0)


def m365(number: int, operation: str, user: str, **more: Any) -> dict[str, Any]:
    times = {"Id": f"m{number}", "CreationTime": "2026-03-02T10:00:00", "RecordType": 6, "Workload": "SharePoint"}
    return {**times, "Operation": operation, "UserId": user, **more}


@contextmanager
def seen(folder: Path, logs: Logs, context: Mapping[str, str], **options: Any) -> Iterator[dict[str, ir.Table]]:
    """The scene of these logs (records by file name) and context files."""
    for part in ("logs", "context"):
        (folder / part).mkdir(exist_ok=True)
    for name, records in logs.items():
        (folder / "logs" / name).write_text("".join(json.dumps(r) + "\n" for r in records))
    for name, text in context.items():
        (folder / "context" / f"{name}.csv").write_text(text)
    lake = Lake(folder / "lake")
    try:
        ingest([folder / "logs"], lake)
        yield scene(lake, load(folder / "context"), options.pop("config", Config()), **options)
    finally:
        lake.close()


def left(folder: Path, logs: Logs, *columns: str, **more: Any) -> list[tuple[Any, ...]]:
    """Columns of the rows of `hourly`, in order of time; context files by name."""
    context = {name: more.pop(name) for name in ("people", "devices", "destinations", "permits") if name in more}
    with seen(folder, logs, context, **more) as tables:
        rows = tables["hourly"].order_by("last_time", "destination").to_pyarrow().to_pylist()
    return [tuple(row[c] for c in columns) for row in rows]


def test_what_goes_outside_is_named_and_what_stays_inside_is_not_in_it(tmp_path: Path) -> None:
    logs = {
        "conn.log": [
            conn("2026-03-02T10:00:00"),
            conn("2026-03-02T10:01:00", "C2", "10.9.9.9"),  # inside
            conn("2026-03-02T10:02:00", "C3", "239.255.255.250"),  # multicast
            conn("2026-03-02T10:03:00", "C4", ip="198.51.100.77"),  # a stranger passing by
        ],
        "ssl.log": [zeek("2026-03-02T10:00:01", server_name="eu.files.example", cipher="X", **{"id.resp_h": "203.0.113.9"})],
    }  # fmt: skip
    found = left(tmp_path, logs, "destination", "kind", "bytes", "bytes_in", "device",
                 destinations="pattern,kind\nfiles.example,partner\n")  # fmt: skip
    assert found == [("files.example", "partner", MB, 7, "10.0.0.5")]


def test_an_address_is_the_device_that_had_it_then(tmp_path: Path) -> None:
    logs = {
        "conn.log": [conn(f"2026-03-{when}:00:00", when) for when in ("01T10", "02T10", "02T15", "03T10", "04T10")],
        "dhcp.log": [
            lease("2026-03-02T09:30:00", "00:00:00:00:00:aa", "ann-pc"),
            lease("2026-03-03T09:30:00", "00:00:00:00:00:bb"),  # nobody's, and without a name: not Ann's
            lease("2026-03-04T09:30:00", "00:00:00:00:00:cc", "kiosk"),
            lease("2026-03-04T09:30:00", "00:00:00:00:00:aa", "ann-pc", ip="10.0.0.6"),
        ],
    }
    register = "device,mac,ip,owner\nANN-PC,00-00-00-00-00-AA,,ann\n"
    assert left(tmp_path, logs, "device", "actor", devices=register) == [
        ("10.0.0.5", None),  # before any lease
        ("ANN-PC", "ann"),
        ("10.0.0.5", None),  # an hour's lease is long over
        ("00:00:00:00:00:bb", None),
        ("kiosk", None),
    ]


def test_without_a_lease_the_register_names_the_address_also_behind_a_proxy(tmp_path: Path) -> None:
    squid = "1772445600.000 12 10.0.0.5 TCP_TUNNEL/200 10 CONNECT up.example:443 - HIER_DIRECT/203.0.113.9 - 5000\n"
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "access.log").write_text(squid + squid.replace("10.0.0.5", "10.0.0.6"))
    register = "device,mac,ip,owner\nann-pc,,10.0.0.5,ann\n"
    found = left(tmp_path, {}, "device", "actor", "channel", "destination", devices=register)
    assert sorted(found) == [("10.0.0.6", None, "web", "up.example"), ("ann-pc", "ann", "web", "up.example")]


def test_accounts_are_the_people_listed_however_they_are_spelled(tmp_path: Path) -> None:
    spelled = ("Ann@own.example", "OWN\\ann", "ann", "bo@own.example", "ann@mail.example")
    logs = {"audit.json": [m365(n, "FileDownloaded", user, ObjectId=f"/f{n}") for n, user in enumerate(spelled)]}
    with seen(tmp_path, logs, {"people": "user\nann\n"}, config=Config(own=Own(domains=("own.example",)))) as tables:
        rows = tables["file_hosting"].order_by("uid").to_pyarrow()["actor"].to_pylist()
    # Near misses: another name, and the same name at somebody else's domain.
    assert rows == ["ann", "ann", "ann", "bo@own.example", "ann@mail.example"]


def test_an_owner_and_a_holder_are_spelled_as_people_are(tmp_path: Path) -> None:
    logs = {"conn.log": [conn("2026-03-02T10:00:00")]}
    context = {
        "people": "user\nann@own.example\n",
        "devices": "device,ip,owner\nann-pc,10.0.0.5,ann\n",
        "permits": "permit,holder,destination\nP1,OWN\\ann,203.0.113.9\n",
    }
    assert left(tmp_path, logs, "actor", "permitted", **context) == [("ann@own.example", True)]


def test_a_permits_place_is_the_destination_of_what_is_sent_there(tmp_path: Path) -> None:
    hosts = ("up.uni.example", "dept.org.example", "files.other.example")
    post = {"method": "POST", "uri": "/", "request_body_len": 9}
    logs = {"http.log": [zeek(f"2026-03-02T10:00:0{n}", f"C{n}", host=h, **post) for n, h in enumerate(hosts)]}
    # A permit for a host is one for its domain, in which destinations are counted; `other.test` is not other.example.
    permits = "permit,destination\nP1,*.Uni.example\nP2,dept.org.example\nP3,other.test\n"
    assert left(tmp_path, logs, "destination", "permitted", permits=permits) == [
        ("uni.example", True),
        ("org.example", True),
        ("other.example", False),
    ]


def test_domains_that_many_accounts_have_are_the_organisations(tmp_path: Path) -> None:
    staff = [m365(n, "FileDownloaded", f"p{n}@own.example", ObjectId="/f") for n in range(9)]
    logs = {
        "audit.json": [*staff, m365(90, "FileDownloaded", "guest@out.example", ObjectId="/f")],
        "http.log": [
            zeek("2026-03-02T10:00:00", "C1", method="POST", host="www.own.example", uri="/", request_body_len=9),
            zeek("2026-03-02T10:00:00", "C2", method="POST", host="www.out.example", uri="/", request_body_len=9),
        ],
    }
    assert left(tmp_path, logs, "destination") == [("out.example",)]
    # Where the organisation names its domains, nothing is inferred.
    named = Config(own=Own(domains=("out.example",)))
    assert left(tmp_path, logs, "destination", config=named) == [("own.example",)]


def test_since_and_until_cut_to_the_microsecond(tmp_path: Path) -> None:
    times = ("2026-03-01T23:59:59.999999", "2026-03-02T00:00:00", "2026-03-02T23:59:59.999999", "2026-03-03T00:00:00")
    logs = {"conn.log": [{**conn(time, f"C{n}"), "ts": time} for n, time in enumerate(times)]}
    midnight = {"since": datetime(2026, 3, 2), "until": datetime(2026, 3, 3)}
    assert left(tmp_path, logs, "uid", **midnight) == [("C1",), ("C2",)]
    noon = {"since": datetime(2026, 3, 1, 12), "until": datetime(2026, 3, 2, 12)}  # within two days
    assert left(tmp_path, logs, "uid", **noon) == [("C0",), ("C1",)]


def test_a_copy_to_a_stick_at_home_has_left_too(tmp_path: Path) -> None:
    # The machine's address is then the home's; of traffic passing by, such an address says that it is not ours.
    stick = {"Workload": "Endpoint", "RecordType": 63, "ClientIP": "198.51.100.8", "DeviceName": "Ann-PC",
             "ObjectId": "C:\\core.zip", "FileSize": 9, "RemovableMediaDeviceAttributes": {"SerialNumber": "AB12"}}  # fmt: skip
    logs = {"audit.json": [m365(1, "FileCopiedToRemovableMedia", "ann@own.example", **stick)]}
    found = left(tmp_path, logs, "actor", "device", "destination", "kind", "bytes",
                 destinations="pattern,kind\nab12,approved\n")  # fmt: skip
    assert found == [("ann@own.example", "ann-pc", "removable:ab12", "approved", 9)]


def test_an_empty_lake_has_every_table(tmp_path: Path) -> None:
    with seen(tmp_path, {}, {"people": "user,end\nann,2026-03-31\n"}) as tables:
        assert tables["people"].to_pyarrow().num_rows == 1
        assert all(tables[n].to_pyarrow().num_rows == 0 for n in ("hourly", "endpoints", "permits", "accounts"))
