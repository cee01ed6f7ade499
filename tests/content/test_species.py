from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.content.seeing import eyes, seen_by
from tests.samples import sample
from tidegate.content import species
from tidegate.content.look import Eyes
from tidegate.errors import ConfigError


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / "species.csv").write_text(
        "chinese_name,scientific_name,protection_level\n雪豹,Panthera uncia,一级\n猞猁,Lynx lynx,二级\n", "utf-8"
    )
    with gzip.open(tmp_path / "species_cites.csv.gz", "wt") as file:
        file.write(
            "scientific_name,rank,appendix\nPanthera uncia,SPECIES,I\nAa,GENUS,II\nCypripedium calceolus,SPECIES,II\n"
        )
    return tmp_path


def test_lists_are_joined_and_the_strictest_level_is_marked(lists: Path) -> None:
    known = species.load(lists)
    assert set(known.of("panthera uncia")) == {"一级", "strict", "I"}
    assert known.of("lynx lynx") == ("二级",)
    assert known.of("雪豹") == ("一级", "strict")
    assert known.of("aa") == ()  # a genus by itself is too short a word to look for


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("cypripedium calceolus", True),
        ("cypripedium calceolis", True),  # one letter wrong
        ("cypripedium calceous", True),  # left out
        ("cypripedium calcoelus", True),  # exchanged
        ("cypripedium calceolaria", False),  # another species
        ("cypripedia calceolus", False),  # another genus
        ("lynx lyna", False),  # too short to be near
    ],
)
def test_misspelling_within_bounds(lists: Path, written: str, found: bool) -> None:
    assert bool(species.load(lists).of(written)) == found


def test_no_context_no_species() -> None:
    assert not species.load(None)


def test_a_list_without_names_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "species.csv").write_text("level,page\nI,2\n")
    with pytest.raises(ConfigError, match=r"species.csv:1: has no column of names"):
        species.load(tmp_path)


def test_official_lists_are_read_as_they_are(tmp_path: Path) -> None:
    for number, name in enumerate(("china_protected_wild_plants_2021.csv", "cites_index_2017-04-21.csv.gz")):
        suffix = ".csv.gz" if name.endswith("gz") else ".csv"
        (tmp_path / f"species{number}{suffix}").write_bytes(sample("lists", name).read_bytes())
    known = species.load(tmp_path)
    all_ = eyes(["protected_species"])
    looking = Eyes(all_.extractors, all_.recognisers, context={"species": known})
    found = seen_by(looking, "Davidia involucrata; 珙桐; Metasequoia glyptostroboides; Panthera uncia")
    tally = found.tallies["protected_species"]
    assert tally.enough
    assert "strict" in tally.facts["status"]  # type: ignore[operator]  # a tuple of strings
