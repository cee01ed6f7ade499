"""Whom a CloudTrail call opens something to, and who made it: each with the call that looks like it and is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.sources.reading import read

OWN, OTHER = "111122223333", "999988887777"
OWNER, STRANGER = "a" * 64, "b" * 64  # canonical users of S3


def statement(**members: Any) -> dict[str, Any]:
    return {"bucketPolicy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", **members}]}}


def grant(*ids: str) -> dict[str, Any]:
    grants = [{"Grantee": {"ID": one}, "Permission": "READ"} for one in ids]
    return {"AccessControlPolicy": {"Owner": {"ID": OWNER}, "AccessControlList": {"Grant": grants}}}


def volume(change: str, **who: str) -> dict[str, Any]:
    return {"createVolumePermission": {change: {"items": [who]}}}


OPENS: list[tuple[str, dict[str, Any], str | None]] = [
    ("ModifySnapshotAttribute", volume("add", userId=OTHER), OTHER),
    ("ModifySnapshotAttribute", volume("add", userId=OWN), None),  # the account itself
    (
        "ModifySnapshotAttribute",
        volume("remove", userId=OTHER),
        None,
    ),  # taken back
    ("ModifyImageAttribute", {"launchPermission": {"add": {"items": [{"group": "all"}]}}}, "anyone"),
    ("ModifyImageAttribute", {"launchPermission": {"add": {"organizationArn": "arn:aws:organizations::1:o"}}}, None),
    ("ModifyDBSnapshotAttribute", {"valuesToAdd": [OTHER, "all"]}, f"{OTHER};anyone"),
    ("ModifyDBSnapshotAttribute", {"valuesToAdd": []}, None),
    ("PutBucketPolicy", statement(Principal={"AWS": "*"}), "anyone"),
    ("PutBucketPolicy", statement(Principal={"AWS": f"arn:aws:iam::{OTHER}:root"}), OTHER),
    # The usual hardening: nobody at all without TLS. Its resource and its action are `*` as well.
    ("PutBucketPolicy", statement(Principal="*", Effect="Deny"), None),
    # Everybody, as long as they are of the organisation.
    ("PutBucketPolicy", statement(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), None),
    # A condition that limits nobody.
    ("PutBucketPolicy", statement(Principal="*", Condition={"Bool": {"aws:SecureTransport": "true"}}), "anyone"),
    ("PutBucketPolicy", statement(Principal={"Service": "cloudtrail.amazonaws.com"}), None),  # AWS's own service
    ("PutBucketPolicy", {"bucketPolicy": "no policy"}, None),
    ("PutBucketAcl", {"x-amz-acl": ["public-read"]}, "anyone"),
    ("PutBucketAcl", {"x-amz-acl": ["private"]}, None),
    ("PutObjectAcl", grant(OWNER, STRANGER), STRANGER),
    ("PutObjectAcl", grant(OWNER), None),  # the owner is always named in an access-control list
    ("DeleteBucketPublicAccessBlock", {"bucketName": "b"}, "anyone"),
    ("PutBucketPublicAccessBlock", {"PublicAccessBlockConfiguration": {"BlockPublicPolicy": False}}, "anyone"),
    ("PutBucketPublicAccessBlock", {"PublicAccessBlockConfiguration": {"BlockPublicPolicy": True}}, None),
    ("AddPermission20150331v2", {"principal": "*"}, "anyone"),
    ("AddPermission20150331v2", {"principal": "s3.amazonaws.com"}, None),  # a trigger
    ("CreateGroup", {"principal": OTHER}, None),  # no sharing operation, whatever its parameters are called
]


def call(name: str, request: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    return {
        "eventTime": "2025-11-20T10:00:00Z",
        "eventSource": "x.amazonaws.com",
        "eventName": name,
        "recipientAccountId": OWN,
        "requestParameters": request,
    } | members


def test_recipients(tmp_path: Path) -> None:
    rows = read("cloudtrail", "api_activity", (call(name, request) for name, request, _ in OPENS), tmp_path)
    assert [(row["operation"], row["recipient"]) for row in rows] == [(name, to) for name, _, to in OPENS]


def assumed(session: str) -> dict[str, str]:
    return {"type": "AssumedRole", "arn": f"arn:aws:sts::{OWN}:assumed-role/Survey-Web/{session}"}


ACTORS: list[tuple[dict[str, str], str]] = [
    ({"type": "IAMUser", "userName": "Ann"}, "ann"),
    ({"type": "IAMUser", "arn": f"arn:aws:iam::{OWN}:user/field/Ann"}, "ann"),
    ({"type": "Root", "userName": "reserve"}, "root"),  # here the account's alias stands as the name
    (assumed("Ann.Reed@reserve.example"), "ann.reed@reserve.example"),
    (assumed("i-0317f6c6b66ae9c40"), "survey-web"),  # instances come and go: the role is who acts
    (assumed("botocore-session-1700000000"), "survey-web"),
    ({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, "ec2.amazonaws.com"),
]


def test_actors(tmp_path: Path) -> None:
    rows = read("cloudtrail", "api_activity", (call("X", userIdentity=who) for who, _ in ACTORS), tmp_path)
    assert [row["actor"] for row in rows] == [name for _, name in ACTORS]


def test_only_calls_on_objects_carry_bytes(tmp_path: Path) -> None:
    s3: dict[str, Any] = {"eventSource": "s3.amazonaws.com", "additionalEventData": {"bytesTransferredOut": 9.0}}
    named = ("GetObject", "UploadPart", "CreateMultipartUpload", "ListObjectsV2")
    near = ("GetObjectAcl", "GetBucketObjectLockConfiguration", "ListBuckets")  # about objects, not of them
    rows = read("cloudtrail", "web_resources", (call(name, **s3) for name in named + near), tmp_path)
    assert [(row["operation"], row["bytes_out"]) for row in rows] == [(name, 9) for name in named]


def test_looking_at_what_guards_a_bucket_is_no_change(tmp_path: Path) -> None:
    calls = {"GetBucketPublicAccessBlock": "Read", "PutBucketPublicAccessBlock": "Update"}
    rows = read("cloudtrail", "api_activity", (call(name) for name in calls), tmp_path)
    assert {row["operation"]: row["activity"] for row in rows} == calls
