"""Who can get at a file: by its permissions and those of the folders above it, and through shares."""

from __future__ import annotations

import functools
import grp
import os
import pwd
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from tidegate.context.shares import Share

WORLD, WORLD_WRITES, GROUP_WRITES, SHARED = "world-readable", "world-writable", "group-writable", "shared"
"""Words for it. One with a `group-readable` file is exposed to none: that is what groups are for."""


class Exposure:
    """Asks a folder's permissions once."""

    def __init__(self, shares: Sequence[Share] = ()) -> None:
        self._shares = [(Path(os.path.normpath(share.path)), share) for share in shares]
        self.open_to_all = functools.cache(self._open_to_all)

    def of(self, file: Path, status: os.stat_result) -> tuple[str, ...]:
        """To whom a file is exposed, in words; nothing where only to its owner and group."""
        return tuple(self._said(file, status))

    def _said(self, file: Path, status: os.stat_result) -> Iterator[str]:
        mode = status.st_mode
        if self.open_to_all(file.parent):
            if mode & stat.S_IROTH:
                yield WORLD
            if mode & stat.S_IWOTH:
                yield WORLD_WRITES
        if mode & stat.S_IWGRP and not _alone(status.st_gid):
            yield GROUP_WRITES
        for folder, share in self._shares:
            if file.is_relative_to(folder):
                name = share.share or str(folder)
                yield f"{SHARED}: {name}" + (f" ({share.audience})" if share.audience else "")

    def _open_to_all(self, folder: Path) -> bool:
        """Whether everybody with an account can pass through a folder and all those above it."""
        try:
            mine = bool(folder.stat().st_mode & stat.S_IXOTH)
        except OSError:
            return False
        return mine and (folder == folder.parent or self.open_to_all(folder.parent))


@functools.cache
def owner(uid: int) -> str:
    """The account of a file's owner, else its number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@functools.cache
def _alone(gid: int) -> bool:
    """Whether a group has one member, as the private groups that Linux makes for each account."""
    try:
        group = grp.getgrgid(gid)
    except KeyError:
        return False
    members = {*group.gr_mem, *(one.pw_name for one in pwd.getpwall() if one.pw_gid == gid)}
    return len(members) <= 1
