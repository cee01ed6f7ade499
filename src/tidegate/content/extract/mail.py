"""Mail: single messages (EML, also as Apple Mail keeps them) and mailboxes (mbox)."""

from __future__ import annotations

import email
from collections.abc import Iterator
from email import policy

from tidegate.content.document import Metadata, Opaque, Parts
from tidegate.content.extract import _mail
from tidegate.content.source import Source
from tidegate.content.units import extractor

_MOST = 128 << 20  # bytes of one message


def _kind(source: Source) -> str | None:
    lines = source.lines[:200] or tuple(source.head[:20_000].decode("latin-1").splitlines())
    if not lines:
        return None
    if lines[0].startswith("From ") and _mail.looks_like_headers(lines[1:]):
        return "mbox"
    if lines[0].strip().isdigit() and _mail.looks_like_headers(lines[1:]):
        return "emlx"
    return "eml" if _mail.looks_like_headers(lines) else None


@extractor(formats=("eml", "emlx", "mbox"), rank=35, sniff=_kind)
def mail(source: Source) -> Parts:
    """Messages, each with its headers, text and attachments."""
    if _kind(source) == "mbox":
        count = 0
        for count, message in enumerate(_messages(source), 1):
            yield from _mail.parts(email.message_from_bytes(message, policy=policy.compat32), f"message {count}")
            if len(message) >= _MOST:
                yield Opaque(f"goes on after the {_MOST >> 20} MB that are read of it", f"message {count}")
        yield Metadata("mailbox", {"messages": count})
        return
    data = source.read(_MOST)
    if _kind(source) == "emlx":
        data = data.partition(b"\n")[2]
    yield from _mail.parts(email.message_from_bytes(data, policy=policy.compat32))


def _messages(source: Source) -> Iterator[bytes]:
    """Messages of an mbox: each begins with a line `From ` after an empty one (RFC 4155)."""
    lines: list[bytes] = []
    size, empty = 0, True
    with source.open() as data:
        for line in data:
            if line.startswith(b"From ") and empty:
                if lines:
                    yield b"".join(lines)
                lines, size = [], 0
            elif size < _MOST:
                lines.append(line)
                size += len(line)
            empty = not line.strip()
    if lines:
        yield b"".join(lines)
