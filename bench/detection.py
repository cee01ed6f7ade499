"""How much is gone before the alarm: incidents and their innocent twins, found in the range, replayed day by day.

For each seed an organisation is made with its incidents and twins and read into a lake. Then the clock is moved: the
detectors see the events before each midnight and nothing later, as a Tidegate that runs every night would. A case is an
incident's if it names one of its people, devices or destinations while it went on; a twin's likewise; the rest are
false. `raised` is the moment the case says it would have been raised at; it has to lie in the day on which the replay
first shows the case ("agrees"), else something looked ahead.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tidegate import clock
from tidegate.cases.model import Case, Report
from tidegate.config import Config
from tidegate.context.load import load
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.pipeline.investigate import investigate
from tidegate.range.make import make

INCIDENTS = ("bulk_commission", "mail_leak", "leaver_haul")
SLACK = timedelta(days=2)  # a case may still be raised so long after an incident's last record and count as its own
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one incident or twin: when its first case was raised, and how much was gone by then."""

    seed: int
    name: str
    twin: bool
    case: Case | None
    seen: datetime | None = None  # the midnight at which the replay first showed it
    gone: float = 1.0
    gone_in_words: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the case's own word on when it was raised is the replay's."""
        if self.case is None or self.seen is None:
            return self.case is None and self.seen is None
        return self.seen - timedelta(days=1) <= self.case.raised_time < self.seen


def main() -> None:
    options = arguments()
    outcomes: list[Outcome] = []
    false = weeks = 0.0
    for seed in options.seeds:
        with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
            here, wrong, span = one_seed(Path(folder), seed, options)
            outcomes += here
            false += wrong
            weeks += span
    show(outcomes, options, false, weeks)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="one organisation each (default: 1)")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--incidents", nargs="*", default=list(INCIDENTS), help="none: only twins and quiet life")
    parser.add_argument("--no-replay", action="store_true", help="one look at the end; much faster")
    return parser.parse_args()


def one_seed(folder: Path, seed: int, options: argparse.Namespace) -> tuple[list[Outcome], int, float]:
    """Outcomes of every incident and twin, the number of false cases, and the weeks that were watched."""
    began = time.perf_counter()
    make(folder / "logs", people=options.people, days=options.days, seed=seed, incidents=options.incidents)
    lake = Lake(folder / "lake")
    ingest([folder / "logs"], lake)
    context = load(folder / "logs" / "context")
    truth = json.loads((folder / "logs" / "truth.json").read_text())
    say(f"seed {seed}: made and read in {time.perf_counter() - began:.0f} s")

    def look(until: datetime | None) -> Report:
        return investigate([], lake=lake, context=context, config=Config(), names="clear", until=until)

    final = look(None)
    incidents, twins = truth["incidents"], truth["twins"]
    outcomes = [outcome(seed, incident, final.cases, twin=False) for incident in incidents]
    taken = {o.case.uid for o in outcomes if o.case}
    rest = [case for case in final.cases if case.uid not in taken and not any(fits(i, case) for i in incidents)]
    outcomes += [outcome(seed, twin, rest, twin=True) for twin in twins]
    false = sum(not any(fits(twin, case) for twin in twins) for case in rest)
    if not options.no_replay:
        seen = dict(replayed(incidents, look))
        outcomes = [o if o.twin else replace_seen(o, seen.get(o.name)) for o in outcomes]
    assert final.first_event is not None
    assert final.last_event is not None
    say(f"seed {seed}: done after {time.perf_counter() - began:.0f} s")
    return outcomes, false, (final.last_event - final.first_event) / WEEK


def replayed(incidents: Sequence[dict[str, Any]], look: Any) -> Iterator[tuple[str, datetime]]:
    """Each incident's pattern, and the first midnight at which a case of it is there."""
    open_ = {i["pattern"]: i for i in incidents}
    day = min((clock.parse(i["first_time"]) for i in incidents), default=None)
    last = max((clock.parse(i["last_time"]) for i in incidents), default=None)
    while open_ and day is not None and last is not None and day <= last + SLACK:
        day = datetime(day.year, day.month, day.day) + timedelta(days=1)  # noqa: DTZ001  the next midnight, UTC
        cases = look(day).cases
        for pattern, incident in list(open_.items()):
            if any(fits(incident, case) for case in cases):
                yield pattern, day
                del open_[pattern]


def replace_seen(found: Outcome, seen: datetime | None) -> Outcome:
    fields = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return Outcome(**fields | {"seen": seen})


def outcome(seed: int, truth: dict[str, Any], cases: Sequence[Case], *, twin: bool) -> Outcome:
    name = truth["name"] if twin else truth["pattern"]
    fitting = sorted((c for c in cases if fits(truth, c)), key=lambda c: c.raised_time)
    if not fitting:
        return Outcome(seed=seed, name=name, twin=twin, case=None)
    records = [] if twin else truth["records"]
    gone = [r for r in records if clock.parse(r["time"]) <= fitting[0].raised_time]
    unit = "bytes" if truth.get("pattern") == "bulk_commission" else "files"
    total, lost = (sum(r.get(unit) or 0 for r in rows) for rows in (records, gone))
    words = f"{lost / 1e9:.1f} of {total / 1e9:.0f} GB" if unit == "bytes" else f"{lost:,} of {total:,} {unit}"
    return Outcome(
        seed=seed, name=name, twin=twin, case=fitting[0], gone=lost / total if total else 0.0, gone_in_words=words
    )


def fits(truth: dict[str, Any], case: Case) -> bool:
    """Whether a case is about this incident or twin: shares a subject or a destination, and the time."""
    names = {n.lower() for key in ("actors", "devices") for n in truth[key]}
    shared = names & {n.lower() for n in (*case.actors, *case.devices)} or (
        set(truth["destinations"]) & set(case.destinations) - {"anyone"}
    )
    begun, ended = clock.parse(truth["first_time"]), clock.parse(truth["last_time"])
    return bool(shared) and case.raised_time >= begun and case.first_time <= ended + SLACK


def show(outcomes: Sequence[Outcome], options: argparse.Namespace, false: float, weeks: float) -> None:
    console = Console(width=120)
    table = Table(title=f"{options.people} people, {options.days} days, {Config().budget.cases_per_week} cases a week")
    for column in ("seed", "incident", "raised", "gone before", "share", "by chance a week", "replay"):
        table.add_column(column)
    for o in (o for o in outcomes if not o.twin):
        raised = f"{o.case.raised_time:%d %b %H:%M}" if o.case else "not found"
        rate = f"{o.case.false_alarms_per_week:.2g}" if o.case else ""
        replay = "" if options.no_replay else "agrees" if o.agrees else f"differs: {o.seen}"
        table.add_row(str(o.seed), o.name, raised, o.gone_in_words, f"{o.gone:.2%}", rate, replay)
    console.print(table)
    twins = [o for o in outcomes if o.twin]
    raised_twins = [f"{o.name} (seed {o.seed})" for o in twins if o.case]
    console.print(f"twins raised: {len(raised_twins)} of {len(twins)}", *raised_twins, sep="\n  ")
    console.print(f"false cases: {false:.0f} in {weeks:.0f} weeks, {false / max(weeks, 1):.2f} a week")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
