"""One message is no mailbox; twenty are, in a file or in a folder."""

from __future__ import annotations

from pathlib import Path

from tidegate.pipeline.classify import Order, classify


def test_a_folder_of_messages_is_mail_though_none_of_them_is(tmp_path: Path) -> None:
    for number in range(30):
        text = f"From: ana@x.org\nTo: ben@x.org\nDate: today\nMessage-ID: <{number}@x.org>\nSubject: a\n\nText\n"
        (tmp_path / f"{number}.eml").write_text(text)
    seen = {item.path: {label.facts.data_class for label in item.labels} for item in classify(Order(paths=(tmp_path,)))}
    assert "mail" in seen.pop(str(tmp_path))
    assert not any("mail" in found for found in seen.values())


def test_copies_of_one_message_are_one(tmp_path: Path) -> None:
    for number in range(30):
        text = "From: ana@x.org\nTo: ben@x.org\nDate: today\nMessage-ID: <1@x.org>\nSubject: a\n\nText\n"
        (tmp_path / f"{number}.eml").write_text(text)
    assert not any(
        label.facts.data_class == "mail" for item in classify(Order(paths=(tmp_path,))) for label in item.labels
    )
