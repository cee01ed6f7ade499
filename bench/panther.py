"""Panther's examples of sharing, forwarding and handing out, each with its expected verdict: what of them is found.

    TIDEGATE_SAMPLES=/path/to/samples python bench/panther.py [RULE…]

Panther keeps events in its own spelling (keys in small letters, Google's parameters as one object). Each is written as
its product writes it, ingested, and looked at alone: no past, nobody else, no context. So an exception that a Panther
rule gets from its own allow list cannot be known here, and such a negative counts as raised.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
from ibis import _
from rich.console import Console
from rich.table import Table

from tidegate.context.endpoints import Rule, resolve
from tidegate.detectors.cloud_tenant_transfer import cloud_tenant_transfer
from tidegate.detectors.mail_forwarding import mail_forwarding
from tidegate.detectors.open_share import open_share
from tidegate.events.schema import CLASSES
from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest

RULES = (
    "AWS.CloudTrail.AMIModifiedForPublicAccess", "AWS.CloudTrail.CodebuildProjectMadePublic",
    "AWS.CloudTrail.ResourceMadePublic", "AWS.CloudTrail.SnapshotMadePublic", "AWS.RDS.InstanceMadePublic",
    "AWS.RDS.PublicRestore", "AWS.RDS.SnapshotShared", "AWS.S3.BucketPolicyModified",
    "AWS.S3.CopyObjectToExternalAccountBucket", "AWS.S3.DeletePublicAccessBlock",
    "Azure.MonitorActivity.Compute.DiskSASURIGenerated", "Azure.MonitorActivity.Storage.SASTokenExternalAccess",
    "Azure.MonitorActivity.StorageAccount.BlobAnonymousAccessEnabled", "Box.Event.Triggered.Externally",
    "Dropbox.External.Share", "GCP.Compute.Snapshot.UnexpectedDomain", "GCP.GCS.IAMChanges", "GCP.GCS.Public",
    "GSuite.CalendarMadePublic", "GSuite.DocOwnershipTransfer", "GSuite.Drive.ExternalFileShare",
    "GSuite.DriveOverlyVisible", "GSuite.DriveVisibilityChanged", "GSuite.ExternalMailForwarding",
    "Github.Public.Repository.Created", "Github.Repo.VisibilityChange", "Microsoft365.Exchange.External.Forwarding",
    "Microsoft365.External.Document.Sharing", "Slack.AuditLogs.PrivateChannelMadePublic",
    "Snowflake.Stream.ExternalShares",
)  # fmt: skip
"""Those of the 112 rules that are about giving others access or copies, by name and technique (T1537, T1567, T1114)."""

DETECTORS = (open_share, cloud_tenant_transfer, mail_forwarding)
TIME = "2026-01-05T09:00:00Z"  # of events without one
SPELLED = (
    "CreationTime", "Id", "ObjectId", "Operation", "Parameters", "RecordType", "ResultStatus", "UserId", "Workload",
    "ClientIP", "MailboxOwnerUPN", "OperationProperties", "SiteUrl", "SourceFileName", "TargetUserOrGroupName",
    "TargetUserOrGroupType",
)  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What Panther expects of an event, and what became of it here: read at all, and found by which detectors."""

    rule: str
    test: str
    expected: bool
    read: bool
    found: tuple[str, ...]


def main() -> None:
    root = Path(os.environ.get("TIDEGATE_SAMPLES") or Path(__file__).parents[2] / "shared" / "data")
    path = root / "logs" / "panther" / "events.jsonl"
    if not path.exists():
        sys.exit(f"no sample {path}: set TIDEGATE_SAMPLES to the folder that holds logs/")
    made = list(verdicts(path, sys.argv[1:] or RULES))
    table = Table(title="Panther's examples")
    for column in ("rule", "positives found", "negatives left alone", "not read"):
        table.add_column(column, justify="left" if column == "rule" else "right")
    groups = defaultdict(list)
    for verdict in made:
        groups[verdict.rule].append(verdict)
    for rule, group in [*sorted(groups.items()), ("all", made)]:
        table.add_row(rule, *_cells(group))
    Console().print(table)
    for v in made:
        if v.read and bool(v.found) != v.expected:
            print(f"{'raised' if v.found else 'missed'}: {v.rule}: {v.test}", *v.found)


def _cells(group: Iterable[Verdict]) -> tuple[str, str, str]:
    tally = counts(group)
    return (
        f"{tally['found']} of {tally['positives']}",
        f"{tally['left alone']} of {tally['negatives']}",
        str(tally["not read"]),
    )


def counts(made: Iterable[Verdict]) -> Counter[str]:
    """Positives and how many were found, negatives and how many were left alone, and events no source reads."""
    tally: Counter[str] = Counter()
    for v in made:
        tally["positives" if v.expected else "negatives"] += 1
        tally["found"] += v.expected and bool(v.found)
        tally["left alone"] += not v.expected and not v.found
        tally["not read"] += not v.read
    return tally


def verdicts(path: Path, rules: Iterable[str] = RULES) -> Iterator[Verdict]:
    """Each example of these rules, looked at by every detector that asks about single acts."""
    chosen = [r for line in path.read_text("utf-8").splitlines() if (r := json.loads(line))["rule_id"] in set(rules)]
    with tempfile.TemporaryDirectory(prefix="tidegate-panther-") as folder:
        files = []
        (Path(folder) / "logs").mkdir()
        for number, record in enumerate(chosen):
            file = Path(folder) / "logs" / f"{number:03}.json"
            file.write_text(json.dumps(written(record["log_type"], record["event"], f"e{number}")) + "\n", "utf-8")
            files.append(file)
        lake = Lake(Path(folder) / "lake")
        ingest([Path(folder) / "logs"], lake)
        con = lake.engine.ibis
        stored = {name: con.create_table(f"all_{name}", lake.table(name), temp=True) for name in CLASSES}
        seen = ibis.union(*(t.select("source_file", given=ibis.literal(n)) for n, t in stored.items()), distinct=True)
        classes = defaultdict(set)
        for row in con.to_pyarrow(seen).to_pylist():
            classes[row["source_file"]].add(row["given"])
        for file, record in zip(files, chosen, strict=True):
            read = classes[str(file)]
            alone = {name: table.filter(_.source_file == str(file)) for name, table in stored.items()}
            found = tuple(_found(con, alone, read))
            yield Verdict(record["rule_id"], record["test_name"], record["expected"], bool(read), found)


def _found(con: ibis.BaseBackend, tables: Mapping[str, ibis.Table], read: Collection[str]) -> Iterator[str]:
    """Detectors with a finding about these events, where what is at the domain of the event's account is its own."""
    given = [tables[name].select("actor", "recipient") for name in read if "recipient" in tables[name].columns]
    rows = con.to_pyarrow(ibis.union(*given)).to_pylist() if given else []
    own = [Rule(domain, "own") for r in rows if (domain := (r["actor"] or "").partition("@")[2])]
    named = {one.strip().lower() for r in rows for one in (r["recipient"] or "").split(";") if one}
    places = ibis.memtable(resolve(sorted(named), own))
    permits = ibis.memtable([], schema={"destination": "string", "holder": "string", "start": "date", "end": "date"})
    known = {**tables, "endpoints": places, "permits": permits}
    for unit in DETECTORS:
        asked = bool(named) and bool(set(unit.reads) & set(read))  # each of them rests on a recipient
        if asked and con.to_pyarrow(unit.run(*(known[name] for name in unit.reads))).num_rows:
            yield unit.id


def written(log_type: str, event: Mapping[str, Any], uid: str) -> dict[str, Any]:
    """The event as its product writes it, under an id of its own: examples share theirs, as repeated records would."""
    if log_type == "GSuite.ActivityEvent":
        return _workspace(event, uid)
    if log_type.startswith("Microsoft365."):
        names = {name.lower(): name for name in SPELLED}
        spelled = {names.get(key.lower(), key): value for key, value in event.items()}
        return {"CreationTime": TIME} | spelled | {"Id": uid}
    if log_type == "Dropbox.TeamEvent":
        return {"timestamp": TIME} | {key: _tagged(value) for key, value in event.items()}
    ids = {"AWS.CloudTrail": "eventID", "Box.Event": "event_id", "GCP.AuditLog": "insertId", "Slack.AuditLogs": "id"}
    own = {ids[log_type]: uid} if log_type in ids else {}
    timed = {"created_at": TIME} if log_type == "Box.Event" else {}
    return timed | {key: value for key, value in event.items() if not key.startswith("p_")} | own


def _workspace(event: Mapping[str, Any], uid: str) -> dict[str, Any]:
    """One activity of the Reports API, its parameters as a list of names and values."""
    kinds = {bool: "boolValue", list: "multiValue", int: "intValue"}
    parameters = [
        {"name": name, kinds.get(type(value), "value"): value}
        for name, value in event.get("parameters", {}).items()
        if value is not None
    ]
    done = {"type": event.get("type"), "name": event.get("name"), "parameters": parameters}
    id_ = {"time": TIME} | event["id"] | {"uniqueQualifier": uid}
    return {"kind": "admin#reports#activity", "id": id_, "actor": event["actor"], "events": [done]} | {
        "ipAddress": event.get("ipAddress", "192.0.2.1")
    }


def _tagged(value: Any) -> Any:
    """Dropbox's `.tag`, which Panther writes `_tag`."""
    if isinstance(value, dict):
        return {".tag" if key == "_tag" else key: _tagged(one) for key, one in value.items()}
    return [_tagged(one) for one in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
