"""Mapping files read, checked, and put beside the sources that come with Tidegate."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tidegate.errors import ConfigError
from tidegate.mappings.build import sources
from tidegate.mappings.check import MappingFile, checked
from tidegate.mappings.language import Problems
from tidegate.units import Source


def load(path: Path) -> tuple[Source, ...]:
    """The sources of a mapping file. Raises ConfigError, a line for each thing that is wrong with it."""
    return sources(_read(path), f"Described by {path.name}.")


def beside(known: Mapping[str, Source], paths: Sequence[Path]) -> Mapping[str, Source]:
    """The known sources with those of mapping files, by id. Raises ConfigError where ids clash, or a file is wrong.

    A file may replace a log that is known.
    """
    units = dict(known)
    for path in paths:
        file = _read(path)
        logs = {unit.log.id for unit in units.values()}
        if (replaced := file.product.replaces) is not None:
            if replaced not in logs:
                raise ConfigError(f"replaces: there is no log {replaced!r}; `tidegate sources` lists them", file=path)
            units = {id_: unit for id_, unit in units.items() if unit.log.id != replaced}
        made = sources(file, f"Described by {path.name}.")
        taken = [unit.id for unit in made if unit.id in units]
        if file.product.id in logs - {replaced} or taken:
            clash = taken[0] if taken else file.product.id
            raise ConfigError(
                f"id: there is a log {clash!r} already; choose another id, or say `replaces = {file.product.id!r}`",
                file=path,
            )
        units = {
            unit.id: unit for unit in made
        } | units  # first: where two fit a log equally well, the one described here
    return MappingProxyType(units)


def _read(path: Path) -> MappingFile:
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=path) from error
    except ValueError as error:  # of TOML or of UTF-8
        place = re.search(r"at line (\d+)", str(error))
        raise ConfigError(f"not TOML: {error}", file=path, line=int(place[1]) if place else None) from error
    problems = Problems()
    file = checked(document, problems)
    if file is None:
        first, *more = (f"{key}: {message}" for key, message in problems.found)
        raise ConfigError("\n".join([first, *(f"{path}: {other}" for other in more)]), file=path)
    return file
