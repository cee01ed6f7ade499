"""DuckDB, and Ibis over the same connection: what computes on the lake of one machine."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend
from ibis.backends.sql.datatypes import DuckDBType


class Engine:
    """One in-memory DuckDB that spills to `spill` and downloads nothing.

    memory: DuckDB's own limit; with Python, Arrow and one block of input on top a process stays under 1.5 GB.
    """

    def __init__(self, spill: Path, *, memory: str = "900MiB") -> None:
        self.con = duckdb.connect(
            config={
                "memory_limit": memory,
                "temp_directory": str(spill),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                # Order is by `time` where it matters; keeping the order of arrival costs memory and threads.
                "preserve_insertion_order": False,
            }
        )
        self.con.execute("SET TimeZone = 'UTC'")
        self.con.execute("SET enable_progress_bar = false")
        # A table may have thousands of files, none of which ever changes: their footers are read once.
        self.con.execute("SET parquet_metadata_cache = true")
        self.ibis: Backend = ibis.duckdb.from_connection(self.con)

    def sql_type(self, type_: ibis.DataType | str) -> str:
        """DuckDB's name of an Ibis type."""
        return _type_name(type_)

    def widen(self) -> None:
        """Let DuckDB have half the machine's memory, for questions over the whole lake; beyond it, it spills."""
        half = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
        self.con.execute(f"SET memory_limit = '{half // 2**20}MiB'")

    def close(self) -> None:
        """Close the connection; a table or expression made from it cannot be run any more."""
        self.con.close()


@cache
def _type_name(type_: ibis.DataType | str) -> str:
    """Kept: every reading of a table asks for each of its columns, of a dozen types."""
    return str(DuckDBType.to_string(ibis.dtype(type_)))


def stored(con: Backend, name: str, table: ir.Table) -> ir.Table:
    """What a table computes, as a temporary one: Ibis' own `create_table` writes every row twice."""
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE {named(name)} AS {con.compile(table)}")
    return con.table(name)


def quoted(text: object) -> str:
    """A SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def named(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
