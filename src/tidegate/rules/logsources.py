"""Which of our tables a Sigma log source is: by what happened (category), or by whose log it is (product, service)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from tidegate import registry

CATEGORIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "process_creation": ("process_activity", ("Launch",)),
    "file_event": ("file_activity", ("Create", "Update", "Copy")),
    "file_change": ("file_activity", ("Update", "Set Attributes")),
    "file_access": ("file_activity", ("Read", "Open", "Copy")),
    "file_delete": ("file_activity", ("Delete",)),
    "file_rename": ("file_activity", ("Rename",)),
    "dns": ("dns_activity", ()),
    "dns_query": ("dns_activity", ()),
    "network_connection": ("network_activity", ()),
    "firewall": ("network_activity", ()),
    "proxy": ("http_activity", ()),
    "webserver": ("http_activity", ()),
    "authentication": ("authentication", ()),
    "antivirus": ("detection_finding", ()),
}
"""Category → table, and its activities where not all are meant."""

PRODUCTS: Mapping[str, tuple[str, ...]] = {  # whose logs, by the ids of ours
    "windows": ("windows", "ocsf"),
    "linux": ("auditd", "syslog", "sshd", "journald", "ocsf"),
    "zeek": ("zeek",),
    "suricata": ("suricata",),
    "squid": ("squid",),
    "aws": ("cloudtrail", "s3_access", "vpc_flow"),
    "m365": ("microsoft365", "exchange"),
    "azure": ("entra", "azure_storage", "nsg_flow"),
    "gcp": ("gcp_audit", "google_workspace"),
    "google_workspace": ("google_workspace", "gmail"),
    "github": ("github",),
    "fortinet": ("fortinet",),
    "fortigate": ("fortinet",),
    "paloalto": ("paloalto",),
}

SERVICES: Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]] = {
    ("windows", "security"): (
        ("windows",),
        ("authentication", "account_change", "process_activity", "file_activity"),
    ),
    ("windows", "sysmon"): (("windows",), ("process_activity", "network_activity", "dns_activity", "file_activity")),
    ("windows", "powershell"): (("windows",), ("script_activity",)),
    ("linux", "auditd"): (("auditd",), ()),
    ("linux", "sshd"): (("sshd",), ()),
    ("linux", "auth"): (("syslog", "sshd"), ("authentication",)),
    ("zeek", "dns"): (("zeek",), ("dns_activity",)),
    ("zeek", "conn"): (("zeek",), ("network_activity",)),
    ("zeek", "http"): (("zeek",), ("http_activity",)),
    ("zeek", "smb_files"): (("zeek",), ("file_activity",)),
    ("aws", "cloudtrail"): (("cloudtrail",), ()),
    ("azure", "auditlogs"): (("entra",), ("account_change",)),
    ("azure", "signinlogs"): (("entra",), ("authentication",)),
    ("gcp", "gcp.audit"): (("gcp_audit",), ()),
    ("gcp", "google_workspace.admin"): (("google_workspace",), ()),
    ("gcp", "google_workspace.login"): (("google_workspace",), ("authentication",)),
    ("google_workspace", "google_workspace.admin"): (("google_workspace",), ()),
    ("github", "audit"): (("github",), ()),
    ("m365", "audit"): (("microsoft365",), ()),
    ("m365", "exchange"): (("microsoft365", "exchange"), ("account_change", "email_activity")),
}
"""Product and service → our logs, and their tables where not all are meant."""


class NotKeptError(ValueError):
    """A rule asks for what no table of ours keeps; says what."""


@dataclass(frozen=True)
class Place:
    """A table that a rule runs on, and which of its rows."""

    table: str
    activities: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def takes(self, table: ir.Table) -> ir.BooleanValue:
        """Whether a row is of the rule's log source; never null."""
        taken: ir.BooleanValue = ibis.literal(True)
        if self.activities:
            taken &= table.activity.isin(self.activities).fill_null(False)
        if self.products:
            taken &= table["product"].isin(self.products).fill_null(False)
        return taken


def places(category: str | None, product: str | None, service: str | None) -> tuple[Place, ...]:
    """Where a log source's events are. Raises NotKeptError for one that no log we read gives."""
    said = " ".join(f"{key}: {value}" for key, value in (("category", category), ("product", product)) if value)
    said = f"{said} service: {service}".strip() if service else said
    logs, only = _logs(product, service, said)
    titles = tuple(sorted({source.log.title for source in registry.sources().values() if source.log.id in logs}))
    if category:
        if category not in CATEGORIES:
            raise NotKeptError(f"no table for the log source {said}")
        table, activities = CATEGORIES[category]
        return (Place(table, activities, titles),)
    made = dict.fromkeys(source.produces for source in registry.sources().values() if source.log.id in logs)
    found = tuple(Place(table, (), titles) for table in made if not only or table in only)
    if not found:
        raise NotKeptError(f"no table for the log source {said}")
    return found


def _logs(product: str | None, service: str | None, said: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of our logs, all for none named, and the tables meant, all for none."""
    product, service = (product or "").lower(), (service or "").lower()
    if (product, service) in SERVICES:
        return SERVICES[product, service]
    if product and product not in PRODUCTS:
        raise NotKeptError(f"no log of the product {product} is read")
    if service:
        raise NotKeptError(f"no table for the log source {said}")
    return PRODUCTS.get(product, ()), ()
