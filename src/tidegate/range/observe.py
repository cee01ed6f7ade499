"""Who sees what: sessions and mails become flows at the network sensor, or requests at the proxy.

The sensor (Zeek) listens at the border, inside the address translation. Headquarters' laptops use the web through the
proxy (Squid); traffic with the proxy is left out by the sensor's capture filter, as is usual, so that nothing is
logged twice. Video calls and everything else go past the proxy.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import ids
from tidegate.range.organisation import UNLISTED
from tidegate.range.tables import SECOND, Bools, Ints, joined, numbers, pick, rows
from tidegate.range.world import World

RESOLVER, GATEWAY = "10.10.250.2", "10.10.250.25"
ASKED = 0.3  # share of sessions that a DNS look-up is seen for; the rest come from caches

FLOW = pa.schema(
    {
        "time": pa.int64(),
        "uid": pa.string(),
        "src": pa.string(),
        "src_port": pa.int32(),
        "dst": pa.string(),
        "dst_port": pa.int32(),
        "proto": pa.string(),
        "service": pa.string(),
        "seconds": pa.float64(),
        "sent": pa.int64(),
        "received": pa.int64(),
        "host": pa.string(),
        "qtype": pa.string(),
        "answer": pa.string(),
        "method": pa.string(),
        "path": pa.string(),
        "mime": pa.string(),
        "helo": pa.string(),
        "sender": pa.string(),
        "recipient": pa.string(),
        "subject": pa.string(),
        "outgoing": pa.bool_(),
        "mark": pa.int16(),
    }
)


def proxied(world: World, sessions: pa.Table) -> Bools:
    """Which sessions go through the proxy: web traffic of headquarters' laptops."""
    behind = np.array([device.office == 0 and device.kind == "laptop" for device in world.organisation.devices])
    web = np.isin(numbers(sessions, "port"), (80, 443)) & pc.is_valid(sessions["host"]).to_numpy(zero_copy_only=False)
    answer: Bools = behind[numbers(sessions, "device")] & web
    return answer


def flows(
    world: World, sessions: pa.Table, lookups: pa.Table, mails: pa.Table, day: int, rng: np.random.Generator
) -> pa.Table:
    """Flows of the sessions given, the DNS look-ups before some of them and others, and the mails, by time."""
    direct = _direct(world, sessions, day, rng)
    own = _look_ups(world, direct, rng)
    return joined(FLOW, [direct, own, _asked(world, lookups, day, rng), _mails(world, mails, rng)])


def _direct(world: World, sessions: pa.Table, day: int, rng: np.random.Generator) -> pa.Table:
    count, names = sessions.num_rows, sessions.column_names
    pings = pc.equal(sessions["proto"], "icmp").to_numpy(zero_copy_only=False)
    return rows(
        FLOW,
        count,
        **{name: sessions[name] for name in FLOW.names if name in names and name != "service"},
        service=pc.if_else(pc.equal(sessions["service"], ""), pa.scalar(None, pa.string()), sessions["service"]),
        uid=ids.zeek(rng, count),
        src=pick(pa.array(world.network.leases(day)), numbers(sessions, "device")),
        src_port=np.where(pings, 8, rng.integers(49_152, 65_535, count)),  # of ICMP, the type: echo
        dst=sessions["ip"],
        dst_port=sessions["port"],
        outgoing=True,
    )


def _look_ups(world: World, direct: pa.Table, rng: np.random.Generator) -> pa.Table:
    named = direct.filter(pc.is_valid(direct["host"]))
    asked = named.filter(pa.array(rng.random(named.num_rows) < (0 if world.thin else ASKED)))
    count = asked.num_rows
    seconds = rng.lognormal(-4.5, 1, count)
    return rows(
        FLOW,
        count,
        time=numbers(asked, "time") - ((seconds + 0.002) * SECOND).astype(np.int64),
        uid=ids.zeek(rng, count),
        src=asked["src"],
        src_port=rng.integers(49_152, 65_535, count),
        dst=RESOLVER,
        dst_port=53,
        proto="udp",
        service="dns",
        seconds=seconds,
        sent=pc.add(pc.utf8_length(asked["host"]), 18),
        received=pc.add(pc.utf8_length(asked["host"]), 34),
        host=asked["host"],
        answer=asked["dst"],
        outgoing=True,
        mark=asked["mark"],
    )


def _asked(world: World, lookups: pa.Table, day: int, rng: np.random.Generator) -> pa.Table:
    count = lookups.num_rows
    return rows(
        FLOW,
        count,
        time=lookups["time"],
        uid=ids.zeek(rng, count),
        src=pick(pa.array(world.network.leases(day)), numbers(lookups, "device")),
        src_port=rng.integers(49_152, 65_535, count),
        dst=RESOLVER,
        dst_port=53,
        proto="udp",
        service="dns",
        seconds=rng.lognormal(-3.5, 0.8, count),
        sent=pc.add(pc.utf8_length(lookups["host"]), 18),
        received=lookups["received"],
        host=lookups["host"],
        qtype=lookups["qtype"],
        answer=lookups["answer"],
        outgoing=True,
        mark=lookups["mark"],
    )


def _mails(world: World, mails: pa.Table, rng: np.random.Generator) -> pa.Table:
    count, inbound, size = mails.num_rows, mails["inbound"], mails["size"]
    small = pa.array(rng.integers(900, 2_400, count))
    peer_name = pc.binary_join_element_wise("mx", pc.replace_substring_regex(mails["sender"], "^[^@]*@", "."), "")
    return rows(
        FLOW,
        count,
        time=mails["time"],
        uid=ids.zeek(rng, count),
        src=pc.if_else(inbound, mails["peer"], GATEWAY),
        src_port=rng.integers(32_768, 60_999, count),
        dst=pc.if_else(inbound, GATEWAY, mails["peer"]),
        dst_port=25,
        service="smtp",
        seconds=rng.lognormal(0.3, 0.6, count),
        sent=pc.add(size, small),
        received=rng.integers(400, 900, count),
        helo=pc.if_else(inbound, peer_name, f"mx1.{world.organisation.domain}"),
        sender=mails["sender"],
        recipient=mails["recipient"],
        subject=mails["subject"],
        outgoing=pc.invert(inbound),
        mark=mails["mark"],
    )


def leases(world: World, day: int, awake: Ints, sessions: pa.Table, rng: np.random.Generator) -> pa.Table:
    """DHCP exchanges of a day: each device in the house asks when it wakes up, any other before it first sends.

    That an unlisted device asks belongs to the scene that lets it send.
    """
    devices = world.organisation.devices
    times = world.workdays.office_times(rng, day, np.full(len(awake), -75.0))
    first = sessions.group_by("device").aggregate([("time", "min"), ("mark", "max")])
    others = np.setdiff1d(first["device"].to_numpy(), [*awake, *np.flatnonzero([bool(d.ip) for d in devices])])
    begun = dict(zip(first["device"].to_pylist(), first["time_min"].to_pylist(), strict=True))
    marks = dict(zip(first["device"].to_pylist(), first["mark_max"].to_pylist(), strict=True))
    who, count = np.concatenate([awake, others]), len(awake) + len(others)
    times = np.concatenate([times, np.array([begun[n] for n in others], times.dtype)])
    address, fresh = world.network.leases(day)[who], world.network.renumbered[who, day]
    table = pa.table(
        {
            "time": times,
            "uid": ids.zeek(rng, count),
            "address": pa.array(address),
            "asked": pa.array(address, mask=fresh),
            "mac": pick([device.mac for device in devices], who),
            "name": pick([device.name for device in devices], who),
            "domain": pa.repeat(pa.scalar(world.organisation.domain), count),
            "fresh": pa.array(fresh),
            "seconds": rng.lognormal(-3, 1, count),
            "mark": pa.array([marks[n] if devices[n].kind in UNLISTED else -1 for n in who.tolist()], pa.int16()),
        }
    )
    return table.sort_by("time")
