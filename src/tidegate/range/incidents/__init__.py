"""The incidents: one file a pattern of `cases.md`, each with its innocent twins.

A pattern's file holds `incident(world, cast, rng, *, stealth, …) -> Scene`, whose keyword-only defaults are its scale,
and `twins(world, cast, rng) -> list[Scene]`. Nothing is registered anywhere.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Protocol, cast

import numpy as np

from tidegate.range.scene import Scene
from tidegate.range.stealth import Stealth
from tidegate.range.world import Cast, World


class Pattern(Protocol):
    """What a pattern's module offers."""

    def incident(self, world: World, roles: Cast, rng: np.random.Generator, /, *, stealth: Stealth) -> Scene: ...

    def twins(self, world: World, roles: Cast, rng: np.random.Generator, /) -> list[Scene]: ...


@cache
def patterns() -> Mapping[str, Pattern]:
    """Every pattern's module by its name, in the order of names."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return {name: cast("Pattern", importlib.import_module(f"{__name__}.{name}")) for name in found}
