"""What a trial tells of a sample beyond what the command's own tests show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.diary import SOURCES
from tidegate.errors import InputError
from tidegate.mappings.load import load
from tidegate.pipeline.trial import attempt

MAPPING = """
id = "acme"
title = "Acme"
format = "json"
needs = "when"

[[source]]
id = "a"
produces = "dns_activity"
where = { kind = "a" }
columns = { time = "when", product = "what", actor = "who" }

[[source]]
id = "b"
produces = "dns_activity"
columns = { time = "when" }
"""


def test_events_of_one_class_are_told_apart_by_their_source(tmp_path: Path) -> None:
    mapping, sample = tmp_path / "m.toml", tmp_path / "s.json"
    mapping.write_text(MAPPING)
    sample.write_text(
        '{"when": "2025-07-01", "kind": "a", "what": "Box", "more": 1}\n{"when": "2025-07-01", "kind": "a"}\n'
        '{"when": "2025-07-01"}\n'
    )
    trial = attempt(load(mapping), sample, most=1)
    one, other = trial.yields
    assert (one.events, other.events, one.empty) == (2, 1, ("actor",))
    assert [(row["product"], row["actor"]) for row in one.first] == [("Box", None)]  # what the source itself says
    assert trial.unread == ("more",)


def test_sources_written_in_python_can_be_tried_as_well(tmp_path: Path) -> None:
    sample = tmp_path / "log"
    sample.write_text("2025-03-01T00:00:00 ann 5\n")
    (made,) = attempt([SOURCES["ledger"]], sample, most=1).yields
    assert made.events == 1


def test_a_sample_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="log: "):
        attempt([SOURCES["ledger"]], tmp_path / "log", most=1)
