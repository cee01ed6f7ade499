"""Which measure is made of which tables, for everything that has to make them: the lake's, and those of a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis.expr.types as ir
from ibis import _

from tidegate.events.transfers import moved
from tidegate.measures.correspondence import correspondence
from tidegate.measures.handled import handled
from tidegate.measures.hourly import permitted
from tidegate.measures.mailboxes import mailboxes
from tidegate.measures.marked import marked
from tidegate.measures.signins import signins

NAMED = ("email_activity", "file_hosting", "file_activity", "web_resources", "http_activity")  # that name files


@dataclass(frozen=True)
class Rollup:
    """A measure and the tables it takes, in order."""

    make: Callable[..., ir.Table]
    of: tuple[str, ...]


ROLLUPS: Mapping[str, Rollup] = {
    "handled": Rollup(handled, ("file_hosting", "file_activity", "process_activity", "web_resources")),
    "signins": Rollup(signins, ("authentication",)),
    "mailboxes": Rollup(mailboxes, ("email_activity",)),
    "correspondence": Rollup(correspondence, ("email_activity",)),
}


def rolled(tables: Mapping[str, ir.Table]) -> dict[str, ir.Table]:
    """The tables with every measure they do not have yet, as expressions."""
    made = {name: rollup.make(*(tables[t] for t in rollup.of)) for name, rollup in ROLLUPS.items()}
    leaving = moved({name: tables[name] for name in NAMED}).inner_join(tables["endpoints"], "endpoint")
    named = marked(tables["file_hosting"], tables["file_activity"], leaving.filter(_.kind != "own"))
    return {**made, "marked": permitted(named, tables["permits"]), **tables}
