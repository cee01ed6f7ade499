from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.tables import engine, table
from tidegate.events.sessions import attributed

START = datetime(2025, 11, 20, 10)


def minute(number: int) -> datetime:
    return START + timedelta(minutes=number)


def who(files: list[dict[str, Any]], signins: list[dict[str, Any]]) -> dict[str, tuple[str | None, str | None]]:
    """Actor and address by uid."""
    found = attributed(table("file_hosting", files), table("authentication", signins))
    return {row["uid"]: (row["actor"], row["src_ip"]) for row in engine().to_pyarrow(found).to_pylist()}


def signin(number: int, actor: str, **more: object) -> dict[str, Any]:
    row = {"time": minute(number), "session": "files[7]", "activity": "Logon", "status": "Success"}
    return row | {"actor": actor, "src_ip": f"192.0.2.{number}"} | more


def test_a_file_is_put_down_to_the_latest_sign_in_of_its_session() -> None:
    files = [{"uid": str(i), "time": minute(i), "session": "files[7]"} for i in (2, 5)]
    # The number of the session comes again with another person.
    assert who(files, [signin(1, "ann"), signin(4, "bob")]) == {"2": ("ann", "192.0.2.1"), "5": ("bob", "192.0.2.4")}


def test_others_are_left_as_they_are() -> None:
    files = [
        {"uid": "named", "time": minute(5), "session": "files[7]", "actor": "di"},  # the log said who
        {"uid": "other", "time": minute(5), "session": "mail[7]"},  # the same number on another host
        {"uid": "early", "time": minute(0), "session": "files[7]"},  # nobody had signed in
        {"uid": "none", "time": minute(5)},
    ]
    refused = signin(1, "eve", session="mail[7]", status="Failure")
    left = signin(1, "eve", session="mail[7]", activity="Logoff")
    expected = {"named": ("di", None), "other": (None, None), "early": (None, None), "none": (None, None)}
    assert who(files, [signin(1, "ann"), refused, left]) == expected
