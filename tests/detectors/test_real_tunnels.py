"""What iodine and dns2tcp really ask, as `bench/tunnels.py` captured it, laid into quiet look-ups."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import ibis
import pytest
from ibis import _

from tests.detectors.lives import START
from tests.detectors.network_lives import looking_up
from tests.tables import engine, stored, table, without_lease
from tidegate.detectors.dns_tunnel import dns_tunnel
from tidegate.lake.store import Lake
from tidegate.measures.lookups import lookups
from tidegate.pipeline.ingest import ingest

NOON = START + timedelta(days=43, hours=12)


@pytest.mark.parametrize("tool", ["iodine", "dns2tcp"])
def test_a_real_tunnel_is_found_within_its_first_minute(tool: str, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    summary = ingest([Path(__file__).parent / "tunnels" / f"{tool}.dns.log"], lake)
    assert summary.quarantined == 0
    events = stored(lake.table("dns_activity").to_pyarrow())
    lake.close()
    first: datetime = engine().to_pyarrow(events.time.min().as_table())[0][0].as_py().replace(tzinfo=None)
    laid = events.mutate(time=_.time + ibis.interval(seconds=int((NOON - first).total_seconds())), day=NOON.date())
    tunnel = lookups(without_lease(laid.mutate(device=ibis.literal("dev-p3"))))
    life = table("lookups", looking_up())
    missing = {name: ibis.null(type_) for name, type_ in life.schema().items() if name not in tunnel.columns}
    found = dns_tunnel.run(life.union(tunnel.mutate(**missing).cast(dict(life.schema().items()))))
    rare = engine().to_pyarrow(found.filter(_.per_week < 0.05, _.time >= NOON)).to_pylist()
    assert {(r["device"], r["destination"]) for r in rare} == {("dev-p3", "tunnel.example")}
    assert min(r["time"] for r in rare) < NOON + timedelta(minutes=1)
