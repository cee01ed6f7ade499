from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.detectors.lives import START
from tests.tables import run
from tidegate.detectors.instance_credentials import instance_credentials

HOME, CLOUD = "198.51.100.7", "203.0.113.9"


def got(device: str | None, address: str, minute: int = 30) -> dict[str, Any]:
    time = START + timedelta(minutes=minute)
    who = {"actor": "web-role", "device": device, "src_ip": address, "time": time}
    return who | {"operation": "GetObject", "resource": "bucket", "object": "plots.csv", "bytes_out": 1000}


def called(actor: str, address: str) -> dict[str, Any]:
    return {"actor": actor, "src_ip": address, "time": START, "operation": "DescribeInstances"}


def found(*reads: dict[str, Any]) -> list[dict[str, Any]]:
    calls = [called("pedro", HOME), called("web-role", CLOUD) | {"device": "i-0317f6c6b66ae9c40"}]
    return run(instance_credentials, web_resources=reads, api_activity=calls)


def test_a_machines_identity_at_a_persons_address_is_found_at_its_first_object() -> None:
    first, second = got("i-0317f6c6b66ae9c40", HOME), got("i-0317f6c6b66ae9c40", HOME, 40)
    (finding,) = found(first, second)
    assert (finding["time"], finding["files"]) == (first["time"], 2)
    assert finding["per_week"] < 0.1


def test_the_machine_at_its_own_address_is_not() -> None:
    assert not found(got("i-0317f6c6b66ae9c40", CLOUD))


def test_a_person_under_the_same_role_is_not() -> None:
    # The near miss: an engineer who assumed the role under their own session name.
    assert not found(got(None, HOME))
