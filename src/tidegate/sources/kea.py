"""Kea DHCP server: its lease files, and its log where it goes to a file or through syslog.

An address given back is a lease of no time. Times without an offset are taken to be UTC.
"""

from __future__ import annotations

import ibis

from tidegate.sources import _fields as f
from tidegate.sources import _syslog as syslog
from tidegate.sources._leases import MAC, held, mac_of
from tidegate.units import LINEAGE, Log, source

PROGRAM = "kea-dhcp[46]"
WRITTEN = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?"
SAYS = r"[A-Z]+ +\[kea-dhcp[46]\.\S+\] "

KEA = Log(
    id="kea",
    title="Kea",
    formats=("csv", "lines"),
    how="Take kea-leases4.csv and kea-leases6.csv from /var/lib/kea, or kea-dhcp4.log and kea-dhcp6.log.",
    reference="https://kea.readthedocs.io/en/stable/kea-messages.html",
    files=("kea-leases*", "kea-dhcp*.log*"),
    within="syslog",
    probe=rf"^{WRITTEN} {SAYS}|{syslog.header(PROGRAM)}{SAYS}",
    ignore=rf"{SAYS}(?:[A-CE-Z]|D[^H]|DHCP[^46_]|DHCPSRV|DHCP[46]_(?:[A-KM-QS-Z]|R[^E]|RE[^L]|LEASE_[B-QS-Z]))",
)


@source(
    log=KEA,
    produces="device_inventory",
    columns={
        "address": "string",
        "hwaddr": "string",
        "duid": "string",
        "valid_lifetime": "int64",
        "expire": "int64",
        "lease_type": "string",
        "hostname": "string",
    },
    needs=("address", "hwaddr", "valid_lifetime", "expire"),
)
def kea(raw: ibis.Table) -> ibis.Table:
    """Leases as the lease file has them: a line whenever one changes."""
    address = raw.address.nullif(ibis.ifelse(raw.lease_type == "2", raw.address, ""))  # 2: a prefix, not an address
    return raw.select(
        *LINEAGE,
        **held(address),
        time=f.epoch((raw.expire - raw.valid_lifetime).cast("float64")),
        device=f.lower(raw.hostname.re_replace(r"\.$", "")),
        mac=f.lower(ibis.coalesce(f.text(raw.hwaddr), mac_of(raw.duid))),
        lease_ms=f.milliseconds(raw.valid_lifetime),
    )


@source(
    log=KEA,
    produces="device_inventory",
    columns={"source_modified": "timestamp(6)"},
    pattern=rf"(?:^(?P<written>{WRITTEN}) |{syslog.fields(PROGRAM)}){SAYS}"
    r"DHCP[46]_(?P<deed>LEASE_ALLOC|LEASE_RENEW|LEASE_REUSE|RELEASE|RELEASE_NA) (?:duid=\[(?P<duid>[^\]]*)\], )?"
    rf"(?:\[hwtype=\d+ (?P<mac>{MAC})\]|\[no hwaddr info\]).*: (?:lease|address|lease for address|binding for address) "
    r"(?P<ip>[0-9a-f.:]+) .*?(?:for (?P<seconds>\d+) seconds)?$",
)
def kea_log(raw: ibis.Table) -> ibis.Table:
    """Addresses given to devices and given back by them."""
    lasted = f.milliseconds(raw.seconds.try_cast("int64"))
    return raw.select(
        *LINEAGE,
        **held(raw.ip),
        time=ibis.coalesce(f.iso(raw.written.replace(" ", "T")), syslog.time(raw.stamp, raw.source_modified)),
        mac=f.lower(ibis.coalesce(raw.mac, mac_of(raw.duid))),
        lease_ms=ibis.ifelse(raw.deed.startswith("RELEASE"), 0, lasted),
    )
