"""Every detector over what the scene shows: findings with real names, in order of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from tidegate.cases.found import Found
from tidegate.config import Config
from tidegate.detectors._asked import Asked
from tidegate.lake.compiled import SOME_DAY, answer
from tidegate.lake.compiled import kept as compiled_once
from tidegate.lake.kept import Kept
from tidegate.pipeline.looks import Since
from tidegate.units import Detector

if TYPE_CHECKING:
    from tidegate.rules.load import Rule

Ask = Callable[..., pa.Table]
"""What runs a detector: `lake.compiled.answer` on DuckDB, or what takes and gives the same."""

CONTEXT = ("endpoints", "people", "permits", "devices", "seen", "hours")
"""Tables that say with whom and what to compare, and are nothing to look at by themselves."""


def detect(
    con: Backend,
    tables: Mapping[str, ir.Table],
    detectors: Mapping[str, Detector],
    config: Config,
    *,
    rules: Sequence[Rule] = (),
    stage: Callable[[str], None] | None = None,
) -> tuple[Found, ...]:
    """Run each detector on the tables it reads, with its settings of `config`, and the Sigma rules on theirs.

    Raises ConfigError for a wrong setting.
    """
    return findings(con, tables, detectors, answers(con, tables, detectors, config, stage=stage), rules=rules)


def answers(
    con: Backend,
    tables: Mapping[str, ir.Table],
    detectors: Mapping[str, Detector],
    config: Config,
    *,
    stage: Callable[[str], None] | None = None,
    since: Since | None = None,
    ask: Ask = answer,
    kept: Kept | None = None,
) -> dict[str, pa.Table]:
    """What each detector finds, by its name. since: what need not be asked again. kept: what it rests on is kept there.

    Raises ConfigError for a wrong setting.
    """
    config.check({name: unit.defaults for name, unit in detectors.items()})
    found: dict[str, pa.Table] = {}
    for name, unit in detectors.items():
        if stage:
            stage(name)
        here = kept is None or kept.has(name)
        before = since.found.get(name) if since and here and compiled_once(unit.run) else None
        if before is None and not any(_filled(con, tables[table]) for table in unit.reads if table not in CONTEXT):
            continue
        settings = config.settings(name, _wide(unit.defaults, config.budget.cases_per_week))
        late = kept.late(unit.reads) if kept and before is not None else {}
        given = {table: late[table] if table in late else tables[table] for table in unit.reads}
        asked = Asked(unit.run, name, since=None if before is None else SOME_DAY, keeping=kept is not None)
        day = since.day if since and before is not None else None
        if kept:
            kept.fills(name)
        new = ask(con, asked, given, name=asked.called, since=day, kept=kept, **settings)
        found[name] = new if before is None else pa.concat_tables([before, new])
    return found


def findings(
    con: Backend,
    tables: Mapping[str, ir.Table],
    detectors: Mapping[str, Detector],
    answered: Mapping[str, pa.Table],
    *,
    rules: Sequence[Rule] = (),
) -> tuple[Found, ...]:
    """Findings in order of time, of what detectors answered and of Sigma rules."""
    found = [Found.of(detectors[name], row) for name, rows in answered.items() for row in rows.to_pylist()]
    if rules:
        from tidegate.rules.run import run  # what reads Sigma takes a second to import

        found += run(con, tables, rules)
    return tuple(sorted(found, key=lambda f: (f.time, f.uid)))


def _wide(defaults: Mapping[str, object], cases_per_week: float) -> Mapping[str, object]:
    """A detector's defaults, with findings as common as a large budget has room for."""
    return {k: max(v, cases_per_week) if k == "at_most" and isinstance(v, float) else v for k, v in defaults.items()}


def _filled(con: Backend, table: ir.Table) -> bool:
    return bool(con.to_pyarrow(table.limit(1).select(table.columns[0])).num_rows)
