"""Messages as Outlook saves them (MSG)."""

from __future__ import annotations

import io
from encodings.aliases import aliases
from functools import partial

from tidegate.content.document import Child, Metadata, Parts, blocks
from tidegate.content.extract import _mail
from tidegate.content.extract.sheets import compound_directory
from tidegate.content.source import Source
from tidegate.content.units import extractor


def _kind(source: Source) -> str | None:
    return "msg" if "__properties_version1.0".encode("utf-16-le") in compound_directory(source) else None


@extractor(formats=("msg",), rank=13, magic=((0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),), sniff=_kind)
def outlook(source: Source) -> Parts:
    """Headers, text and attachments."""
    from oxmsg import Message

    for page in (932, 936, 949, 950):  # MSG calls them by names that Python does not know
        aliases.setdefault(f"windows_{page}", f"cp{page}")

    with source.on_disk() as path:
        message = Message.load(str(path))
        headers = _mail.headers(message.message_headers.items())
        headers.setdefault("subject", message.subject or "")
        headers.setdefault("from", message.sender or "")
        headers.setdefault(
            "to", ", ".join(recipient.email_address for recipient in message.recipients)[: _mail.LONGEST]
        )
        yield Metadata("headers", headers)
        yield from _mail.subject(message.subject or "")
        if message.body:
            yield from blocks(iter([message.body]))
        elif message.html_body:
            yield _mail.page(message.html_body.encode("utf-8", "replace"))
        for attachment in message.attachments:
            data = attachment.file_bytes or b""
            yield Child(attachment.file_name or "attachment", partial(io.BytesIO, data), len(data))
