"""One message of an Outlook mailbox as parts, taken from the objects of `libpff-python`."""

from __future__ import annotations

import codecs
import email
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any, cast

from tidegate.content.document import Child, Metadata, Opaque, Parts, Value, blocks
from tidegate.content.extract import _mail

UNREADABLE = (OSError, ValueError, OverflowError, MemoryError)
"""What the library raises where it cannot read one thing of a mailbox; MemoryError where it cannot even make it."""

_MAIL = ("ipm.note", "ipm.schedule", "ipm.post", "report.")  # classes; others are appointments, contacts, tasks, notes

# properties, by their numbers in [MS-OXPROPS]; of several, the first that says something
_CLASS, _CODE_PAGE, _MESSAGE_ID = 0x001A, 0x3FDE, 0x1035
_SENDER = (0x5D01, 0x0C1F)  # address: of SMTP, of any kind
_RECIPIENT = (0x39FE, 0x3003, 0x3001)  # address: of SMTP, of any kind; displayed name
_NAME, _METHOD = (0x3707, 0x3704, 0x3001), 0x3705  # of an attachment: long, short and displayed name; how it is kept
_ELSEWHERE, _ITEM = frozenset((2, 3, 4, 7)), 5  # methods: a link to a file, a message in the message

_PAGES = {  # numbers of code pages that Python does not know as `cp` and the number
    936: "gb18030",
    20127: "ascii",
    20866: "koi8-r",
    21866: "koi8-u",
    50220: "iso2022-jp",
    51932: "euc-jp",
    51949: "euc-kr",
    54936: "gb18030",
    65001: "utf-8",
    **{28590 + n: f"iso8859-{n}" for n in range(1, 16)},
}
_RECIPIENTS = 200


def parts(message: Any, where: str) -> Parts:
    """Headers, text and attachments. What of these is damaged is told of, and the rest read."""
    for some in (_headers, _body, _attachments):
        try:
            yield from some(message, where)
        except UNREADABLE as error:
            yield damaged(error, where)


def damaged(error: Exception, where: str = "") -> Opaque:
    """That something cannot be read, with the first of what the library says."""
    return Opaque(f"damaged or unreadable ({' '.join(str(error).split())[:120]})", where)


def _headers(message: Any, where: str) -> Parts:
    """What came with a mail, else what the mailbox keeps of it; of other items, their class."""
    properties = message.get_record_set(0)
    class_ = _string(properties, _CLASS)
    subject = (_said(message, "subject") or "")[: _mail.LONGEST]
    if class_.lower().startswith(_MAIL):
        values = _mail.headers(email.message_from_string(_said(message, "transport_headers") or "").items())
        own = {
            "from": lambda: f"{_said(message, 'sender_name') or ''} <{_string(properties, *_SENDER)}>",
            "to": lambda: ", ".join(islice(_recipients(message), _RECIPIENTS))[: _mail.LONGEST],
            "date": lambda: str(_said(message, "client_submit_time") or _said(message, "delivery_time") or ""),
            "message-id": lambda: _string(properties, _MESSAGE_ID),
        }
        _fill(values, own)
        yield Metadata("headers", {**values, "subject": subject}, where)
    else:
        yield Metadata("item", {"class": class_, "subject": subject}, where)
    yield from _mail.subject(subject, where)


def _fill(values: dict[str, Value], own: dict[str, Callable[[], str]]) -> None:
    for name, value in own.items():
        if name not in values and (said := value()):
            values[name] = said


def _recipients(message: Any) -> Iterator[str]:
    recipients = _said(message, "recipients")
    for number in range(recipients.get_number_of_record_sets() if recipients is not None else 0):
        yield _string(recipients.get_record_set(number), *_RECIPIENT)


def _body(message: Any, where: str) -> Parts:
    """Plain text, else HTML, else RTF."""
    if plain := _said(message, "plain_text_body"):
        yield from blocks(iter([plain if isinstance(plain, str) else plain.decode("utf-8", "replace")]), where=where)
    elif marked := _said(message, "html_body"):
        yield _mail.page(_utf8(marked, message), where)
    elif rich := _said(message, "rtf_body"):
        yield Child(f"{where}: rtf", lambda: io.BytesIO(rich), len(rich))


def _utf8(data: bytes, message: Any) -> bytes:
    """Text in the code page that the message says, as UTF-8; as it is where it says none."""
    page = _number(message.get_record_set(0), _CODE_PAGE)
    try:
        codec = codecs.lookup(_PAGES.get(page or 0, f"cp{page}"))
    except LookupError:
        return data
    return codec.decode(data, "replace")[0].encode("utf-8", "replace")


def _attachments(message: Any, where: str) -> Parts:
    for number in range(_said(message, "number_of_attachments") or 0):
        place = f"{where}: attachment {number + 1}"
        try:
            attachment = message.get_attachment(number)
            properties = attachment.get_record_set(0)
            method, name = _number(properties, _METHOD), _string(properties, *_NAME)
            if method == _ITEM:
                yield Opaque("a message attached as an item, which libpff-python does not open", place)
            elif method not in _ELSEWHERE:
                size = attachment.get_size()
                yield Child(f"{where}: {name}" if name else place, _stream(attachment), size)
        except UNREADABLE as error:
            yield damaged(error, place)


def _stream(attachment: Any) -> Callable[[], IO[bytes]]:
    return lambda: cast("IO[bytes]", _Attachment(attachment))


class _Attachment(io.RawIOBase):
    """An attachment's bytes, as they are asked for."""

    def __init__(self, attachment: Any) -> None:
        self.attachment = attachment
        attachment.seek_offset(0, 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # any writable buffer
        data: bytes = self.attachment.read_buffer(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _said(item: Any, name: str) -> Any:
    """What an item has under a name; None where it has nothing, or is of a kind that cannot have it."""
    return getattr(item, name, None)


def _string(properties: Any, *kinds: int) -> str:
    """The first of several properties that says something."""
    for kind in kinds:
        entry = properties.get_entry_by_type(kind)
        if entry is not None and (said := entry.get_data_as_string()):
            return str(said).rstrip("\0")[: _mail.LONGEST]
    return ""


def _number(properties: Any, kind: int) -> int | None:
    entry = properties.get_entry_by_type(kind)
    return None if entry is None else int(entry.get_data_as_integer())
