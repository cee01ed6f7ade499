"""Squid's access log in its native format, with the size of the request added at its end (`%>st`).

logformat: `%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt %>st`. Users sign in to the proxy by Kerberos,
so a user is `name@REALM`. The proxy decrypts TLS but for some hosts; of those it logs CONNECT, and of what is sent only
the size of that request.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range.logs.rendering import Written, render
from tidegate.range.tables import Bools, numbers, pick
from tidegate.range.world import World

SPLICED = 10  # per cent of hosts that are not decrypted (banks, health); uploads never go there
REFUSED = 0.01  # share of requests sent again because the first came without a ticket

_LINE = " || ' ' || ".join(
    (
        "printf('%d.%03d %6d', time // 1000000, time // 1000 % 1000, (seconds * 1000)::bigint)",
        "src",
        "result",
        "(received + 380)",
        "case when spliced then 'CONNECT' else \"method\" end",
        "case when spliced then host || ':443' else if(port = 80, 'http://', 'https://') || host || path end",
        "case when result = 'TCP_DENIED/407' then '-' else account end",
        "case when result like '%_MISS/%' or spliced then 'HIER_DIRECT/' || ip else 'HIER_NONE/-' end",
        "case when spliced then '-' else mime end",
        "case when spliced then 640 when \"method\" = 'GET' then 900 + length(path) else sent end || '\n'",
    )
)


def access(con: duckdb.DuckDBPyConnection, world: World, day: int, sessions: pa.Table) -> Written:
    """One line a request, in the order of time."""
    org, rng = world.organisation, world.random("squid", day)
    device, count = numbers(sessions, "device"), sessions.num_rows
    accounts = [user.partition("@")[0] + "@" + user.partition("@")[2].upper() for user in org.people.user]
    owners = np.array([owned.owner for owned in org.devices])
    large = numbers(sessions, "sent") > 50_000
    spliced = _spliced(sessions) & ~large
    get = pc.equal(sessions["method"], "GET").to_numpy(zero_copy_only=False)
    chance = rng.random(count)
    result = np.select(
        [spliced, (chance < REFUSED) & ~large, get & (chance > 0.94)],
        ["TCP_TUNNEL/200", "TCP_DENIED/407", "TCP_HIT/200"],
        "TCP_MISS/200",
    )
    table = (
        sessions.append_column("src", pick(pa.array(world.network.leases(day)), device))
        .append_column("account", pick(accounts, owners[device]))
        .append_column("spliced", pa.array(spliced))
        .append_column("result", pa.array(result))
    )
    file = f"squid/access.log-{world.workdays.date(day):%Y%m%d}.gz"  # as logrotate names it
    return Written(file=file, source="squid", rows=table, lines=render(con, table, _LINE))


def _spliced(sessions: pa.Table) -> Bools:
    """Whether each session's host is one of those that are not decrypted: always the same ones."""
    hosts = sessions["host"].combine_chunks().dictionary_encode()
    chosen = np.array([sum(host.encode()) % 100 < SPLICED for host in hosts.dictionary.to_pylist()], dtype=bool)
    answer: Bools = chosen[hosts.indices.to_numpy(zero_copy_only=False)]
    return answer
