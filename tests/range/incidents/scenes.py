"""What tests of incidents ask of a scene."""

from __future__ import annotations

import numpy as np

from tidegate.range.scene import Scene
from tidegate.range.tables import numbers


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def first_time(scene: Scene) -> int:
    tables = (scene.sessions, scene.mails, scene.audits, scene.register)
    return min(int(numbers(table, "time").min()) for table in tables if table.num_rows)
