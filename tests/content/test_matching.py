"""Patterns: one pass, places in characters, checks, words beside them, and no time to be wasted."""

from __future__ import annotations

import time

import pytest

from tidegate.content.document import Text
from tidegate.content.matching import Matcher
from tidegate.content.units import Recogniser
from tidegate.errors import UnitError


def unit(id_: str = "code", **more: object) -> Recogniser:
    given: dict[str, object] = {"pattern": r"\bK\d{3,6}\b", "data_class": "personal", "source": "made up"}
    return Recogniser(id=id_, hits=("K123",), misses=("K1",), **{**given, **more})  # type: ignore[arg-type]


def found(
    text: str, *units: Recogniser, offset: int = 0, line: int = 1
) -> list[tuple[str, int | None, int | None, str]]:
    part = Text(text.encode(), offset=offset, line=line)
    return [(h.recogniser.id, h.placed.start, h.placed.end, h.placed.where) for h in Matcher(units).find(part)]


def test_places_are_characters_and_lines() -> None:
    assert found("ä K123\n物种 K4567", unit(), line=5) == [("code", 2, 6, "line 5"), ("code", 10, 15, "line 6")]


def test_the_longest_match_from_a_start_counts_once() -> None:
    assert [f[1:3] for f in found("K123456", unit(pattern=r"K\d{3,6}"))] == [(0, 7)]


def test_check_has_the_last_word() -> None:
    assert found("K123 K124", unit(check=lambda text: text.endswith("4"))) == [("code", 5, 9, "line 1")]


def test_words_beside_a_match_make_it_surer() -> None:
    given = unit(context=("customer",), confidence=0.3, near=0.9)
    far = "x" * 200
    texts = ("Customer K123", "K123 is a screw", f"customer {far} K123")
    sure = [next(h.found.confidence for h in Matcher([given]).find(Text(text.encode()))) for text in texts]
    assert sure == [0.9, 0.3, 0.3]


def test_several_patterns_at_once() -> None:
    assert {f[0] for f in found("K123 q9", unit(), unit("other", pattern="Q9", ignore_case=True))} == {"code", "other"}


def test_a_pattern_that_is_none_names_its_recogniser() -> None:
    with pytest.raises(UnitError, match="broken: "):
        Matcher([unit(), unit("broken", pattern="(?<=a)b")])


def test_what_would_backtrack_takes_linear_time() -> None:
    # (a+)+\$ takes a backtracking engine longer than the age of the Earth on this.
    evil = unit(pattern=r"(a+)+\$")
    began = time.monotonic()
    assert list(Matcher([evil]).find(Text(b"a" * 200_000))) == []
    assert [f[1:3] for f in found("b" + "a" * 100 + "$", evil)] == [(1, 102)]
    assert time.monotonic() - began < 5


def test_patterns_of_other_formats_are_passed_over() -> None:
    matcher = Matcher([unit(formats=("csv",))])
    assert [len(list(matcher.find(Text(b"K123"), name))) for name in ("csv", "text")] == [1, 0]


def test_matches_far_apart_and_close_together() -> None:
    text = "K123 " + "x" * 10_000 + " K124 K125"
    assert [f[1] for f in found(text, unit())] == [0, 10_006, 10_011]


def test_the_edge_of_a_window_is_no_edge_of_a_word() -> None:
    # Hyperscan sees no word here; RE2, looking at a window of it, must not see one either.
    assert found("K1" + "2" * 2_000 + " K123", unit(longest=64)) == [("code", 2003, 2007, "line 1")]
