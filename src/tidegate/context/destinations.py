"""What the organisation says about the places its data goes to (`destinations.csv`)."""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from tidegate.context._cells import word

DestinationKind = Literal["own", "approved", "partner", "personal", "unknown"]


def pattern(cell: object) -> object:
    """A pattern in its one spelling: lower case, without the scheme, port and path a pasted address brings along."""
    if not isinstance(cell, str):
        return cell
    text = re.sub(r"^[a-z][a-z0-9+.-]*://", "", cell.strip().lower())
    try:
        if not text.isdigit():  # twelve digits are a cloud account
            network = ipaddress.ip_network(text, strict=False)
            return str(network if network.num_addresses > 1 else network.network_address)
    except ValueError:
        if re.fullmatch(r"[\d.]+/\d+|\d+(\.\d+){3}", text):
            raise ValueError(f"{cell!r} is not a network; write it as 192.0.2.0/24") from None
    if "://" in cell or re.fullmatch(r"[\w.-]+\.[a-z]{2,}(:\d+)?/.*", text):
        text = re.split(r"[:/?#]", text)[0]
    if "*" in text.removeprefix("*."):
        raise ValueError(f"{cell!r}: a * can only stand for sub-domains, as in *.example.org")
    return text.rstrip(".")


Pattern = Annotated[str, BeforeValidator(pattern)]


@dataclass(frozen=True, kw_only=True)
class Destination:
    """A place, or all places that a pattern covers, and what they are to the organisation."""

    pattern: Pattern
    kind: Annotated[DestinationKind, BeforeValidator(word)] = "unknown"
    jurisdiction: str | None = None
    note: str | None = None
