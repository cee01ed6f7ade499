"""Tallies as bytes, to be kept between runs, so that a folder is judged as a whole without reading it again.

What was found itself is not among them. Different values and places are kept as 24 bits of a hash each: enough to count
twenty thousand to a tenth of a percent, and too few to learn an identity number or a place from, since every
sixteen-millionth number or place there is has the same.
"""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import xxhash
import zstandard

from tidegate.content.precision import Extent
from tidegate.content.tally import Evidence, Tally

_BITS = 24
_MASK = (1 << _BITS) - 1
_PLAIN = ("recogniser", "data_class", "count", "confidence", "precision_m", "points", "files", "enough")


def pack(tallies: Iterable[Tally]) -> bytes:
    """Tallies of a file, without values and places."""
    return zstandard.compress(json.dumps([_document(tally) for tally in tallies]).encode())


def unpack(data: bytes) -> dict[str, Tally]:
    """The same by recogniser; `values` and `places` hold what stands for them, and are only good to be counted."""
    made = (_tally(document) for document in json.loads(zstandard.decompress(data)))
    return {tally.recogniser: tally for tally in made}


def _document(tally: Tally) -> dict[str, Any]:
    return {name: getattr(tally, name) for name in _PLAIN} | {
        "extent": None if tally.extent is None else asdict(tally.extent),
        "inside": tally.inside,
        "facts": tally.facts,
        "evidence": [asdict(replace(item, value="")) for item in tally.evidence],
        "values": _packed(tally.values),
        "places": _packed(xxhash.xxh3_64_intdigest(struct.pack("<dd", *place)) for place in tally.places),
    }


def _tally(document: Mapping[str, Any]) -> Tally:
    return Tally(
        **{name: document[name] for name in _PLAIN},
        extent=None if document["extent"] is None else Extent(**document["extent"]),
        inside=document["inside"],
        facts={key: tuple(fact) if isinstance(fact, list) else fact for key, fact in document["facts"].items()},
        evidence=[Evidence(**item) for item in document["evidence"]],
        values=set(_unpacked(document["values"])),
        places={(float(number), 0.0) for number in _unpacked(document["places"])},
    )


def _packed(hashes: Iterable[int]) -> str:
    short = sorted({number & _MASK for number in hashes})
    return base64.b64encode(b"".join(number.to_bytes(_BITS // 8, "little") for number in short)).decode()


def _unpacked(text: str) -> Iterable[int]:
    data, step = base64.b64decode(text), _BITS // 8
    return (int.from_bytes(data[at : at + step], "little") for at in range(0, len(data), step))
