"""Which lake's cases a command is about, and the uids that the shell offers of them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tidegate.cli import lakes
from tidegate.errors import TidegateError

if TYPE_CHECKING:
    from tidegate.cases.store import CaseStore


@dataclass(frozen=True)
class Kept:
    """A lake as it is called, and the folder on this machine that has its cases and its audit log."""

    lake: Path | str
    folder: Path


@dataclass(frozen=True)
class Where:
    """Which lake's cases a command is about: what its own options say, else what stood before its name."""

    lake: str | None
    config: Path | None

    def within(self, ctx: typer.Context) -> Where:
        """With what the commands above this one were given."""
        above = ctx.obj if isinstance(ctx.obj, Where) else Where(None, None)
        return Where(self.lake or above.lake, self.config or above.config)

    def store(self, *, quiet: bool = False) -> tuple[CaseStore, Kept]:
        """The cases and where they are. Raises LakeError where there is no lake."""
        from tidegate import config
        from tidegate.cases.store import CaseStore

        lake = lakes.existing(self.lake, quiet=quiet)
        folder = lakes.kept(lake)
        return CaseStore(folder, config.load(self.config).records.url), Kept(lake, folder)


def _uids(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """For the shell: the cases whose uid begins so, with what they are about."""
    where = Where(ctx.params.get("lake"), ctx.params.get("config")).within(ctx)
    with suppress(TidegateError, OSError):
        cases = where.store(quiet=True)[0].all()
        return [(case.uid, case.title) for case in cases if case.uid.startswith(incomplete)]
    return []


UidArgument = Annotated[
    str, typer.Argument(metavar="UID", help="Of the case; its beginning will do.", autocompletion=_uids)
]
