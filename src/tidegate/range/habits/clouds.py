"""Calls to the agency's cloud account: engineers at work, programs around the clock, the nightly snapshots."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from tidegate.range import cloud
from tidegate.range.tables import CALL, pick
from tidegate.range.world import World

LOOKED_UP = 25  # calls of an engineer on a working day, most of them by the console's pages
CHANGED = 1.5
FETCHED = 120  # objects that the platform's programs fetch in a day
ENGINEERS = 4  # one member of the IT and GIS teams in so many works on the cloud account
_READS = (
    *(("DescribeInstances", "ec2"), ("DescribeSnapshots", "ec2"), ("DescribeImages", "ec2")),
    *(
        ("ListBuckets", "s3"),
        ("GetBucketLocation", "s3"),
        ("DescribeDBInstances", "rds"),
        ("GetMetricData", "monitoring"),
    ),
)
_CHANGES = (("RunInstances", "ec2"), ("CreateTags", "ec2"), ("PutBucketTagging", "s3"), ("ModifyDBInstance", "rds"))


def staff(world: World) -> list[int]:
    """The people who work on the cloud account, at least four: of IT and GIS first, all of them there all the time."""
    people = world.organisation.people
    able = [*people.where(team="IT").tolist(), *people.where(team="GIS").tolist()]
    stay = [n for n in dict.fromkeys([*able, *people.where().tolist()]) if world.stays(n)]
    return stay[: max(4, len(able) // ENGINEERS)]


def engineers(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """They look things up all day and change a few."""
    there = np.intersect1d(staff(world), world.at_work(day))
    identity = {int(n): cloud.person(world, int(n)) for n in there}
    tables = []
    for kinds, rate in ((_READS, LOOKED_UP), (_CHANGES, CHANGED)):
        who = np.repeat(there, rng.poisson(rate, len(there)))
        which = rng.integers(0, len(kinds), len(who))
        tables.append(
            cloud.call(
                pick([event for event, _ in kinds], which),
                pick([source for _, source in kinds], which),
                len(who),
                identity=pa.array([identity[n] for n in who.tolist()], pa.string()),
                read_only=kinds is _READS,
                time=world.workdays.office_times(rng, day, world.organisation.people.shift[who]),
                ip=world.client_ip(who, day),
                agent=pick([cloud.CONSOLE, cloud.COMMAND_LINE], who % 2),
            )
        )
    return pa.concat_tables([CALL.empty_table(), *tables])


def platform(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """The platform's programs fetch objects of its own bucket at any hour."""
    bucket, key = f"{world.organisation.stem}-platform", rng.integers(0, 5_000, FETCHED)
    request = pa.array([json.dumps({"bucketName": bucket, "key": f"tiles/{n:05d}.tif"}) for n in key.tolist()])
    return cloud.call(
        "GetObject",
        "s3",
        FETCHED,
        request=request,
        identity=cloud.machine("Platform"),
        time=world.workdays.any_times(rng, day, FETCHED),
        ip="10.0.12.7",
        agent=cloud.PROGRAM,
        moved=rng.lognormal(np.log(4e5), 1, FETCHED),
    )


def snapshots(world: World, day: int, rng: np.random.Generator) -> pa.Table:
    """Each night the disks and the database are saved, and the oldest copies deleted."""
    saved = ["CreateSnapshot", "DeleteSnapshot", "CreateSnapshot", "DeleteSnapshot", "CreateDBSnapshot"]
    return cloud.call(
        pa.array(saved),
        pa.array(["ec2"] * 4 + ["rds"]),
        len(saved),
        identity=cloud.machine("Backup"),
        read_only=False,
        time=world.workdays.midnight(day) + np.sort(rng.integers(3_600_000_000, 5_400_000_000, len(saved))),
        ip="10.0.12.9",
        agent=cloud.PROGRAM,
    )
