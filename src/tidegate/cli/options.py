"""Options that several commands share: one name, one meaning, one help text."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from tidegate import clock

Names = Literal["pseudonym", "clear"]


def _time(text: str) -> datetime:
    try:
        return clock.parse(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date or time; write 2024-03-31 or 2024-03-31T08:00Z") from None


def _engine(text: str) -> str:
    if text != "duckdb" and not re.fullmatch(r"spark(=.+)?", text):
        raise typer.BadParameter(f"{text!r} is no engine; write duckdb, spark or spark=URL")
    return text


PathsArgument = Annotated[
    list[Path], typer.Argument(metavar="PATH", help="Log files, and folders to look through.", show_default=False)
]
LakeOption = Annotated[
    str | None,
    typer.Option(
        "--lake",
        metavar="DIR",
        envvar="TIDEGATE_LAKE",
        help="Folder that keeps the events and cases, or the URL of an object store, such as s3://bucket/lake. Without "
        "it every set of paths has its own, in your data folder; commands that take no paths use the one used last.",
        show_default=False,
    ),
]
ContextOption = Annotated[
    Path | None,
    typer.Option(
        "--context",
        metavar="DIR",
        help="Folder with people.csv, devices.csv, destinations.csv, permits.csv, all optional.",
        show_default=False,
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Settings; without it tidegate.toml in the context folder, if there is one.",
        show_default=False,
    ),
]
MappingOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--mapping",
        metavar="FILE",
        help="Describes a log of your own in TOML (docs/mappings.md); repeat for several.",
        show_default=False,
    ),
]
SigmaOption = Annotated[
    Path | None,
    typer.Option(
        "--sigma",
        metavar="DIR",
        help="Sigma rules to run besides, a folder or a file of them (docs/sigma.md).",
        show_default=False,
    ),
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="duckdb|spark[=URL]",
        parser=_engine,
        help="What reads the logs: this machine, or Spark, at a URL such as spark://host:7077 (docs/spark.md).",
    ),
]
AskedOnOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="duckdb|spark[=URL]",
        parser=_engine,
        help="What asks the detectors: this machine, or Spark, at a URL such as spark://host:7077 (docs/spark.md).",
    ),
]
ContentOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--content",
        metavar="DIR|FILE",
        help="Look into these files, or take what `tidegate inventory` knows (its store), and say of what left what it "
        "was; repeat for several (docs/content.md). Bodies that Zeek kept below PATH (extract_files) are looked into "
        "then too.",
        show_default=False,
    ),
]
SinceOption = Annotated[
    datetime | None,
    typer.Option(
        "--since",
        metavar="TIME",
        parser=_time,
        help="Only what was raised since then, such as 2024-03-31 (UTC). Earlier events still count as the past.",
        show_default=False,
    ),
]
ReportOption = Annotated[
    Path | None,
    typer.Option(
        "--report", metavar="FILE", help="Write the cases as one HTML file that opens offline.", show_default=False
    ),
]
NamesOption = Annotated[
    Names, typer.Option("--names", help="Show people as pseudonyms, or in the clear: that is put on record.")
]
ReasonOption = Annotated[
    str | None,
    typer.Option(
        "--reason",
        metavar="TEXT",
        envvar="TIDEGATE_REASON",
        help="Why names are shown in the clear, for the record.",
        show_default=False,
    ),
]
FormatOption = Annotated[Literal["table", "json"], typer.Option("--format", help="How to print the result.")]
FailOption = Annotated[bool, typer.Option("--fail-on-case", help="Exit with status 1 if there is a case.")]
LimitOption = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=1, help="Show the first N cases only.", show_default=False),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing on stderr but warnings and errors.")]
WaitOption = Annotated[
    float, typer.Option("--wait", metavar="SECONDS", min=0, help="Wait so long for another Tidegate that is writing.")
]
