"""Mailboxes of Outlook (PST, OST), message by message, where `libpff-python` (the extra `pst`) is installed."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from tidegate.content.document import Metadata, Opaque, Part, Parts
from tidegate.content.extract import _outlook_item
from tidegate.content.source import Source
from tidegate.content.units import extractor

_KINDS = {b"SM": "pst", b"SO": "ost"}

# [MS-PST] 2.2.2.6: where a header says how it is encrypted, before and since the versions that hold Unicode
_UNICODE, _CRYPT_ANSI, _CRYPT = 23, 461, 513
_BY_WINDOWS = 0x10  # with an organisation's key; the other two ways need none


@extractor(formats=("pst", "ost"), rank=10, magic=((0, b"!BDN"),), sniff=lambda source: _KINDS.get(source.head[8:10]))
def outlook_mailbox(source: Source) -> Parts:
    """Messages of all folders, each with its headers, text and attachments. A mailbox's password hides nothing."""
    try:
        import pypff
    except ImportError:
        yield Opaque("mailboxes of Outlook are read where tidegate[pst] is installed")
        return
    if _encrypted(source.head):
        yield Opaque("encrypted")
        return
    with source.open() as data:
        file = pypff.file()
        try:
            file.open_file_object(data)
            count, waiting = 0, [(file.get_root_folder(), "")]
        except _outlook_item.UNREADABLE as error:
            yield _outlook_item.damaged(error)
            return
        while waiting:
            folder, path = waiting.pop()
            count += yield from _messages(folder, path)
            below = yield from _below(folder, path)
            waiting += reversed(below)
        yield Metadata("mailbox", {"messages": count})


def _encrypted(head: bytes) -> bool:
    place = _CRYPT if int.from_bytes(head[10:12], "little") >= _UNICODE else _CRYPT_ANSI
    return head[place : place + 1] == bytes((_BY_WINDOWS,))


def _messages(folder: Any, path: str) -> Generator[Part, None, int]:
    """Those in one folder; how many could be read."""
    count = 0
    try:
        there = folder.get_number_of_sub_messages()
    except _outlook_item.UNREADABLE as error:
        yield _outlook_item.damaged(error, path)
        return 0
    for number in range(there):
        where = f"{path}: message {number + 1}"
        try:
            message = folder.get_sub_message(number)
        except _outlook_item.UNREADABLE as error:
            yield _outlook_item.damaged(error, where)
            continue
        count += 1
        yield from _outlook_item.parts(message, where)
    return count


def _below(folder: Any, path: str) -> Generator[Part, None, list[tuple[Any, str]]]:
    """Folders in a folder, with their paths."""
    found: list[tuple[Any, str]] = []
    try:
        for number in range(folder.get_number_of_sub_folders()):
            child = folder.get_sub_folder(number)
            found.append((child, f"{path}/{child.get_name() or number + 1}".lstrip("/")))
    except _outlook_item.UNREADABLE as error:
        yield _outlook_item.damaged(error, path)
    return found
