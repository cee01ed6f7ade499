"""How fast classify reads text, beside bare Hyperscan with the same patterns, and beside others' scanners.

The corpus is mixed text, the same for all: every text file of the samples, then prose, logs, code and tables made of
them until it is large enough. Made-up lines are samples' lines with other numbers in them, words of the samples' prose
in another order, and what Python's own library is written in. Each tool runs in this process or as a process of its
own, one after the other; what is slow gets a slice of every part of the corpus.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tidegate import registry
from tidegate.content.look import Eyes, look
from tidegate.content.source import from_file
from tidegate.pipeline.classify import Order, classify, walk

PART = 4 << 20
"""Bytes of a file of the corpus."""


_SENTENCE = re.compile(r'(?<=[.!?])\s|"text": "|。'.encode())


@dataclass(frozen=True)
class Speed:
    """What a scanner took for how much."""

    name: str
    bytes: int
    wall: float
    cpu: float

    def shown(self, bare: Speed) -> str:
        rate, cpu = self.bytes / 1e6 / self.wall, self.bytes / 1e6 / self.cpu
        ratio = (self.bytes / self.cpu) / (bare.bytes / bare.cpu)
        return f"{self.name:48}{self.bytes / 1e6:6.3g}{rate:9.3g}{cpu:12.3g}{ratio:9.2f}"


def corpus(samples: Path, folder: Path, size: int) -> list[Path]:
    """Write it: a third samples and logs, a third prose, a third code and tables. Returns its files."""
    rng = random.Random(1)
    texts = [data for path in sorted(samples.rglob("*")) if path.is_file() and (data := _text(path))]
    prose = [_text(path) for path in sorted((samples / "text").glob("*.jsonl"))]
    logs = [data for path in sorted((samples / "logs").rglob("*")) if path.is_file() and (data := _text(path))]
    library = Path(sysconfig.get_path("stdlib"))
    code = (data for path in sorted(library.rglob("*.py")) if (data := _text(path)))
    left = size - sum(map(len, texts))
    kinds: dict[str, Iterator[bytes]] = {
        "samples": iter(texts),
        "prose": _upto(left * 35 // 100, _prose(prose, rng)),
        "logs": _upto(left * 25 // 100, _renumbered(logs, rng)),
        "code": _upto(left * 20 // 100, code),
        "tables": _upto(left * 20 // 100, _tables(rng)),
    }
    return [file for kind, data in kinds.items() for file in _written(folder, kind, data)]


def _text(path: Path) -> bytes:
    """What a file holds, if that is text in UTF-8."""
    data = path.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError:
        return b""
    return b"" if b"\0" in data else data.rstrip() + b"\n"


def _upto(size: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        if size <= 0:
            return
        yield piece
        size -= len(piece)


def _prose(texts: list[bytes], rng: random.Random) -> Iterator[bytes]:
    """Sentences of the samples, in another order."""
    sentences = [s for text in texts for s in _SENTENCE.split(text) if 20 < len(s) < 400]
    while True:
        yield b" ".join(rng.choices(sentences, k=6)) + b"\n"


def _renumbered(texts: list[bytes], rng: random.Random) -> Iterator[bytes]:
    """The samples' lines again, each with its digits exchanged for others: no number, key or hash comes twice."""
    while True:
        for text in texts:
            for line in text.splitlines(keepends=True):
                digits = list(b"123456789")
                rng.shuffle(digits)
                yield line.translate(bytes.maketrans(b"123456789", bytes(digits)))


def _tables(rng: random.Random) -> Iterator[bytes]:
    """Readings of instruments, orders of a shop."""
    while True:
        for n in range(2_000):
            yield b"2026-%02d-%02d %02d:%02d:00,%.2f,%.1f,%d\n" % (
                n % 12 + 1, n % 28 + 1, n % 24, n % 60, rng.gauss(12, 5), rng.gauss(1013, 9), rng.randrange(100),
            )  # fmt: skip
        for _ in range(2_000):
            yield b"A-%05d\t%s\t%d\t%.2f EUR\n" % (
                rng.randrange(99_999), rng.choice((b"valve", b"pump", b"sensor, wide", b"gasket")),
                rng.randrange(1, 50), rng.uniform(1, 900),
            )  # fmt: skip


def _written(folder: Path, kind: str, pieces: Iterator[bytes]) -> Iterator[Path]:
    waiting, number = bytearray(), 0
    for piece in pieces:
        waiting += piece
        if len(waiting) >= PART:
            yield _file(folder / f"{kind}-{number:02}.txt", waiting)
            waiting, number = bytearray(), number + 1
    if waiting:
        yield _file(folder / f"{kind}-{number:02}.txt", waiting)


def _file(path: Path, data: bytearray) -> Path:
    path.write_bytes(data)
    return path


def timed(name: str, files: list[Path], run: Callable[[list[Path]], object]) -> Speed:
    """Run it over files; processor time includes that of processes it starts."""
    wall, cpu = time.monotonic(), _processor()
    run(files)
    return Speed(name, sum(f.stat().st_size for f in files), time.monotonic() - wall, _processor() - cpu)


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def measure(samples: Path, folder: Path, size: int) -> None:
    """Print the table."""
    from _scanners import ALL, others

    files = corpus(samples, folder, size)
    eyes = Eyes({"text": registry.extractors()["text"]}, tuple(registry.recognisers().values()))
    whole = Eyes(registry.extractors(), eyes.recognisers)
    blocks = [block.data for file in files for block in eyes.extractors["text"].extract(from_file(file))]  # type: ignore[union-attr]
    for file in files[:3]:
        look(from_file(file), eyes)  # what is compiled and imported once

    def bare(_: list[Path]) -> None:
        for block in blocks:
            eyes.matcher.scan(block, lambda *_: None)

    def ours(seeing: Eyes) -> Callable[[list[Path]], object]:
        return lambda given: [look(from_file(file), seeing).error for file in given]

    first = timed("bare Hyperscan, the same patterns", files, bare)
    print(f"{len(files)} files, {first.bytes / 1e6:.0f} MB; {os.cpu_count()} processors")
    print(f"{'':48}{'MB':>6}{'MB/s':>9}{'MB/s of cpu':>12}{'of bare':>9}")
    print(first.shown(first), flush=True)
    runs: list[tuple[str, Callable[[list[Path]], object], int]] = [
        ("tidegate, all recognisers on text", ours(eyes), ALL),
        ("bare Hyperscan, again", bare, ALL),
        ("tidegate, tables and JSON read as such", ours(whole), ALL),
        *others(),
    ]
    for name, run, most in runs:
        print(timed(name, _slice(files, folder / "slice", most), run).shown(first), flush=True)


def _slice(files: list[Path], folder: Path, most: int) -> list[Path]:
    """So many bytes, from every kind of file alike; all of it where that is no more."""
    if sum(f.stat().st_size for f in files) <= most:
        return files
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    each = most // len(files)
    for file in files:
        with file.open("rb") as data:
            (folder / file.name).write_bytes(data.read(each).rpartition(b"\n")[0] + b"\n")
    return sorted(folder.iterdir())


def estate(samples: Path, jobs: int) -> None:
    """Print how long all files of the samples take, of all kinds, with the processes that classify starts."""
    order = Order(paths=(samples,), jobs=jobs)
    wall, cpu = time.monotonic(), _processor()
    files = list(walk(order.paths))
    size = sum(file.size for file in files) / 1e6
    labelled = sum(bool(item.labels) for item in classify(order))
    wall, cpu = time.monotonic() - wall, _processor() - cpu
    print(f"{len(files):,} files, {size:.0f} MB, {labelled:,} labelled; {jobs} jobs on {os.cpu_count()} processors")
    print(f"{wall:.1f} s, {size / wall:.1f} MB/s, {len(files) / wall:.0f} files/s; {size / cpu:.1f} MB/s of cpu")
    for who, name in ((resource.RUSAGE_SELF, "main process"), (resource.RUSAGE_CHILDREN, "largest worker")):
        print(f"{name}: {resource.getrusage(who).ru_maxrss >> 10:,} MB of memory at most")
