"""Snowflake: the statements of `ACCOUNT_USAGE.QUERY_HISTORY`, exported as JSON, and to whom they give data.

A statement says whom a share is opened to and which bucket it unloads into. How much a share's new accounts then read
is theirs to know: the provider's log does not say.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

SNOWFLAKE = Log(
    id="snowflake",
    title="Snowflake query history",
    formats=("json", "csv"),
    how="Unload `SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY` as JSON or CSV with a header, a day at a time.",
    reference="https://docs.snowflake.com/en/sql-reference/account-usage/query_history",
    files=("*snowflake*", "*query_history*"),
    redelivers=True,
)

# Who a share is opened to: `ALTER SHARE s ADD ACCOUNTS = org.one, org.two`, up to the next clause.
ACCOUNTS = (
    r"(?is)^ALTER\s+SHARE\s.*?\s(?:ADD|SET)\s+ACCOUNTS\s*=\s*([\w.\-\",\s]+?)"
    r"(?:\s+(?:SHARE_RESTRICTIONS|COMMENT)\s*=.*)?;?\s*$"
)
SHARE = r"(?is)^ALTER\s+SHARE\s+(?:IF\s+EXISTS\s+)?([\w.\"$]+)"
# A bucket outside any stage, which somebody wrote into the statement.
BUCKET = r"(?is)^COPY\s+INTO\s+'((?:s3|s3gov|s3china|gcs|azure)://[^/']+)"


@source(
    log=SNOWFLAKE,
    produces="api_activity",
    columns={
        "QUERY_ID": "string",
        "QUERY_TEXT": "string",
        "QUERY_TYPE": "string",
        "USER_NAME": "string",
        "DATABASE_NAME": "string",
        "EXECUTION_STATUS": "string",
        "ERROR_MESSAGE": "string",
        "START_TIME": "string",
    },
    needs=("QUERY_TEXT", "QUERY_TYPE", "USER_NAME", "START_TIME"),
)
def snowflake_statements(raw: ir.Table) -> ir.Table:
    """Statements; those that share a database with other accounts, or unload into a bucket, name whom as recipient."""
    text = raw.QUERY_TEXT.strip()
    ended = raw.EXECUTION_STATUS.upper()
    status = ibis.cases((ended == "SUCCESS", "Success"), (ended.re_search("^FAIL|^INCIDENT"), "Failure"))
    # Unless told otherwise Snowflake writes `2025-11-20 10:00:01.424 +0100`.
    started = raw.START_TIME.re_replace(r"^([\d-]+) ([\d:.]+) ?([+-]\d\d):?(\d\d)$", r"\1T\2\3:\4")
    accounts = f.text(text.re_extract(ACCOUNTS, 1).replace('"', ""))
    named = f.lower(accounts.re_replace(r"\s*,\s*", ";"))
    bucket = f.lower(text.re_extract(BUCKET, 1))
    return raw.select(
        *LINEAGE,
        uid=f.text(raw.QUERY_ID),
        time=f.epoch_or_iso(started),
        activity=ibis.cases(
            (raw.QUERY_TYPE.re_search("(?i)^(SELECT|SHOW|DESCRIBE|GET_FILES|UNLOAD|LIST)"), "Read"),
            (raw.QUERY_TYPE.re_search("(?i)^(DROP|DELETE|TRUNCATE|REMOVE)"), "Delete"),
            (raw.QUERY_TYPE.re_search("(?i)^(CREATE|INSERT|PUT_FILES|COPY)"), "Create"),
            else_="Update",
        ),
        status=status,
        actor=f.lower(raw.USER_NAME),
        operation=raw.QUERY_TYPE,
        service=ibis.literal("Snowflake"),
        resource=ibis.coalesce(f.text(text.re_extract(SHARE, 1)), f.text(raw.DATABASE_NAME)),
        error=f.text(raw.ERROR_MESSAGE),
        recipient=ibis.coalesce(named, bucket),
        visibility=ibis.cases((named.notnull() | bucket.notnull(), "shared")),
    )
