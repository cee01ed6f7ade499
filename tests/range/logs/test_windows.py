"""Windows events as Winlogbeat ships them."""

from __future__ import annotations

import json
from typing import Any

from tests.range.conftest import Folder


def events(folder: Folder) -> list[dict[str, Any]]:
    return [json.loads(line) for name in folder.clean("windows/*.json.gz") for line in folder.lines(name)]


def test_events_have_their_channels_and_the_fields_of_their_kind(folder: Folder) -> None:
    kinds: dict[str, set[str]] = {}
    for event in events(folder):
        winlog = event["winlog"]
        kinds.setdefault(winlog["event_id"], set()).add(winlog["channel"])
        assert event["@timestamp"].endswith("Z")
        assert winlog["computer_name"].startswith("LT-")
        assert all(isinstance(value, str) for value in winlog["event_data"].values())
    sysmon, security = {"Microsoft-Windows-Sysmon/Operational"}, {"Security"}
    assert kinds == {
        **dict.fromkeys(("1", "11", "23"), sysmon),
        **dict.fromkeys(("1102", "4624", "4663", "6416"), security),
    }


def test_paths_and_device_ids_keep_their_backslashes(folder: Folder) -> None:
    for event in events(folder):
        data = event["winlog"]["event_data"]
        if event["winlog"]["event_id"] == "4663":
            assert data["ObjectName"].startswith("\\Device\\HarddiskVolume7\\")
            assert event["winlog"]["task"] == "Removable Storage"
        elif event["winlog"]["event_id"] == "6416":
            assert data["DeviceId"].startswith("USBSTOR\\Disk&Ven_")
            assert data["SubjectUserName"].endswith("$")


def test_numbers_of_records_rise(folder: Folder) -> None:
    found = [event["winlog"]["record_id"] for event in events(folder)]
    assert found == sorted(set(found))
