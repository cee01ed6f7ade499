"""Under a change ticket a service account moves mailboxes, or a share of the files, over some nights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tidegate.range import audit
from tidegate.range.happenings import Happening, occasions
from tidegate.range.scene import Additions
from tidegate.range.tables import AUDIT, SECOND, Ints, pick
from tidegate.range.world import World

A_YEAR = 2.0
NIGHTS = 4
HOUR = 3_600 * SECOND
FILES = 0.08  # share of the shared folders that move at a time


@dataclass(frozen=True)
class _Change:
    ticket: str
    first: int
    mail: bool

    @property
    def last(self) -> int:
        return self.first + NIGHTS - 1


def planned(world: World) -> list[Happening]:
    actor = _actor(world)
    return [
        Happening(
            kind="migration",
            first=change.first,
            last=change.last,
            actors=(actor,),
            note="mailboxes" if change.mail else "file shares",
            context=Additions(permits=(_permit(world, change, actor),)),
        )
        for change in _changes(world)
    ]


def moved_mailboxes(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """An administrator gives the service account access to a night's mailboxes; it reads them folder by folder."""
    people, actor, parts = world.organisation.people, _actor(world), [AUDIT.empty_table()]
    admin, ip = people.user[int(people.where(kind="admin")[0])], world.network.office_ip(0)
    begin = world.workdays.midnight(day) + HOUR
    for change in (c for c in _changes(world) if c.mail and c.first <= day <= c.last):
        boxes = np.array_split(people.where(), NIGHTS)[day - change.first]
        for n, box in enumerate(boxes.tolist()):
            given = {"Identity": people.user[box], "User": actor, "AccessRights": "FullAccess"}
            time: Ints = np.array([begin + n * SECOND], dtype=np.int64)
            parts.append(
                audit.admin(
                    "Add-MailboxPermission", given, target=people.user[box], time=time, user=admin, ip=f"{ip}:51002"
                )
            )
        read = np.repeat(boxes, rng.integers(3, 8, len(boxes)))
        parts.append(
            audit.sync(
                world,
                rng,
                user=actor,
                owner=pick(pa.array(people.user), read),
                logon=audit.ADMIN,
                time=begin + HOUR // 2 + np.sort(rng.integers(0, 4 * HOUR, len(read))),
                client="Client=MSExchangeRPC;Migration",
                ip=ip,
            )
        )
    return pa.concat_tables(parts)


def moved_files(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """The service account fetches every file of some folders."""
    tree, parts = world.documents, [AUDIT.empty_table()]
    for change in (c for c in _changes(world) if not c.mail and c.first <= day <= c.last):
        folders = world.random("migration", change.first).permutation(tree.shared())
        tonight = np.array_split(folders[: max(NIGHTS, round(len(folders) * FILES))], NIGHTS)[day - change.first]
        numbers = tree.files_in(tonight)
        parts.append(
            audit.file(
                world,
                numbers,
                operation="FileDownloaded",
                time=world.workdays.midnight(day) + HOUR + np.sort(rng.integers(0, 4 * HOUR, len(numbers))),
                user=_actor(world),
                ip=world.network.office_ip(0),
                agent="ShareMigration/4.1",
            )
        )
    return pa.concat_tables(parts)


def _changes(world: World) -> list[_Change]:
    rng = world.random("migration")
    days = occasions(rng, world.days, a_year=A_YEAR, lasts=NIGHTS)
    first = int(rng.integers(2))
    return [
        _Change(f"CHG-{world.workdays.date(day).year}-{100 + n}", day, (n + first) % 2 == 0)
        for n, day in enumerate(days)
    ]


def _actor(world: World) -> str:
    return f"svc-migrate@{world.organisation.domain}"


def _permit(world: World, change: _Change, actor: str) -> tuple[str, ...]:
    what, note = ("mail", "mailbox migration") if change.mail else ("", "file share migration")
    validity = (world.workdays.date(change.first).isoformat(), world.workdays.date(change.last).isoformat())
    return (change.ticket, actor, "", what, "", "", "", *validity, note)
