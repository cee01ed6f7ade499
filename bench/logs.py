"""Logs for the benchmarks: `logs/*.sql` make as many records as wanted, each product's kinds mixed as in real ones."""

from __future__ import annotations

from pathlib import Path

import duckdb

_JSON = "SELECT * FROM read_json('{log}', format = 'newline_delimited')"
_SQUID = (
    r"SELECT unnest(regexp_extract(line, '^(\d+\.\d{{3}}) +(-?\d+) (\S+) ([A-Z_]+)/(\d{{3}}|-) (\d+) (\S+) (\S+) (\S+)"
    r" ([A-Z_]+)/(\S+) (\S+)(?: (\d+))?', ['time', 'elapsed', 'client', 'verdict', 'code', 'size', 'method', 'url',"
    r" 'user', 'hierarchy', 'peer', 'type', 'sent'])) FROM read_csv('{log}', columns = {{'line': 'VARCHAR'}},"
    r" delim = '\x01', quote = '', escape = '', header = false)"
)
LOGS = {
    "zeek": ("conn.log", _JSON),
    "suricata": ("eve.json", _JSON),
    "cloudtrail": ("1_CloudTrail_x.json", _JSON),
    "microsoft365": ("audit.json", _JSON),
    "squid": ("access.log", _SQUID),
}
"""By name: the file's name, and what bare DuckDB reads it with: its own reader of JSON, one pattern for text."""


def make(name: str, folder: Path, records: int) -> Path:
    """Write a log into `folder`."""
    path = folder / LOGS[name][0]
    sql = (Path(__file__).parent / "logs" / f"{name}.sql").read_text().format(records=records)
    form = "FORMAT json" if name == "zeek" else "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"
    _ordered().execute(f"COPY ({sql}) TO '{path}' ({form})")
    return path


def bare(name: str, log: Path) -> str:
    """SQL by which DuckDB alone reads a log."""
    return LOGS[name][1].format(log=log)


def zeek_tsv(log: Path, target: Path) -> None:
    """The Zeek log again, in Zeek's own tab-separated form."""
    con = _ordered()
    fields = [name for name, *_ in con.execute(f"DESCRIBE {bare('zeek', log)}").fetchall()]
    types = "\t".join(map(_zeek_type, fields))
    values = ", ".join(f'"{field}"::VARCHAR' for field in fields)
    rows = target.with_suffix(".rows")
    form = "FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE ''"
    con.execute(f"COPY (SELECT {values} FROM ({bare('zeek', log)})) TO '{rows}' ({form})")
    names = "\t".join(fields)
    target.write_text(
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
        f"#fields\t{names}\n#types\t{types}\n" + rows.read_text()
    )


def _zeek_type(field: str) -> str:
    known = {"ts": "time", "duration": "interval", "local_orig": "bool", "local_resp": "bool"}
    ends = {"_h": "addr", "_p": "port", "_bytes": "count", "_pkts": "count"}
    return known.get(field) or next((kind for end, kind in ends.items() if field.endswith(end)), "string")


def _ordered() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"preserve_insertion_order": True})
