"""ISC DHCP server's lease file: a block for each lease, written again whenever it changes. Its times are UTC."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._leases import MAC, held
from tidegate.units import LINEAGE, Log, source

LEASES = Log(
    id="dhcpd_leases",
    title="ISC DHCP",
    formats=("lines",),
    how="Take dhcpd.leases from /var/lib/dhcp (or /var/db); `dhcpd.leases~` is what it was before it was cleaned up.",
    reference="https://kb.isc.org/docs/isc-dhcp-44-manual-pages-dhcpdleases",
    files=("dhcpd.leases*",),
    groups=r"^(?P<first>[^\s}])",
    probe=(
        r"^(?:lease [\d.]+ \{|\}|#$|# |authoring-byte-order |server-duid |\s+(?:abandoned|atsfp|binding state|bootp|"
        r"client-hostname|cltt|ddns-|dynamic-bootp|ends|hardware|next binding|on |option|reserved|rewind binding|set|"
        r"starts|tsfp|tstp|uid|vendor-class-identifier|\}))"
    ),
    ignore="^(?:[^l]|l[^e])",  # comments, and what the server notes of itself, of failover and of known hosts
)
DATE = r"(\d{4})/(\d\d)/(\d\d) ([\d:]{8})"


@source(
    log=LEASES,
    produces="device_inventory",
    columns={},
    where=lambda raw: raw.record.re_search(r"^lease [^{]*\{[^}]*\}\s*$"),
)
def dhcpd_leases(raw: ibis.Table) -> ibis.Table:
    """Leases from their start to their end, which is earlier where the address was given back."""
    starts, ends = _time(raw.record, "starts"), _time(raw.record, "ends")
    return raw.select(
        *LINEAGE,
        **held(raw.record.re_extract(r"^lease ([^ ]+)", 1)),
        time=starts,
        device=f.lower(raw.record.re_extract(r'\sclient-hostname "([^"]*)"', 1)),
        mac=f.lower(raw.record.re_extract(rf"\shardware ethernet ({MAC});", 1)),
        lease_ms=(ends.epoch_seconds() - starts.epoch_seconds()) * 1000,
    )


def _time(record: ir.StringValue, word: str) -> ir.TimestampValue:
    """`starts 4 2025/11/20 11:00:00;`, or `starts epoch 1763636400;`; `never` is null."""
    seconds = record.re_extract(rf"\s{word} epoch (\d+);", 1).try_cast("float64")
    year, month, day, clock = (record.re_extract(rf"\s{word} \d {DATE};", part) for part in range(1, 5))
    return ibis.coalesce(f.epoch(seconds), f.iso(year + "-" + month + "-" + day + "T" + clock))
