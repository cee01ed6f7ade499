"""Who may import whom: a module imports from its own row of `LAYERS` or one above, and units never one another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
LAYERS = (
    ("errors", "clock", "words"),
    (
        "config",
        "records",
        "units",
        "events",
        *(f"content.{name}" for name in ("document", "encoding", "source", "units", "precision")),
    ),
    ("sources", "measures", "detectors", "content.recognisers", "content.extract"),
    ("registry", "lake", "reading", "mappings", "context", "cases", "rules", "content"),
    ("pipeline", "report", "range"),
    ("cli",),
)
UNITS = ("sources", "measures", "detectors", "content.recognisers", "content.extract")
ROW = {part: row for row, parts in enumerate(LAYERS) for part in parts}
MODULES = sorted(SRC.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every module of ours that a file imports; what only a type checker imports is no matter."""
    tree = ast.parse(path.read_text("utf-8"))
    checked = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    unseen = {id(inner) for node in checked for inner in ast.walk(node)}
    for node in (n for n in ast.walk(tree) if id(n) not in unseen):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name.split(".")[0] == "tidegate")
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            if node.module == "tidegate":
                yield from ((node.lineno, f"tidegate.{alias.name}") for alias in node.names)
            elif (node.module or "") == "tidegate.content":
                yield from ((node.lineno, f"tidegate.content.{alias.name}") for alias in node.names)
            elif (node.module or "").split(".")[0] == "tidegate":
                yield node.lineno, node.module or ""


def part(module: str) -> str:
    """The part of the longest name in `LAYERS`: of `content.units` that, of `content.grade` `content`."""
    names = module.split(".")[1:]
    return ".".join(names[:2]) if ".".join(names[:2]) in ROW else names[0]


def part_of(path: Path) -> str:
    return part(".".join(path.relative_to(SRC).with_suffix("").parts))


def test_every_part_has_its_row() -> None:
    parts = {part_of(path) for path in MODULES} - {"__init__"}
    assert parts == set(ROW)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SRC)))
def test_imports_go_up_only(path: Path) -> None:
    mine = part_of(path)
    for line, module in imports(path):
        theirs = part(module)
        if theirs == "__version__":
            continue
        place = f"{path}:{line}: {mine} imports {module}"
        assert ROW[theirs] <= ROW[mine], f"{place}, which is in a row below"
        assert mine == theirs or not (mine in UNITS and theirs in UNITS), f"{place}: units know nothing of one another"
