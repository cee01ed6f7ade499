"""How much is gone before the alarm, pattern by pattern, at a budget of false cases; beside simple rivals.

For each seed and level of stealth an organisation is made with every innocent twin and some of the incidents, as often
as it takes for all of them, and once without any. Each incident is judged as if it were the only one: the others'
findings are left out, or they would compete for the budget; that they are in the detectors' past cannot be helped. A
case is an incident's if it names one of its people, devices or destinations while it went on; a twin's likewise; the
rest are false. Everything a case says rests on what was there at that moment, which tests hold; so one look at the end
replays all days.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import rivals
from tidegate import clock, registry
from tidegate.cases.budget import weight
from tidegate.cases.build import build
from tidegate.cases.found import Found
from tidegate.cases.model import Case
from tidegate.config import Budget, Config
from tidegate.context.load import load
from tidegate.lake.store import Lake
from tidegate.pipeline.detect import detect
from tidegate.pipeline.evidence import common, span
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.scene import scene
from tidegate.range.incidents import patterns
from tidegate.range.make import make
from tidegate.range.stealth import LEVELS

SLACK = timedelta(days=2)  # a case may still be raised so long after an incident's last record and count as its own
GRAIN = timedelta(seconds=1)  # logs round times: a case may seem to be raised that much before what it was raised by
WEEK = timedelta(days=7)
BUDGETS = (0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one incident or twin under one method. lost: share gone before the alarm, 1 if there was none."""

    method: str
    seed: int
    stealth: str
    pattern: str
    name: str
    twin: bool
    found: bool
    lost: float = 1.0
    amount: float = 0.0
    hours: float | None = None
    by: str = ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """One organisation looked at."""

    found: tuple[Found, ...]
    start: datetime
    end: datetime
    common: frozenset[str]
    keys: list[tuple[str, Any]]
    scores: Mapping[str, rivals.Floats]
    truth: Mapping[str, Any]

    @property
    def weeks(self) -> float:
        return (self.end - self.start) / WEEK


def main() -> None:
    options = arguments()
    outcomes: list[Outcome] = []
    rates: list[dict[str, Any]] = []
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(one, seed, options) for seed in options.seeds]):
            some, rate = done.result()
            outcomes += some
            rates.append(rate)
            if options.save:
                options.save.write_text(json.dumps({"outcomes": [asdict(o) for o in outcomes], "rates": rates}))
    show(outcomes, rates, options)


def one(seed: int, options: argparse.Namespace) -> tuple[list[Outcome], dict[str, Any]]:
    """What became of a seed's incidents and twins, and its cases a week without any incident."""
    quiet = look(seed, options, "ordinary", incidents=())
    rate = observed(seed, quiet)
    say(f"  false cases a week at {BUDGETS}: {[round(rate[str(b)], 2) for b in BUDGETS]}")
    thresholds = {
        name: rivals.threshold(quiet.keys, scores, options.budget * options.people * quiet.weeks)
        for name, scores in quiet.scores.items()
    }
    outcomes = twins(seed, quiet, options)
    for stealth in options.stealth:
        for part in range(options.split):
            seen = look(seed, options, stealth, incidents=options.incidents[part :: options.split])
            outcomes += ours(seed, seen, stealth, options)
            outcomes += theirs(seed, seen, stealth, thresholds)
    return outcomes, rate


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="one organisation each (default: 1)")
    parser.add_argument("--stealth", nargs="+", default=list(LEVELS), choices=list(LEVELS))
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=182)
    parser.add_argument("--thin", action="store_true", help="without routine browsing: for long periods")
    parser.add_argument("--budget", type=float, default=0.001, help="false cases a person and week (default: 0.001)")
    parser.add_argument("--incidents", nargs="*", default=list(patterns()), choices=list(patterns()))
    parser.add_argument("--split", type=int, default=3, help="organisations that share the incidents (default: 3)")
    parser.add_argument("--jobs", type=int, default=1, help="seeds at once, each in a process (default: 1)")
    parser.add_argument("--no-rivals", action="store_true")
    parser.add_argument("--save", type=Path, help="write every outcome here as JSON")
    return parser.parse_args()


def look(seed: int, options: argparse.Namespace, stealth: str, *, incidents: Sequence[str]) -> Look:
    began = time.perf_counter()
    size = {"people": options.people, "days": options.days, "thin": options.thin}
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        logs = Path(folder) / "logs"
        make(logs, seed=seed, incidents=incidents, stealth=stealth, **size)
        made = time.perf_counter()
        lake = Lake(Path(folder) / "lake")
        ingest([logs], lake)
        con, context = lake.engine.ibis, load(logs / "context")
        read = time.perf_counter()
        tables = scene(lake, context, Config())
        seen = time.perf_counter()
        found = detect(con, tables, registry.detectors(), Config(budget=Budget(cases_per_week=max(BUDGETS))))
        start, end = span(con, tables)
        assert start is not None
        assert end is not None
        keys, values = ([], np.empty((0, 0))) if options.no_rivals else rivals.features(con, tables)
        judged = Look(
            found=found,
            start=start,
            end=end,
            common=common(con, tables),
            keys=keys,
            scores=rivals.scored(keys, values) if keys else {},
            truth=json.loads((logs / "truth.json").read_text()),
        )
        lake.close()
    steps = (made - began, read - made, seen - read, time.perf_counter() - seen)
    took = "made {:.0f}, read {:.0f}, measured {:.0f}, looked {:.0f} s".format(*steps)
    say(f"seed {seed}, {stealth if incidents else 'quiet'}: {took}; {len(found)} findings")
    return judged


def raised(seen: Look, found: Sequence[Found], per_week: float) -> tuple[Case, ...]:
    units = registry.detectors()
    return build(found, weight=weight(units.values()), cases_per_week=per_week, start=seen.start, common=seen.common)


def ours(seed: int, seen: Look, stealth: str, options: argparse.Namespace) -> list[Outcome]:
    outcomes = []
    incidents = seen.truth["incidents"]
    for incident in incidents:
        others = [other for other in incidents if other is not incident]
        alone = [f for f in seen.found if touches(incident, f, seen) or not any(touches(o, f, seen) for o in others)]
        cases = [c for c in raised(seen, alone, options.budget * options.people) if fits(incident, c)]
        first = min(cases, key=lambda c: c.raised_time, default=None)
        by = next((f.detector for f in first.findings if f.time == first.raised_time), "") if first else ""
        outcomes.append(outcome("Tidegate", seed, stealth, incident, first.raised_time if first else None, by))
    return outcomes


def theirs(seed: int, seen: Look, stealth: str, thresholds: Mapping[str, float]) -> list[Outcome]:
    outcomes = []
    for name, scores in seen.scores.items():
        for incident in seen.truth["incidents"]:
            names = {n.lower() for key in ("actors", "devices") for n in incident[key]}
            begun = clock.parse(incident["first_time"]).date()
            days = [
                day
                for (who, day), score in zip(seen.keys, scores, strict=True)
                if score > thresholds[name] and who.lower() in names and day >= begun
            ]
            # Known when the day is over.
            at = datetime.combine(min(days), datetime.min.time()) + timedelta(days=1) if days else None
            outcomes.append(outcome(name, seed, stealth, incident, at, ""))
    return outcomes


def twins(seed: int, quiet: Look, options: argparse.Namespace) -> list[Outcome]:
    cases = raised(quiet, quiet.found, options.budget * options.people)
    outcomes = []
    for twin in quiet.truth["twins"]:
        fitting = [c for c in cases if fits(twin, c)]
        by = fitting[0].findings[-1].detector if fitting else ""
        plain = {"pattern": twin["pattern"], "name": twin["name"], "twin": True, "stealth": "quiet"}
        outcomes.append(Outcome(method="Tidegate", seed=seed, found=bool(fitting), by=by, **plain))
    return outcomes


def observed(seed: int, quiet: Look) -> dict[str, Any]:
    """Cases a week at each budget where nobody did any harm."""
    return {"seed": seed} | {str(b): len(raised(quiet, quiet.found, b)) / quiet.weeks for b in BUDGETS}


def outcome(method: str, seed: int, stealth: str, incident: Mapping[str, Any], at: datetime | None, by: str) -> Outcome:
    plain = {"method": method, "seed": seed, "stealth": stealth, "name": incident["name"], "twin": False, "by": by}
    plain["pattern"] = incident["pattern"]
    ended = clock.parse(incident["last_time"]) + SLACK
    if at is None or at > ended:
        return Outcome(found=False, **plain)
    records = incident["records"]
    unit = "files" if any(r["files"] for r in records) else "bytes"
    amounts = [(clock.parse(r["time"]), r[unit] if any(x[unit] for x in records) else 1) for r in records]
    gone, total = sum(n for t, n in amounts if t < at), sum(n for _, n in amounts)
    hours = (at - clock.parse(incident["first_time"])) / timedelta(hours=1)
    return Outcome(found=True, lost=gone / max(total, 1), amount=gone, hours=hours, **plain)


def touches(truth: Mapping[str, Any], found: Found, seen: Look) -> bool:
    names = {n.lower() for key in ("actors", "devices") for n in truth[key]}
    named = {(found.actor or "").lower(), (found.device or "").lower()} & names
    return bool(named) or found.destination in set(truth["destinations"]) - seen.common


def fits(truth: Mapping[str, Any], case: Case) -> bool:
    """Whether a case is about this incident or twin: shares a subject or a destination, and the time."""
    names = {n.lower() for key in ("actors", "devices") for n in truth[key]}
    shared = names & {n.lower() for n in (*case.actors, *case.devices)} or (
        set(truth["destinations"]) & set(case.destinations) - {"anyone"}
    )
    begun, ended = clock.parse(truth["first_time"]), clock.parse(truth["last_time"])
    return bool(shared) and case.raised_time >= begun - GRAIN and case.first_time <= ended + SLACK


COLUMNS = ("pattern", "stealth", "found", "lost, median", "lost, 90th", "amount, median", "hours, median", "by")


def show(outcomes: Sequence[Outcome], rates: Sequence[Mapping[str, Any]], options: argparse.Namespace) -> None:
    console = Console(width=130)
    by_what: dict[tuple[str, str, str], list[Outcome]] = {}
    for o in outcomes:
        if not o.twin:
            by_what.setdefault((o.method, o.pattern, o.stealth), []).append(o)
    for method in dict.fromkeys(o.method for o in outcomes):
        table = Table(*COLUMNS, title=f"{method}: {options.people} people, {options.days} days")
        for (_, pattern, stealth), some in ((key, some) for key, some in by_what.items() if key[0] == method):
            table.add_row(pattern, stealth, *row(some))
        console.print(table)
    innocent = [o for o in outcomes if o.twin]
    bad = Counter(f"{o.pattern}, {o.name}, by {o.by}" for o in innocent if o.found)
    console.print(f"twins raised: {bad.total()} of {len(innocent)}")
    for what, number in bad.most_common():
        console.print(f"  {what}: {number}")
    table = Table("stated", "observed, mean", "least", "most", title="Cases a week where nobody did any harm")
    for budget in BUDGETS:
        seen = [r[str(budget)] for r in rates]
        table.add_row(f"{budget:g}", f"{np.mean(seen):.2f}", f"{min(seen):.2f}", f"{max(seen):.2f}")
    console.print(table)


def row(some: Sequence[Outcome]) -> tuple[str, ...]:
    lost = [o.lost for o in some]
    found = [o for o in some if o.found]
    by = ", ".join(sorted({o.by for o in found if o.by}))
    middle = f"{np.median([o.amount for o in found]):.3g}" if found else ""
    hours = f"{np.median([o.hours or 0 for o in found]):.1f}" if found else ""
    return f"{len(found)}/{len(some)}", f"{np.median(lost):.2%}", f"{np.quantile(lost, 0.9):.2%}", middle, hours, by


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
