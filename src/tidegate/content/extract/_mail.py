"""A mail message as parts: headers, text, attachments; what Outlook's messages have in common with others."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterable
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from functools import partial

from tidegate.content.document import Child, Metadata, Parts, Value, blocks

LONGEST = 2_000  # characters of a header
_HEADERS = 200

_KNOWN = frozenset(
    (
        *("from", "to", "subject", "date", "message-id", "received", "mime-version", "return-path", "delivered-to"),
        *("cc", "reply-to", "content-type", "x-mailer", "x-priority", "dkim-signature"),
    )
)


def parts(message: Message, where: str = "") -> Parts:
    """Headers as metadata, the subject, the text of the body, attachments and other forms of the body as files."""
    values = headers(message.items())
    yield Metadata("headers", values, where)
    yield from subject(str(values.get("subject", "")), where)
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
            yield Child(place(where, name or f"part {number}"), partial(io.BytesIO, data), len(data))


def headers(items: Iterable[tuple[str, object]]) -> dict[str, Value]:
    """Headers by their names in small letters, the first of each, in plain text."""
    found: dict[str, Value] = {}
    for name, value in list(items)[:_HEADERS]:
        found.setdefault(name.lower(), _plain(" ".join(str(value).split())))
    return found


def _plain(text: str) -> str:
    """A header as its reader sees it: encoded words (RFC 2047) are what they stand for."""
    if "=?" in text:
        with contextlib.suppress(HeaderParseError, LookupError, ValueError):
            text = str(make_header(decode_header(text[: 4 * LONGEST])))
    return text[:LONGEST]


def subject(text: str, where: str = "") -> Parts:
    """The subject as a heading, where there is one."""
    if text:
        yield from blocks(iter([text + "\n"]), where=place(where, "subject"), role="heading")


def page(data: bytes, where: str = "") -> Child:
    """A body in HTML. It may begin anywhere: its format is known, so it is told."""
    whole = b"<html>" + data
    return Child(place(where, "html"), partial(io.BytesIO, whole), len(whole))


def place(*names: str) -> str:
    """Where something stands, from the outermost."""
    return ": ".join(filter(None, names))


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def looks_like_headers(lines: Iterable[str]) -> bool:
    """Whether lines are a message's headers: names and colons, at least two that mails have."""
    known = 0
    for line in lines:
        if not line.strip():
            break
        if line[0] in " \t":
            continue
        name, colon, _ = line.partition(":")
        if not colon or not name.replace("-", "").isalnum() or len(name) > 60:
            return False
        known += name.lower() in _KNOWN
    return known >= 2
