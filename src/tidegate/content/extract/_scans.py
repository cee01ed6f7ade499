"""Pictures of pages, read by tesseract where it is installed, within bounds of pages, pixels, memory and time."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tidegate.content.document import Opaque, Parts
from tidegate.content.source import Scanning

PIXELS = 40_000_000  # of a page: A4 at 600 dpi has 35 million
_PAGES = 50  # of a file: each takes seconds
_MEMORY = 1 << 30  # bytes that tesseract may reserve, as a worker may


@dataclass
class Scans:
    """Pages of one file that are pictures, and what became of them."""

    left: Scanning
    met: int = 0
    unread: int = 0
    program: str | None = field(default_factory=lambda: shutil.which("tesseract"))

    def text(self, picture: Callable[[], bytes | None], page: int = 0) -> bytes | None:
        """Text of a page of a picture, which is made if it is to be read; None where it cannot be."""
        self.met += 1
        read = None
        allowed = self.met <= _PAGES and self.left.seconds > 0
        if self.program is not None and allowed and (data := picture()) is not None:
            began = time.monotonic()
            read = _read(self.program, data, page, self.left.seconds)
            self.left.seconds -= time.monotonic() - began
        self.unread += read is None
        return read

    def told(self, pages: int) -> Parts:
        """What is to be said of those that were not read."""
        if self.unread and self.program is None:
            yield Opaque(f"{self.met} of {pages} pages are pictures, read where tesseract is installed")
        elif self.unread:
            yield Opaque(f"{self.unread} of {pages} pages are pictures not read: damaged, too many, large or slow")


def _read(program: str, picture: bytes, page: int, seconds: float) -> bytes | None:
    command = [program, "-", "-", "-c", f"tessedit_page_number={page}"]
    alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # files are read side by side already
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=alone
    ) as running:
        try:
            _bind(running.pid, seconds)
            text, _ = running.communicate(picture, timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            running.kill()
    return text if running.returncode == 0 else None


def _bind(process: int, seconds: float) -> None:
    """Bound it by the kernel too: a worker that is ended for its time cannot end what it started."""
    most = int(seconds) + 1
    for limit, value in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_CPU, most)):
        _, hard = resource.prlimit(process, limit)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.prlimit(process, limit, (value, value))
