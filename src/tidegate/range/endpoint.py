"""Events of Windows' logs, by what was done at a computer; ids and fields are those of Windows and of Sysmon."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import ids
from tidegate.range.tables import EVENT, Ints, pick, rows
from tidegate.range.world import World

SECURITY, SYSMON = "Security", "Microsoft-Windows-Sysmon/Operational"
_AUDITING = "Microsoft-Windows-Security-Auditing"
EXPLORER = r"C:\Windows\explorer.exe"
_MAKES = ("Generic&Prod_Flash_Disk", "USB&Prod_DISK_3.0", "Mass&Prod_Storage_Device", "General&Prod_UDisk")
_DISKS = ("Desktop&Prod_External_HDD", "Portable&Prod_SSD_T1")


def medium(rng: np.random.Generator, *, disk: bool = False) -> str:
    """The device id of a new stick, or of a new disk."""
    make = str(rng.choice(_DISKS if disk else _MAKES))
    return rf"USBSTOR\Disk&Ven_{make}&Rev_1.00\{ids.hexadecimal(rng, 1, 20)[0].as_py().upper()}&0"


def serial(medium: str) -> str:
    """The serial number in a device id."""
    return medium.rpartition("\\")[2].removesuffix("&0")


def own_stick(world: World, person: int) -> str:
    """The stick that somebody has used for years."""
    return medium(world.random("stick", person))


def plugged(world: World, *, medium: Any, device: Ints, **columns: Any) -> pa.Table:
    """6416: a medium was recognised; Windows itself reports it, not the person."""
    named = pa.array([str(name) for name in np.broadcast_to(medium, len(device))], pa.string())
    make = pc.replace_substring_regex(named, r"^.*&Ven_([^&]*)&Prod_([^&]*)&.*$", r"\1 \2 USB Device")
    data = {
        "SubjectUserName": pc.binary_join_element_wise(_names(world, device), "$", ""),
        "DeviceId": named,
        "DeviceDescription": pc.replace_substring(make, "_", " "),
        "ClassName": "DiskDrive",
    }
    return _events(device, 6416, data, task="Plug and Play Events", **columns)


def copied(world: World, *, person: Any, path: pa.Array, device: Ints, size: Any = 0, **columns: Any) -> pa.Table:
    """4663 of the category Removable Storage: a file was written to a medium, by its path there."""
    data = {
        **_subject(world, person, len(device)),
        "ObjectType": "File",
        "ObjectName": pc.binary_join_element_wise(
            r"\Device\HarddiskVolume7", pc.replace_substring(path, "/", "\\"), "\\"
        ),
        "AccessMask": "0x2",
        "ProcessName": EXPLORER,
    }
    return _events(device, 4663, data, task="Removable Storage", sent=size, **columns)


def signed_on(world: World, *, person: Any, device: Ints, **columns: Any) -> pa.Table:
    """4624: somebody signed on at the computer."""
    target = {key.replace("Subject", "Target"): value for key, value in _subject(world, person, len(device)).items()}
    data = target | {"LogonType": "2", "AuthenticationPackageName": "Negotiate", "IpAddress": "127.0.0.1"}
    return _events(device, 4624, data, task="Logon", **columns)


def launched(world: World, *, person: Any, image: Any, command: Any, device: Ints, **columns: Any) -> pa.Table:
    """Sysmon 1: a program was started, with its command line."""
    data = {"User": _domain_user(world, person, len(device)), "Image": image, "CommandLine": command}
    return _sysmon(device, 1, data | {"ParentImage": EXPLORER}, task="Process Create (rule: ProcessCreate)", **columns)


def created(world: World, *, person: Any, image: Any, path: Any, device: Ints, **columns: Any) -> pa.Table:
    """Sysmon 11: a program made a file."""
    data = {"User": _domain_user(world, person, len(device)), "Image": image, "TargetFilename": path}
    return _sysmon(device, 11, data, task="File created (rule: FileCreate)", **columns)


def deleted(world: World, *, person: Any, image: Any, path: Any, device: Ints, **columns: Any) -> pa.Table:
    """Sysmon 23: a program deleted a file."""
    data = {"User": _domain_user(world, person, len(device)), "Image": image, "TargetFilename": path}
    return _sysmon(device, 23, data, task="File Delete archived (rule: FileDelete)", **columns)


def cleared(world: World, *, person: Any, device: Ints, **columns: Any) -> pa.Table:
    """1102: the Security log was emptied."""
    data = _subject(world, person, len(device))
    return _events(device, 1102, data, task="Log clear", provider="Microsoft-Windows-Eventlog", **columns)


def _subject(world: World, person: Any, count: int) -> dict[str, Any]:
    short = [user.partition("@")[0] for user in world.organisation.people.user]
    return {
        "SubjectUserName": pick(short, np.broadcast_to(person, count)),
        "SubjectDomainName": world.organisation.stem.upper(),
    }


def _domain_user(world: World, person: Any, count: int) -> pa.Array:
    name, stem = _subject(world, person, count)["SubjectUserName"], world.organisation.stem.upper()
    return pc.binary_join_element_wise(stem, name, "\\")


def _names(world: World, device: Ints) -> pa.Array:
    return pick([owned.name for owned in world.organisation.devices], device)


def _sysmon(device: Ints, event_id: int, data: dict[str, Any], **columns: Any) -> pa.Table:
    return _events(device, event_id, data, channel=SYSMON, provider="Microsoft-Windows-Sysmon", **columns)


def _events(
    device: Ints,
    event_id: int,
    data: dict[str, Any],
    *,
    channel: str = SECURITY,
    provider: str = _AUDITING,
    **columns: Any,
) -> pa.Table:
    fixed = {"channel": channel, "provider": provider, "event_id": event_id}
    return rows(EVENT, len(device), device=device, data=_json(data, len(device)), **fixed, **columns)


def _json(members: dict[str, Any], count: int) -> pa.Array:
    """An object of texts a row; backslashes and quotes are escaped."""
    parts: list[Any] = []
    for n, (name, value) in enumerate(members.items()):
        text = pa.repeat(pa.scalar(value, pa.string()), count) if isinstance(value, str) else value
        escaped = pc.replace_substring(pc.replace_substring(text, "\\", "\\\\"), '"', '\\"')
        parts += [("{" if n == 0 else ",") + f'"{name}":"', escaped, '"']
    return pc.binary_join_element_wise(*parts, "}", "")
