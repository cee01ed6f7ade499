"""The same small sending again and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.detectors.lives import START, sent
from tests.tables import run
from tidegate.detectors.slow_drip import slow_drip

Rows = list[dict[str, Any]]
WEEKS = 60
BUDGET = 0.02  # a finding this rare becomes a case at one a week over some twenty detectors
ENDPOINTS = [
    {"endpoint": f"{who}@{place}.example", "destination": f"{place}.example", "kind": kind}
    for who in ("office", *(f"reader{n}" for n in range(300)))
    for place, kind in (("funder", "partner"), ("friend", "unknown"), *((f"inst{n}", "unknown") for n in range(40)))
]


def entry(sender: str, to: str, time: datetime, **more: Any) -> dict[str, Any]:
    return sent(sender, time, 0, to, channel="register", files=3, **more)


def register(seed: int = 0) -> Rows:
    """Five dispatches a week by twelve people to forty institutes, a third of them under no permit."""
    rng = np.random.default_rng(seed)
    return [
        entry(
            f"p{rng.integers(12)}",
            f"inst{to}.example",
            START + timedelta(days=7 * week + day, hours=10),
            permitted=to % 3 > 0,
        )
        for week in range(WEEKS)
        for day in range(5)
        for to in [min(int(rng.geometric(0.06)), 39)]
    ]


def drip(to: str = "friend.example", every: float = 1.6, count: int = 60, begin: int = 150, **more: Any) -> Rows:
    return [entry("p3", to, START + timedelta(days=int(begin + n * every), hours=11), **more) for n in range(count)]


def found(rows: Rows, **more: Rows) -> Rows:
    made = run(slow_drip, hourly=rows, endpoints=ENDPOINTS, **more)
    return [r for r in made if r["per_week"] <= BUDGET]


def test_a_drip_is_found_by_its_twentieth_sending() -> None:
    made = found(register() + drip())
    assert {(r["actor"], r["destination"]) for r in made} == {("p3", "friend.example")}
    first = made[0]
    assert first["sendings"] <= 20
    assert first["first_time"] == drip()[0]["last_time"]
    assert first["files"] == 3 * first["sendings"] == 3 * len(first["evidence"])


def test_one_sending_a_fortnight_is_found_by_the_long_horizons() -> None:
    made = found(register() + drip(every=14, count=25, begin=40))
    assert made
    assert made[0]["sendings"] <= 20


def test_a_licensed_exchange_with_a_partner_is_left_alone() -> None:
    # The same number to the same place, but approved; and to a listed partner.
    assert not found(register() + drip(permitted=True))
    assert not found(register() + drip(kind="partner"))


def test_ordinary_dispatches_of_a_year_are_quiet() -> None:
    assert len({(r["actor"], r["destination"]) for r in found(register(1))}) <= 1


def test_nothing_looks_ahead() -> None:
    rows, cut = register() + drip(), START + timedelta(days=185)
    known = [(r["time"], r["per_week"]) for r in found(rows) if r["time"] < cut]
    assert known == [(r["time"], r["per_week"]) for r in found([r for r in rows if r["last_time"] < cut])]


def mailed(sender: str, to: str, time: datetime, activity: str = "Send") -> dict[str, Any]:
    ours = f"{sender}@own.example"
    ends = {"sender": ours, "recipients": [to]} if activity == "Send" else {"sender": to, "recipients": [ours]}
    return {"activity": activity, "time": time, "bytes_out": 50_000, **ends}


def mail(seed: int = 0) -> Rows:
    """Thirty people who write to institutes, which mostly write back; one in four mails gets no answer for ever."""
    rng = np.random.default_rng(seed)
    rows = []
    for day in range(7 * 30):
        for number in range(30):
            if day % 7 < 5 and rng.random() < 0.4:
                to = f"office@inst{min(int(rng.geometric(0.1)), 39)}.example"
                time = START + timedelta(days=day, hours=9, minutes=number)
                rows.append(mailed(f"p{number}", to, time))
                if rng.random() < 0.75:
                    rows.append(mailed(f"p{number}", to, time + timedelta(hours=3), "Receive"))
    return rows


def secret(to: str, answers: bool = False) -> Rows:
    times = [START + timedelta(days=100 + 2 * n, hours=18) for n in range(50)]
    sendings = [mailed("p3", to, time) for time in times]
    return sendings + [mailed("p3", to, t + timedelta(hours=1), "Receive") for t in times if answers]


def test_mail_that_nobody_answers_is_a_drip_and_a_correspondence_is_none() -> None:
    made = found([], email_activity=mail() + secret("office@friend.example"))
    assert {(r["actor"], r["destination"]) for r in made} == {("p3@own.example", "friend.example")}
    assert made[0]["sendings"] <= 20
    assert not found([], email_activity=mail() + secret("office@friend.example", answers=True))


def test_a_weekly_report_to_a_partner_and_a_newsletter_are_left_alone() -> None:
    assert not found([], email_activity=mail() + secret("office@funder.example"))
    # Many readers, each of whom gets as many: the sender's other pairs take all of it off.
    letters = [
        mailed("press", f"reader{n}@friend.example", START + timedelta(days=7 * week + 3, hours=12))
        for week in range(30)
        for n in range(100)
    ]
    assert not found([], email_activity=mail() + letters)


@pytest.mark.parametrize(
    ("via", "drips"), [("ssl", {("p3", "friend.example")}), (None, {("p3", "friend.example")}), ("smtp", set())]
)
def test_a_small_upload_every_other_day_to_a_place_nobody_else_knows_is_found(via: str | None, drips: set[Any]) -> None:
    """But not what a mail gateway hands over: that is mail, and counted as such."""
    rng = np.random.default_rng(5)
    life = [
        sent(f"p{n}", START + timedelta(days=day, hours=10), 3_000, f"s{rng.zipf(1.6) % 3000}.example", bytes_in=10)
        for day in range(7 * 30)
        if day % 7 < 5
        for n in range(30)
    ]
    times = [START + timedelta(days=100 + 2 * n, hours=12) for n in range(50)]
    made = found(life + [sent("p3", time, 50_000, "friend.example", via=via) for time in times])
    assert {(r["actor"], r["destination"]) for r in made} == drips
    assert all(r["sendings"] <= 20 for r in made[:1])
