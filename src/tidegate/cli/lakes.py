"""Which lake a command works on.

Two folders of logs are two investigations: without `--lake`, each set of paths gets a lake of its own, named after
it, so that looking at one never mixes in the other and looking again finds what was read. Commands without paths
take the lake that was used last.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tidegate.cli.terminal import note
from tidegate.errors import InputError, LakeError
from tidegate.lake.storage import is_url, local

if TYPE_CHECKING:
    from tidegate.lake.store import Lake

_LAST = "last-lake"  # a file that holds the path of the lake used last


def for_paths(paths: Sequence[Path]) -> Path:
    """The default lake of a set of paths: the same set in any order and spelling has the same lake."""
    resolved = sorted({str(path.resolve()) for path in paths})
    name = re.sub(r"[^A-Za-z0-9.]+", "-", Path(resolved[0]).name).strip("-.") or "logs"
    return _home() / "lakes" / f"{name}-{hashlib.sha256(os.fsencode(chr(0).join(resolved))).hexdigest()[:8]}"


def chosen(lake: Path | str | None, paths: Sequence[Path], *, quiet: bool) -> Path | str:
    """The lake to read these paths into: the one that is named, else their own, which is told on stderr.

    Raises InputError where a path leads nowhere.
    """
    for path in paths:
        if not path.exists():
            raise InputError("there is no such file or folder", file=path)
    if lake is not None:
        return _place(lake)
    folder = for_paths(paths)
    if not quiet:
        note(f"lake: {folder} (of these paths only; --lake DIR gathers several in one)")
    return folder


def existing(lake: Path | str | None, *, quiet: bool = False) -> Path | str:
    """The lake that is named, else the one used last, which is told on stderr. Raises LakeError where there is none."""
    if lake is not None:
        if not _there(place := _place(lake)):
            raise LakeError(f"no lake at {lake}; `tidegate investigate PATH --lake {lake}` makes one")
        return place
    last = _home() / _LAST
    used = _place(last.read_text("utf-8")) if last.is_file() else None
    if used is None or not _there(used):
        raise LakeError("no lake yet; run `tidegate investigate PATH` first, or name one with --lake")
    if not quiet:
        note(f"lake: {used}")
    return used


def kept(lake: Path | str) -> Path:
    """The folder with a lake's cases and audit log. Raises LakeError where this machine has none."""
    folder = local(lake)
    if not folder.is_dir():
        raise LakeError(f"{lake} has its cases and audit log on the machine that found them, and this is another")
    return folder


def _place(lake: Path | str) -> Path | str:
    return lake if is_url(lake) else Path(lake)


def _there(lake: Path | str) -> bool:
    """Whether there may be a lake; in an object store that is found out when it is opened."""
    return is_url(lake) or (Path(lake) / "lake.json").is_file()


@contextmanager
def opened(place: Path | str, *, create: bool) -> Iterator[Lake]:
    """The lake, remembered as the one used last. Raises LakeError."""
    from tidegate.lake.store import Lake

    with closing(Lake(place, create=create)) as lake:
        with suppress(OSError):  # a service may have no home; it names its lake
            _home().mkdir(parents=True, exist_ok=True)
            (_home() / _LAST).write_text(lake.name, encoding="utf-8")
        yield lake


def _home() -> Path:
    import platformdirs

    return platformdirs.user_data_path("tidegate", appauthor=False)
