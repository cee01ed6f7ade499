"""For each detector a small life in which it fires: what engines are compared on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.detectors import test_beacon as beacon
from tests.detectors import test_bulk_volume as bulk_volume
from tests.detectors import test_cloud_tenant_transfer as cloud_tenant_transfer
from tests.detectors import test_dns_tunnel as dns_tunnel
from tests.detectors import test_gathered_and_sent as gathered_and_sent
from tests.detectors import test_instance_credentials as instance_credentials
from tests.detectors import test_leaver_haul as leaver_haul
from tests.detectors import test_mail_forwarding as mail_forwarding
from tests.detectors import test_mailbox_reach as mailbox_reach
from tests.detectors import test_marked_copy as marked_copy
from tests.detectors import test_odd_protocol_upload as odd_protocol_upload
from tests.detectors import test_off_hours_access as off_hours_access
from tests.detectors import test_open_share as open_share
from tests.detectors import test_removable_media as removable_media
from tests.detectors import test_slow_drip as slow_drip
from tests.detectors import test_staged_exfiltration as staged_exfiltration
from tests.detectors import test_unknown_instrument as unknown_instrument
from tests.detectors import test_unpermitted_transfer as unpermitted_transfer
from tests.detectors import test_vendor_reach as vendor_reach
from tests.detectors.lives import START, accesses, sending, sent

Row = dict[str, Any]

Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def few(rows: Sequence[Row]) -> list[Row]:
    """A third of the people of a life, p3 and p9 among them: engines differ on few rows or on none."""
    names = ((row, str(row.get("actor") or row.get("device")).removeprefix("dev-")) for row in rows)
    return [row for row, name in names if not name[1:].isdigit() or int(name[1:]) % 3 == 0]


def _beacon() -> Tables:
    return {"hourly": beacon.LIFE + [beacon.beat(hour) for hour in range(10, 18)]}


def _bulk_volume() -> Tables:
    day, size = bulk_volume.DAY, bulk_volume.GB
    return {
        "hourly": few(sending()) + [sent("p3", day + timedelta(hours=h), size, "client.example") for h in range(20)]
    }


def _cloud_tenant_transfer() -> Tables:
    calls = [*cloud_tenant_transfer.LIFE, cloud_tenant_transfer.snapshot()]
    permits = [{"permit": "P-1", "destination": cloud_tenant_transfer.STRANGE, "holder": "p9"}]
    return {"api_activity": calls, "endpoints": cloud_tenant_transfer.ENDPOINTS, "permits": permits}


def _dns_tunnel() -> Tables:
    return {"lookups": few(dns_tunnel.LIFE) + [dns_tunnel.tunnel(hour, 200_000) for hour in (10, 11, 12)]}


def _gathered_and_sent() -> Tables:
    return {
        "file_hosting": few(accesses()) + gathered_and_sent.gather(),
        "hourly": few(sending()) + gathered_and_sent.send(),
    }


def _instance_credentials() -> Tables:
    machine, home, cloud = "i-0317f6c6b66ae9c40", instance_credentials.HOME, instance_credentials.CLOUD
    called, got = instance_credentials.called, instance_credentials.got
    calls = [called("pedro", home), called("web-role", cloud) | {"device": machine}]
    return {"web_resources": [got(machine, home), got(machine, home, 40)], "api_activity": calls}


def _leaver_haul() -> Tables:
    people: list[Row] = [{"user": "p3", "end": (leaver_haul.DAY + timedelta(days=20)).date()}, {"user": "p4"}]
    usb = {"kind": "unknown", "channel": "removable", "to": "removable:kingston"}
    sticks = [sent("p9", leaver_haul.DAY + timedelta(hours=h), 10**7, files=60, **usb) for h in range(5)]
    return {
        "file_hosting": few(accesses()) + leaver_haul.haul("/sites/strange{}", 300),
        "hourly": few(sending()) + sticks,
        "people": people,
    }


def _mail_forwarding() -> Tables:
    changes = [*mail_forwarding.LIFE, mail_forwarding.forward("team@own.example; X@drop.example")]
    return {"account_change": changes, "endpoints": mail_forwarding.ENDPOINTS}


def _mailbox_reach() -> Tables:
    consent = {"actor": "p1", "operation": "Consent to application.", "time": mailbox_reach.DAY}
    return {
        "email_activity": few(mailbox_reach.life()) + mailbox_reach.reach("admin", 30),
        "authentication": [
            *few(mailbox_reach.networks()),
            mailbox_reach.signed("admin", "192.0.2.1", START),
            mailbox_reach.signed("admin", "198.51.100.7", mailbox_reach.DAY - timedelta(hours=9)),
        ],
        "account_change": [consent],
        "permits": [{"permit": "C-17", "holder": "p9", "data_class": "mail"}],
    }


def _marked_copy() -> Tables:
    return {
        "file_hosting": few(accesses()) + few(marked_copy.some()) + marked_copy.papers(40, "/sites/strange"),
        "file_activity": [marked_copy.stick(), marked_copy.stick(marked_copy.DAY + timedelta(hours=1))],
        "endpoints": marked_copy.ENDPOINTS,
    }


def _odd_protocol_upload() -> Tables:
    life, upload = few(odd_protocol_upload.LIFE), odd_protocol_upload.upload
    return {"hourly": life + [upload(hour, "tcp/4444") for hour in (10, 11, 12)]}


def _off_hours_access() -> Tables:
    night = off_hours_access.NIGHT
    rows = [*few(accesses()), *off_hours_access.late(), *off_hours_access.taken(200)]
    return {"file_hosting": rows + off_hours_access.taken(300, night + timedelta(hours=1))}


def _open_share() -> Tables:
    many = [open_share.shared("p3", open_share.DAY + timedelta(minutes=n), f"/core/{n}.xlsx") for n in range(100)]
    return {
        "file_hosting": few(accesses()) + many,
        "api_activity": [open_share.bucket("999999999999;anyone")],
        "endpoints": open_share.ENDPOINTS,
    }


def _removable_media() -> Tables:
    rows = [removable_media.written("p9", 50, 60, "new", hour=9 + n) for n in range(8)]
    return {"hourly": few(removable_media.life()) + rows, "people": [{"user": "backup", "kind": "service"}]}


def _slow_drip() -> Tables:
    return {
        "hourly": few(slow_drip.register()) + slow_drip.drip(),
        "email_activity": slow_drip.mail() + slow_drip.secret("office@friend.example"),
        "endpoints": slow_drip.ENDPOINTS,
    }


def _staged_exfiltration() -> Tables:
    return {
        "file_hosting": few(accesses()) + staged_exfiltration.gather(),
        "file_activity": staged_exfiltration.zips() + staged_exfiltration.pack() + staged_exfiltration.clean(),
        "hourly": few(sending()) + staged_exfiltration.send(),
    }


def _unknown_instrument() -> Tables:
    lease = {"mac": unknown_instrument.MAC, "ip": "10.0.0.77", "device": "ESP_9999", "time": unknown_instrument.DAY}
    return {
        "hourly": unknown_instrument.LIFE + unknown_instrument.sending("ESP_5307", 48),
        "devices": [*unknown_instrument.REGISTER, {"mac": unknown_instrument.MAC}],
        "device_inventory": [lease],
    }


def _unpermitted_transfer() -> Tables:
    entry, day = unpermitted_transfer.entry, unpermitted_transfer.DAY
    late: datetime = day + timedelta(days=3)
    return {
        "hourly": [
            *unpermitted_transfer.LIFE,
            *unpermitted_transfer.register(40),
            unpermitted_transfer.sending(cover="expired"),
        ],
        "file_hosting": [entry("P-9"), entry("P-2"), entry("P-1", actor="p5"), entry("P-1", time=late)],
        "endpoints": unpermitted_transfer.ENDPOINTS,
        "permits": unpermitted_transfer.PERMITS,
    }


def _vendor_reach() -> Tables:
    window = {"permit": "W-1", "holder": "v1", "start": START.date(), "end": START.date()}
    return {
        "file_hosting": few(accesses()) + vendor_reach.maintenance() + vendor_reach.raid(),
        "people": vendor_reach.LISTED,
        "permits": [window],
    }


FIRING: Mapping[str, Callable[[], Tables]] = {
    "beacon": _beacon,
    "bulk_volume": _bulk_volume,
    "cloud_tenant_transfer": _cloud_tenant_transfer,
    "dns_tunnel": _dns_tunnel,
    "gathered_and_sent": _gathered_and_sent,
    "instance_credentials": _instance_credentials,
    "leaver_haul": _leaver_haul,
    "mail_forwarding": _mail_forwarding,
    "mailbox_reach": _mailbox_reach,
    "marked_copy": _marked_copy,
    "odd_protocol_upload": _odd_protocol_upload,
    "off_hours_access": _off_hours_access,
    "open_share": _open_share,
    "removable_media": _removable_media,
    "slow_drip": _slow_drip,
    "staged_exfiltration": _staged_exfiltration,
    "unknown_instrument": _unknown_instrument,
    "unpermitted_transfer": _unpermitted_transfer,
    "vendor_reach": _vendor_reach,
}
