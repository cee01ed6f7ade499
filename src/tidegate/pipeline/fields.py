"""The fields of a line of text, as SQL: `key=value` pairs, CEF, LEEF, and syslog around a message of pairs or JSON.

`split` adds to the records the structs and lists that `value` takes a field from: `s` and `h`, what the headers before
the fields say (columns that begin with `_`), `p`, the parts that are `key=value`, `k`, their keys, and `j`, a JSON
message. CEF is that of the ArcSight implementation standard, version 0 and 1; LEEF that of IBM's guide, 1.0 and 2.0;
syslog RFC 3164 and 5424.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from tidegate.lake.engine import named, quoted
from tidegate.reading.layout import HEADERS, SYSLOG
from tidegate.sources._syslog import STAMP
from tidegate.units import Format

_PAIR = r"""[\w.@-]+=(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;]*)"""
"""A key and its value; a comma or a semicolon ends a value that is not quoted."""
_BEFORE = rf"^(?:<(\d{{1,3}})>(?:1 )?)?({STAMP}) (\S+) "
_ESCAPED = r"((?:[^|\\]|\\.)*)\|"
_CEF = rf"CEF: ?\d+(?:\.\d+)?\|{_ESCAPED * 5}([^|]*)(?:\||$)"
_LEEF = r"LEEF:\d+(?:\.\d+)?\|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|(?:(|0?[xX][0-9A-Fa-f]{2,4}|[^|])\|)?"
_RFC5424 = (
    rf"^(?:<(\d{{1,3}})>)?1 (-|{STAMP}) (\S+) (\S+) (\S+) (\S+) "
    "(-|(?:\\[(?:[^\\]\\\\]|\\\\.)*\\])+)(?: \ufeff?(.*))?$"
)
_RFC3164 = rf"^(?:<(\d{{1,3}})>)?({STAMP}) (?:(\S*[^\s:]) )?(?:([^\s:\[]+)(?:\[([^\]\s]*)\])?: ?)?()()(.*)$"
"""The host may be missing, as in what a daemon writes to a file of its own; it never ends with a colon."""
_KEY = r"(?:^|\s+)([\w.\[\]-]+)="
"""What begins a key in CEF, where values hold spaces: `=` in a value is escaped, or follows no word of its own."""


def split(format_: Format, columns: Mapping[str, str]) -> str:
    """SQL of the table `records` with `s`, `h`, `p`, `k` and `j`, as far as the format has them.

    columns: the declared ones with their SQL types.
    """
    match format_:
        case "cef":
            marked = f"regexp_replace(rest, {quoted(_KEY)}, chr(30) || '\\1=', 'g')"
            headed = f"SELECT * REPLACE ({marked} AS rest) FROM ({_headed(_CEF, HEADERS['cef'][3:])})"
            return _keyed(f"SELECT *, string_split({_unescaped('rest')}, chr(30)) AS p FROM ({headed})")
        case "leef":
            code = r"chr(CAST('0x' || regexp_extract(h.mark, '[xX](.*)', 1) AS INTEGER))"
            mark = f"CASE WHEN length(h.mark) > 1 THEN {code} WHEN h.mark = '' THEN chr(9) ELSE h.mark END"
            # rsyslog writes a tab that it received as `#011`.
            rest = f"string_split(replace(rest, '#011', chr(9)), {mark})"
            return _keyed(f"SELECT *, {rest} AS p FROM ({_headed(_LEEF, (*HEADERS['leef'][3:], 'mark'))})")
        case "syslog":
            return _syslog(columns)
        case _:
            return _keyed(f"SELECT *, {_pairs('record')} FROM records")


def value(format_: Format, column: str, type_: str) -> str:
    """SQL of a column of what `split` gives; null where it is absent, empty, or does not convert to its type."""
    if column in HEADERS[format_]:
        # Ahead of CEF and LEEF the syslog header is optional, and matched by itself.
        part = "s" if format_ != "syslog" and column in SYSLOG else "h"
        text = f"nullif({part}.{column}, '-')"
        text = _unescaped(text) if format_ == "cef" else text
    else:
        text = f"substr(p[list_position(k, {quoted(column)})], {len(column) + 2})"
        text = f"trim({_labelled(column, text)})" if format_ == "cef" else _unquoted(text)
        if format_ == "syslog":
            if type_.startswith("STRUCT"):
                return f"j.{named(column)}"
            text = f"coalesce(j.{named(column)}::VARCHAR, {text})"
    text = f"nullif({text}, '')"
    return text if type_ in ("TEXT", "VARCHAR") else f"TRY_CAST({text} AS {type_})"


def why(format_: Format) -> str | None:
    """SQL of why a record is none of the format, or null; None where every line may be one."""
    either = {"cef": (_CEF,), "leef": (_LEEF,), "syslog": (_RFC3164, _RFC5424)}.get(format_)
    if either is None:
        return None
    matches = " OR ".join(f"regexp_matches(record, {quoted(pattern)})" for pattern in either)
    title = format_ if format_ == "syslog" else format_.upper()
    return f"CASE WHEN NOT ({matches}) THEN 'no {title} header' END"


def _syslog(columns: Mapping[str, str]) -> str:
    names = HEADERS["syslog"]
    names = (*names[:-1], "data", names[-1])
    modern = _extracted("record", _RFC5424, names)
    older = _extracted("record", _RFC3164, names)
    chosen = f"CASE WHEN regexp_matches(record, '^(?:<\\d+>)?1 ') THEN {modern} ELSE {older} END"
    headed = f"SELECT *, {chosen} AS h FROM records"
    inner = {c: t for c, t in columns.items() if c not in names}
    if not inner:
        return headed
    message = "regexp_extract(h._message, '^(?:@cee: ?)?(\\{.*\\})\\s*$', 1)"
    found = f"SELECT *, TRY(from_json(nullif({message}, ''), {quoted(json.dumps(inner))})) AS j FROM ({headed})"
    text = "concat_ws(' ', h.data, CASE WHEN j IS NULL THEN h._message END)"
    return _keyed(f"SELECT *, {_pairs(text)} FROM ({found})")


def _headed(pattern: str, names: tuple[str, ...]) -> str:
    """Records with the header of the format, `rest`, what follows it, and the syslog header that may stand before it.

    A pattern that took the rest in as well would be four times as slow.
    """
    before, header = _extracted("record", _BEFORE, SYSLOG), _extracted("record", pattern, names)
    whole = f"nullif(regexp_extract(record, {quoted(pattern)}), '')"
    found = f"SELECT *, {before} AS s, {header} AS h, {whole} AS head FROM records"
    return f"SELECT * EXCLUDE (head), substr(record, position(head IN record) + length(head)) AS rest FROM ({found})"


def _keyed(parts: str) -> str:
    """With the keys of the parts in `p`."""
    return f"SELECT *, list_transform(p, lambda x: split_part(x, '=', 1)) AS k FROM ({parts})"


def _labelled(column: str, text: str) -> str:
    """Also by the label that a custom field of CEF has in a field of its own: `cs1Label=Policy cs1=…`."""
    label = quoted(f"Label={column}")
    key = f"replace(list_filter(p, lambda x: ends_with(trim(x), {label}))[1], {label}, '')"
    found = f"substr(p[list_position(k, trim({key}))], length({key}) + 2)"
    return f"coalesce({text}, CASE WHEN contains(record, {label}) THEN {found} END)"


def _extracted(text: str, pattern: str, names: tuple[str, ...]) -> str:
    return f"regexp_extract({text}, {quoted(pattern)}, [{', '.join(map(quoted, names))}])"


def _pairs(text: str) -> str:
    return f"regexp_extract_all({text}, {quoted(_PAIR)}) AS p"


def _unquoted(text: str) -> str:
    inside = f"replace({text}[2:-2], '\\\"', '\"')"
    return f"CASE WHEN length({text}) > 1 AND {text}[1] IN ('\"', '''') THEN {inside} ELSE {text} END"


def _unescaped(text: str) -> str:
    r"""CEF's `\\`, `\=`, `\|`, `\n` and `\r` as the characters they stand for."""
    plain = f"replace({text}, '\\\\', chr(29))"
    for written, meant in (("\\=", "'='"), ("\\|", "'|'"), ("\\n", "chr(10)"), ("\\r", "chr(13)")):
        plain = f"replace({plain}, {quoted(written)}, {meant})"
    return f"CASE WHEN contains({text}, '\\') THEN replace({plain}, chr(29), '\\') ELSE {text} END"
