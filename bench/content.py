"""How well classify knows what is in the sample files: precision, recall, F1 a class, false alarms.

Files are copied under shuffled names without meaning first. Files of one stem in one folder (the parts of a shapefile
or of a recording) keep one stem in common, as their formats demand; nothing else of their names is left.

    python bench/content.py [--samples DIR] [--class geographic] [--wrong] [--jobs N]
    python bench/content.py --speed [--megabytes 200]     text on one core, beside bare Hyperscan and others
    python bench/content.py --estate [--jobs 2]           all samples as one estate: MB/s, files/s, memory
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import _speed
from tidegate.content.units import CLASSES
from tidegate.pipeline.classify import Order, classify

SAMPLES = Path(__file__).parents[2] / "shared" / "data"
NONE = "none"


@dataclass(frozen=True)
class Sample:
    """A file, what it is, and how it was called."""

    path: str
    kind: str
    truth: frozenset[str]
    group: str  # files of one group are moved together


@dataclass
class Score:
    """What was said of a class, against the truth."""

    hit: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return len(self.hit) / max(1, len(self.hit) + len(self.false))

    @property
    def recall(self) -> float:
        return len(self.hit) / max(1, len(self.hit) + len(self.missed))

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def samples(root: Path) -> Iterator[Sample]:
    """Content files of the manifest."""
    with (root / "manifest.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["group"] == "content":
                path = row["path"]
                truth = frozenset(row["data_class"].split(";")) - {NONE}
                yield Sample(path, row["kind"], truth, str(Path(path).with_suffix("")))


def copy(root: Path, wanted: list[Sample], to: Path, seed: int) -> dict[str, Sample]:
    """Copy files under shuffled names; returns which is which."""
    groups: dict[str, list[Sample]] = defaultdict(list)
    for sample in wanted:
        groups[sample.group].append(sample)
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    archives: dict[str, zipfile.ZipFile] = {}
    names: dict[str, Sample] = {}
    for number, group in enumerate(order):
        for part, sample in enumerate(groups[group]):
            target = to / f"d{number % 40:02}" / f"f{number:05}.p{part}"
            target.parent.mkdir(exist_ok=True)
            outer, _, inner = sample.path.partition("!")
            if inner:
                archive = archives.setdefault(outer, zipfile.ZipFile(root / outer))
                target.write_bytes(archive.read(inner))
            else:
                shutil.copyfile(root / outer, target)
            names[str(target)] = sample
    return names


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--class", dest="only", action="append", help="of these truths only (none is one)")
    parser.add_argument("--wrong", action="store_true", help="list what is wrong")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", action="store_true", help="how fast text is read, beside others")
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--estate", action="store_true", help="how fast whole files of all kinds are read")
    asked = parser.parse_args()
    if asked.speed or asked.estate:
        with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
            if asked.speed:
                _speed.measure(asked.samples, Path(folder), asked.megabytes * 1_000_000)
            else:
                _speed.estate(asked.samples, asked.jobs)
        return
    wanted = [s for s in samples(asked.samples) if not asked.only or (s.truth or {NONE}) & set(asked.only)]
    scores, errors, began = defaultdict[str, Score](Score), Counter[str](), time.monotonic()
    alarms: list[str] = []
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        names = copy(asked.samples, wanted, Path(folder), asked.seed)
        began = time.monotonic()
        for item in classify(Order(paths=(Path(folder),), jobs=asked.jobs)):
            sample = names.get(item.path)
            if sample is None:
                continue
            said = {label.facts.data_class: label for label in item.labels}
            shown = f"{sample.path} [{item.format}] {item.error or ''}"
            for name in CLASSES:
                match name in said, name in sample.truth:
                    case True, True:
                        scores[name].hit.append(shown)
                    case True, False:
                        scores[name].false.append(f"{shown} {said[name].facts.kinds} {said[name].facts.count}")
                    case False, True:
                        scores[name].missed.append(shown)
            if not sample.truth and said:
                alarms.append(f"{shown} {[(n, x.facts.kinds, x.facts.count) for n, x in said.items()]}")
            errors["error" if item.error else "read"] += 1
    report(scores, alarms, sum(not s.truth for s in wanted), asked.wrong)
    print(f"{len(wanted)} files in {time.monotonic() - began:.1f} s; {dict(errors)}")


def report(scores: dict[str, Score], alarms: list[str], harmless: int, wrong: bool) -> None:
    """Print the tables."""
    known = [name for name in CLASSES if scores[name].hit or scores[name].missed]
    print(f"{'class':26}{'files':>6}{'precision':>11}{'recall':>8}{'F1':>7}")
    for name in CLASSES:
        score = scores[name]
        if name in known or score.false:
            files = len(score.hit) + len(score.missed)
            print(f"{name:26}{files:6}{score.precision:11.3f}{score.recall:8.3f}{score.f1:7.3f}")
    if known:
        print(f"{'macro':26}{'':6}{'':11}{'':8}{sum(scores[n].f1 for n in known) / len(known):7.3f}")
    if harmless:
        print(f"false alarms on {harmless} harmless files: {len(alarms)} ({len(alarms) / harmless:.2%})")
    if wrong:
        for name in CLASSES:
            for title, lines in (("missed", scores[name].missed), ("false", scores[name].false)):
                for line in sorted(lines):
                    print(f"{name} {title}: {line}")
        for line in sorted(alarms):
            print(f"alarm: {line}")


if __name__ == "__main__":
    main()
