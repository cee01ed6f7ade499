"""Microsoft 365: files in SharePoint and OneDrive, whom they were opened to, and files on devices Purview watches."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources.microsoft365 import BASE, MICROSOFT365, NEEDS, account, base, on_endpoint, target
from tidegate.units import LINEAGE, source

HOSTED = {
    "FileAccessed": "Open",
    "FileAccessedExtended": "Open",
    "FilePreviewed": "Preview",
    "FileDownloaded": "Download",
    "FileSyncDownloadedFull": "Sync",
    "FileSyncDownloadedPartial": "Sync",
    "FileUploaded": "Upload",
    "FileUploadedPartial": "Upload",
    "FileSyncUploadedFull": "Upload",
    "FileSyncUploadedPartial": "Upload",
    "FileModified": "Update",
    "FileModifiedExtended": "Update",
    "FileSensitivityLabelApplied": "Update",
    "FileSensitivityLabelChanged": "Update",
    "FileSensitivityLabelRemoved": "Update",
    "FileCheckedOut": "Lock",
    "FileCheckedIn": "Unlock",
    "FileCheckOutDiscarded": "Unlock",
    "FileDeletedFirstStageRecycleBin": "Delete",
    "FileDeletedSecondStageRecycleBin": "Delete",
    "FileRecycled": "Delete",
} | {
    f"{what}{done}": activity
    for what in ("File", "Folder")
    for done, activity in {
        "Copied": "Copy",
        "Moved": "Move",
        "Renamed": "Rename",
        "Deleted": "Delete",
        "Restored": "Restore",
    }.items()
}
_SHARES = (
    "SharingSet", "SharingInvitationCreated", "SharingInvitationUpdated", "AccessRequestApproved",
    "AnonymousLinkCreated", "AnonymousLinkUpdated", "CompanyLinkCreated", "SharingLinkCreated", "SharingLinkUpdated",
    "SecureLinkCreated", "SecureLinkUpdated", "AddedToSecureLink", "AddedToSharingLink",
)  # fmt: skip
_ENDS = (
    "SharingRevoked", "SharingInvitationRevoked", "AnonymousLinkRemoved", "CompanyLinkRemoved", "SharingLinkDeleted",
    "SecureLinkDeleted", "RemovedFromSecureLink", "RemovedFromSharingLink",
)  # fmt: skip
_USES = ("AnonymousLinkUsed", "CompanyLinkUsed", "SecureLinkUsed", "SharingLinkUsed")
SHARED = dict.fromkeys(_SHARES, "Share") | dict.fromkeys(_ENDS, "Unshare") | dict.fromkeys(_USES, "Open")
# Groups that SharePoint makes for a link or a folder: no recipients of their own.
GROUPS = r"^(sharinglinks\.|limited access system group)"

ON_DEVICE = {
    "FileCopiedToRemovableMedia": "Copy",
    "FileCreatedOnRemovableMedia": "Create",
    "FileCopiedToNetworkShare": "Copy",
    "FileCreatedOnNetworkShare": "Create",
    "FileUploadedToCloud": "Copy",
    "FilePrinted": "Copy",
    "FileCopiedToClipboard": "Copy",
    "FileCopiedToRemoteDesktopSession": "Copy",
    "FileTransferredByBluetooth": "Copy",
    "FileDownloadedFromBrowser": "Create",
    "FileArchived": "Create",
    "FileCreated": "Create",
    "FileRead": "Read",
    "FileModified": "Update",
    "FileRenamed": "Rename",
    "FileMoved": "Rename",
    "FileDeleted": "Delete",
    "RemovableMediaMount": "Mount",
    "RemovableMediaUnmount": "Unmount",
}


@source(
    log=MICROSOFT365,
    produces="file_hosting",
    columns={
        **BASE,
        "SiteUrl": "string",
        "SourceFileName": "string",
        "FileSizeBytes": "int64",
        "FileSyncBytesCommitted": "int64",
        "SensitivityLabelId": "string",
        "TargetUserOrGroupName": "string",
        "TargetUserOrGroupType": "string",
        "SharingLinkScope": "string",
    },
    needs=NEEDS,
    where=lambda raw: raw.Operation.isin([*HOSTED, *SHARED]) & ~on_endpoint(raw),
)
def microsoft365_files(raw: ir.Table) -> ir.Table:
    """Files opened, downloaded, synchronised, changed and shared in SharePoint and OneDrive."""
    scope = ibis.coalesce(
        f.lower(raw.SharingLinkScope), f.lower(raw.Operation.re_extract(r"^(Anonymous|Company|Secure)Link", 1))
    )
    return raw.select(
        *LINEAGE,
        **base(raw),
        activity=f.lookup(raw.Operation, HOSTED | SHARED, other="Other"),
        operation=raw.Operation,
        file_name=ibis.coalesce(f.text(raw.SourceFileName), f.leaf(target(raw))),
        file_path=target(raw),
        file_size=ibis.coalesce(raw.FileSizeBytes, raw.FileSyncBytesCommitted),
        label=f.text(raw.SensitivityLabelId),
        visibility=ibis.coalesce(scope, f.lower(raw.TargetUserOrGroupType)),
        recipient=_recipient(raw, scope),
        site=f.text(raw.SiteUrl),
        user_agent=f.text(raw.UserAgent),
    )


def _recipient(raw: ir.Table, scope: ir.StringValue) -> ir.StringValue:
    """`anyone` for a link that needs no sign-in, else the person or group named; null for links within the company."""
    named = account(raw.TargetUserOrGroupName)
    return ibis.cases(
        (scope.re_search("^any") | scope.startswith("anonymous"), "anyone"),
        (named.re_search(r"^sharinglinks\..*\.anonymous"), "anyone"),
        (named == "everyone", "anyone"),
        (named.re_search(GROUPS), ibis.null("string")),
        else_=named,
    )


@source(
    log=MICROSOFT365,
    produces="file_activity",
    columns={
        **BASE,
        "DeviceName": "string",
        "Application": "string",
        "FileSize": "int64",
        "TargetFilePath": "string",
        "TargetDomain": "string",
        "TargetUrl": "string",
        "TargetPrinterName": "string",
        "EnforcementMode": "string",
        "RemovableMediaDeviceAttributes": "struct<Manufacturer: string, Model: string, SerialNumber: string>",
    },
    needs=NEEDS,
    where=lambda raw: raw.Operation.isin(list(ON_DEVICE)) & on_endpoint(raw),
)
def microsoft365_endpoints(raw: ir.Table) -> ir.Table:
    """Files copied to removable media, network shares, printers and clouds, as Purview's agent saw it on the device."""
    device = raw.RemovableMediaDeviceAttributes
    common = base(raw)
    common["status"] = ibis.ifelse(raw.EnforcementMode.isin(("4", "Block")), "Failure", common["status"])
    return raw.select(
        *LINEAGE,
        **common,
        activity=f.lookup(raw.Operation, ON_DEVICE, other="Other"),
        device=f.lower(raw.DeviceName),
        file_name=f.leaf(target(raw)),
        file_path=target(raw),
        file_size=raw.FileSize,
        target_path=ibis.coalesce(f.text(raw.TargetFilePath), f.text(raw.TargetUrl)),
        removable=raw.Operation.contains("RemovableMedia"),
        medium=ibis.coalesce(
            f.text(device["SerialNumber"]),
            f.text(device["Model"]),
            f.lower(raw.TargetDomain),
            f.text(raw.TargetPrinterName),
            f.text(raw.TargetFilePath.re_extract(r"^(\\\\[^\\]+\\[^\\]+)", 1)),
        ),
        process=f.lower(raw.Application),
    )
