"""The default policy and policies of one's own: which facts lead to which grade, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tidegate.content import grade
from tidegate.content.grade import DEFAULT, GRADES, Label
from tidegate.content.precision import Extent
from tidegate.content.tally import Evidence, Tally
from tidegate.content.units import CLASSES
from tidegate.errors import ConfigError


def tally(data_class: str = "geographic", recogniser: str = "positions", **more: Any) -> Tally:
    given: dict[str, Any] = {"count": 1, "confidence": 0.9, "enough": True, "files": 1}
    return Tally(recogniser, data_class, **{**given, **more})


def places(count: int) -> set[tuple[float, float]]:
    return {(46 + n / 1e6, 13.0) for n in range(count)}


def geographic(count: int, precision_m: float, **more: Any) -> Tally:
    return tally(count=count, points=count, places=places(count), precision_m=precision_m, **more)


def graded(*tallies: Tally) -> dict[str, str]:
    return {label.facts.data_class: label.grade for label in grade.labels(tallies, grade.load())}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (geographic(1, 11_000.0), "public"),  # a town
        (geographic(1, 1.0), "public"),  # a house, by itself
        (geographic(50, 1.0), "internal"),  # a walk
        (geographic(500, 11_000.0), "internal"),  # many towns
        (geographic(5_000, 1.0), "sensitive"),  # a survey
        (geographic(5_000, 1_100.0), "internal"),  # the same, coarse
        (geographic(20, 1.0, inside={"core": 20}), "core"),
        (geographic(20, 500.0, inside={"core": 20}), "sensitive"),
        (geographic(20, 11_000.0, inside={"core": 20}), "public"),
        (geographic(20, 1.0, inside={"buffer": 20}), "internal"),  # no zone that the policy names
        (tally("personal", "email", count=5), "internal"),
        (tally("personal", "email", count=50), "sensitive"),
        (tally("personal", "email", count=5_000), "core"),
        (tally("infrastructure.rail", "gtfs"), "public"),
        (tally("infrastructure.rail", "railml"), "internal"),
    ],
)
def test_default_policy(found: Tally, expected: str) -> None:
    assert graded(found) == {found.data_class: expected}


def test_the_same_facts_in_smaller_doses_are_never_graver() -> None:
    ranks = [GRADES.index(graded(geographic(count, 1.0))["geographic"]) for count in (1, 10, 100, 1_000, 10_000)]
    assert ranks == sorted(ranks)
    ranks = [GRADES.index(graded(geographic(5_000, p))["geographic"]) for p in (11_000.0, 1_100.0, 110.0, 11.0, 1.1)]
    assert ranks == sorted(ranks)


def test_precise_places_beside_protected_species() -> None:
    species = tally("biological", "protected_species", count=3, facts={"status": ("一级", "strict")})
    assert graded(species, geographic(1, 10.0)) == {"geographic": "core", "biological": "sensitive"}
    assert graded(species, geographic(1, 11_000.0)) == {"geographic": "public", "biological": "sensitive"}


def test_what_is_not_enough_or_not_sure_is_no_label() -> None:
    found = geographic(50, 1.0)
    assert graded(replace(found, enough=False)) == {}
    assert graded(replace(found, confidence=0.4)) == {}


def test_two_ways_of_seeing_the_same_points_do_not_double_them() -> None:
    (label,) = grade.labels([geographic(50, 1.0), replace(geographic(50, 1.0), recogniser="rows")], grade.load())
    assert (label.facts.count, label.facts.kinds) == (50, ("positions", "rows"))


def test_facts_in_words() -> None:
    found = geographic(20, 1.1, inside={"core": 5}, extent=Extent(46.0, 13.0, 46.1, 13.1), facts={"datum": ("WGS-84",)})
    found.evidence.append(Evidence("positions", "page 1", None, None))
    (label,) = grade.labels([found], grade.load())
    said = ["20 positions", "20 places", "precise to 1.1 m", "13.6 km across", "25% in core zones", "datum: WGS-84"]
    assert label.facts.words() == said
    assert label.why == "places in a zone that is to be kept from the public"  # five are too few for `core`


def own(folder: Path, text: str) -> Label:
    file = folder / "policy.toml"
    default = "\n".join(f'"{name}" = "internal"' for name in CLASSES)
    file.write_text(f"[default]\n{default}\n{text}")
    (label,) = grade.labels([geographic(10, 1.0, files=3, inside={"line": 4})], grade.load(file))
    return label


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("count = 10", True),
        ("count = 11", False),
        ("places = 11", False),
        ("precision_m = 1", True),
        ("precision_m = 0.5", False),
        ("extent_km = 1", False),
        ('zone = "line"', True),
        ('zone = ["core", "line"]\nzone_share = 0.5', False),
        ('zone = "line"\nzone_count = 5', False),
        ("files = 3", True),
        ('kind = "positions"', True),
        ('kind = ["rows"]', False),
        ('class = "personal"', False),
        ('with = "biological"', False),
        ('status = "I"', False),
    ],
)
def test_conditions(tmp_path: Path, condition: str, holds: bool) -> None:
    label = own(tmp_path, f'[[rule]]\n{condition}\ngrade = "core"\nwhy = "it holds"\n')
    assert (label.grade, label.why) == (
        ("core", "it holds") if holds else ("internal", "what this class is by default")
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[rule]]\ngrade = "core"', "rule 1 needs `grade`"),
        ('[[rule]]\ngrade = "secret"\nwhy = "x"', "rule 1 needs `grade`"),
        ('[[rule]]\ncounts = 1\ngrade = "core"\nwhy = "x"', "rule 1 has an unknown condition 'counts'"),
        ('[[rule]]\nclass = "geo"\ngrade = "core"\nwhy = "x"', "rule 1 names an unknown class 'geo'"),
        ('[[rule]]\ncount = "many"\ngrade = "core"\nwhy = "x"', "rule 1: count is no number"),
        ("[[rule", "no policy can be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=rf"policy.toml: {message}"):
        own(tmp_path, text)


def test_every_condition_is_explained_in_the_default_policy() -> None:
    head = DEFAULT.read_text("utf-8").partition("\n[default]")[0]
    for name in (*grade._NUMBERS, *grade._WORDS):
        assert f"#   {name} " in head, name


@pytest.mark.parametrize("text", ['default = "core"', "rule = 5", '[rule]\ngrade = "core"', "rule = [5]"])
def test_a_policy_of_another_shape_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"policy.toml: needs a table \[default\]"):
        grade.load(tmp_path / "policy.toml")
