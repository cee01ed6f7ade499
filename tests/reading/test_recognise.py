from __future__ import annotations

import json
from dataclasses import replace

import ibis
import pytest

from tests.diary import SOURCES, text, visit
from tidegate.reading.blocks import Mark
from tidegate.reading.read import parts
from tidegate.reading.recognise import recognise
from tidegate.units import Log, Source, source

WHEN = "2025-03-01T00:00:00"


def found(data: str, name: str = "log", *, whole: bool = True) -> tuple[str, list[str], int] | None:
    """Log, sources, and depth of the records."""
    it = recognise(name, data.encode(), SOURCES.values(), whole=whole)
    return (it.log.id, [source.id for source in it.sources], it.head.depth) if it else None


BOTH = ["diary_visit", "diary_question"]


@pytest.mark.parametrize(
    ("data", "sources", "depth"),
    [
        (text(visit(1)), ["diary_visit"], -1),
        (text(visit(1), {"other": 1}), ["diary_visit"], -1),  # not every record has every field
        (text(visit(1)) + '{"cut', ["diary_visit"], -1),
        ('{"cut\n' + text(visit(1), visit(2)), ["diary_visit"], -1),
        (text({"kind": "anything"}), BOTH, -1),  # a mixed file: its beginning need not have all kinds
        (json.dumps([visit(1)]), ["diary_visit"], 1),
        (json.dumps(visit(1), indent=1), ["diary_visit"], 0),
        (json.dumps({"page": 1, "entries": [visit(1)]}), ["diary_visit"], 2),
        (json.dumps({"page": 1, "entries": [visit(1)]}, indent=1), ["diary_visit"], 2),
        (text({"wrapped": json.dumps(visit(1))}), ["diary_visit"], -1),
        ("when,who\n1,2\n", ["diary_visit"], -1),
        ('#TYPE Selected.Thing\n"when","who"\n1,2\n', ["diary_visit"], -1),  # as PowerShell writes it
        ("when,wrapped\n" + WHEN + ',"{""who"": ""ann""}"\n', ["diary_visit"], -1),
        ("#separator \\x09\n#fields\twhen\twho\n1\t2\n", ["diary_visit"], -1),
        ("#Software: Diary\n#Fields: when,who\n1,2\n", ["diary_visit"], -1),
        ("#Version: 1.0\n#Fields: when who\n1 2\n", ["diary_visit"], -1),  # W3C's own mark is the space
    ],
)
def test_the_log_is_known_by_what_it_holds(data: str, sources: list[str], depth: int) -> None:
    assert found(data) == ("diary", sources, depth)


@pytest.mark.parametrize(
    "data",
    [
        text({"when": WHEN}),  # one of its fields is not enough
        json.dumps({"results": [visit(1)]}),  # an envelope the log does not have
        "when;other\n1;2\n",
        "when who\n1 2\n",
        "\0\0\0\0" * 100,
        "",
        "[1, 2, 3]",
        "#fields\tindicator\tsource\nexample.org\tx\n",
        "#Fields: date time\n1 2\n",
    ],
)
def test_near_misses_are_no_log(data: str) -> None:
    assert found(data) is None


def test_lines_are_known_by_nine_in_ten() -> None:
    good, other = f"{WHEN} ann 5\n", "-- restarted --\n"
    assert found(good * 9 + other) == ("ledger", ["ledger"], -1)
    assert found(good * 8 + other * 2) is None
    # The last line of what was looked at is cut off, and says nothing.
    assert found(good * 9 + other + "2025", whole=False) == ("ledger", ["ledger"], -1)


def test_the_usual_name_decides_between_two_logs() -> None:
    both = text(visit(1) | {"id": "x"})
    assert found(both, "diary.json") == ("diary", ["diary_visit"], -1)
    by_needs = recognise("log", both.encode(), SOURCES.values(), whole=True)
    assert by_needs is not None
    assert by_needs.others in (("diary",), ("delivery",))


def program(name: str, *, within: str | None = None, mixture: bool = False) -> Source:
    """A source of the lines that one program writes; of a mixture, those that begin with its name fit as well."""
    log = Log(
        id=name,
        title=name,
        formats=("lines",),
        how="Take it.",
        reference="https://example.org",
        files=(f"{name}*",),
        probe=r"^\w+: " if mixture else f"^{name}: ",
        within=within,
    )

    def unit(raw: ibis.Table) -> ibis.Table:
        return raw

    unit.__name__ = name
    return source(log=log, produces="authentication", pattern=f"^{name}: (?P<who>.*)")(unit)


PROGRAMS = (
    program("inner", within="mail"),
    program("mail", within="system"),
    program("system", mixture=True),
    program("foreign"),
)


@pytest.mark.parametrize(
    ("data", "name", "log", "sources"),
    [
        # Lines of several programs are read by the sources of all, also of those within one that is within.
        ("mail: ann\ninner: bob\nother: x\n", "log", "system", ["system", "inner", "mail"]),
        # Where nearly all are of one program, that one reads them: it knows which lines of its own it cannot read.
        ("mail: ann\nmail: bob\n", "log", "mail", ["mail", "inner"]),
        ("inner: ann\ninner: bob\n", "log", "inner", ["inner"]),
        # … save where the name says that it is everybody's.
        ("mail: ann\nmail: bob\n", "system.1", "system", ["system", "inner", "mail"]),
        # The near miss: a log that looks alike and is no part of the mixture, which would take it for unknown lines.
        ("foreign: ann\n", "system.1", "foreign", ["foreign"]),
    ],
)
def test_a_log_may_come_within_another(data: str, name: str, log: str, sources: list[str]) -> None:
    it = recognise(name, data.encode(), PROGRAMS, whole=True)
    assert it is not None
    assert (it.log.id, sorted(s.id for s in it.sources)) == (log, sorted(sources))


def test_documents_of_one_log_keep_their_records_under_any_of_its_keys() -> None:
    sources = [replace(one, log=replace(one.log, envelope=("entries", "items"))) for one in SOURCES.values()]
    data = text({"items": [visit(1)]}, {"entries": [visit(2), visit(3)]}, {"others": [visit(4)]}).encode()
    it = recognise("log", data, sources, whole=True)
    assert it is not None
    (part,) = parts(iter([data]), it.head, done=Mark())
    assert [json.loads(record) for record in part.block.texts().to_pylist()] == [visit(1), visit(2), visit(3)]
    # What no key names may be anything's.
    assert [(bad.line, json.loads(bad.record)) for bad in part.block.bad] == [(4, {"others": [visit(4)]})]
