"""After an intrusion a rule stays behind that sends copies of a mailbox outside, for months.

Reported: mail rules left behind, continuous.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit, names
from tidegate.range.organisation import ALWAYS
from tidegate.range.scene import Additions, Scene
from tidegate.range.tables import AUDIT, MAIL, SECOND, Ints, joined, rows
from tidegate.range.habits.mail import SUBJECTS
from tidegate.range.world import Cast, World

RECEIVED = 24  # mails a usual person receives on a working day, from inside and outside


def incident(
    world: World,
    roles: Cast,
    rng: np.random.Generator,
    *,
    variants: tuple[str, ...] = ("inbox_rule", "mailbox", "transport_rule"),  # one is drawn
    tries: int = 7,  # wrong passwords before the right one, on average
) -> Scene:
    """A sign-in from a network never seen, a look around, the rule; then a copy of every mail until the end."""
    staff = world.organisation.people
    day = int(rng.integers(world.days // 2, world.days - max(7, world.days // 6)))
    team = str(rng.choice(["Management", "Administration", "GIS", "Ecology"]))
    (victim,) = roles.pick(rng, lambda i: staff.team[i] == team and _stays(world, i))
    box, outside = f"{rng.choice(['m', 'sync', 'arch', 'k'])}{rng.integers(10, 99)}", f"{names.words(rng, 1)[0]}-post.example"
    target, variant = f"{box}@{outside}", str(rng.choice(variants))
    user = staff.user[victim]
    actor = user if variant != "transport_rule" else staff.user[int(staff.where(kind="admin")[0])]
    ip, agent = f"192.0.2.{rng.integers(100, 250)}", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    begin = world.workdays.midnight(day) + int(rng.uniform(0, 5) * 3_600 * SECOND)
    failed = np.array([True] * int(rng.poisson(tries)) + [False])
    minute = 60 * SECOND
    when = begin + np.cumsum(rng.integers(3 * SECOND, 40 * SECOND, len(failed)))
    look = when[-1] + np.sort(rng.integers(minute, 25 * minute, int(rng.integers(6, 20))))
    audits = [
        audit.sign_in(world, failed=failed, time=when, user=actor, ip=ip, agent=agent),
        audit.read(world, rng, user=pa.array([actor] * len(look)), time=look, ip=ip),
        _rule(world, variant, user, target, actor=actor, ip=ip, time=np.array([when[-1] + 30 * minute])),
    ]
    copies = _copies(world, rng, victim, day, int(when[-1]) + 30 * minute)
    audits.append(audit.send(world, rng, user=pa.array([user] * len(copies)), time=copies + 2 * SECOND, ip="10.10.250.25", client="Client=EBA;Action=ForwardingRule"))  # fmt: skip
    return Scene(
        pattern="mail_leak",
        name=f"forwarding left behind ({variant})",
        incident=True,
        actors=tuple(dict.fromkeys((user, actor))),
        destinations=(outside,),
        note=f"{len(copies)} copies to {target}, set from {ip}",
        mails=_mails(rng, copies, user, target, "198.51.100.231"),
        audits=joined(AUDIT, audits),
    )


def twins(world: World, roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """Forwarding to a second official mailbox, to a shared team address, and by the help desk to a stand-in."""
    return [_second_box(world, roles, rng), _team_address(world, roles, rng), _help_desk(world, roles, rng)]


def _second_box(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """A scientist with a post at a partner institute forwards what arrives to the mailbox there."""
    staff = world.organisation.people
    (person,) = roles.pick(rng, lambda i: staff.team[i] in ("Ecology", "Laboratory") and _stays(world, i))
    domain = f"{names.words(rng, 1)[0]}-institute.example"
    user, target = staff.user[person], f"{staff.user[person].partition('@')[0]}@{domain}"
    day = _office_day(world, rng, person)
    time = world.workdays.office_times(rng, day, np.zeros(1))
    copies = _copies(world, rng, person, day, int(time[0]))
    ip = str(world.client_ips(np.array([person]), day)[0])
    return Scene(
        pattern="mail_leak",
        name="forwarding to a second official mailbox",
        incident=False,
        actors=(user,),
        destinations=(domain,),
        mails=_mails(rng, copies, user, target, "198.51.100.219"),
        audits=_rule(world, "mailbox", user, target, actor=user, ip=ip, time=time),
        context=Additions(destinations=((domain, "partner", "home", "joint appointments, second mailboxes"),)),
    )


def _team_address(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """An inbox rule forwards requests to the team's shared address."""
    staff = world.organisation.people
    (person,) = roles.pick(rng, lambda i: staff.team[i] == "GIS" and _stays(world, i))
    user, day = staff.user[person], _office_day(world, rng, person)
    target = f"gis-team@{world.organisation.domain}"
    time = world.workdays.office_times(rng, day, np.zeros(1))
    ip = str(world.client_ips(np.array([person]), day)[0])
    rule = _rule(world, "inbox_rule", user, target, actor=user, ip=ip, time=time)
    return Scene(pattern="mail_leak", name="forwarding to a shared team address", incident=False, actors=(user,), destinations=(world.organisation.domain,), audits=rule)  # fmt: skip


def _help_desk(world: World, roles: Cast, rng: np.random.Generator) -> Scene:
    """Administrators forward the mail of people on leave to their stand-ins, on request."""
    staff = world.organisation.people
    admin = staff.user[int(staff.where(kind="admin")[-1])]
    people = roles.pick(rng, lambda i: _stays(world, i), 6)
    rules = []
    for away, stand_in in zip(people[::2], people[1::2], strict=True):
        day = _office_day(world, rng, stand_in)
        time = world.workdays.office_times(rng, day, np.zeros(1))
        ip = world.network.office_ip(0)
        rules.append(_rule(world, "mailbox", staff.user[away], staff.user[stand_in], actor=admin, ip=ip, time=time))
    return Scene(
        pattern="mail_leak",
        name="help desk sets forwarding to stand-ins",
        incident=False,
        actors=(admin, *(staff.user[p] for p in people)),
        destinations=(world.organisation.domain,),
        audits=joined(AUDIT, rules),
    )


def _rule(world: World, variant: str, box: str, target: str, *, actor: str, ip: str, time: Ints) -> pa.Table:
    """What sets the copies going: an inbox rule, the mailbox's forwarding address, or a transport rule."""
    operation, parameters = {
        "inbox_rule": (
            "New-InboxRule",
            {"Name": "..", "ForwardTo": target, "StopProcessingRules": "False", "MarkAsRead": "False"},
        ),
        "mailbox": (
            "Set-Mailbox",
            {"Identity": box, "ForwardingSmtpAddress": f"smtp:{target}", "DeliverToMailboxAndForward": "True"},
        ),
        "transport_rule": (
            "New-TransportRule",
            {"Name": "Journal check", "SentTo": box, "BlindCopyTo": target, "Mode": "Enforce", "Enabled": "True"},
        ),
    }[variant]
    name = f"{box}\\\\.." if variant == "inbox_rule" else box
    return audit.admin(operation, parameters, target=name, time=time, user=actor, ip=f"{ip}:{50_000 + len(target)}")


def _copies(world: World, rng: np.random.Generator, person: int, day: int, begin: int) -> Ints:
    """When copies leave: with the mail that arrives, from the moment of the rule to the end or the person's last day."""
    factor = world.organisation.people.mail[person]
    times = []
    for d in range(day, min(world.days, int(world.organisation.people.end[person]) + 1)):
        rate = RECEIVED * factor * (0.2 if world.workdays.weekday[d] >= 5 or world.workdays.holiday[d] else 1)
        times.append(world.workdays.office_times(rng, d, np.full(int(rng.poisson(rate)), 20.0)))
    every = np.sort(np.concatenate(times))
    kept: Ints = every[every > begin]
    return kept


def _mails(rng: np.random.Generator, time: Ints, sender: str, recipient: str, peer: str) -> pa.Table:
    subjects = [f"FW: {SUBJECTS[i]}" for i in rng.integers(0, len(SUBJECTS), len(time))]
    size = rng.lognormal(np.log(45_000), 1.6, len(time)).clip(2_000, 3e7)
    return rows(MAIL, len(time), time=time + SECOND, sender=sender, recipient=recipient, subject=subjects, size=size, peer=peer)  # fmt: skip


def _office_day(world: World, rng: np.random.Generator, person: int) -> int:
    there = np.flatnonzero(world.workdays.present[person])
    return int(rng.choice(there[there > world.days // 3]))


def _stays(world: World, person: int) -> bool:
    people = world.organisation.people
    return int(people.end[person]) == ALWAYS and int(people.start[person]) <= 0
