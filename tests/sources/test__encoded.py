"""Text that logs hold as its bytes, value by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ibis
import pytest

from tidegate.lake.engine import Engine
from tidegate.sources import _encoded as encoded


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("spill"))
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("helper", "given", "expected"),
    [
        (encoded.hexadecimal, "6772C3BC6E", "grün"),
        (encoded.hexadecimal, "6C73002D6C", "ls -l"),  # the words of a command line
        (encoded.hexadecimal, "FFFE", "FFFE"),  # not UTF-8: as it stands
        (encoded.octal, r"gr\303\274n", "grün"),
        (encoded.octal, "100% grün", "100% grün"),
        (encoded.octal, r"\303\274 100%41", "ü 100%41"),  # a percent sign of the text's own
        (encoded.octal, r"a\\303b", r"a\303b"),  # an escaped backslash begins nothing
        (encoded.octal, r"a\nb", r"a\nb"),
        (encoded.octal, r"\377", r"\377"),  # not UTF-8
        (encoded.listed, "[97, 98]", "ab"),
        (encoded.listed, "[195,188]", "ü"),
        (encoded.listed, "[97,255,98]", "a\ufffdb"),
    ],
)
def test_helper(engine: Engine, helper: Callable[[ibis.Value], ibis.Value], given: str, expected: str) -> None:
    column = ibis.memtable({"given": [given]}).given
    assert engine.ibis.to_pyarrow(helper(column)).to_pylist() == [expected]
