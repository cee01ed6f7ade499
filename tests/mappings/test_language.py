"""The language is taught as it is: every key is in docs/mappings.md, and what it shows holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tidegate.mappings.language import TIMES, Column, Kind, Product, Table
from tidegate.mappings.load import load
from tidegate.reading.layout import HEADERS

TAUGHT = (Path(__file__).parents[2] / "docs" / "mappings.md").read_text("utf-8")


@pytest.mark.parametrize("table", [Product, Kind, Column])
def test_every_key_is_taught(table: type[Table]) -> None:
    keys = {field.alias or name for name, field in table.model_fields.items()}
    assert {key for key in keys if f"`{key}`" not in TAUGHT} == set()


def test_every_name_is_taught() -> None:
    names = {*TIMES, *HEADERS, *(name for names in HEADERS.values() for name in names)}
    assert {name for name in names if f"`{name}`" not in TAUGHT} == set()


def test_the_first_example_holds(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.*?)```", TAUGHT, re.DOTALL)
    assert example
    path = tmp_path / "sftp.toml"
    path.write_text(example[1])
    (source,) = load(path)
    assert source.id == "sftp"
