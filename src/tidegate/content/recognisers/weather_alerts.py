"""Warnings of weather services in the Common Alerting Protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Text
from tidegate.content.units import Found, recogniser

_CATEGORY = re.compile(r"^Met$", re.MULTILINE)  # text of an element by itself
_ALERT = (
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><info><category>{}</category><event>{}</event></info></alert>'
)


@recogniser(
    data_class="meteorological",
    source="OASIS Common Alerting Protocol 1.2, element `category`",
    sees=(Text,),
    formats=("cap",),
    hits=(_ALERT.format("Met", "Strong Winds"),),
    misses=(_ALERT.format("Fire", "Forest fire at the Met"), "Met\n"),  # another category; another format
)
def weather_alerts(part: Text) -> Iterator[Found]:
    """Alerts of the category Met."""
    for found in _CATEGORY.finditer(part.text):
        yield Found(start=found.start(), end=found.end())
