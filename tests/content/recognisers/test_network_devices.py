"""One configuration is sensitive; with passwords in it, or of many devices, it is of the core."""

from __future__ import annotations

from tests.content.seeing import seen
from tidegate.content import grade

CONFIG = (
    "hostname r{n}\ninterface GigabitEthernet0/{n}\n ip address 10.0.{n}.1 255.255.255.0\n"
    "router ospf 1\n network 10.0.0.0 0.255.255.255 area 0\n"
)


def graded(content: str) -> str:
    (label,) = (
        label
        for label in grade.labels(tuple(seen(content, "network_devices").tallies.values()), grade.load())
        if label.facts.data_class == "infrastructure.network"
    )
    return label.grade


def test_a_configuration_is_sensitive() -> None:
    assert graded(CONFIG.format(n=1)) == "sensitive"


def test_with_its_passwords_it_is_of_the_core() -> None:
    assert graded(CONFIG.format(n=1) + "enable secret 5 $1$ab$cd\n") == "core"
    assert graded(CONFIG.format(n=1) + "no password recovery\n") == "sensitive"  # the word by itself


def test_those_of_ten_devices_are_of_the_core() -> None:
    assert graded("".join(CONFIG.format(n=n) for n in range(12))) == "core"
    assert graded("".join(CONFIG.format(n=n) for n in range(3))) == "sensitive"
