"""Mail in bulk: mailboxes, exports of them, folders of messages. One message is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Metadata, Table
from tidegate.content.units import Found, recogniser

_MANY = 20
"""Messages, in a file or in a folder: more than a thread that is attached to a request."""

_COLUMNS = (
    {"subject", "betreff", "objet", "主题"},
    {"from", "fromname", "fromaddress", "sender", "von", "de", "发件人"},
    {"to", "toname", "toaddress", "recipients", "an", "收件人"},
    {"body", "date", "received", "sent", "text", "datum", "正文", "日期"},
)
"""Headers of which a table of mails has one each."""


def _message(number: int) -> str:
    headers = f"From: ana@example.org\nTo: ben@example.org\nSubject: {number}\nMessage-ID: <{number}@x>\n"
    return f"From ana@example.org Mon Jan  5 09:00:00 2026\n{headers}\nText\n\n"


@recogniser(
    data_class="mail",
    source="RFC 5322 and RFC 4155: a message has an identity, a mailbox is many of them; MITRE ATT&CK T1114",
    sees=(Metadata, Table),
    at_least=_MANY,
    hits=(
        "".join(_message(n) for n in range(25)),
        "Subject,From: (Name),To: (Name),Body\n" + "".join(f"s{n},Ana,Ben,text {n}\n" for n in range(25)),
    ),
    misses=(
        _message(1),
        "Subject,From,To\n" + "".join(f"maths,{n},{n + 1}\n" for n in range(25)),  # hours of a timetable
    ),
)
def mail(part: Metadata | Table) -> Iterator[Found]:
    """Messages by their headers, and rows of tables that mail programs export."""
    if isinstance(part, Table):
        header = {re.sub(r"[\W_]+", "", cell.lower()) for cell in part.header}
        if all(header & names for names in _COLUMNS):
            yield from (
                Found(where=f"row {part.first + n}", value="\t".join(row)[:400]) for n, row in enumerate(part.rows)
            )
    elif (
        part.about == "headers"
        and "from" in part.values
        and {"to", "message-id", "received", "date"} & part.values.keys()
    ):
        name = str(part.values.get("message-id") or [part.values.get(k) for k in ("from", "date", "subject")])
        yield Found(where="headers", confidence=0.9, value=name)
    elif part.about == "mailbox" and isinstance(part.values.get("messages"), int) and part.where:
        yield Found(where=part.where, confidence=0.9)
