"""After an intrusion a rule stays behind that sends copies of a mailbox outside, for months.

Reported: mail rules left behind, continuous.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit, names
from tidegate.range.habits.mail import SUBJECTS, sizes
from tidegate.range.network import domain
from tidegate.range.scene import Additions, Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, MAIL, SECOND, Ints, joined, rows
from tidegate.range.world import Cast, World

MINUTE, HOUR = 60 * SECOND, 3_600 * SECOND
RECEIVED = 24  # mails a usual person receives on a working day, from inside and outside
INTRUDER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    ways: tuple[str, ...] = ("inbox_rule", "mailbox", "transport_rule"),  # one is drawn
    tries: int = 7,  # wrong passwords before the right one, on average
    wait: int = 30,  # minutes from the sign-in to the rule
) -> Scene:
    """A sign-in from a network never seen, a look around, the rule; then copies until the end."""
    org = world.organisation
    day = int(rng.integers(world.days // 2, world.days - max(5, world.days // 6)))
    team = str(rng.choice(["Management", "Administration", "GIS", "Ecology"]))
    victims = roles.pick(rng, lambda i: org.people.team[i] == team and world.stays(i), stealth.spread)
    outside = domain(world.service("webmail")[0]) if stealth.popular else f"{names.words(rng, 1)[0]}-post.example"
    way = str(rng.choice([way for way in ways if stealth.smaller == 1 or way != "mailbox"]))  # that one takes all
    admin, ip = org.people.user[int(org.people.where(kind="admin")[0])], f"192.0.2.{rng.integers(200, 250)}"
    mails, audits, actors = [], [], []
    for victim in victims:
        box, target = org.people.user[victim], f"{rng.choice(['sync', 'arch', 'm'])}{rng.integers(10, 99)}@{outside}"
        actor = admin if way == "transport_rule" else box
        failed = np.array([True] * int(rng.poisson(tries * stealth.smaller)) + [False])
        opening = (9 * HOUR, 15 * HOUR) if stealth.inside_hours else (0, 5 * HOUR)
        begin = world.workdays.midnight(day) + int(rng.integers(*opening))
        tried = begin + np.cumsum(rng.integers(3 * SECOND, 40 * SECOND, len(failed)))
        ruled = tried[-1:] + round(wait * stealth.slower) * MINUTE
        look = tried[-1] + rng.integers(MINUTE, wait * MINUTE, int(rng.integers(6, 20)))
        every = _copies(world, rng, victim, int(ruled[0]))
        copies = every[rng.random(len(every)) < stealth.smaller / stealth.spread]
        crossing, sent = _forwarded(world, rng, copies, box, target, "198.51.100.231")
        mails.append(crossing)
        audits += [
            audit.sign_in(failed=failed, time=tried, user=actor, ip=ip, agent=INTRUDER),
            audit.read(world, rng, user=actor, time=look, ip=ip),
            _rule(way, box, target, actor=actor, ip=ip, time=ruled, some=stealth.smaller < 1),
            sent,
        ]
        actors += [box, actor]
    copied = joined(MAIL, mails)
    return Scene(
        pattern="mail_leak",
        name=f"forwarding left behind ({way.replace('_', ' ')})",
        incident=True,
        actors=tuple(dict.fromkeys(actors)),
        destinations=(outside,),
        note=f"{copied.num_rows} copies to {outside}, set from {ip}",
        mails=copied,
        audits=joined(AUDIT, audits),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """Forwarding to a second official mailbox, to a shared team address, and by the help desk to stand-ins."""
    return [_second_box(world, roles, rng), _team_address(world, roles, rng), _help_desk(world, roles, rng)]


def _second_box(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """A scientist with a post at a partner institute forwards what arrives to the mailbox there."""
    people = world.organisation.people
    (person,) = roles.pick(rng, lambda i: people.team[i] in ("Ecology", "Laboratory") and world.stays(i))
    institute = f"{names.words(rng, 1)[0]}-institute.example"
    user, target = people.user[person], f"{people.user[person].partition('@')[0]}@{institute}"
    time, ip = _at_desk(world, rng, person)
    mails, sent = _forwarded(world, rng, _copies(world, rng, person, int(time[0])), user, target, "198.51.100.219")
    return Scene(
        pattern="mail_leak",
        name="forwarding to a second official mailbox",
        incident=False,
        actors=(user,),
        destinations=(institute,),
        mails=mails,
        audits=joined(AUDIT, [_rule("mailbox", user, target, actor=user, ip=ip, time=time), sent]),
        context=Additions(destinations=((institute, "partner", "home", "joint appointments, second mailboxes"),)),
    )


def _team_address(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """An inbox rule forwards requests to the team's shared address."""
    org = world.organisation
    (person,) = roles.pick(rng, lambda i: org.people.team[i] == "GIS" and world.stays(i))
    user = org.people.user[person]
    time, ip = _at_desk(world, rng, person)
    return Scene(
        pattern="mail_leak",
        name="forwarding to a shared team address",
        incident=False,
        actors=(user,),
        destinations=(org.domain,),
        audits=_rule("inbox_rule", user, f"gis-team@{org.domain}", actor=user, ip=ip, time=time),
    )


def _help_desk(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """Administrators forward the mail of people on leave to their stand-ins, on request."""
    org = world.organisation
    admin = org.people.user[int(org.people.where(kind="admin")[-1])]
    people = roles.pick(rng, world.stays, 4)
    rules = []
    for away, stand_in in zip(people[::2], people[1::2], strict=True):
        time, _ = _at_desk(world, rng, stand_in)
        box, target = org.people.user[away], org.people.user[stand_in]
        rules.append(_rule("mailbox", box, target, actor=admin, ip=world.network.office_ip(0), time=time))
    return Scene(
        pattern="mail_leak",
        name="help desk sets forwarding to stand-ins",
        incident=False,
        actors=(admin, *(org.people.user[person] for person in people)),
        destinations=(org.domain,),
        audits=joined(AUDIT, rules),
    )


def _rule(way: str, box: str, target: str, *, actor: str, ip: str, time: Ints, some: bool = False) -> pa.Table:
    """What sets the copies going: an inbox rule, the mailbox's forwarding address, or a transport rule.

    some: only mails with certain words are copied.
    """
    operation, parameters = {
        "inbox_rule": ("New-InboxRule", {"Name": "..", "ForwardTo": target, "StopProcessingRules": "False"}),
        "mailbox": (
            "Set-Mailbox",
            {"Identity": box, "ForwardingSmtpAddress": f"smtp:{target}", "DeliverToMailboxAndForward": "True"},
        ),
        "transport_rule": (
            "New-TransportRule",
            {"Name": "Journal check", "SentTo": box, "BlindCopyTo": target, "Mode": "Enforce"},
        ),
    }[way]
    parameters |= {"SubjectOrBodyContainsWords": "survey;permit;report"} if some else {}
    changed = {"inbox_rule": f"{box}\\\\..", "mailbox": box, "transport_rule": "Journal check"}[way]
    return audit.admin(operation, parameters, target=changed, time=time, user=actor, ip=f"{ip}:{50_000 + len(box)}")


def _copies(world: World, rng: np.random.Generator, person: int, begin: int) -> Ints:
    """When copies leave: as mail arrives, from the moment of the rule to the end."""
    factor, calendar = world.organisation.people.mail[person], world.workdays
    first = next(day for day in range(world.days) if calendar.midnight(day + 1) > begin)
    arrivals = [
        calendar.office_times(
            rng, day, np.full(rng.poisson(RECEIVED * factor * (1 if calendar.open(day) else 0.2)), 20.0)
        )
        for day in range(first, world.days)
    ]
    every = np.sort(np.concatenate(arrivals)) + SECOND
    return every[every > begin]


def _forwarded(
    world: World, rng: np.random.Generator, time: Ints, sender: str, recipient: str, peer: str
) -> tuple[pa.Table, pa.Table]:
    """Copies as they cross the border, and as the mailbox records that it sent them."""
    size = sizes(rng, len(time))
    subject = [f"FW: {SUBJECTS[n]}" for n in rng.integers(0, len(SUBJECTS), len(time))]
    crossing = rows(
        MAIL, len(time), time=time, sender=sender, recipient=recipient, subject=subject, size=size, peer=peer
    )
    gateway = "10.10.250.25"
    return crossing, audit.send(world, rng, user=sender, size=size, client=audit.FORWARDING, time=time, ip=gateway)


def _at_desk(world: World, rng: np.random.Generator, person: int) -> tuple[Ints, str]:
    """A moment in the later two thirds at which somebody works, and the address they appear under."""
    there = np.flatnonzero(world.workdays.present[person, world.days // 3 :]) + world.days // 3
    day = int(rng.choice(there))
    return world.workdays.office_times(rng, day, np.zeros(1)), str(world.client_ip(np.array([person]), day)[0])
