"""Mailboxes of Outlook: no test can make one, so most run against stand-ins for what the library opens.

The last runs on a real one, `content/mail/pst-extractor/enron.pst` of the samples, where it is: the file of that name
in the npm package pst-extractor 1.12.0.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import IO, Any

import pytest

from tests.content.seeing import eyes, labelled, names, parts, seen
from tests.samples import sample
from tidegate.content.document import Child, Metadata, Opaque, Part, Text
from tidegate.content.look import look
from tidegate.content.source import Budget, Limits, from_bytes, from_file

PST = b"!BDN\0\0\0\0SM" + (23).to_bytes(2, "little") + bytes(600)
POINTS = b'<gpx version="1.1"><wpt lat="46.51512" lon="13.86013"/><wpt lat="46.6" lon="13.9"/></gpx>'


@dataclass
class Properties:
    """A set of properties, by number."""

    values: dict[int, str | int] = field(default_factory=dict)

    def get_entry_by_type(self, kind: int) -> object:
        if kind not in self.values:
            return None
        value = self.values[kind]
        return SimpleNamespace(get_data_as_string=lambda: value, get_data_as_integer=lambda: value)


@dataclass
class Attachment:
    """Bytes with a name; method 1 is by value, 2 a link, 5 a message."""

    name: str
    data: bytes
    method: int = 1
    place: int = 0

    def get_record_set(self, number: int) -> Properties:
        return Properties({0x3707: self.name, 0x3705: self.method})

    def get_size(self) -> int:
        return len(self.data)

    def seek_offset(self, offset: int, whence: int) -> None:
        self.place = offset

    def read_buffer(self, size: int) -> bytes:
        if not self.data:
            raise OSError("unable to read data")
        self.place += size
        return self.data[self.place - size : self.place]


class Message:
    """What a mailbox holds: attributes by the library's names, and properties by number."""

    def __init__(self, *attachments: Attachment, properties: dict[int, str | int] | None = None, **said: Any) -> None:
        self.properties = {0x001A: "IPM.Note", **(properties or {})}
        self.attached, self.number_of_attachments = attachments, len(attachments)
        self.__dict__.update({"subject": "Plots", "sender_name": "Ana", "client_submit_time": "2026-01-05"} | said)

    def get_record_set(self, number: int) -> Properties:
        return Properties(self.properties)

    def get_attachment(self, number: int) -> Attachment:
        return self.attached[number]


class Damaged(Message):
    """A message whose body cannot be read."""

    @property
    def plain_text_body(self) -> bytes:
        raise OSError("unable to retrieve plain text body size")


@dataclass
class Folder:
    """Folders and messages; None stands for a message that cannot be made."""

    name: str = ""
    messages: tuple[Message | None, ...] = ()
    folders: tuple[Folder, ...] = ()

    def get_name(self) -> str:
        return self.name

    def get_number_of_sub_messages(self) -> int:
        return len(self.messages)

    def get_sub_message(self, number: int) -> Message:
        if message := self.messages[number]:
            return message
        raise MemoryError("unable to create message object")

    def get_number_of_sub_folders(self) -> int:
        return len(self.folders)

    def get_sub_folder(self, number: int) -> Folder:
        return self.folders[number]


def mailbox(monkeypatch: pytest.MonkeyPatch, *folders: Folder) -> None:
    """What the library then opens, whatever the file."""

    class File:
        def open_file_object(self, data: IO[bytes]) -> None:
            if not folders:
                raise OSError("unable to open file")

        def get_root_folder(self) -> Folder:
            return Folder(folders=folders)

    monkeypatch.setitem(sys.modules, "pypff", SimpleNamespace(file=File))


def one(monkeypatch: pytest.MonkeyPatch, message: Message) -> list[Part]:
    mailbox(monkeypatch, Folder("Inbox", (message,)))
    return parts(PST)


def values(found: list[Part], about: str) -> dict[str, object]:
    return {key: v for p in found if isinstance(p, Metadata) and p.about == about for key, v in p.values.items()}


def told(found: list[Part]) -> list[tuple[str, str]]:
    return [(part.where, part.reason) for part in found if isinstance(part, Opaque)]


def test_messages_are_named_by_folder_and_number(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (Message(plain_text_body=text) for text in (b"one", "zwei"))
    mailbox(monkeypatch, Folder("Inbox", (first, second), (Folder("Old", (first,)),)), Folder("Sent", (second,)))
    found = parts(PST)
    assert [(part.where, part.text) for part in found if isinstance(part, Text) and part.role == "body"] == [
        ("Inbox: message 1", "one"),
        ("Inbox: message 2", "zwei"),
        ("Inbox/Old: message 1", "one"),
        ("Sent: message 1", "zwei"),
    ]
    assert values(found, "mailbox") == {"messages": 4}


def test_headers_are_those_that_came_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = "From: a@b.example\nTo: c@d.example\nMessage-ID: <1@b>\n"
    found = values(one(monkeypatch, Message(transport_headers=sent)), "headers")
    assert (found["from"], found["to"], found["message-id"]) == ("a@b.example", "c@d.example", "<1@b>")
    assert found["date"] == "2026-01-05"


def test_headers_of_what_was_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    recipients = [Properties({0x3003: "/o=first/cn=ben", 0x39FE: "ben@d.example"}), Properties({0x3001: "Cyn"})]
    to = SimpleNamespace(get_number_of_record_sets=lambda: 2, get_record_set=recipients.__getitem__)
    found = values(one(monkeypatch, Message(recipients=to, properties={0x0C1F: "ana@b.example"})), "headers")
    assert (found["from"], found["to"]) == ("Ana <ana@b.example>", "ben@d.example, Cyn")


@pytest.mark.parametrize(
    ("said", "name", "holds"),
    [
        ({"html_body": b"<p>Gr\xf6\xdfe", "rtf_body": b"{\\rtf1 x}"}, "html", "<html><p>Größe".encode()),
        ({"rtf_body": b"{\\rtf1 x}"}, "rtf", b"{\\rtf1 x}"),
    ],
)
def test_bodies_that_are_no_plain_text(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, bytes], name: str, holds: bytes
) -> None:
    (child,) = [p for p in one(monkeypatch, Message(properties={0x3FDE: 1252}, **said)) if isinstance(p, Child)]
    assert (child.name, child.open().read()) == (f"Inbox: message 1: {name}", holds)


@pytest.mark.parametrize(("page", "codec"), [(936, "gbk"), (65001, "utf-8"), (28595, "iso8859-5"), (1251, "cp1251")])
def test_code_pages(monkeypatch: pytest.MonkeyPatch, page: int, codec: str) -> None:
    text = "样地" if page in {936, 65001} else "Съёмка"
    found = one(monkeypatch, Message(properties={0x3FDE: page}, html_body=text.encode(codec)))
    (child,) = [part for part in found if isinstance(part, Child)]
    assert child.open().read().decode() == f"<html>{text}"


def test_attachments_are_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    long = POINTS[:-6] + b" " * 200_000 + POINTS[-6:]
    mailbox(monkeypatch, Folder("Inbox", (Message(Attachment("a.gpx", long), Attachment("", POINTS)),)))
    assert names(parts(PST)) == ["Inbox: message 1: a.gpx", "Inbox: message 1: attachment 2"]
    found = seen(PST, "positions")
    assert labelled(found) == {"positions"}
    assert (found.error, found.tallies["positions"].count) == (None, 4)


def test_what_is_attached_but_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = one(monkeypatch, Message(Attachment("linked", b"", 2), Attachment("mail", b"", 5)))
    # a link holds nothing that could leave with the mailbox
    assert [where for where, _ in told(found)] == ["Inbox: message 1: attachment 2"]


def test_mails_in_bulk_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox(monkeypatch, Folder("Inbox", tuple(Message(subject=f"{n}") for n in range(25))))
    assert labelled(seen(PST, "mail")) == {"mail"}


def test_a_calendar_is_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    holidays = tuple(Message(subject=f"{n}", properties={0x001A: "IPM.Appointment"}) for n in range(25))
    mailbox(monkeypatch, Folder("Holidays", holidays))  # Outlook fills calendars with a country's holidays by itself
    assert labelled(seen(PST, "mail")) == set()
    assert values(parts(PST), "item")["class"] == "IPM.Appointment"


def test_damage_costs_what_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Damaged(Attachment("a.gpx", POINTS), Attachment("b.gpx", b""))
    mailbox(monkeypatch, Folder("Inbox", (None, bad, Message(plain_text_body=b"whole"))))
    assert [where for where, _ in told(parts(PST))] == ["Inbox: message 1", "Inbox: message 2"]
    found = seen(PST, "positions")
    assert labelled(found) == {"positions"}
    assert "message 2: b.gpx: damaged or unreadable" in (found.error or "")


def test_bounds_are_those_of_other_containers(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox(monkeypatch, Folder("Inbox", (Message(*(Attachment(f"{n}", POINTS) for n in range(30))),)))
    for limits, says in ((Limits(members=10), "more than 10 members"), (Limits(depth=0), "more than 0 files deep")):
        found = look(from_bytes(PST), eyes(["positions"]), budget=Budget(limits, len(PST)))
        assert says in (found.error or "")
    mailbox(monkeypatch, Folder("Inbox", (Message(Attachment("zeros", bytes(1 << 20))),)))
    found = look(from_bytes(PST), eyes(["positions"]), budget=Budget(Limits(unpacked=1 << 19)))
    assert "unpacks to more" in (found.error or "")


def test_what_cannot_be_opened_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox(monkeypatch)
    assert told(parts(PST)) == [("", "damaged or unreadable (unable to open file)")]
    assert told(parts(PST[:513] + b"\x10" + PST[514:])) == [("", "encrypted")]
    monkeypatch.setitem(sys.modules, "pypff", None)
    assert seen(PST).error == "opaque: mailboxes of Outlook are read where tidegate[pst] is installed"


def test_a_real_mailbox() -> None:
    pytest.importorskip("pypff", reason="needs tidegate[pst]")
    found = parts(from_file(file := sample("content", "mail", "pst-extractor", "enron.pst")))
    assert values(found, "mailbox") == {"messages": 71}
    assert len(names(found)) == 70
    assert not told(found)
    assert "mail" in labelled(look(from_file(file), eyes(["mail"])))
