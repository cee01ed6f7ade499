"""What an object store answered, code by code."""

from __future__ import annotations

import ibis
import pytest

from tests.tables import engine
from tidegate.sources._access import answered


@pytest.mark.parametrize(
    ("code", "activity"),
    [
        (206, "Access Grant"),
        (304, "Access Grant"),
        (403, "Access Deny"),
        (404, "Access Error"),  # nothing was refused: there was nothing
        (None, None),  # what the store does by itself has no code
    ],
)
def test_answered(code: int | None, activity: str | None) -> None:
    assert engine().to_pyarrow(answered(ibis.literal(code, "int64"))).as_py() == activity
