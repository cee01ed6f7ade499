"""A made-up report with four cases, as like the real thing as its renderers need, and a hostile one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from tidegate.cases.model import Case, DayVolume, EventRef, Finding, Flow, IngestSummary, Report

START = date(2024, 1, 8)
DAYS = 90

HOSTILE = "\"onload=\"alert(1)</title></svg><script>alert('x')</script>{{ 7 * 7 }}[bold]\x1b[31m\u202etxt.exe\ud800"
"""What a thief might name a file: markup of HTML, SVG, Jinja, Rich and terminals, a bidi override, half a character."""


def report(*, cases: int = 4) -> Report:
    """The first `cases` of four: a bulk upload, a leaver, a forwarding rule, an open share; more repeat them."""
    made = (bulk(), leaver(), forwarding(), share())
    chosen = tuple(
        replace(made[at % 4], uid=f"{made[at % 4].uid[:-2]}{at:02d}", score=round(97 - 4.1 * at, 1))
        for at in range(cases)
    )
    return Report(
        made=datetime(2024, 4, 8, 7, 30, 12),
        title="Tidegate report",
        names="pseudonym",
        ingested=IngestSummary(
            files=212,
            events=1_402_331,
            quarantined=37,
            ignored=20_114,
            duplicates=311,
            unknown_files=("logs/readme.txt", "logs/old/switch.cfg"),
            reasons=(("not JSON: unexpected end of the line", 31), ("time is before 1980", 6)),
        ),
        first_event=datetime(2024, 1, 8, 0, 0, 3),
        last_event=datetime(2024, 4, 6, 23, 59, 41),
        findings=(*(finding for case in chosen for finding in case.findings), _single()),
        cases=chosen,
    )


def quiet() -> Report:
    """A report in which nothing stood out but one small oddity."""
    return replace(report(cases=0), findings=(_single(),))


def hostile() -> Report:
    """A report whose every text from a log tries to break out of where it is shown."""
    case = bulk()
    event = replace(case.events[0], actor=HOSTILE, device=HOSTILE, destination=HOSTILE, file_name=HOSTILE)
    return replace(
        report(cases=0),
        title=HOSTILE,
        ingested=IngestSummary(unknown_files=(HOSTILE,), reasons=((HOSTILE, 1),)),
        cases=(
            replace(
                case,
                title=HOSTILE,
                summary=HOSTILE,
                actors=(HOSTILE,),
                destinations=(HOSTILE,),
                findings=(replace(case.findings[0], explanation=HOSTILE),),
                flows=(Flow(who=HOSTILE, destination=HOSTILE, bytes=5, events=1),),
                events=(replace(event, activity=HOSTILE, source_file=HOSTILE),),
            ),
        ),
    )


def bulk() -> Case:
    """81 GB from two devices to a cloud nobody used before, round the clock for twelve days."""
    chance = random.Random(1)
    leaving = {at: int(chance.uniform(5e9, 8.4e9)) for at in range(55, 67)}
    actors, devices, destination = ("person-5e1c09aa",), ("device-71be20d4", "device-0c93aa1f"), "stormbucket.example"
    events = tuple(
        _event(at, chance, "bulk", actors[0], devices[at % 2], destination, f"rx-{at % 7}-{at:04d}.iq.zst", 6.4e7)
        for at in range(140)
    )
    first, raised = datetime(2024, 3, 3, 1, 12, 9), datetime(2024, 3, 3, 6, 0)
    return Case(
        uid="case-bulk-0000",
        pattern="bulk_commission",
        title="A destination new to everyone received 81 GB in twelve days",
        score=97,
        false_alarms_per_week=1 / (14 * 52.18),
        actors=actors,
        devices=devices,
        destinations=(destination,),
        first_time=first,
        last_time=datetime(2024, 3, 14, 23, 40, 51),
        raised_time=raised,
        bytes_out=sum(leaving.values()),
        findings=(
            _finding(
                "bulk-1", "bulk_volume", raised, actors[0], devices[0], destination,
                2.9, 55e9, 1204, events[:96],
                "device-71be20d4 sent 55 GB to stormbucket.example, which nobody here had used before 3 Mar 2024; its "
                "busiest earlier day to anywhere was 212 MB, and no device of the team ever sent over 1.9 GB a day.",
            ),
            _finding(
                "bulk-2", "bulk_volume", raised + timedelta(hours=9), actors[0], devices[1], destination,
                2.2, 26e9, 512, events[96:],
                "device-0c93aa1f sent 26 GB to the same destination, 40 % of it between 22:00 and 05:00.",
            ),
        ),
        summary="person-5e1c09aa, from two devices, sent 81 GB to stormbucket.example from 3 to 14 March, day and "
        "night. Nobody in the organisation had sent anything there before.",
        twin="A new off-site backup, a video production upload, or a large data delivery under a permit.",
        question="Who ordered the transfer to stormbucket.example, and under which contract or permit?",
        techniques=("T1567.002", "T1020"),
        timeline=_timeline(leaving, chance, 31e6, 212e6),
        flows=(
            Flow(who=actors[0], destination=destination, bytes=sum(leaving.values()), events=1716),
            Flow(who=actors[0], destination="update.vendor.example", bytes=410_000_000, events=31),
        ),
        events=events,
    )  # fmt: skip


def leaver() -> Case:
    """5,200 files to a removable disk and a personal cloud in the five weeks before leaving."""
    chance = random.Random(2)
    leaving = {at: int(chance.uniform(1.5e8, 6e8)) for at in range(48, 84, 3)}
    who, disk, cloud = "person-a94d12ef", "removable device WD My Passport 25E2", "drive.personal.example"
    events = tuple(
        _event(
            at, chance, "leaver", who, "device-33f0c2b7", (disk, cloud)[at % 5 == 0],
            f"Sites/Wetland {at % 12}/survey {at}.docx", 2.1e6,
        )
        for at in range(64)
    )  # fmt: skip
    return Case(
        uid="case-leaver-0001",
        pattern="leaver_haul",
        title="Someone who is leaving copied 5,204 files from 61 folders",
        score=88.2,
        false_alarms_per_week=1 / 31,
        actors=(who,),
        devices=("device-33f0c2b7",),
        destinations=(disk, cloud),
        first_time=datetime(2024, 2, 25, 17, 40),
        last_time=datetime(2024, 3, 30, 18, 5),
        raised_time=datetime(2024, 2, 28, 17, 58),
        bytes_out=sum(leaving.values()),
        findings=(
            _finding(
                "leaver-1", "leaver_haul", datetime(2024, 2, 28, 17, 58), who, "device-33f0c2b7", disk,
                1.5, sum(leaving.values()), 5204, events,
                "person-a94d12ef copied 5,204 files from 61 folders in five weeks, 40 times their usual; 9 in 10 "
                "colleagues copy fewer than 90 in that time; their last day is 31 Mar 2024.",
            ),
        ),
        summary="person-a94d12ef, whose last day is 31 March, copied 5,204 files from 61 folders to a removable disk "
        "and a personal cloud, most of it after 17:30.",
        twin="A handover to a successor, the replacement of a laptop, or a full-disk backup client.",
        question="Was the person asked to hand over these folders, and does the successor have the disk?",
        techniques=("T1052.001", "T1567.002"),
        timeline=_timeline(leaving, chance, 18e6, 60e6),
        flows=(
            Flow(who=who, destination=disk, bytes=int(sum(leaving.values()) * 0.7), events=4100),
            Flow(who=who, destination=cloud, bytes=int(sum(leaving.values()) * 0.3), events=1104),
        ),
        events=events,
    )  # fmt: skip


def forwarding() -> Case:
    """Three mailboxes that forward outside: no bytes are known, only events."""
    chance = random.Random(3)
    people = ("person-0b7712cd", "person-e4410a9b", "person-77aa01c3")
    events = tuple(
        replace(
            _event(at, chance, "mail", people[at % 3], None, "mailhaven.example", None, 0),
            bytes=None,
            activity="Forward",
        )
        for at in range(7)
    )
    raised = events[0].time
    return Case(
        uid="case-mail-0002",
        pattern="mail_leak",
        title="Three mailboxes forward everything to an outside address",
        score=74,
        false_alarms_per_week=0.21,
        actors=people,
        devices=(),
        destinations=("mailhaven.example",),
        first_time=raised,
        last_time=events[-1].time,
        raised_time=raised,
        bytes_out=0,
        findings=tuple(
            _finding(
                f"mail-{at}", "mail_forwarding", events[at].time, who, None, "mailhaven.example",
                0.7, 0, 0, events[at::3],
                f"{who} set forwarding of all mail to mailhaven.example, to which no one else here forwards.",
            )
            for at, who in enumerate(people)
        ),
        summary="Three people of different teams forward all their mail to mailhaven.example, all set within one hour.",
        twin="Forwarding to a person's second official mailbox, or a shared team address.",
        question="Whose is the address at mailhaven.example, and did these three people set the rules themselves?",
        techniques=("T1114.003",),
        flows=tuple(
            Flow(who=who, destination="mailhaven.example", bytes=0, events=2 + (who == people[0])) for who in people
        ),
        events=events,
    )  # fmt: skip


def share() -> Case:
    """One folder opened to anyone with the link, then fetched from eleven places."""
    chance = random.Random(4)
    who = "person-c0ffee12"
    outside = tuple(f"AS{64500 + at} network {at}" for at in range(9))
    events = tuple(
        _event(at, chance, "share", who, None, outside[at % 9], f"nests-2023/plot-{at:02d}.gpx", 3e5)
        for at in range(22)
    )
    first = events[0].time
    return Case(
        uid="case-share-0003",
        pattern="open_share",
        title="A folder of nest positions was opened to anyone with the link",
        score=61.5,
        false_alarms_per_week=2.8,
        actors=(who,),
        devices=(),
        destinations=outside,
        first_time=first,
        last_time=events[-1].time,
        raised_time=first,
        bytes_out=22 * 300_000,
        findings=(
            _finding(
                "share-1", "open_share", first, who, None, "anyone with the link", -0.45, 22 * 300_000, 22, events,
                "person-c0ffee12 opened nests-2023 (22 files) to anyone with the link; nine networks then fetched it.",
            ),
        ),
        summary="The folder nests-2023 can be read by anyone with the link, and was fetched 22 times by nine networks.",
        twin="A press kit, or a data set meant for the open-data portal.",
        question="Was nests-2023 meant to be public?",
        techniques=("T1567",),
        timeline=_timeline({55: 3_900_000, 56: 2_700_000}, chance, 4e5, 2.1e6),
        flows=tuple(
            Flow(who=who, destination=to, bytes=300_000 * (1 + 9 // at), events=2) for at, to in enumerate(outside, 1)
        ),
        events=events,
    )  # fmt: skip


def _single() -> Finding:
    return _finding(
        "single-1", "bulk_volume", datetime(2024, 2, 2, 12), "person-12ab34cd", None, "partner.example",
        -0.2, 9e6, 3, (),
        "person-12ab34cd sent 9.0 MB to partner.example.",
    )  # fmt: skip


def _finding(
    uid: str, detector: str, time: datetime, actor: str, device: str | None, destination: str, surprise: float,
    size: float, files: int, events: tuple[EventRef, ...], explanation: str,
) -> Finding:  # fmt: skip
    return Finding(
        uid=f"finding-{uid}",
        detector=detector,
        time=time,
        first_time=time - timedelta(hours=5),
        last_time=time,
        actor=actor,
        device=device,
        destination=destination,
        surprise=surprise,
        explanation=explanation,
        bytes_out=int(size),
        files=files,
        evidence=tuple(event.uid for event in events),
    )


def _event(
    at: int,
    chance: random.Random,
    case: str,
    actor: str,
    device: str | None,
    destination: str,
    file: str | None,
    size: float,
) -> EventRef:
    time = datetime(2024, 3, 3, 1, 12, 9) + timedelta(
        hours=at * 2, minutes=chance.randrange(60), seconds=chance.randrange(60)
    )
    return EventRef(
        uid=f"{case}-{at:04d}",
        time=time,
        actor=actor,
        device=device,
        destination=destination,
        activity="Upload",
        file_name=file,
        bytes=int(size * chance.lognormvariate(0, 0.8)),
        source_file=f"/srv/export/logs/zeek/{time:%Y-%m-%d}/http.log.gz",
        source_line=chance.randrange(4, 40_000),
    )


def _timeline(leaving: dict[int, int], chance: random.Random, usual: float, high: float) -> tuple[DayVolume, ...]:
    days = []
    for at in range(DAYS):
        day = START + timedelta(days=at)
        ordinary = 0 if day.weekday() > 4 else int(usual * chance.lognormvariate(0, 0.7))
        size = ordinary + leaving.get(at, 0)
        days.append(DayVolume(day=day, bytes=size, files=size // 2_000_000, usual=usual, high=high * (0.8 + at / 400)))
    return tuple(days)
