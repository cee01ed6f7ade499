"""Parts of sentences that several detectors say."""

from __future__ import annotations

import ibis
from ibis import _


def whole(amount: ibis.Deferred) -> ibis.Deferred:
    """An amount as a whole number, in words."""
    return amount.round().cast("int64").cast("string")


def others_have(done: str) -> ibis.Deferred:
    """How many others have done such a thing `before`."""
    others = ibis.ifelse(_.before == 0, "nobody else here has", _.before.cast("string") + " others here have")
    return others + " " + done
