"""Plans of addresses, and lists that hold addresses for another reason."""

from __future__ import annotations

import pytest

from tests.content.seeing import labelled, seen
from tidegate.content.document import Table

ADDRESSES = [f"10.1.0.{n}" for n in range(2, 8)]


def found(header: str, addresses: list[str]) -> set[str]:
    return labelled(
        seen(Table(tuple(header.split(",")), [[a, f"x{n}"] for n, a in enumerate(addresses)]), "address_plans")
    )


@pytest.mark.parametrize(
    "header", ["IP Address,Hostname", "Subnet,VLAN ID", "管理IP,设备名称", "Management IP,Switch port", "CIDR,Site"]
)
def test_plans_are_known(header: str) -> None:
    assert found(header, ADDRESSES) == {"address_plans"}


@pytest.mark.parametrize("header", ["ip,message", "ip,timestamp", "address,customer", "ip,score"])
def test_addresses_beside_other_things_are_no_plan(header: str) -> None:
    assert found(header, ADDRESSES) == set()


def test_two_addresses_or_one_many_times_are_no_plan() -> None:
    assert found("ip,host", ADDRESSES[:2]) == set()
    assert found("ip,host", ["10.1.0.2"] * 9) == set()
    assert found("address,host", ["Hill Road 1", "Sea Street 2", "Main Square 3"]) == set()
