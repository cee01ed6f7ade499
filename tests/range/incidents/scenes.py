"""What tests of incidents ask of a scene."""

from __future__ import annotations

import numpy as np

from tidegate.range.scene import Scene


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def first_time(scene: Scene) -> int:
    return scene.times()[0]
