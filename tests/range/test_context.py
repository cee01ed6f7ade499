"""The context folder is one Tidegate can read, and as incomplete as real ones are."""

from __future__ import annotations

from tests.range.conftest import Folder
from tidegate.context import load


def test_context_loads_without_a_complaint(folder: Folder) -> None:
    context = load(folder.path / "context")
    assert context.notes == ()
    assert {d.kind for d in context.destinations} == {"own", "approved", "partner", "personal"}
    assert {p.kind for p in context.people} == {"staff", "third_party", "admin", "service"}


def test_context_is_incomplete_and_stale(folder: Folder) -> None:
    context = load(folder.path / "context")
    users = {person.user for person in context.people}
    assert any(user.startswith("former.") for user in users)
    assert all(not (device.device or "").startswith("phone-") for device in context.devices)


def test_twins_are_answered_by_the_context_and_incidents_are_not(folder: Folder) -> None:
    context = load(folder.path / "context")
    listed = {d.pattern.removeprefix("*.") for d in context.destinations}
    known = {".".join(pattern.split(".")[-2:]) for pattern in listed if not pattern[0].isdigit()}
    for twin in folder.truth["twins"]:
        assert set(twin["destinations"]) <= known | listed | {"anyone"}
    (commission,) = (i for i in folder.truth["incidents"] if i["pattern"] == "bulk_commission")
    assert not set(commission["destinations"]) & known
    assert any(permit.data_class == "genetic" for permit in context.permits)
