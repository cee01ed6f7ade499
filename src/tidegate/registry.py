"""Every source, detector, recogniser and extractor: found in the package and in entry points, registered nowhere.

Each kind is imported when it is asked for: what classifies a file needs nothing of what reads logs.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, TypeVar

from tidegate.errors import UnitError

if TYPE_CHECKING:
    from tidegate.content.units import Extractor, Recogniser
    from tidegate.units import Detector, Source

Unit = TypeVar("Unit", "Source", "Detector", "Recogniser", "Extractor")


@functools.cache
def sources() -> Mapping[str, Source]:
    """Sources by id, a log's together; within a log the one that takes the rest (`where=None`) comes last."""
    from tidegate import sources as package
    from tidegate.units import Source

    found = _found(package, Source, lambda s: (s.log.id, s.where is None, s.id))
    no_circle({source.log.id: source.log.within for source in found.values()})
    return found


def no_circle(within: Mapping[str, str | None]) -> None:
    """Raise UnitError if a log lies within itself."""
    for log, outer in within.items():
        passed = [log]
        while outer is not None and outer not in passed:
            passed.append(outer)
            outer = within.get(outer)
        if outer is not None:
            raise UnitError(f"{log}: a log within itself: {' within '.join([*passed, outer])}")


@functools.cache
def detectors() -> Mapping[str, Detector]:
    """Detectors by id."""
    from tidegate import detectors as package
    from tidegate.units import Detector

    return _found(package, Detector, lambda d: (d.id,))


@functools.cache
def recognisers() -> Mapping[str, Recogniser]:
    """Recognisers by id, those of a class together."""
    from tidegate.content import recognisers as package
    from tidegate.content.units import CLASSES, Recogniser

    return _found(package, Recogniser, lambda r: (CLASSES.index(r.data_class), r.id))


@functools.cache
def extractors() -> Mapping[str, Extractor]:
    """Extractors by id, in the order in which they are asked whether a file is theirs."""
    from tidegate.content import extract as package
    from tidegate.content.units import Extractor

    return _found(package, Extractor, lambda e: (e.rank, e.id))


def _found(package: ModuleType, kind: type[Unit], order: Callable[[Unit], tuple[object, ...]]) -> Mapping[str, Unit]:
    units: dict[str, Unit] = {}
    for unit in _units(package, kind):
        if units.setdefault(unit.id, unit) is not unit:
            raise UnitError(f"{unit.id}: two units have this id")
    return MappingProxyType({unit.id: unit for unit in sorted(units.values(), key=order)})


def _units(package: ModuleType, kind: type[Unit]) -> Iterator[Unit]:
    """Units of the package's modules, then those that an entry point names: a unit, a tuple or a module of them."""
    modules = (m.name for m in pkgutil.iter_modules(package.__path__) if not m.name.startswith("_"))
    for name in modules:
        yield from _members(importlib.import_module(f"{package.__name__}.{name}"), kind)
    for entry in entry_points(group=package.__name__):
        yield from _members(entry.load(), kind)


def _members(found: object, kind: type[Unit]) -> Iterator[Unit]:
    for value in vars(found).values() if isinstance(found, ModuleType) else (found,):
        yield from (unit for unit in (value if isinstance(value, tuple) else (value,)) if isinstance(unit, kind))
