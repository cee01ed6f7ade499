"""Errors are caught as ours and as the builtin, and say where."""

from __future__ import annotations

from pathlib import Path

import pytest

from tidegate import errors
from tidegate.errors import ConfigError, InputError, LakeError, TidegateError, UnitError


@pytest.mark.parametrize(
    ("error", "builtin"),
    [(ConfigError, ValueError), (InputError, ValueError), (LakeError, RuntimeError), (UnitError, TypeError)],
)
def test_each_is_ours_and_the_fitting_builtin(error: type[TidegateError], builtin: type[Exception]) -> None:
    assert issubclass(error, TidegateError)
    assert issubclass(error, builtin)
    assert f"{error.__name__}({builtin.__name__})" in (errors.__doc__ or "")


def test_the_tree_in_the_docstring_is_whole() -> None:
    public = {
        n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, TidegateError) and n[0] != "_"
    }
    assert public == {"TidegateError", "ConfigError", "InputError", "LakeError", "UnitError"}


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InputError("is empty", file="a.log", line=3), "a.log:3: is empty"),
        (InputError("is empty", file=Path("logs/a.log")), "logs/a.log: is empty"),
        (ConfigError("no such setting"), "no such setting"),
        (ConfigError("wrong", line=3), "wrong"),  # a line of nothing says nothing
    ],
)
def test_an_error_about_a_file_names_it(error: ConfigError | InputError, text: str) -> None:
    assert str(error) == text
    assert text.endswith(error.message)
