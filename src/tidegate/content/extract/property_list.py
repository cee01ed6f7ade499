"""Property lists of Apple's systems in their binary form."""

from __future__ import annotations

import plistlib
from collections.abc import Iterator

from tidegate.content.document import Parts, blocks
from tidegate.content.source import Source
from tidegate.content.units import extractor

_MOST = 32 << 20  # bytes
_DEEP = 32


@extractor(formats=("plist",), rank=10, magic=((0, b"bplist00"),))
def property_list(source: Source) -> Parts:
    """Keys with their values, one a line."""
    content = plistlib.loads(source.read(_MOST), fmt=plistlib.FMT_BINARY)
    yield from blocks(f"{line}\n" for line in _lines(content, "", 0))


def _lines(value: object, name: str, depth: int) -> Iterator[str]:
    if depth > _DEEP:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _lines(inner, str(key), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _lines(inner, name, depth + 1)
    else:
        shown = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        yield f'{name} = "{shown}"'
