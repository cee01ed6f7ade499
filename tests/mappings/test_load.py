"""Mapping files beside the sources that are known: ids, replacing, and which comes first."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from tests.diary import SOURCES, text, visit
from tidegate.errors import ConfigError
from tidegate.mappings.load import beside
from tidegate.reading.recognise import recognise

KNOWN = MappingProxyType(dict(SOURCES))


def write(folder: Path, id_: str, more: str = "", name: str = "acme.toml") -> Path:
    path = folder / name
    path.write_text(
        f'id = "{id_}"\ntitle = "Acme"\nformat = "json"\n{more}\n'
        '[[source]]\nproduces = "dns_activity"\n[source.columns]\ntime = "when"\nactor = "who"\n'
    )
    return path


def test_a_log_of_ones_own_stands_beside_those_that_are_known(tmp_path: Path) -> None:
    units = beside(KNOWN, [write(tmp_path, "acme")])
    assert set(units) == {*KNOWN, "acme"}
    assert beside(KNOWN, []) == KNOWN
    # It fits as well as a log that is known: it comes first, for it was named.
    it = recognise("log", text(visit(1)).encode(), units.values(), whole=True)
    assert it is not None
    assert (it.log.id, it.others) == ("acme", ("diary",))


def test_an_id_that_is_taken(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"acme.toml: id: there is a log 'diary' already; choose another id, or say"):
        beside(KNOWN, [write(tmp_path, "diary")])
    again = [write(tmp_path, "acme"), write(tmp_path, "acme", name="again.toml")]
    with pytest.raises(ConfigError, match=r"again.toml: id: there is a log 'acme' already"):
        beside(KNOWN, again)


def test_a_log_that_takes_anothers_place(tmp_path: Path) -> None:
    units = beside(KNOWN, [write(tmp_path, "diary", 'replaces = "diary"')])
    assert set(units) == {id_ for id_ in KNOWN if not id_.startswith("diary")} | {"diary"}
    with pytest.raises(ConfigError, match=r"acme.toml: replaces: there is no log 'dairy'"):
        beside(KNOWN, [write(tmp_path, "acme", 'replaces = "dairy"')])
