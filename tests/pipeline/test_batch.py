"""Every record is accounted for, once, whatever is in the log and whenever the process dies."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.diary import DIARY, SOURCES, amounts, held, put, reasons, text, visit
from tidegate.lake.store import Lake
from tidegate.pipeline import batch
from tidegate.pipeline.ingest import ingest
from tidegate.reading import blocks, read
from tidegate.units import LINEAGE, source

LINES = [line.encode() for line in text(*(visit(i) for i in range(30))).splitlines()]
ZEEK = [b"#separator \\x09", b"#path\tvisit", b"#fields\twhen\twho\tsent"] + [
    f"{v['when']}\t{v['who']}\t{v['sent']}".encode() for v in map(visit, range(30))
]
# Enough lines that a few mutated ones do not keep it from being recognised: nine in ten must match.
LEDGER = [f"2025-03-01T00:00:{i:02} ann {i}".encode() for i in range(60)]


@st.composite
def mutated(draw: st.DrawFn, lines: list[bytes]) -> list[bytes]:
    """The lines, a few of them cut, overwritten, doubled, or put together."""
    lines = list(lines)
    for _ in range(draw(st.integers(0, 6))):
        i = draw(st.integers(3, len(lines) - 1))
        at = draw(st.integers(0, len(lines[i])))
        match draw(st.sampled_from(["cut", "insert", "double", "join", "blank"])):
            case "cut":
                lines[i] = lines[i][:at]
            case "insert":
                noise = draw(st.binary(max_size=5)).replace(b"\n", b"\0")
                lines[i] = lines[i][:at] + noise + lines[i][at:]
            case "double":
                lines.insert(i, lines[i])
            case "join":
                lines[i] += lines[i]
            case _:
                lines[i] = b""
    return lines


@pytest.mark.parametrize(("lines", "log"), [(LINES, "log.json"), (ZEEK, "log.zeek"), (LEDGER, "log.txt")])
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_line_is_an_event_or_in_quarantine_or_ignored(lines: list[bytes], log: str, data: st.DataObject) -> None:
    changed = data.draw(mutated(lines))
    with TemporaryDirectory() as folder:
        path = Path(folder) / log
        path.write_bytes(b"\n".join(changed) + b"\n")
        summary = put(Path(folder) / "lake", path)
        # A Zeek line that comes to begin with # is no record; nothing else is left out.
        records = sum(not (log == "log.zeek" and line.startswith(b"#")) for line in changed)
        assert summary.events + summary.quarantined + summary.ignored == records
        assert len(held(Path(folder) / "lake")) == summary.events
        assert len(reasons(Path(folder) / "lake")) == summary.quarantined


@pytest.mark.parametrize("log", ["log.json", "log.csv"])
def test_blocks_smaller_than_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: str) -> None:
    monkeypatch.setattr(read, "BLOCK", 1000)
    monkeypatch.setattr(batch, "_COMMIT", 1500)
    if log == "log.csv":
        rows = (f'{v["when"]},"ann\n""the first""",{v["sent"]}\n' for v in map(visit, range(200)))
        (tmp_path / log).write_text("when,who,sent\n" + "".join(rows))
    else:
        (tmp_path / log).write_text(text(*(visit(i) for i in range(200))))
    put(tmp_path / "lake", tmp_path / log)
    rows_in = held(tmp_path / "lake")
    assert [row["bytes_out"] for row in rows_in] == list(range(200))
    step, first = (2, 2) if log == "log.csv" else (1, 1)
    assert [row["source_line"] for row in rows_in] == [first + step * i for i in range(200)]
    assert len(held(tmp_path / "lake", "journal")) > 3


class DiedError(Exception):
    pass


@pytest.mark.parametrize("commits", range(1, 8))
def test_after_a_crash_nothing_is_missing_and_nothing_is_there_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    """The process dies at one commit after the other; what is read next is a part of what the crash left."""
    records = [visit(i) if i % 7 else visit(i, kind="dream") for i in range(60)]
    questions = [{"when": visit(i)["when"], "kind": "question", "asked": [f"q{i}"]} for i in range(60)]
    (tmp_path / "log").write_text("".join(text(*pair) for pair in zip(records, questions, strict=True)))

    with monkeypatch.context() as patch:
        left = iter(range(commits))

        def dying(real: Callable[..., None]) -> Callable[..., None]:
            def commit(*args: object) -> None:
                if next(left, None) is None:
                    raise DiedError
                real(*args)

            return commit

        patch.setattr(read, "BLOCK", 4000)
        patch.setattr(batch, "_COMMIT", 4000)
        patch.setattr(Lake, "commit", dying(Lake.commit))
        patch.setattr(Lake, "append", dying(Lake.append))
        lake = Lake(tmp_path / "lake")
        with pytest.raises(DiedError):
            ingest([tmp_path / "log"], lake, sources=SOURCES)
        lake.close()
        assert (tmp_path / "lake" / "unfinished").exists()
    monkeypatch.setattr(read, "BLOCK", 3000)
    put(tmp_path / "lake", tmp_path / "log")
    assert amounts(tmp_path / "lake") == [i for i in range(60) if i % 7]
    assert [row["query"] for row in held(tmp_path / "lake", "dns_activity")] == [f"q{i}" for i in range(60)]
    assert [line for line, _ in reasons(tmp_path / "lake")] == [2 * i + 1 for i in range(0, 60, 7)]
    assert not (tmp_path / "lake" / "unfinished").exists()


def test_a_line_without_end_is_refused_in_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "BLOCK", 1 << 16)
    monkeypatch.setattr(blocks, "KEPT", 100)
    with (tmp_path / "log").open("w") as log:
        log.write(text(visit(0)))
        log.write('{"when": "' + "x" * 300_000 + "\n")
        log.write(text(visit(1)))
    summary = put(tmp_path / "lake", tmp_path / "log")
    assert amounts(tmp_path / "lake") == [0, 1]
    assert reasons(tmp_path / "lake") == [(2, "longer than 16 MiB")]
    assert len(held(tmp_path / "lake", "quarantine")[0]["record"]) == 100
    assert summary.quarantined == 1


@ibis.udf.scalar.builtin(name="error")  # type: ignore[untyped-decorator]  # Ibis has no types
def raising(message: str) -> str:  # type: ignore[empty-body]  # DuckDB's own
    """Raises, whatever is done about casts."""


@source(log=DIARY, produces="network_activity", columns={"when": "string", "who": "string"}, needs=("when", "who"))
def diary_strict(raw: ibis.Table) -> ibis.Table:
    """Cannot map what one of them wrote."""
    actor = ibis.ifelse(raw.who == "bad", raising("no"), raw.who)
    return raw.select(*LINEAGE, time=raw.when.try_cast("timestamp(6)"), actor=actor)


def test_a_value_that_no_source_can_map_is_found(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(text(*(visit(i, who="bad" if i in (3, 17) else "ann") for i in range(30))))
    lake = Lake(tmp_path / "lake")
    summary = ingest([tmp_path / "log"], lake, sources={"diary_strict": diary_strict})
    lake.close()
    assert (summary.events, summary.quarantined) == (28, 2)
    assert reasons(tmp_path / "lake") == [(line, "a value in it cannot be converted") for line in (4, 18)]


def test_of_very_many_their_neighbours_go_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidegate.pipeline.write._TRIES", 3)
    (tmp_path / "log").write_text(text(*(visit(i, who="bad" if i == 3 else "ann") for i in range(32))))
    with closing(Lake(tmp_path / "lake")) as lake:
        summary = ingest([tmp_path / "log"], lake, sources={"diary_strict": diary_strict})
    assert (summary.events, summary.quarantined) == (24, 8)
    assert set(reasons(tmp_path / "lake")) == {
        (line, "a value in it or a record near it cannot be converted") for line in range(1, 9)
    }


@source(log=DIARY, produces="network_activity", columns={"when": "string", "sent": "int64"}, needs=("when", "sent"))
def diary_reckoned(raw: ibis.Table) -> ibis.Table:
    """Reckons with what they wrote."""
    much = ibis.ifelse((raw.sent + 1) * 1000 > 2000, "much", "little")  # the same between brackets
    return raw.select(*LINEAGE, time=raw.when.try_cast("timestamp(6)"), bytes_out=raw.sent * 1000, actor=much)


def test_a_number_that_grows_too_great_is_null(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(text(visit(1), visit(2, sent=2**62), visit(3)))
    with closing(Lake(tmp_path / "lake")) as lake:
        ingest([tmp_path / "log"], lake, sources={"diary_reckoned": diary_reckoned})
    rows = held(tmp_path / "lake", "network_activity")
    assert [(row["bytes_out"], row["actor"]) for row in rows] == [(1000, "little"), (None, "little"), (3000, "much")]


def test_of_headers_without_end_only_the_first_ones_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_LAYOUTS", 2)
    fields = "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\torig_bytes"
    row = "1761990000.0\tC{}\t192.0.2.1\t5000\t192.0.2.2\t80\ttcp\tSF\t9\t-\n"
    lines = "".join(f"{fields}\tx{n}\n{row.format(n)}" for n in (1, 2, 3, 1))
    (tmp_path / "conn.log").write_text("#separator \\x09\n#set_separator\t,\n#path\tconn\n" + lines)
    with closing(Lake(tmp_path / "lake")) as lake:
        summary = ingest([tmp_path / "conn.log"], lake)
    assert (summary.events, summary.quarantined) == (3, 1)
    assert reasons(tmp_path / "lake") == [(9, "more than 2 headers")]
