"""tidegate.toml: what it can say, and how a slip in it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate.config import PRIVATE_NETWORKS, Budget, Config, Own, find, load
from tidegate.errors import ConfigError

EXAMPLE = Path(__file__).parents[1] / "examples" / "tidegate.toml"
DETECTORS = {"bulk_volume": {"at_most": 1.0, "min_days": 7, "horizons": (1, 7), "peers": True, "only": None}}


def write(folder: Path, text: str) -> Path:
    path = folder / "tidegate.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_is_all_defaults() -> None:
    assert load(None) == Config()
    assert load(None).own == Own(domains=(), networks=PRIVATE_NETWORKS)


def test_the_example_says_the_defaults() -> None:
    config = load(EXAMPLE)
    assert (config.budget, config.own, config.records, config.sources, config.detectors) == (
        Config().budget,
        Config().own,
        Config().records,
        Config().sources,
        {},
    )


def test_mapping_files_lie_beside_the_settings(tmp_path: Path) -> None:
    for name in ("b.toml", "a.toml", "c.txt"):
        (tmp_path / name).write_text("")
    config = load(write(tmp_path, '[sources]\nmappings = ["[ab].toml", "a.toml"]\n'))
    assert config.mappings() == (tmp_path / "a.toml", tmp_path / "b.toml")
    absolute = load(write(tmp_path, f'[sources]\nmappings = ["{tmp_path}/*.txt"]\n'))
    assert absolute.mappings() == (tmp_path / "c.txt",)
    with pytest.raises(ConfigError, match=r"tidegate.toml:2: \[sources\] mappings: 'x.toml': there is no such file"):
        load(write(tmp_path, '[sources]\nmappings = ["x.toml"]\n')).mappings()
    assert load(None).mappings() == ()


def test_what_is_said_counts(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[budget]\ncases_per_week = 2\n[own]\ndomains = ["Example.org"]\nnetworks = ["192.0.2.7/24"]\n'
        '[records]\nurl = "postgresql://db/cases"\n[detectors.bulk_volume]\nmin_days = 21\nhorizons = [1, 30]\n',
    )
    config = load(path)
    assert config.budget == Budget(cases_per_week=2.0)
    assert config.own == Own(domains=("example.org",), networks=("192.0.2.0/24",))
    assert config.records.url == "postgresql://db/cases"
    config.check(DETECTORS)
    settings = config.settings("bulk_volume", DETECTORS["bulk_volume"])
    assert settings == {"at_most": 1.0, "min_days": 21, "horizons": (1, 30), "peers": True, "only": None}
    assert config.settings("open_share", {"days": 3}) == {"days": 3}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[budget\n", 1, "not TOML"),
        ("budget = 1\n", 1, "budget: is a section: write its settings below [budget]"),
        ("\n[bugdet]\n", 2, "bugdet: no such setting; did you mean 'budget'?"),
        ("[budget]\ncases = 1\n", 2, "[budget] cases: no such setting; there is cases_per_week"),
        ("[budget]\ncases_per_week = 0\n", 2, "[budget] cases_per_week: 0: Input should be greater than 0"),
        ('[own]\n\nnetworks = ["10.0.0.0/33"]\n', 3, "[own] networks: '10.0.0.0/33' is not a network"),
        ("[detectors]\nbulk_volume = 1\n", 2, "[detectors] bulk_volume: is a detector: write its settings below"),
    ],
)
def test_a_slip_names_file_line_and_key(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:{line}: {message}")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("[detectors.bulk_volum]\n", 1, "[detectors] bulk_volum: no such setting; did you mean 'bulk_volume'?"),
        ("[detectors.bulk_volume]\nmin_day = 3\n", 2, "[detectors.bulk_volume] min_day: no such setting; did you mean"),
        ("[detectors.bulk_volume]\nmin_days = 3.5\n", 2, "[detectors.bulk_volume] min_days: 3.5: wants int, such as"),
        ("[detectors.bulk_volume]\nmin_days = true\n", 2, "[detectors.bulk_volume] min_days: True: wants int"),
        ("[detectors.bulk_volume]\npeers = 1\n", 2, "[detectors.bulk_volume] peers: 1: wants bool"),
        ("[detectors.bulk_volume]\nhorizons = 7\n", 2, "[detectors.bulk_volume] horizons: 7: wants tuple"),
    ],
)
def test_a_slip_in_a_detectors_settings(tmp_path: Path, text: str, line: int, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path).check(DETECTORS)
    assert str(caught.value).startswith(f"{path}:{line}: {message}")


def test_a_whole_number_does_for_a_fraction(tmp_path: Path) -> None:
    # The near miss of "wants": TOML writes 1 where the default is 1.0.
    config = load(write(tmp_path, "[detectors.bulk_volume]\nat_most = 1\nonly = 'x'\n"))
    config.check(DETECTORS)


def test_which_file(tmp_path: Path) -> None:
    assert find(None, None) is None
    assert find(None, tmp_path) is None
    path = write(tmp_path, "")
    assert find(None, tmp_path) == path
    named = tmp_path / "other.toml"
    assert find(named, tmp_path) == named


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load(tmp_path / "none.toml")


def test_how_long_events_stay(tmp_path: Path) -> None:
    said = load(write(tmp_path, "[retention]\ndays = 365\ntables = { network_activity = 90 }\n")).retention
    assert (said.days, said.tables) == (365, {"network_activity": 90})
    assert load(None).retention.days is None  # nothing goes unless somebody says so
    with pytest.raises(ConfigError, match=r"tidegate.toml:2: \[retention\] days: 0: .*greater than 0"):
        load(write(tmp_path, "[retention]\ndays = 0\n"))
