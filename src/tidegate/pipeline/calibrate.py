"""The lake's own past replayed: which cases each budget would have raised."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tidegate import clock, registry
from tidegate.cases.budget import stories, weight
from tidegate.cases.build import finding
from tidegate.cases.exceptions import DatedException
from tidegate.cases.identities import Identities
from tidegate.cases.reliability import BUDGETS, Reliability, reliability
from tidegate.cases.verdicts import Verdict, spoken
from tidegate.config import Budget, Config
from tidegate.context.load import Context
from tidegate.lake.store import Lake
from tidegate.pipeline.detect import detect
from tidegate.pipeline.evidence import common, span
from tidegate.pipeline.scene import scene


def calibrate(
    lake: Lake,
    context: Context,
    config: Config,
    *,
    verdicts: Sequence[Verdict] = (),
    exceptions: Sequence[DatedException] = (),
    stage: Callable[[str], None] | None = None,
) -> Reliability:
    """Stated against observed rates of what verdicts and exceptions leave. Raises LakeError."""
    if stage:
        stage("measures")
    tables = scene(lake, context, config)
    con, units = lake.engine.ibis, registry.detectors()
    wide = Config(
        own=config.own, detectors=config.detectors, budget=Budget(cases_per_week=max(BUDGETS)), path=config.path
    )
    found = detect(con, tables, units, wide, stage=stage)
    first, last = span(con, tables)
    start, end = first or clock.now(), last or clock.now()
    identities = Identities(lake.path)
    judged = spoken((identities.finding(finding(f)) for f in found), exceptions, verdicts, now=clock.now())
    shared = common(con, tables)
    told = stories(found, weight=weight(units.values()), start=start, common=shared, spoken=judged)
    return reliability(told, start=start, end=end, spoken=judged)
