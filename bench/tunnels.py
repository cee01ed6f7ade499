"""Real DNS tunnels, found or not: iodine and dns2tcp carry a file between two network namespaces of this machine.

A capture of each becomes a dns.log as Zeek writes it, is read as any log is, and is laid into the quiet look-ups of a
made-up organisation. Cut off later and later, it shows after how many seconds and bytes `dns_tunnel` would have found
it. Nothing leaves the machine: the namespaces have no way out. Needs root, the Debian packages iodine, dns2tcp,
iproute2 and tcpdump, and scapy (`pip install tidegate[bench]`) to read the captures.
"""

from __future__ import annotations

import argparse
import bisect
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis import _
from ibis.backends.duckdb import Backend
from rich.console import Console
from rich.table import Table

from _namespaces import Carried, Run, carried, missing
from tidegate.detectors.dns_tunnel import dns_tunnel
from tidegate.lake.store import Lake
from tidegate.measures.lookups import lookups
from tidegate.pipeline.ingest import ingest
from tidegate.range.make import make

RARE = 0.05  # findings a week by chance below which a tunnel counts as found
# Seconds after a tunnel's first look-up at which the logs are looked at.
MOMENTS = (0.1, 0.2, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 300, 600)
COLUMNS = (
    *("tool", "type", "sent at", "seconds", "bytes", "queries", "bytes in names", "found after", "in names by then"),
    "of the file",
)


@dataclass(frozen=True, kw_only=True)
class Life:
    """Quiet look-ups, and where a tunnel is laid into them: whose address, and when it begins."""

    con: Backend
    lookups: ir.Table
    address: str
    begin: datetime


RUNS = (
    *(Run(tool="iodine", type=type_, size=200_000) for type_ in ("NULL", "TXT", "SRV", "MX", "CNAME", "A")),
    *(Run(tool="dns2tcp", type=type_, size=200_000) for type_ in ("TXT", "KEY")),
    Run(tool="iodine", type="TXT", size=12_000, rate=200),
    Run(tool="dns2tcp", type="TXT", size=12_000, rate=200),
    Run(tool="iodine", type="A", size=600, rate=10),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="a folder in which the logs stay")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--days", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if lacking := list(missing()):
        print("not measured, for want of", ", ".join(lacking))
        return
    with tempfile.TemporaryDirectory(prefix="tidegate-tunnels-") as temporary:
        folder = Path(temporary)
        kept = options.keep or folder / "logs"
        kept.mkdir(parents=True, exist_ok=True)
        life = quiet(folder / "quiet", options)
        rows = []
        for run in RUNS:
            rows.append((run.tool, run.type, *judged(carried(run, kept), life, folder / run.name)))
            print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
        show(rows, options)
        others = life.con.to_pyarrow(rare(life, life.lookups)).num_rows
        print(f"found as rare in the last week of the look-ups themselves: {others}")


def quiet(folder: Path, options: argparse.Namespace) -> Life:
    """The look-ups of a made-up organisation without incidents; a tunnel begins on its last working day, after ten."""
    make(folder / "logs", people=options.people, days=options.days, seed=options.seed, incidents=())
    lake = Lake(folder / "lake")
    ingest(sorted((folder / "logs").rglob("dns*.log*")), lake)
    con = lake.engine.ibis
    plain = con.create_table("plain", lookups(lake.table("dns_activity")), temp=True)
    life = con.create_table("life", plain.union(hashes(plain)), temp=True)
    busy = life.group_by("day", "device").agg(n=_.queries.sum()).filter(_.day.day_of_week.index() < 5)
    last = con.to_pyarrow(busy.order_by(ibis.desc("day"), ibis.desc("n"), "device").limit(1)).to_pylist()[0]
    begin = datetime.combine(last["day"], datetime.min.time()) + timedelta(hours=10, minutes=5)
    return Life(con=con, lookups=life, address=last["device"], begin=begin)


def hashes(life: ir.Table) -> ir.Table:
    """What an anti-virus asks, which the range does not have: up to 40 names that are hashes, by device and hour."""
    asking = life.group_by("day", "hour", "device", "actor").agg(
        first_time=_.first_time.min(), last_time=_.last_time.max(), uid=_.uid.max()
    )
    names = 1 + (_.device.fill_null("") + _.hour.cast("string")).hash().abs() % 40
    asked = asking.mutate(destination=ibis.literal("antivirus.example"), names=names.cast("int64"))
    asked = asked.mutate(queries=_.names, label_bytes=_.names * 40, long=_.names, failed=ibis.literal(0, "int64"))
    return asked.select(*life.columns).cast(dict(life.schema().items()))


def rare(life: Life, asked: ir.Table) -> ir.Table:
    """What `dns_tunnel` finds rare of the last week of the look-ups."""
    begun = life.begin - timedelta(days=7)
    return dns_tunnel.run(asked).filter(_.per_week < RARE, _.time > begun)


def judged(done: Carried, life: Life, folder: Path) -> tuple[str, ...]:
    """What the table says of a tunnel: its amounts, and when it was found.

    How much of the file was gone by then is what stood in names since it began to go, as a share of all that did.
    """
    lake, run = Lake(folder), done.run
    ingest([done.log], lake)
    events = life.con.create_table(run.name, lake.engine.ibis.to_pyarrow(lake.table("dns_activity")), temp=True)
    first = life.con.to_pyarrow(events.time.min().as_table())[0][0].as_py()
    shift = ibis.interval(microseconds=round((life.begin - first.replace(tzinfo=None)).total_seconds() * 1e6))
    laid = events.mutate(time=_.time + shift, src_ip=ibis.literal(life.address)).mutate(day=_.time.date())

    def until(after: float) -> ir.Table:
        return lookups(laid.filter(_.time < life.begin + timedelta(seconds=after)))

    def found(after: float) -> bool:
        rows = rare(life, life.lookups.union(until(after).cast(dict(life.lookups.schema().items()))))
        mine = rows.filter(_.device == life.address, _.destination == "tunnel.example")
        return bool(life.con.to_pyarrow(mine.count().as_table())[0][0].as_py())

    def amounts(after: float) -> tuple[int, int]:
        sums = until(after).agg(queries=_.queries.sum(), label_bytes=_.label_bytes.sum())
        (row,) = life.con.to_pyarrow(sums).to_pylist()
        return row["queries"] or 0, row["label_bytes"] or 0

    at = bisect.bisect_left(MOMENTS, True, key=found)
    after = MOMENTS[at] if at < len(MOMENTS) else 86_400
    (queries, label_bytes), (_asked, then) = amounts(86_400), amounts(after)
    before = amounts(done.start - first.replace(tzinfo=UTC).timestamp())[1]
    gone = max(0, then - before) / max(1, label_bytes - before)
    return (
        f"{run.rate} B/s" if run.rate else "full speed",
        f"{done.seconds:.0f}",
        f"{run.size:,}",
        f"{queries:,}",
        f"{label_bytes:,}",
        f"{after} s" if at < len(MOMENTS) else "not found",
        f"{then:,}",
        f"{gone:.0%}",
    )


def show(rows: Sequence[Sequence[str]], options: argparse.Namespace) -> None:
    title = f"real DNS tunnels in the look-ups of {options.people} people over {options.days} days, seed {options.seed}"
    table = Table(title=title)
    for column in COLUMNS:
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
