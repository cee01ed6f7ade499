"""Transfer register: an organisation's own list of parcels, sample dispatches and data deliveries, one CSV row each."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.units import LINEAGE, Log, source

# Headings people use, ours first; the first that holds something counts.
NAMES = {
    "time": ("time", "date", "sent", "dispatched"),
    "sender": ("sender", "from", "sent_by", "holder"),
    "recipient": ("recipient", "to", "sent_to", "consignee"),
    "country": ("country", "destination_country", "destination"),
    "description": ("description", "contents", "title"),
    "permit": ("permit", "permit_no", "permit_number", "licence"),
    "items": ("items", "pieces", "quantity", "count"),
    "bytes": ("bytes", "size"),
    "carrier": ("carrier", "channel", "via"),
}
REGISTER = Log(
    id="transfer_register",
    title="Transfer register",
    formats=("csv",),
    how="Save it as CSV with the headings time, sender, recipient, country, description, permit, items, bytes.",
    reference="https://schema.ocsf.io/1.8.0/classes/file_hosting",
    files=("*register*.csv", "*dispatch*.csv", "*parcel*.csv", "*transfers*.csv"),
)


@source(
    log=REGISTER,
    produces="file_hosting",
    columns={name: "string" for names in NAMES.values() for name in names},
    needs=(
        *("|".join(NAMES[field]) for field in ("time", "sender", "recipient")),
        "|".join(NAMES["permit"] + NAMES["items"]),  # what tells a register from any list of messages
    ),
)
def transfer_register(raw: ibis.Table) -> ibis.Table:
    """Something handed to somebody outside: who, to whom, where, what, how much, under which permit."""
    return raw.select(
        *LINEAGE,
        time=_time(_field(raw, "time")),
        activity=ibis.literal("Send"),
        status=ibis.literal("Success"),
        actor=f.address(_field(raw, "sender")),
        recipient=f.address(_field(raw, "recipient")),
        site=_field(raw, "carrier"),
        country=_field(raw, "country"),
        permit=_field(raw, "permit"),
        file_name=_field(raw, "description"),
        items=_whole(_field(raw, "items")),
        file_size=_whole(_field(raw, "bytes")),
    )


def _field(raw: ibis.Table, name: str) -> ir.StringValue:
    return ibis.coalesce(*(f.text(raw[alias]) for alias in NAMES[name]))


def _time(column: ir.StringValue) -> ir.TimestampValue:
    """ISO 8601, or day first as written with dots: `05.03.2024`, `5.3.2024 10:11`."""
    turned = column.re_replace(r"^(\d)\.", r"0\1.").re_replace(r"\.(\d)\.", r".0\1.")
    return f.iso(turned.re_replace(r"^(\d\d)\.(\d\d)\.(\d{4})", r"\3-\2-\1"))


def _whole(column: ir.StringValue) -> ir.IntegerValue:
    """A whole number, with or without separators between its thousands."""
    return column.re_replace(r"[ ,.'](\d{3})", r"\1").try_cast("int64")
