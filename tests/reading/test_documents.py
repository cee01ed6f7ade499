from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidegate.reading import documents
from tidegate.reading.blocks import blocks
from tidegate.reading.documents import DocumentCutter, envelope_key

Found = list[tuple[int, Any]]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('ab"\\{}[],:\n é'), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab{\\"]', max_size=3), inner, max_size=3),
    max_leaves=8,
)
RECORD = st.dictionaries(st.text("xyz", max_size=2), ANY, max_size=3)
A, B = ({"id": i} for i in "ab")
NONE = "no record of a JSON document stands there"


def records(text: str, depth: int, *keys: str, size: int = 1 << 16) -> tuple[Found, list[tuple[int, str]]]:
    """Numbers and values of the records, lines and reasons of the bad ones."""
    found: Found = []
    bad: list[tuple[int, str]] = []
    for block in blocks(iter([text.encode()]), DocumentCutter(depth, keys), size=size):
        bad += [(one.line, one.reason) for one in block.bad]
        for number, record in zip(block.numbers.tolist(), block.texts().to_pylist(), strict=True):
            try:
                found.append((number, json.loads(record)))
            except ValueError:
                bad.append((number, "not valid JSON"))
    return found, bad


def numbered(values: Iterable[object]) -> Found:
    return list(enumerate(values, 1))


@given(values=st.lists(RECORD, max_size=8), indent=st.none() | st.integers(0, 3), size=st.integers(2000, 2100))
@pytest.mark.parametrize("form", ["objects", "array", "envelope", "envelopes"])
def test_whole_documents(form: str, values: list[object], indent: int | None, size: int) -> None:
    match form:
        case "objects":
            texts = [json.dumps(value, indent=indent) for value in values]
            assert records(" \n".join(texts), 0, size=size) == (numbered(values), [])
        case "array":
            text = json.dumps(values, indent=indent)
            assert records(text, 1, size=size) == (numbered(values), [])
        case "envelope":
            text = json.dumps({"etag": "[{", "a": {"b": [{}]}, "items": values, "more": [{"c": 1}]}, indent=indent)
            assert records(text, 2, "items", size=size) == (numbered(values), [])
        case _:
            text = "\n".join(json.dumps({"items": [value]}) for value in values)
            assert records(text, 2, "items", size=size) == (numbered(values), [])


def test_a_document_over_many_blocks() -> None:
    values = [{"id": i, "text": "]}" * (i % 50), "deep": [{"id": [i]}]} for i in range(500)]
    assert records(json.dumps(values, indent=1), 1, size=1000) == (numbered(values), [])
    assert records(json.dumps({"items": values}), 2, "items", size=1000) == (numbered(values), [])


def test_a_truncated_document_keeps_what_is_whole() -> None:
    values = [{"id": i} for i in range(5)]
    assert records(json.dumps(values)[:-4], 1) == (numbered(values[:4]), [(5, "JSON that does not end")])
    # Where only the brackets around the records are missing, nothing is lost.
    assert records(json.dumps(values)[:-1], 1) == (numbered(values), [])


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        ('{\n "id": 2,\n "x": {', "JSON that does not end"),
        ('{\n "id": "2\n}', "JSON that does not end"),
        ('{\n "id": [2}\n}', "not valid JSON"),
        ('{\n "id": [2}\n', "JSON that does not end"),
        ('{\n "id": 2\n]', "brackets of a JSON document that do not match"),
        ('{\n "id": 2\n}}', "brackets of a JSON document that do not match"),
    ],
)
def test_a_damaged_record_takes_no_other_with_it(damaged: str, reason: str) -> None:
    texts = [json.dumps({"id": i}, indent=1) for i in (1, 3, 4)]
    found, bad = records("\n".join([texts[0], damaged, *texts[1:]]), 0)
    assert [value for _, value in found if value != {"id": 2}] == [{"id": 1}, {"id": 3}, {"id": 4}]
    assert [why for _, why in bad] == [reason]


@pytest.mark.parametrize(
    ("text", "depth", "good", "bad"),
    [
        # Brackets too many, behind which depth is not what it seems.
        ('{"id": [{}}]}\n{"id": "a"}\n{"id": [{]}}\n{"id": "b"}', 0, [A, B], [1, 3]),
        ('{"x": [{}}\n]}\n{"id": "a"}\n{"x": [\n{]\n}\n]}', 0, [A], [1, 3]),
        ('[{"id": "a"},\n{] "x": [{}]},\n{"id": "b"}\n]', 1, [A, B], [2]),
    ],
)
def test_a_record_ends_where_its_bracket_is_closed(text: str, depth: int, good: list[object], bad: list[int]) -> None:
    found, refused = records(text, depth)
    assert [value for _, value in found if value in good] == good
    assert {number for number, _ in refused} >= set(bad)
    held = [number for number, _ in found] + [number for number, _ in refused]
    assert sorted(held) == list(range(1, len(held) + 1))


@pytest.mark.parametrize(
    ("line", "whole", "reason"),
    [
        ('{"a": 1}}', 16_000, "brackets of a JSON document that do not match"),
        ('{"a": [1}', 0, "JSON that does not end"),
        ('{"a": 1', 0, "JSON that does not end"),
    ],
)
def test_damage_all_over_is_passed_in_linear_time(line: str, whole: int, reason: str) -> None:
    before = time.process_time()
    found, bad = records((line + "\n") * 16_000, 0, size=1 << 24)
    assert (len(found), len(bad), {why for _, why in bad}) == (whole, 16_000, {reason})
    assert time.process_time() - before < 15  # it was minutes


def test_what_is_damaged_in_too_many_places_is_given_up_by_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_AGAIN", 1 << 20)
    found, bad = records('{"a": 1}}\n' * 3000, 0, size=10_000)
    reasons = [why for _, why in bad]
    assert reasons.count("a JSON document damaged in too many places") == 3
    assert len(found) == len(bad) < 2500
    assert [number for number, _ in found] == list(range(1, 2 * len(found), 2))


@pytest.mark.parametrize(
    ("text", "depth", "good", "bad"),
    [
        ('[{"id": "a"}, null, {"id": "b"}]', 1, [(1, A), (3, B)], [2]),
        ('[1, {"id": "a"}, "{", [{"id": "x"}], {"id": "b"}, 2]', 1, [(2, A), (4, B)], [1, 3, 5]),
        ('[{"id": "a"}]\n{"x": {"id": "y"}}\n[{"id": "b"}]\nrest', 1, [(1, A), (3, B)], [2, 4]),
        ('[{"id": "a"}, "rest', 1, [(1, A)], [2]),
        ('x {"id": "a"}, [{"id": "x"}] {"id": "b"} "y" ', 0, [(2, A), (4, B)], [1, 3, 5]),
        ('{"k": [{"id": "a"}, 5, {"id": "b"}], "n": [5]} {"k": [], "n": 5}', 2, [(1, A), (3, B)], [2]),
        ('{"k": [{"id": "a"}]}\n{"id": "x", "of": [{}]}\n{"k": [{"id": "b"}]} ', 2, [(1, A), (3, B)], [2]),
        ('{"k": [{"id": "a"}]}\n[{"id": "x"}]\ntext\n{"k": {"l": {}}}', 2, [(1, A)], [2, 3, 4]),
        ('{"k": [{"id": "a"}]}\n{"id": "x", "of": [{', 2, [(1, A)], [2]),
        ('{"k": [{"id": "a"}]}\n{"id": "x", "of": [', 2, [(1, A)], [2]),
        # Another key of the log's; and beside the records there may be anything.
        ('{"k": [{"id": "a"}]} {"l": [{"id": "b"}]}', 2, [(1, A), (2, B)], []),
        ('{"m": [{"id": "x"}], "k": [{"id": "a"}], "n": {"o": [1, {}]}} ', 2, [(1, A)], []),
    ],
)
@pytest.mark.parametrize("size", [60, 1 << 16])
def test_what_is_no_record_where_records_stand_is_not_lost_in_silence(
    text: str, depth: int, good: Found, bad: list[int], size: int
) -> None:
    found, refused = records(text, depth, *(("k", "l") if depth == 2 else ()), size=size)
    assert found == good
    assert [number for number, _ in refused] == bad
    assert {why for _, why in refused} <= {NONE, "JSON that does not end"}


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_text_without_end_is_refused_once_and_reading_goes_on(depth: int) -> None:
    before, after = ("", '{"id": "a"}', '{"k": [{"id": "a"}]}')[depth], '{"id": "b"}'
    text = "[" * (depth == 1) + before + ', "' + "x" * 5000 + "\n" + after
    found, bad = records(text, depth, *("k" for _ in range(depth == 2)), size=1000)
    assert [value for _, value in found] == [A, B][depth == 0 :]
    assert [why for _, why in bad] == ["JSON that does not end"]


def test_a_record_longer_than_a_block() -> None:
    values = ['{"id": 1}', '{"id": "' + "x" * 5000 + '"}', '{"id": 3}', '{"id": 4}']
    found, bad = records("\n".join(values), 0, size=1000)
    assert [value for _, value in found] == [{"id": 1}, {"id": 3}, {"id": 4}]
    assert bad == [(2, "JSON that does not end")]


def test_envelope_key() -> None:
    def key(text: str) -> str | None:
        return envelope_key(np.frombuffer(text.encode(), np.uint8), ["Records", "items"])

    assert key('{"etag": "x", "items" : [{"a": 1') == "items"
    assert key('{"a": {"items": [{}]}}') is None  # deeper down it is something of the record's
    assert key('{"items": "[{"}') is None
    assert key('[{"items": [{}]}]') is None
