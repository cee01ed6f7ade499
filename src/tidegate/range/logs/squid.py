"""Squid's access log in its native format, with the size of the request added at its end (`%>st`).

logformat: `%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st`. Users sign in to the proxy by Kerberos,
so a user is `name@REALM`. The proxy decrypts TLS but for a few hosts, of which it logs a CONNECT and no upload size
beyond the request's own header.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range.logs import _lines
from tidegate.range.logs.zeek import Written
from tidegate.range.tables import numbers, pick
from tidegate.range.world import World

SPLICED = 0.1  # share of hosts that are not decrypted (banks, health, the office suite's sign-in)

_LINE = (
    "concat(printf('%d.%03d %6d ', time // 1000000, (time // 1000) % 1000, (seconds * 1000)::bigint), src, ' ', result, ' ',"
    " received + 380, ' ', case when spliced then 'CONNECT' else \"method\" end, ' ', case when spliced then host || ':443'"
    " else case when port = 80 then 'http://' else 'https://' end || host || path end, ' ', account,"
    " case when result like 'TCP_MISS%' or spliced then ' HIER_DIRECT/' || ip else ' HIER_NONE/-' end, ' ', case when spliced then '-' else mime end, ' ',"
    " case when spliced then 640 else case when \"method\" = 'GET' then 900 + length(path) else sent end end, '\n')"
)


def access(
    con: duckdb.DuckDBPyConnection, world: World, sessions: pa.Table, day: int, rng: np.random.Generator
) -> Written:
    """One line a request, in the order of time."""
    devices, people = world.organisation.devices, world.organisation.people
    device = numbers(sessions, "device")
    count = sessions.num_rows
    account = [u.partition("@")[0] + "@" + u.partition("@")[2].upper() for u in people.user]
    spliced = (_hosts(sessions) % 100 < SPLICED * 100) & (numbers(sessions, "sent") < 50_000)
    hit = (rng.random(count) < 0.06) & ~spliced & pc.equal(sessions["method"], "GET").to_numpy(zero_copy_only=False)
    result = np.where(spliced, "TCP_TUNNEL/200", np.where(hit, "TCP_HIT/200", "TCP_MISS/200"))
    result = np.where((rng.random(count) < 0.01) & ~spliced & (numbers(sessions, "mark") < 0), "TCP_DENIED/407", result)
    table = (
        sessions.append_column("src", pick(world.network.leases[:, day].tolist(), device))
        .append_column("account", pick(account, devices.owner[device]))
        .append_column("spliced", pa.array(spliced))
        .append_column("result", pa.array(result))
    )
    return Written(log="access", source="squid", rows=table, lines=_lines.render(con, table, _LINE), record="")


def _hosts(sessions: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A number for each host, the same whenever it comes."""
    encoded = sessions["host"].combine_chunks().dictionary_encode()
    values = np.array([sum(host.encode()) for host in encoded.dictionary.to_pylist()] or [0], dtype=np.int64)
    answer: np.ndarray[tuple[int], np.dtype[np.int64]] = values[encoded.indices.to_numpy(zero_copy_only=False)]
    return answer
