r"""Windows: files opened, written, deleted and printed, on a computer and on its shares, and devices plugged in.

Windows logs that a file was opened and for what, not how much of it was read: only of prints is the size known.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._windows import SECURITY, SYSMON, Take, bare, reached, windows
from tidegate.sources._windows_forms import Event

# Neither a registry key nor a service: as JSON, in the text or the XML of an event, or in a cell of CSV.
IS_FILE = r"ObjectType\W{1,4}File\b|Object Type:\s+File\b|[,;\t]\"?File\"?[,;\t]"
OVER_USB = r"BusType\W{1,4}7\b"
UNPLUGGED = r"RequestMinorCode\W{1,4}(?:2|23)\b|minor\W{1,4}(?:2|23)\b|operation \(27, (?:2|23)\)"
PIPES = "IPC$"  # the share through which programs talk to a server: what is opened there is no file
REMOVABLE = ("12812", "Removable Storage")  # the audit category of removable media, by number and by name
# What was asked for, the weightier first: file rights are the same for reading, listing and so on.
RIGHTS = (
    (0x6, "Update"),  # write, append
    (0x1, "Read"),
    (0x10040, "Delete"),  # the file, what is in a folder
    (0xC0000, "Set Security"),  # permissions, owner
    (0x110, "Set Attributes"),
    (0x20000, "Get Security"),
)


def asked(mask: ir.StringValue) -> ir.StringValue:
    """The activity that an access mask (`0x12019f`) allows."""
    bits = mask.try_cast("int64")
    return ibis.cases(*(((bits & rights) != 0, activity) for rights, activity in RIGHTS), else_="Get Attributes")


@windows(
    Take(SECURITY, (5140, 5145), without=PIPES),
    produces="file_activity",
    fields=("SubjectUserName", "IpAddress", "ShareName", "RelativeTargetName", "AccessMask"),
)
def windows_shares(event: Event) -> dict[str, ir.Value]:
    r"""Shares that were opened over the network, and files on them; `medium` is `\\server\share`."""
    data = event.data
    share = data("ShareName").replace("\\\\*\\", "\\\\" + event.computer + "\\")
    name = data("RelativeTargetName").nullif("\\")
    return {
        "activity": ibis.ifelse(event.id == "5140", "Open", asked(data("AccessMask"))),
        "status": f.success(~event.failed),
        "actor": data("SubjectUserName").lower(),
        "src_ip": reached(data("IpAddress")),
        "file_name": f.leaf(name),
        "file_path": share + "\\" + name,
        "medium": share,
    }


@windows(
    Take(SECURITY, (4656, 4663), having=IS_FILE),
    Take(SECURITY, (4660,)),
    Take(SYSMON, (11, 15, 23, 26)),
    produces="file_activity",
    fields=(
        *("SubjectUserName", "ObjectName", "AccessMask", "ProcessName"),
        *("User", "Image", "TargetFilename"),
    ),
)
def windows_files(event: Event) -> dict[str, ir.Value]:
    """Files opened (4656), used (4663) and deleted where folders are audited, and what Sysmon saw made and deleted"""
    data = event.data
    # With event 15, the path is that of a stream within the file, as browsers add to what they download.
    path = ibis.coalesce(data("TargetFilename").re_replace(r"^(\w:[^:]*):.*$", r"\1"), data("ObjectName"))
    activity = ibis.cases(
        (event.id == "4656", "Open"),
        (event.id == "4663", asked(data("AccessMask"))),
        (event.id.isin(("11", "15")), "Create"),
        else_="Delete",
    )
    return {
        "activity": activity,
        "status": f.success(~event.failed),
        "actor": ibis.coalesce(bare(data("User")), data("SubjectUserName").lower()),
        "device": event.computer,
        "file_name": f.leaf(path),
        "file_path": path,
        "removable": ibis.cases((event.task.isin(REMOVABLE), True)),
        "process": ibis.coalesce(data("Image"), data("ProcessName")),
    }


@windows(
    Take("Microsoft-Windows-PrintService/Operational", (307,)),
    produces="file_activity",
    user=("Param2", "Param3", "Param4", "Param5", "Param7"),
)
def windows_prints(event: Event) -> dict[str, ir.Value]:
    """Documents printed: by whom, from which computer, on which printer, and their size as it was sent there"""
    data = event.data
    return {
        "activity": ibis.literal("Print"),
        "status": ibis.literal("Success"),
        "actor": bare(data("Param3")),
        "device": f.lower(data("Param4").re_replace(r"^\\+", "")),
        "file_name": f.leaf(data("Param2")),
        "file_size": data("Param7").try_cast("int64"),
        "medium": data("Param5"),
    }


@windows(
    Take(SECURITY, (6416,)),
    Take("Microsoft-Windows-DriverFrameworks-UserMode/Operational", (2003,)),
    Take("Microsoft-Windows-DriverFrameworks-UserMode/Operational", (2100, 2102), having=UNPLUGGED),
    Take("Microsoft-Windows-Partition/Diagnostic", (1006,), having=OVER_USB),
    produces="peripheral_activity",
    fields=(
        *("SubjectUserName", "DeviceId", "DeviceDescription", "ClassName"),
        *("Manufacturer", "Model", "SerialNumber", "Capacity"),
    ),
    user=("InstanceId",),
)
def windows_devices(event: Event) -> dict[str, ir.Value]:
    """Devices plugged in, and USB media taken out; by whom, only where it was not Windows itself that saw it"""
    data = event.data
    user = data("SubjectUserName").lower()
    device = ibis.coalesce(data("DeviceId"), data("InstanceId"))
    disk = event.id == "1006"
    gone = event.id.isin(("2100", "2102")) | (disk & (data("Capacity") == "0"))
    named = device.re_extract(r"(?i)VEN_([^&#\\]*&PROD_[^&#\\]*)", 1).re_replace(r"(?i)&PROD_|_", " ")
    model = f.text(data("Manufacturer").fill_null("") + " " + data("Model"))
    return {
        "activity": ibis.ifelse(gone.fill_null(False), "Disconnect", "Connect"),
        "status": ibis.literal("Success"),
        "actor": ibis.cases((~user.endswith("$"), user)),
        "device": event.computer,
        "medium": ibis.coalesce(data("DeviceDescription"), model, f.text(named)),
        "serial": ibis.coalesce(
            data("SerialNumber"),
            f.text(device.re_extract(r"(?i)(?:&REV_[^#\\&]*|PID_[0-9A-F]{4})[#\\]([^#\\&]{4,})", 1)),
        ),
        "kind": ibis.cases(
            (data("ClassName").notnull(), data("ClassName")),
            (disk, "disk"),
            (device.contains("USBSTOR"), "USBSTOR"),
            else_=f.text(device.re_extract(r"^(\w+)[#\\]", 1)),
        ),
    }
