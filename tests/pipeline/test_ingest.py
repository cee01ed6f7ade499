from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import zstandard

from tests.diary import SOURCES, amounts, held, put, reasons, text, visit
from tidegate.errors import InputError
from tidegate.lake.store import Lake
from tidegate.pipeline import ingest as module
from tidegate.pipeline.ingest import Progress, ingest
from tidegate.pipeline.watch import stat
from tidegate.reading.streams import Member

PLAIN = text(*(visit(i) for i in range(50)))


def zipped(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.removesuffix("\n").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        PLAIN.encode("utf-16"),  # as Windows tools export
        PLAIN.encode("utf-16-be"),  # without a mark
        gzip.compress(PLAIN.encode()),
        gzip.compress(PLAIN[:700].encode()) + gzip.compress(PLAIN[700:].encode()),  # as log rotation leaves them
        zstandard.compress(PLAIN.encode()),
        zipped(one=PLAIN.encode()),
        json.dumps([visit(i) for i in range(50)]).encode(),
        json.dumps([visit(i) for i in range(50)], indent=2).encode(),
        json.dumps({"entries": [visit(i) for i in range(50)]}).encode(),
        "\n".join(json.dumps({"entries": [visit(i)]}) for i in range(50)).encode(),
        "".join(json.dumps(visit(i), indent=4) for i in range(50)).encode(),
        text(*({"wrapped": json.dumps(visit(i))} for i in range(50))).encode(),
        ("when;who;sent\n" + "".join(f"{v['when']};{v['who']};{v['sent']}\n" for v in map(visit, range(50)))).encode(),
        (
            "#separator \\x09\n#path\tvisit\n#fields\twhen\twho\tsent\n"
            + "".join(f"{v['when']}\t{v['who']}\t{v['sent']}\n" for v in map(visit, range(50)))
            + "#close\n"
        ).encode(),
    ],
)
def test_the_same_records_however_written(tmp_path: Path, data: bytes) -> None:
    log = tmp_path / "log"
    log.write_bytes(data)
    summary = put(tmp_path / "lake", log)
    assert amounts(tmp_path / "lake") == list(range(50))
    assert (summary.files, summary.events, summary.quarantined, summary.ignored) == (1, 50, 0, 0)
    again = put(tmp_path / "lake", log)
    assert (again.files, again.events, again.unchanged_files) == (0, 0, 1)
    assert amounts(tmp_path / "lake") == list(range(50))


def test_lines_of_a_text_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("".join(f"2025-03-01T00:00:{i:02} ann {i}\n" for i in range(20)) + "hello\n")
    put(tmp_path / "lake", tmp_path / "log")
    rows = held(tmp_path / "lake")
    assert [(row["source_line"], row["bytes_out"]) for row in rows] == [(i + 1, i) for i in range(20)]
    assert reasons(tmp_path / "lake") == [(21, "no time that can be read")]
    assert {row["product"] for row in rows} == {"Ledger"}


def test_damage_costs_what_is_damaged_and_says_so(tmp_path: Path) -> None:
    lines = PLAIN.splitlines()
    lines[3] = lines[3][:20]
    lines[5] = "[1, 2]"
    lines[7] = json.dumps(visit(7) | {"when": "yesterday"})
    lines[8] = json.dumps(visit(8) | {"when": "1971-01-01T00:00:00"})
    lines[9] = json.dumps(visit(9) | {"when": "2999-01-01T00:00:00"})
    lines[11] = json.dumps(visit(11, kind="dream"))
    lines[12] = json.dumps({"note": "nothing happened", "kind": "rest"})
    lines[13] = ""
    raw = [line.encode() for line in lines]
    raw[15] = raw[15].replace(b"ann", b"\xff\xfe")
    (tmp_path / "log").write_bytes(b"\n".join(raw))
    summary = put(tmp_path / "lake", tmp_path / "log")
    assert reasons(tmp_path / "lake") == [
        (4, "not valid JSON"),
        (6, "not a JSON object"),
        (8, "no time that can be read"),
        (9, "time before 1980"),
        (10, "time more than a year ahead"),
        (12, "no source reads Diary 'dream'"),
        (16, "not UTF-8 text"),
    ]
    assert (summary.events, summary.quarantined, summary.ignored) == (41, 7, 2)
    assert dict(summary.reasons)["not valid JSON"] == 1


def test_damaged_gzip_is_read_up_to_the_damage(tmp_path: Path) -> None:
    whole = gzip.compress(PLAIN.encode())
    (tmp_path / "log.gz").write_bytes(whole[:-8] + b"\0\0\0\0" + whole[-4:])
    summary = put(tmp_path / "lake", tmp_path / "log.gz")
    assert (summary.events, summary.quarantined) == (50, 1)
    assert reasons(tmp_path / "lake") == [(51, "gzip: the checksum is wrong")]
    os.utime(tmp_path / "log.gz", (1, 1))  # it is looked at again, and nothing is new
    assert put(tmp_path / "lake", tmp_path / "log.gz").quarantined == 0
    (tmp_path / "log.gz").write_bytes(gzip.compress((PLAIN + text(visit(50))).encode()))  # it is mended, and has grown
    assert put(tmp_path / "lake", tmp_path / "log.gz").events == 1
    assert amounts(tmp_path / "lake") == list(range(51))


def test_mixed_kinds_go_each_to_their_source(tmp_path: Path) -> None:
    question = {"when": "2025-03-01T00:00:00", "kind": "question", "asked": ["a", "b"]}
    (tmp_path / "log").write_text(text(visit(1, kind="visit"), question, question | {"asked": []}))
    summary = put(tmp_path / "lake", tmp_path / "log")
    assert [row["query"] for row in held(tmp_path / "lake", "dns_activity")] == ["a", "b"]
    assert amounts(tmp_path / "lake") == [1]
    assert reasons(tmp_path / "lake") == [(3, "its source made no event of it")]
    assert summary.events == 3


def test_a_copy_a_rename_and_a_compressed_file_add_nothing_a_grown_one_its_tail(tmp_path: Path) -> None:
    logs, lake = tmp_path / "logs", tmp_path / "lake"
    logs.mkdir()
    (logs / "a").write_text(PLAIN)
    (logs / "b").write_text(PLAIN)  # in the same run
    assert put(lake, logs).events == 50
    (logs / "a").rename(logs / "c")
    (logs / "d.gz").write_bytes(gzip.compress(PLAIN.encode()))
    assert put(lake, logs).events == 0
    with (logs / "c").open("a") as log:
        log.write(text(visit(50)))
    assert put(lake, logs).events == 1
    assert amounts(lake) == list(range(51))
    assert held(lake)[-1]["source_line"] == 51
    # A file that is rewritten begins anew, even where it begins the same.
    (logs / "c").write_text(PLAIN.replace('"sent": 49', '"sent": 4900'))
    assert put(lake, logs).events == 50


@pytest.mark.parametrize("cut", [1, 30, len(PLAIN) // 2, len(PLAIN) - 20, len(PLAIN) - 1])
def test_a_file_that_grows_in_the_middle_of_a_line_loses_none(tmp_path: Path, cut: int) -> None:
    log, lake = tmp_path / "log", tmp_path / "lake"
    for size in (cut, cut + 3, len(PLAIN)):
        log.write_text(PLAIN[:size])
        put(lake, log)
    assert amounts(lake) == list(range(50))


def test_a_document_that_grows_adds_its_new_records(tmp_path: Path) -> None:
    log, lake = tmp_path / "log", tmp_path / "lake"
    for count in (5, 9):
        log.write_text(json.dumps([visit(i) for i in range(count)]))
        put(lake, log)
    assert amounts(lake) == list(range(9))


def test_what_is_delivered_twice_is_one_event(tmp_path: Path) -> None:
    one, two, lake = tmp_path / "one", tmp_path / "two", tmp_path / "lake"
    one.write_text(text(*({"id": f"d{i % 4}", "when": "2025-03-01"} for i in range(6))))
    summary = put(lake, one)
    assert (summary.events, summary.duplicates) == (4, 2)
    two.write_text(text(*({"id": f"d{i}", "when": "2025-03-01"} for i in range(3, 6))))
    summary = put(lake, two)
    assert (summary.events, summary.duplicates) == (2, 1)
    assert sorted(row["uid"] for row in held(lake)) == ["d0", "d1", "d2", "d3", "d4", "d5"]


def test_what_cannot_be_read_is_named_once_and_costs_nothing_else(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "log").write_text(PLAIN)
    (logs / "empty").write_text("")
    (logs / "loop").symlink_to(logs)
    (logs / "nowhere").symlink_to(logs / "gone")
    os.mkfifo(logs / "pipe")
    (logs / "noise").write_bytes(bytes(range(256)) * 50)
    (logs / "prose").write_text("Dear diary,\n\nnothing much.\n")
    (logs / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (logs / "nest.zip").write_bytes(zipped(inner=zipped(one=PLAIN.encode()), prose=b"Dear diary", same=PLAIN.encode()))
    summary = put(tmp_path / "lake", logs)
    assert amounts(tmp_path / "lake") == list(range(50))
    assert [unknown.removeprefix(f"{logs}/") for unknown in summary.unknown_files] == [
        "nowhere: no such file or folder",
        "pipe: no regular file (a device, a pipe or a socket)",
        "broken.zip: cannot be read: File is not a zip file",
        "nest.zip!inner: cannot be read: an archive within an archive: unpack it first",
        "nest.zip!prose",
        "noise",
        "prose",
    ]


def test_of_two_columns_with_one_name_the_first_is_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "log").write_text("when,who,sent,sent\n2025-03-01T00:00:00,ann,1,2\n")
    put(tmp_path / "lake", tmp_path / "log")
    assert amounts(tmp_path / "lake") == [1]
    assert "more than one column is named 'sent': the first is read" in caplog.text


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone: no such file or folder"):
        put(tmp_path / "lake", tmp_path / "gone")


def test_the_lake_is_no_log(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(PLAIN)
    put(tmp_path / "lake", tmp_path)
    assert put(tmp_path / "lake", tmp_path).unknown_files == ()


def test_progress_ends_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(PLAIN)
    (tmp_path / "other").write_text("?")
    said: list[Progress] = []
    lake = Lake(tmp_path / "lake")
    ingest([tmp_path / "log", tmp_path / "other"], lake, sources=SOURCES, progress=said.append)
    lake.close()
    assert (said[-1].files_done, said[-1].files_total, said[-1].events) == (2, 2, 50)
    assert said[-1].bytes_done == said[-1].bytes_total == len(PLAIN) + 1


def test_a_file_that_is_replaced_while_it_is_looked_at_is_the_one_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, look = tmp_path / "diary.json", module._head
    log.write_text(text(*(visit(i) for i in range(5))))

    def replaced(member: Member, most: int) -> tuple[bytes, bool]:
        seen = look(member, most)
        if "visit-99" not in log.read_text():
            log.write_text(text(visit(99), *(visit(i) for i in range(50, 60))).replace("ann", "visit-99"))
        return seen

    monkeypatch.setattr(module, "_head", replaced)
    with closing(Lake(tmp_path / "lake")) as lake:
        assert ingest([log], lake, sources=SOURCES).events == 11
        # Had it kept the identity of what was there first, a copy would be another log.
        (tmp_path / "diary.json.1").write_text(log.read_text())
        assert ingest([tmp_path / "diary.json.1"], lake, sources=SOURCES).events == 0


DNS = "Nov 20 10:00:{:02d} gw dnsmasq[77]: query[A] host{}.example.com from 10.0.0.9\n"
SSH = "Nov 20 10:01:{:02d} gw sshd[{}]: Accepted password for ann from 10.0.0.9 port 5022 ssh2\n"


@pytest.mark.parametrize("kept", [True, False], ids=["kept in mind", "looked up"])
@pytest.mark.parametrize("first", [DNS, SSH])
def test_a_log_that_other_programs_join_is_still_the_same(tmp_path: Path, kept: bool, first: str) -> None:
    """What was read as one program's log, or as a system's with few in it, goes on where it was."""
    log = tmp_path / "gateway.log"
    with closing(Lake(tmp_path / "lake")) as lake, lake.writing():
        run = module.Run(lake)
        for lines in (first, SSH, DNS + SSH):
            with log.open("a") as file:
                file.writelines(lines.format(n, n, n, n) for n in range(7))
            found = stat(log)
            assert found is not None
            run = run if kept else module.Run(lake)
            run.read_file(found, hold=True)
            run.finish()
        counted = [lake.table(name).count().to_pyarrow().as_py() for name in ("dns_activity", "authentication")]
    assert counted == ([14, 14] if first == DNS else [7, 21])


def test_it_waits_for_another_writer(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(text(visit(1)))
    with closing(Lake(tmp_path / "lake")) as lake, ThreadPoolExecutor() as pool:
        with lake.writing():
            other = pool.submit(put, tmp_path / "lake", tmp_path / "log")
            with pytest.raises(TimeoutError):
                other.result(timeout=0.5)
        assert other.result(timeout=30).events == 1
