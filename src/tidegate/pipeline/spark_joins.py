"""Joins to what came last, which Spark's SQL does not have.

Imported only where Spark is: Ibis' own compiler for it needs PySpark.
"""

from __future__ import annotations

from typing import Any

import sqlglot as sg
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import STAR
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from ibis.common.exceptions import UnsupportedOperationError


class JoinCompiler(PySparkCompiler):  # type: ignore[misc]  # Ibis has no types
    """Ibis' compiler for Spark, with asof joins."""

    __slots__ = ()

    def visit_JoinChain(self, op: Any, *, first: Any, rest: Any, values: Any) -> Any:
        """An asof join as a window over both sides together: each row takes the latest of the other side before it."""
        source, joins, names = first, [], [first.alias_or_name]
        structs: frozenset[str] = frozenset()
        for link, kind in zip(rest, op.rest, strict=True):
            if kind.how != "asof":
                joins.append(link)
            else:
                source, joins = self._asof(source, joins, names, link, structs), []
                structs = frozenset((*names, link.this.alias_or_name))
            if kind.how not in ("semi", "anti"):  # of which nothing is seen
                names.append(link.this.alias_or_name)
        result = sg.select(*self._cleanup_names(values), copy=False).from_(source, copy=False)
        for link in joins:
            result = result.join(link, copy=False)
        return result

    def visit_JoinLink(self, op: Any, *, how: str, table: Any, predicates: Any) -> Any:
        if how != "asof":
            return super().visit_JoinLink(op, how=how, table=table, predicates=predicates)
        return sge.Join(this=table, expressions=list(predicates))

    def _asof(self, source: Any, joins: list[Any], names: list[str], link: Any, structs: frozenset[str]) -> Any:
        """A subquery with a struct for each table so far and for the one that is joined, named as the tables are."""
        table = link.this
        name = table.alias_or_name
        near, *equal = link.expressions
        if not isinstance(near, sge.GTE | sge.GT):
            raise UnsupportedOperationError("an asof join to what comes later")
        sides = [(p.this, p.expression) if _of(p.expression, name) else (p.expression, p.this) for p in equal]
        keys = [f"_key{number}" for number in range(len(sides))]
        late = isinstance(near, sge.GT)  # what is there at the same moment comes after it

        def column(name: str) -> Any:
            return sg.column(name, quoted=self.quoted)

        def row(of: str) -> Any:
            star = self.f.anon.struct(sge.Column(this=STAR, table=sg.to_identifier(of, quoted=self.quoted)))
            return star.as_(of, quoted=self.quoted)

        asking = sg.select(
            *(column(of) if of in structs else row(of) for of in names),
            sge.null().as_(name, quoted=self.quoted),
            near.this.as_("_at"),
            sge.convert(0 if late else 1).as_("_side"),
            *(mine.as_(key) for key, (mine, _) in zip(keys, sides, strict=True)),
        ).from_(source)
        for join in joins:
            asking = asking.join(join)
        known = sg.select(
            *(sge.null().as_(of, quoted=self.quoted) for of in names),
            row(name),
            near.expression.as_("_at"),
            sge.convert(1 if late else 0).as_("_side"),
            *(theirs.as_(key) for key, (_, theirs) in zip(keys, sides, strict=True)),
        ).from_(table)
        for there in (near.expression, *(theirs for _, theirs in sides)):
            known = known.where(there.is_(sg.not_(sge.null())))
        latest = sge.Window(
            this=sge.IgnoreNulls(this=self.f.last(column(name))),
            partition_by=[column(key) for key in keys],
            order=sge.Order(expressions=[sge.Ordered(this=column(c), nulls_first=True) for c in ("_at", "_side")]),
            spec=sge.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW", over="OVER"),
        )
        both = sg.union(asking, known, distinct=False).subquery("_both")
        seen = (*(column(of) for of in names), latest.as_(name, quoted=self.quoted), column("_side"))
        found = sg.select(*seen).from_(both).subquery("_found")
        return sg.select(STAR).from_(found).where(column("_side").eq(0 if late else 1)).subquery("_asof")


def _of(value: Any, table: str) -> bool:
    return any(column.table == table for column in value.find_all(sge.Column))
