"""Processes that look into untrusted files, each within bounds of memory and time: a killed one costs one file.

They are forked, so that a worker starts in milliseconds with everything imported, and loses nothing but itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What one file may cost."""

    seconds: float = 120.0  # a gigabyte of text takes ten; a file that takes longer is one that was made to
    memory: int = 1 << 30  # bytes of address space beyond what the worker has when it starts


@dataclass(frozen=True)
class Lost:
    """A task whose worker did not come back, and why."""

    reason: str


@dataclass
class _Worker(Generic[Task]):
    process: multiprocessing.process.BaseProcess
    pipe: connection.Connection
    number: int = -1
    deadline: float = 0.0


@dataclass
class _Crew(Generic[Task, Result]):
    """Workers at work, and results that wait for those before them."""

    work: Callable[[Task], Result]
    bounds: Bounds
    busy: dict[connection.Connection, _Worker[Task]] = field(default_factory=dict)
    idle: deque[_Worker[Task]] = field(default_factory=deque)
    done: dict[int, Result | Lost] = field(default_factory=dict)

    def give(self, number: int, task: Task) -> None:
        """Hand a task to a worker, a new one where none is idle."""
        worker = self.idle.popleft() if self.idle else self._start()
        worker.number, worker.deadline = number, time.monotonic() + self.bounds.seconds
        self.busy[worker.pipe] = worker
        with contextlib.suppress(BrokenPipeError):  # it died while idle: told when its end is read
            worker.pipe.send(task)

    def wait(self) -> None:
        """Wait until a worker is done, dead or late."""
        soonest = min(worker.deadline for worker in self.busy.values())
        ready = connection.wait(list(self.busy), timeout=max(0.0, soonest - time.monotonic()))
        for pipe in ready:
            worker = self.busy.pop(pipe)  # type: ignore[call-overload]  # what `busy` holds are connections
            try:
                self.done[worker.number] = worker.pipe.recv()
                self.idle.append(worker)
            except (EOFError, OSError):
                self.done[worker.number] = Lost(_died(worker.process))
                worker.pipe.close()
        now = time.monotonic()
        for pipe, worker in list(self.busy.items()):
            if worker.deadline <= now:
                del self.busy[pipe]
                _end(worker)
                self.done[worker.number] = Lost(f"took longer than {self.bounds.seconds:g} s")

    def close(self) -> None:
        """End all workers."""
        for worker in (*self.busy.values(), *self.idle):
            _end(worker)

    def _start(self) -> _Worker[Task]:
        context = multiprocessing.get_context("fork")
        mine, theirs = context.Pipe()
        others = [worker.pipe for worker in (*self.busy.values(), *self.idle)]
        process = context.Process(target=_serve, args=(theirs, [mine, *others], self.work, self.bounds), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, mine)


def each(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, jobs: int, bounds: Bounds
) -> Iterator[tuple[Task, Result | Lost]]:
    """Work on tasks in `jobs` processes; results come in the order of the tasks."""
    crew: _Crew[Task, Result] = _Crew(work, bounds)
    waiting: deque[tuple[int, Task]] = deque()
    numbered = enumerate(tasks)
    try:
        while True:
            while len(crew.busy) < jobs and (new := next(numbered, None)) is not None:
                waiting.append(new)
                crew.give(*new)
            while waiting and waiting[0][0] in crew.done:
                number, task = waiting.popleft()
                yield task, crew.done.pop(number)
            if crew.busy:
                crew.wait()
            elif not waiting:
                return
    finally:
        crew.close()


def _serve(
    pipe: connection.Connection,
    others: list[connection.Connection],
    work: Callable[[Task], Result],
    bounds: Bounds,
) -> None:
    """In the worker: bound itself, then answer until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends its workers
    for other in others:
        other.close()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries print about damaged files; what matters is answered
    most = _address_space() + bounds.memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # each thread of it would reserve memory of its own
    while True:
        try:
            task: Task = pipe.recv()
        except EOFError:
            return
        try:
            answer: Result | Lost = work(task)
        except MemoryError:
            answer = Lost(f"needs more than {bounds.memory >> 20:,} MB of memory")
        pipe.send(answer)


def _address_space() -> int:
    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123  a file of the kernel, not of the disk
        return int(statm.read().split()[0]) * resource.getpagesize()


def _died(process: multiprocessing.process.BaseProcess) -> str:
    process.join(5)
    code = process.exitcode
    if code is not None and code < 0:
        return f"its reader was ended by {signal.Signals(-code).name}"
    return "its reader ended without an answer"


def _end(worker: _Worker[Task]) -> None:
    worker.process.kill()
    worker.process.join(5)
    worker.pipe.close()
