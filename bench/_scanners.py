"""Other people's scanners on the same files: with our patterns where they take patterns, with their own where not."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tidegate import registry

Run = Callable[[list[Path]], object]

ALL = 1 << 40


def patterns() -> Iterator[str]:
    """Ours, as Rust's regular expressions have them."""
    for unit in registry.recognisers().values():
        if unit.pattern:
            plain = unit.pattern.replace('\\"', '"')
            yield f"(?i:{plain})" if unit.ignore_case else plain


def ripgrep(files: list[Path]) -> None:
    """Lines that hold one of the patterns, counted, on one thread."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(patterns()) + "\n")
        listed.flush()
        command = (
            "rg",
            "--no-config",
            "--count",
            "--text",
            "--threads=1",
            "--dfa-size-limit=1G",
            f"--file={listed.name}",
        )
        subprocess.run((*command, *map(str, files)), check=False, stdout=subprocess.DEVNULL)


@cache
def _rules() -> Any:
    import yara_x

    compiler = yara_x.Compiler()
    for number, pattern in enumerate(patterns()):
        inner = re.sub(r"(?<!\\)/", r"\\/", pattern)
        try:
            compiler.add_source(f"rule r{number} {{ strings: $a = /{inner}/ condition: #a > 0 }}")
        except yara_x.CompileError:
            _LEFT_OUT.append(pattern)
    return compiler.build()


_LEFT_OUT: list[str] = []
"""Patterns that YARA does not take: those with characters beyond ASCII."""


def yara(files: list[Path]) -> None:
    """The patterns as rules, all matches counted."""
    import yara_x

    scanner = yara_x.Scanner(_rules())
    for file in files:
        scanner.scan(file.read_bytes())


@cache
def _presidio() -> Callable[[str], object]:
    from personal import presidio

    return presidio()


def presidio_analyzer(files: list[Path]) -> None:
    """Its recognisers of patterns, line by line as its documentation has it for text."""
    analyse = _presidio()
    for file in files:
        for line in file.read_text("utf-8", "replace").splitlines():
            analyse(line)


def detect_secrets(files: list[Path]) -> None:
    """All its plugins, as it is set up by default."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    with default_settings():
        for file in files:
            for _ in scan_file(str(file)):
                pass


def others() -> Iterator[tuple[str, Run, int]]:
    """Name, how it is run, and how many bytes it gets: what is slow is timed on a slice."""
    if shutil.which("rg"):
        yield "ripgrep, the same patterns, lines only, a slice", ripgrep, 20 << 20
    _rules()
    taken = sum(1 for _ in patterns()) - len(_LEFT_OUT)
    yield f"yara-x, {taken} of the same patterns, a slice", yara, 20 << 20
    yield "detect-secrets, its own plugins, a slice", detect_secrets, 1 << 20
    yield "presidio-analyzer, five entities, a slice", presidio_analyzer, 1 << 18
