"""A worker that dies, is late or takes too much costs its task, and nothing else."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tidegate.pipeline.workers import Bounds, Lost, each


def work(task: str) -> str:
    match task:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "sleep":
            time.sleep(60)
        case "grow":
            return str(len(bytearray(4 << 30)))
        case "crash":
            raise SystemError("a library's own fault")
        case "leave":
            os._exit(0)
    return task.upper()


def results(*tasks: str, jobs: int = 2, seconds: float = 30.0) -> list[str]:
    done = each(work, tasks, jobs=jobs, bounds=Bounds(seconds=seconds, memory=1 << 30))
    return [answer.reason if isinstance(answer, Lost) else answer for _, answer in done]


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_order(jobs: int) -> None:
    assert results(*"abcdefgh", jobs=jobs) == list("ABCDEFGH")


def test_none_at_all() -> None:
    assert results() == []


def test_a_killed_worker_costs_one_task() -> None:
    assert results("a", "die", "b", "leave", "c") == [
        "A",
        "its reader was ended by SIGKILL",
        "B",
        "its reader ended without an answer",
        "C",
    ]


def test_a_fault_costs_one_task() -> None:
    assert results("a", "crash", "b") == ["A", "its reader ended without an answer", "B"]


def test_a_late_worker_costs_one_task() -> None:
    began = time.monotonic()
    assert results("a", "sleep", "b", seconds=1.0) == ["A", "took longer than 1 s", "B"]
    assert time.monotonic() - began < 20


def test_one_that_takes_too_much_memory_costs_one_task() -> None:
    assert results("a", "grow", "b") == ["A", "needs more than 1,024 MB of memory", "B"]


def test_workers_end_with_the_run() -> None:
    run = each(work, iter(["a", "sleep"]), jobs=2, bounds=Bounds(seconds=60))
    assert next(run) == ("a", "A")
    began = time.monotonic()
    run.close()  # type: ignore[attr-defined]  # a generator
    assert time.monotonic() - began < 10
