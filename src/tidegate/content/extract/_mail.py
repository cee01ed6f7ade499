"""A mail message as parts: headers, text, attachments."""

from __future__ import annotations

import io
from collections.abc import Iterable
from email.message import Message
from functools import partial

from tidegate.content.document import Child, Metadata, Parts, Value, blocks

_HEADERS = 200


def parts(message: Message, where: str = "") -> Parts:
    """Headers as metadata, their text, the text of the body, attachments as files."""
    values: dict[str, Value] = {}
    for name, value in message.items()[:_HEADERS]:
        values.setdefault(name.lower(), " ".join(str(value).split())[:2000])
    yield Metadata("headers", values, where)
    subject = str(message.get("Subject", ""))[:2000]
    if subject:
        yield from blocks(iter([subject + "\n"]), where=_place(where, "subject"), role="heading")
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            continue
        body = part.get_payload(decode=True)
        data = body if isinstance(body, bytes) else b""
        name = part.get_filename() or ""
        if not name and part.get_content_type() == "text/plain":
            charset = part.get_content_charset() or "utf-8"
            yield from blocks(iter([_decoded(data, charset)]), where=where)
        elif data:
            yield Child(_place(where, name or f"part {number}"), partial(io.BytesIO, data), len(data))


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _place(*names: str) -> str:
    return ": ".join(filter(None, names))


def looks_like_headers(lines: Iterable[str]) -> bool:
    """Whether lines are a message's headers: names and colons, at least two that mails have."""
    known, seen = 0, 0
    for line in lines:
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        name, colon, _ = line.partition(":")
        if not colon or not name.replace("-", "").isalnum() or len(name) > 60:
            return False
        seen += 1
        known += name.lower() in _KNOWN
    return known >= 2 and seen >= 2


_KNOWN = frozenset(
    [
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "received",
        "mime-version",
        "return-path",
        "delivered-to",
        "cc",
        "reply-to",
        "content-type",
        "x-mailer",
        "x-priority",
        "dkim-signature",
    ]
)
