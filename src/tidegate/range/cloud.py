"""Calls to the agency's cloud account, by who makes them; names and members are those of CloudTrail.

The account numbers are those that the provider's documentation keeps for examples: nobody's.
"""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from tidegate.range.tables import CALL, rows
from tidegate.range.world import World

ACCOUNT = "111122223333"
SECOND_ACCOUNT = "444455556666"
VENDOR_ACCOUNT = "777788889999"
OUTSIDERS = ("123456789012", "999999999999", "555555555555")
CONSOLE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36"
COMMAND_LINE = "aws-cli/2.17.20 md/awscrt#0.20.11 ua/2.0 os/windows#10 md/arch#amd64"
PROGRAM = "Boto3/1.34.144 md/Botocore#1.34.144 ua/2.0 os/linux#6.1 md/arch#x86_64 lang/python#3.12"


def person(world: World, number: int) -> str:
    """The identity of somebody signed in with their own name, as JSON."""
    name = world.organisation.people.user[number]
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/Engineer/{name}"
    return _identity(type="AssumedRole", principalId=f"AROAENGINEER:{name}", arn=arn, accountId=ACCOUNT)


def machine(role: str) -> str:
    """The identity of a program that runs under a role."""
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/i-0f{sum(role.encode()):010x}"
    return _identity(type="AssumedRole", principalId=f"AROA{role.upper()}", arn=arn, accountId=ACCOUNT)


def call(
    event: Any, source: Any, count: int, *, request: dict[str, Any] | pa.Array | None = None, **columns: Any
) -> pa.Table:
    """So many calls. request: its parameters; read_only by the call's name unless it is given."""
    written = _text(request) if isinstance(request, dict) else request
    if isinstance(event, str):
        columns.setdefault("read_only", event.startswith(("Describe", "Get", "List", "Head")))
    return rows(CALL, count, event=event, source=source, request=written, **columns)


def shared(kind: str, name: str, account: str, **columns: Any) -> pa.Table:
    """The call that opens an image, a disk's snapshot, a database's snapshot or a bucket to another account."""
    add = {"add": {"items": [{"userId": account}]}}
    statement = {
        "Sid": "exchange",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    event, source, request = {
        "image": (
            "ModifyImageAttribute",
            "ec2",
            {"imageId": name, "launchPermission": add, "attributeType": "launchPermission"},
        ),
        "snapshot": (
            "ModifySnapshotAttribute",
            "ec2",
            {"snapshotId": name, "createVolumePermission": add, "attributeType": "CREATE_VOLUME_PERMISSION"},
        ),
        "database": (
            "ModifyDBSnapshotAttribute",
            "rds",
            {"dBSnapshotIdentifier": name, "attributeName": "restore", "valuesToAdd": [account]},
        ),
        "bucket": ("PutBucketPolicy", "s3", {"bucketName": name, "bucketPolicy": policy, "policy": ""}),
    }[kind]
    return call(event, source, 1, request=request, **columns)


def _identity(**members: str) -> str:
    return _text(members)


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, separators=(",", ":"))
