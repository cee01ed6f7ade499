"""From a few lines of real logs to who sent how much where: people, devices, places and permits resolved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tidegate.config import Config, Own
from tidegate.context.load import load
from tidegate.lake.kept import kept
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.measured import held
from tidegate.pipeline.scene import scene

Rows = list[dict[str, Any]]
MB = 10**6


def zeek(when: str, uid: str = "C1", ip: str = "10.0.0.5", **more: Any) -> dict[str, Any]:
    ts = datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp()
    return {"ts": ts, "uid": uid, "id.orig_h": ip, "id.orig_p": 5000, "id.resp_p": 443, **more}


def conn(when: str, uid: str = "C1", to: str = "203.0.113.9", size: int = MB, **more: Any) -> dict[str, Any]:
    state = {"proto": "tcp", "conn_state": "SF", "orig_bytes": size, "resp_bytes": 7}
    return zeek(when, uid, **{"id.resp_h": to, **state, **more})


def lease(when: str, mac: str, name: str | None = None, ip: str = "10.0.0.50") -> dict[str, Any]:
    return zeek(when, mac=mac, host_name=name, assigned_addr=ip, lease_time=3600.0)


def m365(number: int, operation: str, user: str, **more: Any) -> dict[str, Any]:
    times = {"Id": f"m{number}", "CreationTime": "2026-03-02T10:00:00", "RecordType": 6, "Workload": "SharePoint"}
    return {**times, "Operation": operation, "UserId": user, **more}


def see(folder: Path, logs: Mapping[str, Rows | str], context: Mapping[str, str], **options: Any) -> dict[str, Rows]:
    """Rows of some tables of the scene that these logs (records, or text) and context files make."""
    for part in ("logs", "context"):
        (folder / part).mkdir(exist_ok=True)
    for name, log in logs.items():
        text = log if isinstance(log, str) else "".join(json.dumps(record) + "\n" for record in log)
        (folder / "logs" / name).write_text(text)
    for name, text in context.items():
        (folder / "context" / f"{name}.csv").write_text(text)
    lake = Lake(folder / "lake")
    try:
        ingest([folder / "logs"], lake)
        made = scene(lake, load(folder / "context"), options.pop("config", Config()), **options)
        seen = ("hourly", "file_hosting", "endpoints", "people", "permits", "accounts")
        return {name: made[name].to_pyarrow().to_pylist() for name in seen}
    finally:
        lake.close()


CONTEXT = {
    "people": "user,end\nann,2026-03-31\nbo@own.example,\n",
    "devices": (
        "device,mac,ip,owner\n"
        "ANN-PC,00-00-00-00-00-AA,,ann\n"
        "bo-pc,,10.0.0.7,OWN\\bo\n"  # spelled as nobody in people.csv is
    ),
    "destinations": "pattern,kind\nfiles.example,partner\nab12,approved\n",
    "permits": "permit,holder,destination\nP1,,*.Uni.example\nP2,,dept.org.example\nP3,,other.test\nP4,bo,192.0.2.7\n",
}
LEASED = {"when": "03-02T10", "over": "03-02T15", "handed on": "03-03T10", "guest": "03-04T10", "before": "03-01T10"}
POST = {"method": "POST", "uri": "/", "request_body_len": 9}
HOSTS = ("up.uni.example", "dept.org.example", "files.other.example", "www.own.example", "www.out.example")
SPELLED = ("Ann@own.example", "OWN\\ann", "ann", "bo", "cy@own.example", "ann@mail.example", "guest@out.example")
STICK = {
    "Workload": "Endpoint",
    "RecordType": 63,
    "ClientIP": "198.51.100.8",
    "DeviceName": "Ann-PC",
    "ObjectId": "C:\\core.zip",
    "FileSize": 9,
    "RemovableMediaDeviceAttributes": {"SerialNumber": "AB12"},
}
PROXIED = "1772445600.000 12 {} TCP_TUNNEL/200 10 CONNECT up.example:443 - HIER_DIRECT/203.0.113.9 - 5000\n"
LOGS: Mapping[str, Rows | str] = {
    "conn.log": [
        conn("2026-03-02T10:00:00", "C1"),
        conn("2026-03-02T10:01:00", "inside", "10.9.9.9"),
        conn("2026-03-02T10:02:00", "multicast", "239.255.255.250"),
        conn("2026-03-02T10:03:00", "stranger", ip="198.51.100.77"),  # passing by
        conn("2026-03-02T10:00:00", "permit", "192.0.2.7", ip="10.0.0.7"),
        *(conn(f"2026-{hour}:00:00", uid, ip="10.0.0.50") for uid, hour in LEASED.items()),
    ],
    "ssl.log": [
        zeek("2026-03-02T10:00:01", server_name="eu.files.example", cipher="X", **{"id.resp_h": "203.0.113.9"})
    ],
    "dhcp.log": [
        lease("2026-03-02T09:30:00", "00:00:00:00:00:aa", "ann-pc"),
        lease("2026-03-03T09:30:00", "00:00:00:00:00:bb"),  # nobody's, and without a name
        lease("2026-03-04T09:30:00", "00:00:00:00:00:cc", "kiosk"),
        lease("2026-03-04T09:30:00", "00:00:00:00:00:aa", "ann-pc", ip="10.0.0.51"),
    ],
    "http.log": [zeek("2026-03-02T10:00:00", f"H{n}", "10.0.0.9", host=h, **POST) for n, h in enumerate(HOSTS)],
    "access.log": PROXIED.format("10.0.0.7") + PROXIED.format("10.0.0.8"),
    "audit.json": [
        *(m365(n, "FileDownloaded", user, ObjectId=f"/{n}") for n, user in enumerate(SPELLED)),
        *(m365(n, "FileDownloaded", f"p{n}@own.example", ObjectId=f"/{n}") for n in range(10, 18)),
        m365(99, "FileCopiedToRemovableMedia", "ann@own.example", **STICK),
    ],
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    return see(tmp_path_factory.mktemp("house"), LOGS, CONTEXT)


def left(seen: Mapping[str, Rows], *columns: str, **having: Any) -> list[tuple[Any, ...]]:
    """Columns of the hourly rows that have these values."""
    return [tuple(r[c] for c in columns) for r in seen["hourly"] if all(r[k] == v for k, v in having.items())]


def test_what_goes_outside_is_named_and_what_stays_inside_is_not_in_it(house: dict[str, Rows]) -> None:
    found = left(house, "destination", "kind", "bytes", "bytes_in", "device", uid="C1")
    assert found == [("files.example", "partner", MB, 7, "10.0.0.5")]
    assert not {"inside", "multicast", "stranger"} & {row["uid"] for row in house["hourly"]}


@pytest.mark.parametrize(
    ("uid", "device", "actor"),
    [
        ("when", "ANN-PC", "ann"),
        ("before", "10.0.0.50", None),  # it had no lease yet
        ("over", "10.0.0.50", None),  # an hour's lease, five hours ago
        ("handed on", "00:00:00:00:00:bb", None),  # not Ann's, though its new holder has no name
        ("guest", "kiosk", None),  # hers is another address by now
    ],
)
def test_an_address_is_the_device_that_had_it_then(
    house: dict[str, Rows], uid: str, device: str, actor: str | None
) -> None:
    assert left(house, "device", "actor", uid=uid) == [(device, actor)]


def test_without_a_lease_the_register_names_the_address_also_behind_a_proxy(house: dict[str, Rows]) -> None:
    found = left(house, "device", "actor", destination="up.example", channel="web")
    assert sorted(found) == [("10.0.0.8", None), ("bo-pc", "bo@own.example")]


def test_accounts_are_the_people_listed_however_they_are_spelled(house: dict[str, Rows]) -> None:
    actors = {row["uid"]: row["actor"] for row in house["file_hosting"]}
    # Near misses: another name, and the same name at somebody else's domain.
    others = ["cy@own.example", "ann@mail.example", "guest@out.example"]
    assert [actors[f"m{n}"] for n in range(7)] == ["ann", "ann", "ann", "bo@own.example", *others]


def test_a_permits_holder_is_spelled_as_people_are_and_its_address_is_an_address(house: dict[str, Rows]) -> None:
    assert left(house, "actor", "permitted", destination="192.0.2.7") == [("bo@own.example", True)]


@pytest.mark.parametrize(
    ("place", "permitted"),
    [("uni.example", True), ("org.example", True), ("other.example", False)],  # the permit is for other.test
)
def test_a_permits_place_is_the_destination_of_what_is_sent_there(
    house: dict[str, Rows], place: str, permitted: bool
) -> None:
    assert left(house, "permitted", destination=place) == [(permitted,)]


def test_domains_that_many_accounts_have_are_the_organisations(house: dict[str, Rows], tmp_path: Path) -> None:
    assert not left(house, "uid", destination="own.example")
    assert left(house, "kind", destination="out.example") == [("unknown",)]  # one guest makes no organisation
    # Where the organisation names its domains, nothing is inferred.
    named = Config(own=Own(domains=("out.example",)))
    seen = see(tmp_path, {name: LOGS[name] for name in ("http.log", "audit.json")}, {}, config=named)
    assert not left(seen, "uid", destination="out.example")
    assert left(seen, "kind", destination="own.example") == [("unknown",)]


def test_a_copy_to_a_stick_at_home_has_left_too(house: dict[str, Rows]) -> None:
    # The machine's address is then the home's; of traffic passing by, such an address says that it is not ours.
    found = left(house, "actor", "device", "destination", "kind", "bytes", channel="removable")
    assert found == [("ann", "ann-pc", "removable:ab12", "approved", 9)]


def test_since_and_until_cut_to_the_microsecond_within_a_day_and_at_its_end(tmp_path: Path) -> None:
    times = ("2026-03-01T11:59:59.999999", "2026-03-01T12:00:00", "2026-03-02T23:59:59.999999", "2026-03-03T00:00:00")
    logs: Mapping[str, Rows] = {"conn.log": [{**conn(time, f"C{n}"), "ts": time} for n, time in enumerate(times)]}
    seen = see(tmp_path, logs, {}, since=datetime(2026, 3, 1, 12), until=datetime(2026, 3, 3))
    assert sorted(left(seen, "uid")) == [("C1",), ("C2",)]


def test_an_empty_lake_has_every_table(tmp_path: Path) -> None:
    seen = see(tmp_path, {}, CONTEXT)
    assert [row["user"] for row in seen.pop("people")] == ["ann", "bo@own.example"]
    assert next(row["destination"] for row in seen.pop("permits")) == "*.uni.example"
    assert not any(seen.values())


def test_what_a_permit_was_used_for_on_days_that_are_kept_counts(tmp_path: Path) -> None:
    (tmp_path / "permits.csv").write_text(f"permit,holder,destination,max_bytes\nP1,,203.0.113.9,{5 * MB}\n")
    said = []
    for day in range(1, 10):
        record = conn(f"2026-03-0{day}T10:00:00", f"C{day}")
        (tmp_path / f"conn.{day}.log").write_text(json.dumps(record) + "\n")
        if day < 8:
            continue
        with closing(Lake(tmp_path / "lake")) as lake:
            ingest(sorted(tmp_path.glob("*.log")), lake)
            here = kept(lake, held(lake))
            assert here is not None
            made = scene(lake, load(tmp_path), Config(), kept=here)
            assert (here.since is None) == (day == 8)
            here.done()
            said.append([row["cover"] for row in made["hourly"].order_by("day").to_pyarrow().to_pylist()])
    assert said == [["covered"] * 5 + ["exceeded"] * later for later in (3, 4)]
