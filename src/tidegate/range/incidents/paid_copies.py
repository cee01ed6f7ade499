"""An official copies papers with protective markings for money: to a stick, a private cloud or private mail.

Reported: nearly 30 documents.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tidegate.range import audit, endpoint, names, sessions
from tidegate.range.habits.desks import put_on
from tidegate.range.incidents._when import HOUR, MINUTE, at_desk, evening
from tidegate.range.network import domain
from tidegate.range.scene import Additions, Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, EVENT, MAIL, SECOND, SESSION, Ints, joined, pick, rows
from tidegate.range.world import Cast, World

WAYS = ("stick", "cloud", "mail")


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    ways: tuple[str, ...] = WAYS,  # one is drawn
    documents: int = 29,  # nearly thirty, as reported
    days: int = 4,  # on which they are copied
) -> Scene:
    """Marked papers of other people's folders are opened one after the other, and within the hour a copy leaves."""
    people, way = world.organisation.people, str(rng.choice(ways))
    who = roles.pick(
        rng, lambda i: people.team[i] in ("Administration", "Management") and world.stays(i), stealth.spread
    )
    total, place = max(3, round(documents * stealth.smaller)), _place(world, rng, way, stealth)
    parts: list[Scene] = []
    for person, share in zip(who, np.array_split(np.arange(total), len(who)), strict=True):
        numbers = _strange(world, rng, person, len(share))
        stick = endpoint.own_stick(world, person) if stealth.popular else endpoint.medium(rng)
        chosen = at_desk(world, rng, person, round(days * stealth.slower), round(4 * days * stealth.slower))
        for day, some in zip(chosen.tolist(), np.array_split(numbers, len(chosen)), strict=True):
            if len(some):
                begin = world.workdays.office_times(rng, day, np.array([evening(stealth)]))
                parts.append(_copied(world, rng, person, day, some, begin, way, place, stick))
    first = parts[0]
    return Scene(
        pattern="paid_copies",
        name=f"marked papers copied ({way})",
        incident=True,
        actors=tuple(people.user[person] for person in who),
        devices=tuple(sorted({name for part in parts for name in part.devices})),
        destinations=first.destinations,
        note=f"{total} papers on {len(parts)} days",
        audits=joined(AUDIT, [part.audits for part in parts]),
        events=joined(EVENT, [part.events for part in parts]),
        sessions=joined(SESSION, [part.sessions for part in parts]),
        mails=joined(MAIL, [part.mails for part in parts]),
    )


def _place(world: World, rng: np.random.Generator, way: str, stealth: Stealth) -> tuple[str, str]:
    """Host and address of the cloud, or the address of the mailbox: one that others use too, or not."""
    if way == "mail":
        provider = domain(world.service("webmail")[0]) if stealth.popular else f"{names.words(rng, 1)[0]}-mail.example"
        return f"{names.words(rng, 1)[0]}{rng.integers(10, 99)}@{provider}", "198.51.100.221"
    return world.service("drive") if stealth.popular else (f"my.{names.words(rng, 1)[0]}-box.example", "198.51.100.222")


def _strange(world: World, rng: np.random.Generator, person: int, count: int) -> Ints:
    """Marked papers, not pictures, outside the folders that somebody works in."""
    tree = world.documents
    marked = np.flatnonzero(tree.marked & ~np.isin(tree.file_folder, tree.folders_of(person)))
    written = pc.match_substring_regex(pick(tree.file_name, marked), r"\.(docx|xlsx|pdf|pptx)$")
    papers = marked[written.to_numpy(zero_copy_only=False)]
    chosen: Ints = rng.choice(papers, count, replace=len(papers) < count)
    return chosen


def _copied(
    world: World,
    rng: np.random.Generator,
    person: int,
    day: int,
    numbers: Ints,
    begin: Ints,
    way: str,
    place: tuple[str, str],
    stick: str,
) -> Scene:
    """One evening's papers; of the logs that show each, only one carries its numbers."""
    org, count = world.organisation, len(numbers)
    user, size = org.people.user[person], world.documents.file_size[numbers].astype(float)
    opened = begin + np.cumsum(rng.integers(30 * SECOND, 6 * MINUTE, count))
    sent = opened + rng.integers(2 * MINUTE, 20 * MINUTE, count)
    read = _opened(world, person, day, numbers, opened, files=int(way == "cloud"))
    laptop = org.laptop_names([person], np.array([day]))
    part = Scene(pattern="paid_copies", name=way, incident=True, actors=(user,), devices=laptop)
    if way == "stick":
        put = put_on(world, rng, person, day, numbers, medium=stick, begin=opened[-1:] + HOUR, files=1)
        return replace(part, destinations=(endpoint.serial(stick),), audits=read, events=put)
    host, ip = place
    if way == "cloud":
        device = int(org.laptops[person, day])
        up = sessions.uploads(rng, time=sent, device=device, host=host, ip=ip, sent=size)
        return replace(part, destinations=(domain(host),), audits=read, sessions=up)
    carried, client = (size * 1.37).astype(np.int64), "Client=MSExchangeRPC"
    own = str(world.client_ip(np.array([person]), day)[0])
    mails = rows(MAIL, count, time=sent, sender=user, recipient=host, subject="", size=carried, peer=ip)
    shown = audit.send(world, rng, user=user, size=carried, client=client, time=sent, ip=own)
    audits = pa.concat_tables([read, shown])
    return replace(part, destinations=(host.partition("@")[2],), audits=audits, mails=mails)


def _opened(world: World, person: int, day: int, numbers: Ints, time: Ints, *, files: int = 0) -> pa.Table:
    """Papers opened, and downloaded a moment later."""
    fixed = {
        "user": world.organisation.people.user[person],
        "ip": str(world.client_ip(np.array([person]), day)[0]),
        "agent": audit.AGENTS[person % 2],
    }
    return pa.concat_tables(
        [
            audit.file(world, numbers, operation="FileAccessed", time=time, **fixed),
            audit.file(world, numbers, operation="FileDownloaded", time=time + 20 * SECOND, files=files, **fixed),
        ]
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """A records officer's transfer to the archive under permit, and a manager's board pack every month."""
    return [_transfer(world, roles, rng), _board_pack(world, roles, rng)]


def _transfer(world: World, roles: Cast, rng: np.random.Generator, *, papers: int = 90, every: int = 60) -> Scene:
    """Every other month papers that are due go from all teams' folders to the national archive."""
    org, (host, ip) = world.organisation, world.service("archive")
    (person,) = roles.pick(rng, lambda i: org.people.team[i] == "Administration" and world.stays(i))
    user, there, parts, moved, days = org.people.user[person], world.in_office(person), [], [], []
    for start in range(6, int(there[-1]), every):
        day = int(there[np.searchsorted(there, start)])
        numbers = _strange(world, rng, person, papers)
        begin = world.workdays.office_times(rng, day, np.array([-60.0]))
        opened = begin + np.cumsum(rng.integers(10 * SECOND, 90 * SECOND, papers))
        parts.append(_opened(world, person, day, numbers, opened))
        size = world.documents.file_size[numbers].astype(float)
        device = int(org.laptops[person, day])
        moved.append(sessions.uploads(rng, time=opened + HOUR, device=device, host=host, ip=ip, sent=size))
        days.append(day)
    number, calendar = f"AR-{world.workdays.start.year}-002", world.workdays
    validity = (calendar.date(-30).isoformat(), calendar.date(world.days + 60).isoformat())
    permit = (number, user, domain(host), "marked", "sensitive", "", "", *validity, "transfer of papers that are due")
    return Scene(
        pattern="paid_copies",
        name="records officer's transfer to the archive",
        incident=False,
        actors=(user,),
        devices=org.laptop_names([person], np.array(days)),
        destinations=(domain(host),),
        audits=joined(AUDIT, parts),
        sessions=joined(SESSION, moved),
        context=Additions(permits=(permit,)),
    )


def _board_pack(world: World, roles: Cast, rng: np.random.Generator, *, papers: int = 14) -> Scene:
    """The head of a unit puts the papers of the monthly board on the stick that always goes there."""
    org, tree = world.organisation, world.documents
    (person,) = roles.pick(rng, lambda i: org.people.team[i] == "Management" and world.stays(i))
    there, stick = world.in_office(person), endpoint.own_stick(world, person)
    parts, events, days = [], [], []
    for start in range(3, int(there[-1]), 28):
        day = int(there[np.searchsorted(there, start)])
        plain = tree.sample(rng, tree.habits_on(day)[person, rng.integers(0, 8, papers // 2)])
        numbers = np.concatenate([_strange(world, rng, person, papers - len(plain)), plain])
        opened = world.workdays.office_times(rng, day, np.zeros(1)) + np.cumsum(
            rng.integers(MINUTE, 6 * MINUTE, len(numbers))
        )
        parts.append(_opened(world, person, day, numbers, opened))
        events.append(put_on(world, rng, person, day, numbers, medium=stick, begin=opened[-1:] + 5 * MINUTE))
        days.append(day)
    return Scene(
        pattern="paid_copies",
        name="manager's board pack",
        incident=False,
        actors=(org.people.user[person],),
        devices=org.laptop_names([person], np.array(days)),
        audits=joined(AUDIT, parts),
        events=joined(EVENT, events),
    )
