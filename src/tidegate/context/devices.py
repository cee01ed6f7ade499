"""The device register (`devices.csv`)."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator
from pydantic.dataclasses import dataclass

from tidegate.context._cells import Account, RegisteredDay, Several


def _mac(text: str) -> str:
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    if len(digits) != 12:
        raise ValueError(f"{text!r} is not a MAC address; write it as 00:1a:2b:3c:4d:5e")
    return ":".join(re.findall("..", digits))


def _ip(text: str | None) -> str | None:
    if text is None or text.lower() in ("dhcp", "dynamic"):
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address; write it as 10.0.3.17") from None


@dataclass(frozen=True, kw_only=True)
class Device:
    """One device, known by any of host name, MAC and IP address.

    registered: since when it is in the register, that day included (date.min: always; date.max: not yet; None: not
    said). destinations: where it is meant to send to, as destination patterns.
    """

    device: str | None = None
    mac: Annotated[str, AfterValidator(_mac)] | None = None
    ip: Annotated[str | None, AfterValidator(_ip)] = None
    kind: str | None = None
    site: str | None = None
    owner: Account | None = None
    registered: RegisteredDay | None = None
    destinations: Several = ()
