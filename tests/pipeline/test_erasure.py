"""A person's right to erasure: what is theirs goes for good, what is others' stays, and what stays is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.cases.examples import a_case
from tidegate.cases.audit import AuditLog
from tidegate.cases.identities import Identities
from tidegate.cases.store import CaseStore
from tidegate.config import Config
from tidegate.errors import InputError
from tidegate.events.schema import DAY
from tidegate.lake import files, removal
from tidegate.lake.engine import quoted
from tidegate.lake.store import Lake
from tidegate.lake.tables import TABLES
from tidegate.pipeline import erasure, measured

ANN, BOB = "ann@reserve.example", "bob@reserve.example"


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with closing(Lake(tmp_path)) as opened:
        yield opened


@pytest.fixture
def cases(lake: Lake) -> CaseStore:
    """One case of Ann's, one of Bob's."""
    store, identities = CaseStore(lake.path), Identities(lake.path)
    store.save(
        identities.mask(replace(a_case(f"case-{who[:3]}"), actors=(who,), findings=(), events=())) for who in (ANN, BOB)
    )
    return store


def hold(lake: Lake, name: str, **columns: str) -> None:
    """A row of a table: SQL of some columns."""
    schema = TABLES[name]
    given = {"source_file": quoted("/logs/a.log"), "time": "TIMESTAMP '2025-03-01'", DAY: "DATE '2025-03-01'"} | columns
    cells = ", ".join(f'({given.get(c, "NULL")})::{lake.engine.sql_type(t)} AS "{c}"' for c, t in schema.items())
    lake.commit(name, files.write(lake.engine.con, name, f"SELECT {cells}", lake.storage.staging), {})


def left(lake: Lake, name: str, column: str) -> list[object]:
    return sorted(value for (value,) in lake.rows(f"SELECT {column} FROM ({lake.scan(name)})"))


def test_what_is_theirs_goes_and_nothing_else(lake: Lake, cases: CaseStore) -> None:
    theirs = (
        {"actor": quoted(ANN)},
        {"owner": quoted("Ann@Reserve.example")},  # however it is spelled
        {"recipient": quoted("x@y.example; ANN@reserve.example")},  # one of several
    )
    others: tuple[dict[str, str], ...] = (
        {"actor": quoted(BOB)},
        {"actor": quoted(BOB), "file_path": quoted("/home/ann/plan.pdf")},  # a text that names her
        {"actor": quoted("joann@reserve.example")},  # her account is the end of another's
        {"actor": quoted("ann@elsewhere.example")},  # another domain: perhaps somebody else
        {},  # nobody's
    )
    for number, columns in enumerate((*theirs, *others)):
        hold(lake, "file_hosting", uid=quoted(number), **columns)
    hold(
        lake,
        "email_activity",
        uid="'m1'",
        sender=quoted(BOB),
        recipients=f"[{quoted(BOB)}, {quoted('Ann@reserve.example')}]",
    )
    hold(lake, "email_activity", uid="'m2'", sender=quoted(BOB), recipients=f"[{quoted(BOB)}]")
    for record in ("{by ann@reserve.example", "{by Ann,", "{by joann"):
        hold(lake, "quarantine", record=quoted(record))
    found = erasure.find(lake, cases, [ANN])
    assert found.events == {"file_hosting": 3, "email_activity": 1}
    assert found.quarantined == 2
    assert found.cases == ("case-ann",)
    assert found.alike == ("ann@elsewhere.example",)
    assert found.mentions == {"file_hosting.file_path": 1}
    assert found.logs == ("/logs/a.log",)
    with lake.writing():
        assert erasure.erase(lake, cases, found, reason="asked for it") == 6
    assert left(lake, "file_hosting", "uid") == ["3", "4", "5", "6", "7"]
    assert left(lake, "email_activity", "uid") == ["m2"]
    assert left(lake, "quarantine", "record") == ["{by joann"]
    assert [case.uid for case in cases.all()] == ["case-bob"]
    assert erasure.find(lake, cases, [ANN]).events == {}


def test_it_is_gone_from_the_disk_and_on_record(lake: Lake, cases: CaseStore) -> None:
    hold(lake, "authentication", actor=quoted(ANN))
    pseudonym = Identities(lake.path).actor(ANN)
    assert pseudonym.encode() in (lake.path / "cases.db").read_bytes()
    found = erasure.find(lake, cases, [ANN])
    with lake.writing():
        erasure.erase(lake, cases, found, reason="asked for it")
    assert pseudonym.encode() not in (lake.path / "cases.db").read_bytes()
    assert list((lake.path / "authentication").glob("day=*")) == []
    (entry,) = AuditLog(lake.path).entries()
    assert (entry.action, entry.reason, entry.people) == ("data erased", "asked for it", (pseudonym,))
    assert erasure.find(lake, cases, [ANN]).unmasked == 1  # that entry stays, and is told


def test_it_is_gone_from_the_measures_which_outlive_the_events(lake: Lake, cases: CaseStore) -> None:
    for who in (ANN, BOB):
        hold(lake, "file_hosting", uid=quoted(who), actor=quoted(who), activity=quoted("Download"))
    measured.keep(lake, [], Config())
    with lake.writing():
        removal.expire(lake, removal.expiring(lake, {"file_hosting": date(2026, 1, 1)}))
    found = erasure.find(lake, cases, [Identities(lake.path).actor(ANN)])  # her pseudonym is still known
    assert (found.accounts, found.events, found.measured) == ((ANN,), {}, 2)
    with lake.writing():
        assert erasure.erase(lake, cases, found, reason=None) == 2
    assert left(lake, "measure_handled", "actor") == [BOB]
    assert left(lake, "measure_seen", "actor") == [BOB]
    assert len(list((lake.path / "measure_seen").rglob("part-*"))) == 1


def test_it_is_gone_from_files_of_no_table_as_well(lake: Lake, cases: CaseStore) -> None:
    hold(lake, "authentication", actor=quoted(ANN), time="TIMESTAMP '2020-01-01'", day="DATE '2020-01-01'")
    hold(lake, "file_hosting", actor=quoted(BOB))
    killed = lake.path / "dns_activity" / "day=2025-03-01" / "part-killed.parquet"
    killed.parent.mkdir(parents=True)
    killed.write_bytes(b"ann")
    spilled = lake.path / "tmp" / "of-a-dead-process"
    spilled.mkdir()
    with lake.writing():
        removal.expire(lake, removal.expiring(lake, {"authentication": date(2024, 1, 1)}))
    found = erasure.find(lake, cases, [ANN])
    assert found.events == {}  # so says every table
    assert list((lake.path / "authentication").rglob("part-*"))  # and yet
    with lake.writing():
        erasure.erase(lake, cases, found, reason=None)
    assert list((lake.path / "authentication").rglob("part-*")) == []
    assert not killed.exists()
    assert not spilled.exists()
    assert left(lake, "file_hosting", "actor") == [BOB]  # the near miss: a file of a table


@pytest.mark.parametrize(
    ("account", "record"),
    [
        ("o'brien@example.org", r'{"User": "O\u0027Brien@example.org"'),
        ("ann.müller@example.org", r'{"u":"ANN.M\u00DCller@example.org"'),
        ("ann.müller@example.org", r'{"u":"ann.m\u00FCLLER"'),
        ("ann@example.org", r'{"u":"ann\u0040example.org"'),
        ("ann@example.org", r'{"u":"\u003cann\u003e"'),
        ("ann@example.org", r'{"message":"Name:\t\tann\r\n"'),
        ("ann@example.org", r'{"message":"by\nann"'),
        ("host/ann", r'{"u":"host\/ann"'),
        (r"o'b\o'x", r'{"u":"O\u0027B\\O\u0027X"'),
        ("ann𝒳", r'{"u":"ann\ud835\udcb3"'),
    ],
)
def test_a_name_in_json_is_known_however_it_is_spelled(lake: Lake, cases: CaseStore, account: str, record: str) -> None:
    hold(lake, "quarantine", record=quoted(record))
    found = erasure.find(lake, cases, [account])
    assert found.quarantined == 1
    with lake.writing():
        assert erasure.erase(lake, cases, found, reason=None) == 1
    assert left(lake, "quarantine", "record") == []


@pytest.mark.parametrize(
    "record",
    [
        r'{"u":"corp\\tann"',  # the account tann
        r'{"u":"L\u00e9ann"',  # the letter é
        r"corp\tann",  # no JSON, and so no escape
        r'{"u":"jo\u0027ann2"',
    ],
)
def test_an_escape_is_no_name(lake: Lake, cases: CaseStore, record: str) -> None:
    hold(lake, "quarantine", record=quoted(record))
    assert erasure.find(lake, cases, [ANN]).quarantined == 0


def test_a_pseudonym_will_do(lake: Lake, cases: CaseStore) -> None:
    identities = Identities(lake.path)
    hold(lake, "authentication", actor=quoted(ANN))
    assert erasure.find(lake, cases, [identities.actor(ANN)]) == erasure.find(lake, cases, [ANN])
    only_in_a_case = erasure.find(lake, cases, [identities.actor(BOB)])  # his events have expired
    assert (only_in_a_case.accounts, only_in_a_case.cases) == ((), ("case-bob",))
    with pytest.raises(InputError, match="nobody in this lake has the pseudonym person-zzzzzzzz"):
        erasure.find(lake, cases, ["person-zzzzzzzz"])


def test_several_accounts_are_one_person(lake: Lake, cases: CaseStore) -> None:
    hold(lake, "authentication", actor=quoted(ANN), time=quoted(datetime(2025, 3, 1)))
    hold(lake, "authentication", actor=quoted("corp\\ann"))
    assert erasure.find(lake, cases, [ANN]).alike == ("corp\\ann",)
    found = erasure.find(lake, cases, [ANN, "CORP\\ann"])
    assert (found.events, found.alike) == ({"authentication": 2}, ())
