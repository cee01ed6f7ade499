"""SQL in which what stands in several places is computed once.

DuckDB computes `NULLIF(x, '')` as `CASE WHEN x = '' THEN NULL ELSE x END`, with x twice, and looks for what is the same
in several places everywhere but within CASE: clean-up functions that wrap one another double with each layer. So the
expression inside is moved into a query below, from where it is a column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import sqlglot.expressions as sge

_FREE = (sge.Column, sge.Literal, sge.Null, sge.Boolean, sge.Identifier, sge.DataType, sge.Star, sge.Var)
"""What costs nothing to compute again."""
_ROWS = (sge.Unnest, sge.Explode, sge.Window, sge.AggFunc, sge.Star)
"""What makes rows of rows, or stands for columns that are not listed: a query with it is left as it is."""


def once(tree: sge.Expr) -> sge.Expr:
    """The same query, each of whose selects computes nothing twice for every row."""
    for select in reversed(list(tree.find_all(sge.Select))):  # from the innermost on: a query is moved as it is then
        number = 0
        while not any(projection.find(*_ROWS) for projection in select.expressions):
            repeated = _repeated(select)
            if not repeated:
                break
            _move(select, {node: f"_once{number + i}" for i, node in enumerate(repeated)})
            number += len(repeated)
    return tree


def _repeated(select: sge.Select) -> list[sge.Expr]:
    """What is computed more than once for every row and holds nothing that is."""
    counts: Counter[sge.Expr] = Counter()
    for projection in select.expressions:
        for node, times in _eager(projection, 1):
            counts[node] += times  # nodes are equal that read the same
    # What a CASE may leave out costs nothing more where it is computed for every row anyway.
    standing = Counter(node for projection in select.expressions for node in projection.walk() if node in counts)
    repeated = {node for node, times in counts.items() if times > 1 or standing[node] > 1}
    return [node for node in repeated if not any(below in repeated and below != node for below, _ in _eager(node, 1))]


def _eager(node: sge.Expr, times: int) -> Iterator[tuple[sge.Expr, int]]:
    """What below a node, and with it, is computed for every row, and how often; not what a CASE may leave out."""
    if isinstance(node, (*_FREE, sge.Lambda, sge.Query)):
        return
    if not isinstance(node, sge.Alias):
        yield node, times
    match node:
        case sge.Nullif():
            yield from _eager(node.this, 2)
        case sge.Case():
            first = node.args["ifs"][0]
            if node.this is not None:
                yield from _eager(node.this, len(node.args["ifs"]))
            else:
                yield from _eager(first.this, 1)
        case sge.Coalesce() | sge.And() | sge.Or() | sge.If() | sge.Is():  # what follows IS is no value: NOT NULL
            yield from _eager(node.this, 1)
        case _:
            for below in node.iter_expressions():
                yield from _eager(below, 1)


def _move(select: sge.Select, names: Mapping[sge.Expr, str]) -> None:
    """Compute what is named in a query below the select, and use it from there."""
    source = select.args["from_"]
    alias = source.this.alias_or_name
    inner = sge.Select(expressions=[sge.Star(), *(sge.alias_(node, name, quoted=True) for node, name in names.items())])
    inner.set("from_", source.copy())

    def moved(node: sge.Expr) -> sge.Expr:
        name = None if isinstance(node, _FREE) else names.get(node)
        return sge.column(name, table=alias, quoted=True) if name is not None else node

    select.set("expressions", [projection.transform(moved, copy=False) for projection in select.expressions])
    source.set("this", sge.Subquery(this=inner, alias=sge.TableAlias(this=sge.to_identifier(alias, quoted=True))))
