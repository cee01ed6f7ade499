"""Mail at the border and in the mailboxes are two sights of the same mails."""

from __future__ import annotations

import json
from collections import Counter

from tidegate.range.habits import mail
from tidegate.range.world import World

MONDAY, SUNDAY = 7, 6


def test_what_crosses_the_border_was_sent_from_a_mailbox(stage: World) -> None:
    crossing = mail.border(stage, MONDAY, stage.random("border"))
    sent = Counter(
        (row["time"], row["user"]) for row in mail.sending(stage, MONDAY, stage.random("sending")).to_pylist()
    )
    outbound = [row for row in crossing.to_pylist() if not row["inbound"]]
    assert outbound
    assert not Counter((row["time"], row["sender"]) for row in outbound) - sent
    assert len(outbound) < sum(sent.values())  # the rest stays inside


def test_inbound_mail_is_for_staff_from_outside(stage: World) -> None:
    inbound = [row for row in mail.border(stage, MONDAY, stage.random("border")).to_pylist() if row["inbound"]]
    users = set(stage.organisation.people.user)
    assert all(row["recipient"] in users and row["sender"] not in users for row in inbound)
    assert len(inbound) > 2 * mail.border(stage, SUNDAY, stage.random("border")).num_rows > 0


def test_records_of_mailboxes_are_json(stage: World) -> None:
    habits = (mail.sending, mail.reading)
    for row in [row for habit in habits for row in habit(stage, MONDAY, stage.random("boxes")).to_pylist()]:
        body = json.loads("{" + row["body"][1:] + "}")
        assert body["MailboxOwnerUPN"] == row["user"]
        if "Folders" in body:
            assert len(body["Folders"][0]["FolderItems"]) == body["OperationCount"]


def test_phones_fetch_mail_on_sundays_nobody_sends(stage: World) -> None:
    assert mail.reading(stage, SUNDAY, stage.random("reading")).num_rows > 0
    assert mail.sending(stage, SUNDAY, stage.random("sending")).num_rows == 0
