"""Settings of all tests."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import event
from sqlalchemy.pool import Pool

settings.register_profile("patient", deadline=None)  # a busy machine is no mistake
settings.load_profile("patient")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """No test is named by the bytes it is given: gzip and zip hold a clock, and the workers must agree on names."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def nothing_waits_for_the_disk() -> Iterator[None]:
    """No test takes the machine's power away: what a kill leaves is the same, and `test_durable` watches the calls."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        event.listen(Pool, "connect", _unsynced)
        yield
        event.remove(Pool, "connect", _unsynced)


def _unsynced(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")
