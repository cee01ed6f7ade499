"""A privileged or a vendor's account, its password collected, opens the mailboxes of everybody.

Reported: an administrator's passwords were collected; thousands of mailboxes of many institutions were opened.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa

from tidegate.range import audit, ids, names
from tidegate.range.incidents._when import HOUR, MINUTE, days_of, first_day, lasting
from tidegate.range.scene import Additions, Scene
from tidegate.range.stealth import ORDINARY, Stealth
from tidegate.range.tables import AUDIT, DAY, SECOND, Ints, Texts, joined, pick
from tidegate.range.world import Cast, World

NIGHT = 7 * 3_600 * SECOND  # in which mailboxes are opened each day
MOST = 5_000  # mailboxes that are opened where there are more
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36"
SCOPES = "Mail.Read, Mail.ReadWrite, MailboxSettings.ReadWrite, offline_access"


def incident(
    world: World,
    _roles: Cast,
    rng: np.random.Generator,
    *,
    stealth: Stealth = ORDINARY,
    days: int = 3,  # in which all of it happens
    granted: float = 0.4,  # share of the mailboxes that it grants itself first; the rest comes by an application
    exported: float = 0.1,  # share that is exported as a whole
) -> Scene:
    """A sign-in from a network never seen, an application that may read all mail, then one mailbox after the other."""
    org, length = world.organisation, lasting(world, days, stealth)
    accounts = [org.people.user[n] for n in _privileged(world, rng, stealth.spread)]
    boxes = rng.permutation(org.people.where())[: max(5, round(min(MOST, len(org.people)) * stealth.smaller))]
    ip = f"192.0.2.{rng.integers(200, 250)}"
    days_ = days_of(world, rng, first_day(world, rng, length), length, len(boxes), stealth)
    hour = int(rng.integers(9 * HOUR, 11 * HOUR) if stealth.inside_hours else rng.integers(HOUR, 4 * HOUR))
    midnight = world.workdays.midnight(0)
    parts = [_let_in(rng, account, ip, midnight + int(days_[0]) * DAY + hour) for account in accounts]
    times = np.sort(midnight + days_ * DAY + hour + 30 * MINUTE + rng.integers(0, NIGHT, len(boxes)))
    user, chance = np.resize(accounts, len(boxes)), rng.random(len(boxes))
    for share, act in ((chance < granted, _granted), (chance > 1 - exported, _exported)):
        parts.append(act(world, rng, boxes[share], user[share], times[share], ip))
    which = np.repeat(np.arange(len(boxes)), rng.integers(1, 6, len(boxes)))
    parts.append(
        audit.read(
            world,
            rng,
            user=pa.array(user[which]),
            time=times[which] + MINUTE + rng.integers(0, 4 * MINUTE, len(which)),
            owner=pick(pa.array(org.people.user), boxes[which]),
            logon=audit.DELEGATE,
            taken=True,
            ip=ip,
        )
    )
    return Scene(
        pattern="springboard",
        name="everybody's mail by a privileged account",
        incident=True,
        actors=tuple(accounts),
        destinations=(ip,),
        note=f"{len(boxes)} mailboxes in {length} days",
        audits=joined(AUDIT, parts),
    )


def _privileged(world: World, rng: np.random.Generator, count: int) -> list[int]:
    """Accounts of the vendor, of administrators and a service; not those that are innocent in other scenes."""
    people = world.organisation.people
    sensors = people.user.index(f"svc-sensors@{world.organisation.domain}")
    possible = [*people.where(kind="third_party")[:-1].tolist(), *people.where(kind="admin")[1:-1].tolist(), sensors]
    return [int(n) for n in rng.permutation(possible)[:count]]


def _let_in(rng: np.random.Generator, account: str, ip: str, begin: int) -> pa.Table:
    """The right password at once, or nearly; then consent to an application, and the right to be anybody."""
    failed = np.array([True] * int(rng.integers(0, 2)) + [False])
    time = begin + np.arange(len(failed)) * 40 * SECOND
    application = f"{names.words(rng, 1)[0].title()} Mail Sync;{ids.guids(rng, 1)[0].as_py()}"
    scopes = json.dumps([{"Name": "ConsentAction.Permissions", "NewValue": SCOPES, "OldValue": ""}])
    role = {"Name": "Impersonation-1", "Role": "ApplicationImpersonation", "User": account}
    return pa.concat_tables(
        [
            audit.sign_in(failed=failed, time=time, user=account, ip=ip, agent=BROWSER),
            audit.directory(
                "Consent to application.",
                target=application,
                body=f',"ModifiedProperties":{scopes}',
                time=time[-1:] + 8 * MINUTE,
                user=account,
                ip=ip,
            ),
            _changes("New-ManagementRoleAssignment", [role], ["Impersonation-1"], account, ip, time[-1:] + 15 * MINUTE),
        ]
    )


def _granted(world: World, _rng: np.random.Generator, boxes: Ints, account: Texts, time: Ints, ip: str) -> pa.Table:
    """Full access to each mailbox, for the account itself."""
    names_ = [world.organisation.people.user[box] for box in boxes.tolist()]
    pairs = zip(names_, account.tolist(), strict=True)
    rights = [
        {"Identity": box, "User": who, "AccessRights": "FullAccess", "AutoMapping": "False"} for box, who in pairs
    ]
    return _changes("Add-MailboxPermission", rights, names_, account, ip, time)


def _exported(world: World, rng: np.random.Generator, boxes: Ints, account: Texts, time: Ints, ip: str) -> pa.Table:
    """Whole mailboxes written to a share."""
    names_ = [world.organisation.people.user[box] for box in boxes.tolist()]
    files = ids.hexadecimal(rng, len(boxes), 6).to_pylist()
    to = [
        {"Mailbox": box, "FilePath": rf"\\SRV-FILE01\pst$\{file}.pst"} for box, file in zip(names_, files, strict=True)
    ]
    return _changes("New-MailboxExportRequest", to, names_, account, ip, time + 30 * SECOND)


def _changes(
    operation: str, parameters: list[dict[str, str]], target: list[str], account: Any, ip: str, time: Ints
) -> pa.Table:
    named = pa.array(target, pa.string())
    return audit.admins(operation, parameters, target=named, time=time, user=account, ip=f"{ip}:50211")


def twins(world: World, _roles: Cast, rng: np.random.Generator) -> list[Scene]:
    """A migration under a change ticket, the journal that reads everything always, the help desk's new passwords."""
    return [_migration(world, rng), _journal(world, rng), _help_desk(world, rng)]


def _migration(world: World, rng: np.random.Generator) -> Scene:
    """In three nights an administrator grants themselves every mailbox, copies it and takes the right away again."""
    org, calendar = world.organisation, world.workdays
    admin, ip = org.people.user[int(org.people.where(kind="admin")[0])], world.network.office_ip(0)
    boxes, day = rng.permutation(org.people.where())[:MOST], int(rng.integers(world.days // 3, world.days - 5))
    begin = calendar.midnight(day) + 19 * HOUR
    times = np.sort(begin + rng.integers(0, 3, len(boxes)) * DAY + rng.integers(0, NIGHT, len(boxes)))
    names_ = [org.people.user[box] for box in boxes.tolist()]
    moves = [{"Identity": name, "BatchName": "wave"} for name in names_]
    ends = [{"Identity": name, "User": admin} for name in names_]
    parts = [
        _granted(world, rng, boxes, np.full(len(boxes), admin), times, ip),
        _changes("New-MoveRequest", moves, names_, admin, ip, times + MINUTE),
        _changes("Remove-MailboxPermission", ends, names_, admin, ip, times + 20 * MINUTE),
    ]
    parts.append(_fetched(world, rng, admin, boxes, times + 2 * MINUTE, ip))
    validity = (calendar.date(day).isoformat(), calendar.date(day + 4).isoformat())
    permit = (f"CHG-{4_000 + day}", admin, org.domain, "mail", "", "", "", *validity, "mailbox migration")
    return _twin("mailbox migration under a change ticket", admin, org.domain, parts, Additions(permits=(permit,)))


def _journal(world: World, rng: np.random.Generator) -> Scene:
    """A service account fetches every mailbox once a week, always."""
    org = world.organisation
    account, boxes, parts = f"svc-scan@{org.domain}", org.people.where(), []
    for day in range(world.days):
        mine = boxes[boxes % 7 == day % 7]
        time = world.workdays.midnight(day) + np.sort(rng.integers(0, DAY, len(mine)))
        parts.append(_fetched(world, rng, account, mine, time, "203.0.113.30"))
    return _twin("journal of all mail", account, org.domain, parts, Additions())


def _help_desk(world: World, rng: np.random.Generator) -> Scene:
    """After a phishing mail a fifth of the people get new passwords on one day; otherwise two a week."""
    org = world.organisation
    admin, ip = org.people.user[int(org.people.where(kind="admin")[-1])], world.network.office_ip(0)
    staff, parts = org.people.where(), []
    rush = int(rng.integers(world.days // 3, world.days - 2))
    for day in range(world.days):
        count = len(staff) // 5 if day == rush else int(rng.poisson(0.4))
        for box in rng.choice(staff, count, replace=False).tolist():
            time = world.workdays.office_times(rng, day, np.zeros(1))
            name = org.people.user[box]
            parts.append(audit.directory("Reset user password.", target=name, time=time, user=admin, ip=ip))
    return _twin("help desk resets passwords", admin, org.domain, parts, Additions())


def _fetched(world: World, rng: np.random.Generator, account: str, boxes: Ints, time: Ints, ip: str) -> pa.Table:
    """Mailboxes synced by a program with another's account."""
    owner = pick(pa.array(world.organisation.people.user), boxes)
    client = "Client=WebServices;ExchangeServicesClient"
    return audit.sync(world, rng, user=account, time=time, owner=owner, client=client, logon=audit.ADMIN, ip=ip)


def _twin(name: str, account: str, domain: str, parts: list[pa.Table], context: Additions) -> Scene:
    return Scene(
        pattern="springboard",
        name=name,
        incident=False,
        actors=(account,),
        destinations=(domain,),
        audits=joined(AUDIT, parts),
        context=context,
    )
