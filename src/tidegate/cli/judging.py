"""Between what a run found and what is shown: cases that somebody has judged stay closed, and exceptions are told."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate import clock

if TYPE_CHECKING:
    from datetime import datetime

    from tidegate.cases.model import Case, Report
    from tidegate.config import Config


def judged(
    report: Report, masked: Sequence[Case], folder: Path, settings: Config, *, since: datetime | None = None
) -> Report:
    """The report without the cases that are closed or excused; all are kept, each with its status.

    masked: the report's cases under pseudonyms, which exceptions are made of.
    """
    from tidegate.cases.store import CLOSED, EXCUSED, CaseStore
    from tidegate.cases.verdicts import judge

    store = CaseStore(folder, settings.records.url)
    found = judge(
        masked,
        store.rulings.exceptions(),
        store.rulings.verdicts(),
        now=clock.now(),
        cases_per_week=settings.budget.cases_per_week,
    )
    status = {case.uid: CLOSED for case in found.closed} | {case.uid: EXCUSED for case in found.excused}
    store.save((*found.shown, *found.closed, *found.excused), since=since, status=status)
    store.rulings.note_hidden(found.hidden)
    notes = {case.uid: case.notes for case in found.shown}
    shown = (dataclasses.replace(case, notes=notes[case.uid]) for case in report.cases if case.uid in notes)
    return dataclasses.replace(report, cases=tuple(shown), excused=found.hidden)
