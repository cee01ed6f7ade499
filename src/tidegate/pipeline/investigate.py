"""The main job: logs in, cases out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from tidegate import clock, registry
from tidegate.cases.budget import stories, weight
from tidegate.cases.build import finding, news, raised, rest, weighed
from tidegate.cases.exceptions import DatedException
from tidegate.cases.identities import Identities
from tidegate.cases.model import IngestSummary, Report
from tidegate.cases.verdicts import Verdict, spoken
from tidegate.config import Config
from tidegate.context.load import Context
from tidegate.lake.compiled import answer
from tidegate.lake.kept import kept as keeping
from tidegate.lake.store import Lake
from tidegate.pipeline import looks
from tidegate.pipeline.detect import Ask, answers, findings
from tidegate.pipeline.evidence import common, illustrated, span
from tidegate.pipeline.ingest import Progress, Reading, ingest
from tidegate.pipeline.labelled import left
from tidegate.pipeline.measured import held
from tidegate.pipeline.scene import scene
from tidegate.units import Source

if TYPE_CHECKING:
    from tidegate.rules.load import Rule


def investigate(
    paths: Sequence[Path],
    *,
    lake: Lake,
    context: Context,
    config: Config,
    sources: Mapping[str, Source] | None = None,
    rules: Sequence[Rule] = (),
    verdicts: Sequence[Verdict] = (),
    exceptions: Sequence[DatedException] = (),
    names: Literal["pseudonym", "clear"] = "pseudonym",
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Callable[[Progress], None] | None = None,
    stage: Callable[[str], None] | None = None,
    reader: Reading | None = None,
    ask: Ask = answer,
    labels: pa.Table | None = None,
) -> Report:
    """Ingest what is new under `paths` (nothing for none), run every detector over [since, until), build the cases.

    rules: Sigma rules, which together count as one detector. verdicts, exceptions: what people decided on earlier
    cases, which frees ranks; what is to be shown is for `cases.verdicts.judge` to say. labels: of known files, which
    attach to what left of them.
    Raises LakeError, ConfigError; a log that cannot be read is counted in the report and never raises.
    """
    ingested = IngestSummary()
    if paths:
        limits = config.quarantine
        ingested = ingest(paths, lake, sources=sources, progress=progress, reader=reader, limits=limits)
    if stage:
        stage("measures")
    days = held(lake)
    everything = since is None and until is None and labels is None
    kept = keeping(lake, days) if everything and ask is answer else None
    tables = scene(lake, context, config, since=since, until=until, labels=labels, kept=kept)
    con = lake.engine.ibis
    units = registry.detectors()
    now = looks.resting_on(days, context, config, con.to_pyarrow(tables["own"])["pattern"].to_pylist())
    unasked = looks.since(looks.latest(lake), now, kept=kept) if everything else None
    answered = answers(con, tables, units, config, stage=stage, since=unasked, ask=ask, kept=kept)
    if everything:
        looks.keep(lake, replace(now, found=answered))
    if kept:
        kept.done()
    found = findings(con, tables, units, answered, rules=rules)
    if stage:
        stage("cases")
    first, last = span(con, tables)
    identities, masked = Identities(lake.path, clear=names == "clear"), Identities(lake.path)
    people = (person.user for person in context.people)
    for account in (*con.to_pyarrow(tables["accounts"])["account"].to_pylist(), *people):
        for known in (identities, masked):
            known.actor(account)  # so that nobody is named in the path of a file either
    told = stories(
        found,
        weight=weight(units.values()) + bool(rules),
        start=first or clock.now(),
        common=common(con, tables),
        spoken=spoken((masked.finding(finding(f)) for f in found), exceptions, verdicts, now=clock.now()),
    )
    budget = config.budget.cases_per_week
    cases = illustrated(con, tables, raised(told, budget))
    return Report(
        made=clock.now(),
        title="Tidegate report",
        names=names,
        ingested=ingested,
        first_event=first,
        last_event=last,
        findings=tuple(identities.finding(finding(f)) for f in news(found)),
        cases=tuple(map(identities.mask, weighed(cases, left(con, tables["labelled"], cases) if labels else {}))),
        rest=tuple(map(identities.mask, rest(told, budget))),
    )
