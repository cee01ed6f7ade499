"""Names of protected species, from the organisation's own lists, in any text: scientific names, Chinese names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Text
from tidegate.content.units import Found, ProtectedNames, recogniser

_BINOMIAL = re.compile(r"(?<![A-Za-z])[A-Z][a-z]{2,29}[ _][a-z]{3,29}(?![A-Za-z])")
_HAN = re.compile(r"[\u3400-\u9fff]{2,200}")
_LONGEST = 9  # characters of a Chinese name
_LISTED = {"panthera uncia": ("一级", "strict"), "davidia involucrata": ("一级", "strict"), "雪豹": ("一级", "strict"),
           "珙桐": ("一级", "strict"), "aquila chrysaetos": ("一级", "strict"), "lynx lynx": ("二级",)}  # fmt: skip


@recogniser(
    data_class="biological",
    source="CITES appendices; 国家重点保护野生动物名录 and 野生植物名录 (2021); lists of states",
    sees=(Text,),
    needs={"species": _LISTED},
    at_least=3,  # species: fewer are what any article about nature names
    hits=(
        "Seen: Panthera uncia at the pass, Lynx lynx below it, Aquila chrysaetos above.",
        "Panthera uncia, Davidia involucratta, Lynx lynx: names as written in the field",
        "记录：雪豹三只，珙桐两株，Lynx lynx一只",
    ),
    misses=(
        "The snow leopard (Panthera uncia) is found in twelve countries. Panthera uncia, again.",  # one species
        "Canis lupus, Vulpes vulpes, Felis catus",  # not listed
        "Panthera onca, Lynx rufus, Aquila rapax",  # relatives: two letters and more away
    ),
)
def protected_species(part: Text, *, species: ProtectedNames) -> Iterator[Found]:
    """Each name with its status."""
    if not species:
        return
    for found in _BINOMIAL.finditer(part.text):
        name = found[0].replace("_", " ").lower()
        if status := species.of(name):
            yield _found(found.start(), found.end(), name, status)
    for run in _HAN.finditer(part.text):
        place = run.start()
        while place < run.end():
            sizes = range(min(_LONGEST, run.end() - place), 1, -1)
            length = next((n for n in sizes if part.text[place : place + n] in species.status), 0)
            if length:
                name = part.text[place : place + length]
                yield _found(place, place + length, name, species.status[name])
            place += length or 1


def _found(start: int, end: int, name: str, status: tuple[str, ...]) -> Found:
    return Found(start=start, end=end, value=name, confidence=0.85, facts={"status": status})
