"""Accounts that are not staff's, and settings people change: the vendor's people, administrators, mail rules."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.tables import AUDIT, pick
from tidegate.range.world import World

VENDOR_IP = "198.51.100.240"
VENDOR_FILES = 6  # a day and person, on the stations' project site
RULES = 0.006  # a person-day: an inbox rule that sorts mail
ADMIN_CHANGES = 0.008  # a day for each member of staff: quotas, rooms, stand-ins for shared mailboxes


def vendor(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """The firm that maintains the sensors signs in on most working days and works on the stations' files."""
    people, tree = world.organisation.people, world.documents
    everybody = people.where(kind="third_party")
    there = everybody[rng.random(len(everybody)) < (0.6 if world.workdays.open(day) else 0)]
    busy = np.repeat(there, rng.poisson(VENDOR_FILES, len(there)))
    times = world.workdays.office_times
    return pa.concat_tables(
        [
            audit.sign_in(
                failed=np.zeros(len(there), dtype=bool),
                time=times(rng, day, np.full(len(there), -20.0)),
                user=pick(pa.array(people.user), there),
                ip=VENDOR_IP,
                agent=audit.AGENTS[1],
            ),
            audit.file(
                world,
                tree.sample(rng, tree.habits_on(day)[busy, rng.integers(0, 5, len(busy))]),
                operation=pick(["FileAccessed", "FileModified", "FileUploaded"], rng.integers(0, 3, len(busy))),
                time=times(rng, day, np.zeros(len(busy))),
                user=pick(pa.array(people.user), busy),
                ip=VENDOR_IP,
                agent=audit.AGENTS[1],
            ),
        ]
    )


def administrators(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Administrators sign in from headquarters and change mailboxes, none of it about forwarding."""
    people = world.organisation.people
    staff, admins = people.where(), people.where(kind="admin")
    ip, rooms = world.network.office_ip(0), f"rooms@{world.organisation.domain}"
    if not world.workdays.open(day):
        return AUDIT.empty_table()
    tables = [
        audit.sign_in(
            failed=rng.random(len(admins)) < 0.04,
            time=world.workdays.office_times(rng, day, np.zeros(len(admins))),
            user=pick(pa.array(people.user), admins),
            ip=ip,
            agent=audit.AGENTS[0],
        )
    ]
    for box in rng.choice(staff, rng.poisson(ADMIN_CHANGES * len(staff))).tolist():
        name, (time,) = people.user[box], world.workdays.office_times(rng, day, np.zeros(1))
        operation, parameters = [
            ("Set-Mailbox", {"Identity": name, "ProhibitSendQuota": "99 GB (106,300,440,576 bytes)"}),
            ("Set-Mailbox", {"Identity": name, "HiddenFromAddressListsEnabled": "False"}),
            ("Set-CASMailbox", {"Identity": name, "ImapEnabled": "False"}),
            ("Add-MailboxPermission", {"Identity": rooms, "User": name, "AccessRights": "FullAccess"}),
        ][int(rng.integers(4))]
        actor = people.user[int(rng.choice(admins))]
        tables.append(
            audit.admin(operation, parameters, target=name, time=np.array([time]), user=actor, ip=f"{ip}:51002")
        )
    return pa.concat_tables(tables)


def rules(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Inbox rules that sort mail into folders."""
    people, there = world.organisation.people, world.at_work(day)
    who = there[rng.random(len(there)) < RULES]
    tables = [
        audit.admin(
            "New-InboxRule",
            {"Name": "Newsletters", "SubjectContainsWords": "Newsletter", "MoveToFolder": "Later"},
            target=f"{people.user[n]}\\\\Newsletters",
            time=world.workdays.office_times(rng, day, np.zeros(1)),
            user=people.user[n],
            ip=f"{world.client_ip(np.array([n]), day)[0]}:52114",
        )
        for n in who.tolist()
    ]
    return pa.concat_tables([AUDIT.empty_table(), *tables])
