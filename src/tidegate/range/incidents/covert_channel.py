"""A hidden channel out of one neglected machine: data in DNS queries, a beacon, or uploads in an odd protocol.

Reported: long-term, continuous, out of neglected systems.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import ids, names
from tidegate.range.incidents import _steady
from tidegate.range.incidents._when import HOUR, beats, first_day, kept, lasting, moments
from tidegate.range.network import domain
from tidegate.range.scene import Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import DAY, LOOKUP, SECOND, SESSION, Ints, joined, rows
from tidegate.range.world import Cast, World

WAYS = ("dns", "beacon", "upload")
BURSTS = 10  # times at which much is sent
LABEL, LABELS = 56, 3  # characters of a label that carries data, and labels in a query
_TYPES = ("NULL", "TXT", "CNAME")
_PROTOCOLS = (  # service as Zeek names it, port, transport
    *(("ftp-data", 20, "tcp"), ("ssh", 22, "tcp"), ("ssh", 2222, "tcp"), ("irc", 6667, "tcp")),
    *(("", 0, "icmp"), ("", 4444, "tcp")),
)


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    ways: tuple[str, ...] = WAYS,  # one is drawn
    days: int = 7,  # of what goes on for months: all that matters is in the first hour
    carried: float = 1.2e6,  # bytes that the DNS queries carry: passwords, plans, lists
    every: int = 300,  # seconds between two beats of the beacon
    uploads: int = 30,  # in the odd protocol, of some megabytes each
) -> Scene:
    """One machine, at any hour (or while people work), to a domain or an address of the thief."""
    length, way = lasting(world, days, stealth), str(rng.choice(ways))
    begin = world.workdays.midnight(first_day(world, rng, length)) + int(rng.integers(8 * HOUR, 16 * HOUR))
    machines = _neglected(world, roles, rng, stealth.spread)
    host = f"{rng.choice(['t', 'ns1', 'c2', 'up'])}.{names.words(rng, 1)[0]}-net.example"
    if stealth.popular:  # below the domain of a content network that everybody uses
        host = f"{ids.hexadecimal(rng, 1, 8)[0].as_py()}.{world.service('content')[0]}"
    end, per, tables = begin + (length - 1) * DAY, stealth.smaller / len(machines), []
    for device in machines:
        if way == "dns":
            tables.append(_tunnel(world, rng, device, host, begin, end, carried * per, stealth))
        elif way == "beacon":
            tables.append(_beacon(world, rng, device, host, begin, end, every, stealth))
        else:
            tables.append(_odd(world, rng, device, begin, end, max(2, round(uploads * per)), stealth))
    there = domain(host) if way != "upload" else str(tables[0]["ip"][0])
    owners = {world.organisation.devices[n].owner for n in machines} - {-1}
    return Scene(
        pattern="covert_channel",
        name=f"hidden channel ({way})",
        incident=True,
        actors=tuple(world.organisation.people.user[n] for n in sorted(owners)),
        devices=tuple(world.organisation.devices[n].name for n in machines),
        destinations=(there,),
        note=f"{sum(table.num_rows for table in tables)} queries or connections in {length} days",
        lookups=joined(LOOKUP, tables if way == "dns" else []),
        sessions=joined(SESSION, [] if way == "dns" else tables),
    )


def _neglected(world: World, roles: Cast, rng: np.random.Generator, count: int) -> list[int]:
    """Machines that nobody looks after: servers that run day and night, or laptops of other offices left on."""
    org = world.organisation
    servers = rng.permutation([org.server(name) for name in ("WEB", "MON")])[: rng.integers(0, count + 1)].tolist()
    owners = roles.pick(rng, lambda i: bool(org.people.office[i]) and world.stays(i), count - len(servers))
    return [*servers, *(int(org.laptops[n, -1]) for n in owners)]


def _tunnel(
    world: World,
    rng: np.random.Generator,
    device: int,
    host: str,
    begin: int,
    end: int,
    carried: float,
    stealth: Stealth,
) -> pa.Table:
    """Bursts of queries full of data, from the first minute on, and a short one at a steady beat to keep it open."""
    full = round(carried / (LABEL * LABELS / 2))  # two hexadecimal digits a byte
    starts = moments(world, rng, begin, end, BURSTS, stealth)
    pace = np.cumsum(rng.exponential(0.2 * SECOND * stealth.slower, -(-full // BURSTS)).astype(np.int64))
    data = np.sort((starts[:, None] + pace).ravel()[:full])
    idle = kept(world, beats(rng, begin, end, round(40 * SECOND * stealth.slower), 0.1), stealth)
    kind = str(rng.choice(_TYPES))
    labels = [ids.hexadecimal(rng, len(data), LABEL) for _ in range(LABELS)]
    return pa.concat_tables(
        [
            _queries(rng, device, data, pc.binary_join_element_wise(*labels, host, "."), kind),
            _queries(
                rng, device, idle, pc.binary_join_element_wise(ids.hexadecimal(rng, len(idle), 12), host, "."), kind
            ),
        ]
    )


def _queries(rng: np.random.Generator, device: int, time: Ints, host: pa.Array, kind: str) -> pa.Table:
    said = {
        "NULL": pa.nulls(len(time), pa.string()),
        "TXT": pc.binary_join_element_wise("TXT 32 ", ids.hexadecimal(rng, len(time), 32), ""),
        "CNAME": pc.binary_join_element_wise(ids.hexadecimal(rng, len(time), 16), host, "."),
    }[kind]
    received = pc.add(pc.utf8_length(host), pa.scalar(60))
    return rows(LOOKUP, len(time), time=time, device=device, host=host, qtype=kind, answer=said, received=received)


def _beacon(
    world: World, rng: np.random.Generator, device: int, host: str, begin: int, end: int, every: int, stealth: Stealth
) -> pa.Table:
    """A beat with some jitter; more goes out than comes in."""
    time = kept(world, beats(rng, begin, end, round(every * SECOND * stealth.slower), 0.15), stealth)
    count = len(time)
    return rows(
        SESSION,
        count,
        time=time,
        device=device,
        host=host,
        ip="198.51.100.211",
        seconds=rng.lognormal(-0.5, 0.4, count),
        sent=rng.lognormal(np.log(9_000 * stealth.smaller), 0.5, count),
        received=rng.lognormal(np.log(900), 0.3, count),
        method="POST",
    )


def _odd(
    world: World, rng: np.random.Generator, device: int, begin: int, end: int, count: int, stealth: Stealth
) -> pa.Table:
    """Uploads of some megabytes each to a bare address, in a protocol that is not used for this here."""
    service, port, proto = _PROTOCOLS[int(rng.integers(len(_PROTOCOLS)))]
    time = moments(world, rng, begin, end, count, stealth)
    sent = rng.lognormal(np.log(1.2e7), 0.7, len(time))
    return rows(
        SESSION,
        len(time),
        time=time,
        device=device,
        ip="198.51.100.212",
        port=port,
        proto=proto,
        service=service,
        seconds=sent / 8e5,
        sent=sent,
        received=sent * 0.02,
    )


def twins(world: World, _roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """A mail scanner's reputation look-ups, monitoring agents, update checks, a new clock, a nightly SFTP delivery."""
    return _steady.machines(world, rng)
