"""Sessions that several parts of the range make in the same way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from tidegate.range.tables import SESSION, Floats, Ints, rows


def uploads(
    rng: np.random.Generator,
    *,
    time: Ints,
    device: Any,
    host: Any,
    ip: Any,
    sent: Floats,
    rate: float = 5e6,  # bytes a second, as office lines allow
    path: str = "/upload",
) -> pa.Table:
    """Sessions that send far more than they receive."""
    count = len(time)
    return rows(
        SESSION,
        count,
        time=time,
        device=device,
        host=host,
        ip=ip,
        seconds=sent / rng.lognormal(np.log(rate), 0.4, count) + 0.5,
        sent=sent,
        received=sent * rng.uniform(0.002, 0.008, count) + rng.lognormal(8, 0.5, count),
        method=np.where(rng.random(count) < 0.5, "POST", "PUT"),
        path=path,
        mime="application/json",
    )
