"""The `tidegate` command: one file a command; nothing heavy is imported before a command runs."""

from __future__ import annotations

import sys
import traceback
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from tidegate import __version__
from tidegate.cli import (
    audit,
    calibrate,
    cases,
    classify,
    detect,
    detectors,
    explain,
    ingest,
    inventory,
    investigate,
    lake,
    quarantine,
    sigma,
    sources,
)
from tidegate.cli import range as range_
from tidegate.cli.terminal import note
from tidegate.errors import ConfigError, TidegateError

USAGE, UNREADABLE, BUG, INTERRUPTED = 2, 3, 70, 130
"""Exit statuses; 0 is done and 1 is kept for `--fail-on-case`. 70 is EX_SOFTWARE of sysexits.h."""


class _Commands(TyperGroup):
    """Turns what a person can put right into one line on stderr and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            note("interrupted; what was read so far is kept, the same command goes on from there")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:  # `tidegate cases | head`: nobody wants the rest
            raise
        except (TidegateError, OSError) as error:
            if ctx.params["debug"]:
                traceback.print_exc()
            note(f"tidegate: {_sentence(error)}", style="bold red")
            raise typer.Exit(USAGE if isinstance(error, ConfigError) else UNREADABLE) from error


def _sentence(error: TidegateError | OSError) -> str:
    if isinstance(error, OSError) and not isinstance(error, TidegateError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return str(error)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,  # its imports would double the time that --help takes
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="""Finds sensitive data leaving an organisation, early, from the logs it already has, and says why.

    Start with:

    \b
        tidegate investigate /path/to/logs --report report.html

    No logs at hand? This writes those of a made-up organisation:

    \b
        tidegate range make demo/logs""",
    epilog="Exit status: 0 done · 1 cases found with --fail-on-case · 2 wrong usage · 3 input could not be read.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tidegate {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    del debug, version  # read by `_Commands` and `_version`


app.command("investigate")(investigate.investigate)
app.command("ingest")(ingest.ingest)
app.command("detect")(detect.detect)
app.command("classify")(classify.classify)
app.command("inventory")(inventory.inventory)
app.command("quarantine")(quarantine.quarantine)
app.command("audit")(audit.audit)
app.command("detectors")(detectors.detectors)
app.add_typer(cases.app, name="cases")
app.command("explain")(explain.explain)
app.command("calibrate")(calibrate.calibrate)
app.add_typer(sources.app, name="sources")
app.add_typer(sigma.app, name="sigma")
app.add_typer(lake.app, name="lake")
app.add_typer(range_.app, name="range")


def main() -> None:
    """Run; an error nobody foresaw shows its traceback and has its own exit status."""
    try:
        app(prog_name="tidegate")
    except Exception:  # noqa: BLE001  the outermost loop: an exit status that means a fault, not a case
        traceback.print_exc()
        note("tidegate: this is a fault in Tidegate; please report it with the lines above", style="bold red")
        sys.exit(BUG)
