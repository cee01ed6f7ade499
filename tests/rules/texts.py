"""Sigma rules to test with, made up."""

from __future__ import annotations

from pathlib import Path

from tidegate.rules.load import RuleSet, load

LOGSOURCE = "category: process_creation"


def rule(detection: str, *, logsource: str = LOGSOURCE, title: str = "a rule", more: str = "") -> str:
    """The text of a rule. detection: in YAML's flow style, without its outer braces."""
    return f"title: {title}\nlogsource: {{{logsource}}}\ndetection: {{{detection}}}\n{more}"


def loaded(folder: Path, *texts: str) -> RuleSet:
    """What a folder with one file of these rules holds."""
    (folder / "rules.yml").write_text("\n---\n".join(texts))
    return load(folder)
