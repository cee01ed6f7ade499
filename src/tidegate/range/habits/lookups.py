"""Names that machines ask for and that look like noise: reputation, content networks, mail checks, reverse look-ups."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import ids
from tidegate.range.network import domain
from tidegate.range.tables import LOOKUP, Ints, pick, rows
from tidegate.range.world import World

REPUTATION = 8  # a laptop and day: files and sites the anti-virus does not know yet
CONTENT = 5  # a laptop and day, beyond the look-ups of its sessions
CHECKED = 3  # a member of staff and day: mails whose sender is looked up
REVERSE = 40  # a server and day, of those that put names into their logs
CACHED = 4_000  # names of the content network that are asked for again and again


def reputation(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """The anti-virus asks for hashes as labels below its maker's domain, from every laptop that is on."""
    laptops = world.organisation.laptops[world.at_work(day, office=True), day]
    who = np.repeat(laptops, rng.poisson(REPUTATION, len(laptops)))
    return hashes(world, rng, who, _times(world, day, rng, len(who)))


def hashes(world: World, rng: np.random.Generator, who: Ints, time: Ints) -> pa.Table:
    """What is asked of the anti-virus's maker by DNS: a hash, and whether it is known by A or TXT."""
    count, maker = len(who), domain(world.service("antivirus")[0])
    first = ids.hexadecimal(rng, count, 32)
    by_text, known = rng.random(count) < 0.3, rng.random(count) < 0.4
    host = pc.binary_join_element_wise(first, pick(["a", "f", "u"], rng.integers(0, 3, count)), "avqs", maker, ".")
    answer = pc.if_else(pa.array(by_text), "TXT 12 v=1;r=0;t=30", "127.0.0.4")
    return _asked(
        who,
        time,
        host,
        qtype=pick(["A", "TXT"], by_text.astype(np.int64)),
        answer=pc.if_else(pa.array(known | by_text), answer, pa.scalar(None, pa.string())),
        received=pc.add(pc.utf8_length(host), 46),
    )


def content(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Hosts of a content network: long made-up names, many asked for again, some only once."""
    laptops = world.organisation.laptops[world.at_work(day, office=True), day]
    who = np.repeat(laptops, rng.poisson(CONTENT, len(laptops)))
    count, (edge, ip) = len(who), world.service("content")
    often = ids.hexadecimal(world.random("content names"), CACHED, 14)
    popular = np.exp(rng.random(count) * np.log(CACHED)).astype(np.int64) - 1
    name = pc.if_else(pa.array(rng.random(count) < 0.85), pick(often, popular), ids.hexadecimal(rng, count, 28))
    host = pc.binary_join_element_wise(pc.binary_join_element_wise("d", name, ""), edge, ".")
    return _asked(who, _times(world, day, rng, count), host, answer=ip, received=pc.add(pc.utf8_length(host), 34))


def mail_checks(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """The mail gateway asks for its peers' names, and for SPF and DKIM of the domains that mail comes from."""
    rate = CHECKED * len(world.organisation.people.where()) * (1 if world.workdays.open(day) else 0.25)
    count, sites = int(rng.poisson(rate)), world.network.sites
    site, kind = sites.popular(rng, count), rng.integers(0, 3, count)
    from_, peer = pa.array(sites.domain[site]), (site % 250).astype(str)
    selector = pick(["s1", "s2", "google", "k1", "2024a"], site % 5)
    names = [
        from_,
        pc.binary_join_element_wise(selector, "_domainkey", from_, "."),
        pc.binary_join_element_wise(pa.array(peer), "240.18.198.in-addr.arpa", "."),
    ]
    key = "TXT 410 v=DKIM1; k=rsa; p=" + "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ" * 10
    answers = ["TXT 34 v=spf1 include:_spf.example -all", key, pc.binary_join_element_wise("mx", from_, ".")]
    return _asked(
        np.full(count, world.organisation.server("MX")),
        world.workdays.office_times(rng, day, np.full(count, 20.0)),
        pc.choose(pa.array(kind), *names),
        qtype=pick(["TXT", "TXT", "PTR"], kind),
        answer=pc.choose(pa.array(kind), *answers),
        received=np.array([90, 470, 110])[kind],
    )


def reverse(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Servers that write logs want the names of the addresses in them, inside and outside."""
    org = world.organisation
    who = np.repeat([org.server("PROXY"), org.server("WEB"), org.server("MON")], REVERSE)
    count = len(who)
    place = rng.integers(0, 40_000, count).tolist()
    host = [f"{1 + n % 200}.{n // 200}.18.198.in-addr.arpa" for n in place]
    found = pa.array([f"host-{n}.example" for n in rng.integers(0, 9_000, count)], mask=rng.random(count) < 0.5)
    return _asked(who, world.workdays.any_times(rng, day, count), host, qtype="PTR", answer=found, received=90)


def _asked(who: Ints, time: Ints, host: Any, **columns: Any) -> pa.Table:
    return rows(LOOKUP, len(who), time=time, device=who, host=host, **columns)


def _times(world: World, day: int, rng: np.random.Generator, count: int) -> Ints:
    return world.workdays.office_times(rng, day, rng.normal(-20, 70, count))
