"""Whom a CloudTrail call opens something to, and who made it: each with the call that looks like it and is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.sources.reading import read

OWN, OTHER = "111122223333", "999988887777"
OWNER, STRANGER = "a" * 64, "b" * 64  # canonical users of S3


def statement(**members: Any) -> dict[str, Any]:
    return {"bucketPolicy": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", **members}]}}


def document(**members: Any) -> str:
    """A policy as a text, on several lines."""
    return json.dumps(statement(**members)["bucketPolicy"], indent=1)


def two(first: dict[str, Any], second: dict[str, Any]) -> str:
    """A policy of two statements for everybody."""
    both = [statement(**{"Principal": "*"} | one)["bucketPolicy"]["Statement"][0] for one in (first, second)]
    return json.dumps({"Version": "2012-10-17", "Statement": both})


def grant(*ids: str) -> dict[str, Any]:
    grants = [{"Grantee": {"ID": one}, "Permission": "READ"} for one in ids]
    return {"AccessControlPolicy": {"Owner": {"ID": OWNER}, "AccessControlList": {"Grant": grants}}}


def volume(change: str, **who: str) -> dict[str, Any]:
    return {"createVolumePermission": {change: {"items": [who]}}}


LIMITS = {"ForAnyValue:StringLike": {"aws:PrincipalArn": ["a*"]}, "StringEquals": {"aws:PrincipalOrgID": "o-1"}}
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
    # A policy as a text, as KMS and ECR log it, and within the attributes of a queue.
    ("PutKeyPolicy", {"policy": document(Principal="*")}, "anyone"),
    ("PutKeyPolicy", {"policy": document(Principal={"AWS": f"arn:aws:iam::{OWN}:root"})}, None),
    ("PutKeyPolicy", {"policy": document(Principal={"AWS": [f"arn:aws:iam::{OTHER}:role/x"]})}, OTHER),
    ("CreateKey", {"policy": document(Principal="*", Condition={"StringEquals": {"kms:CallerAccount": OWN}})}, None),
    ("SetRepositoryPolicy", {"policyText": document(Principal={"AWS": "*"}, Sid="All { of } it")}, "anyone"),
    ("SetQueueAttributes", {"attributes": {"Policy": document(Principal="*")}}, "anyone"),
    ("SetQueueAttributes", {"attributes": {"Policy": ""}}, None),
    ("SetTopicAttributes", {"attributeName": "Policy", "attributeValue": document(Principal="*")}, "anyone"),
    ("SetTopicAttributes", {"attributeName": "DisplayName", "attributeValue": "*"}, None),
    ("PutResourcePolicy", {"resourcePolicy": document(Principal="*", Condition=LIMITS)}, None),
    # Of two statements one is limited and the other is not, whatever their order.
    ("PutResourcePolicy", {"resourcePolicy": two({"Condition": LIMITS}, {})}, "anyone"),
    ("PutResourcePolicy", {"resourcePolicy": two({}, {"Condition": LIMITS})}, "anyone"),
    ("PutResourcePolicy", {"resourcePolicy": two({"Effect": "Deny"}, {"Condition": LIMITS})}, None),
    ("CreateDomain", {"accessPolicies": document(Principal="*")}, "anyone"),
    # The same, where one has to be in the organisation's own network first.
    ("CreateDomain", {"accessPolicies": document(Principal="*"), "vPCOptions": {"subnetIds": ["subnet-1"]}}, None),
    ("UpdateProjectVisibility", {"projectVisibility": "PUBLIC_READ"}, "anyone"),
    ("UpdateProjectVisibility", {"projectVisibility": "PRIVATE"}, None),
    ("DisableSnapshotBlockPublicAccess", {}, "anyone"),
    ("CreateGroup", {"principal": OTHER}, None),  # no sharing operation, whatever its parameters are called
]


def call(name: str, request: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    return {
        "eventTime": "2025-11-20T10:00:00Z",
        "eventSource": "s3.amazonaws.com" if name.endswith("PublicAccessBlock") else "x.amazonaws.com",
        "eventName": name,
        "recipientAccountId": OWN,
        "requestParameters": request,
    } | members


def test_recipients(tmp_path: Path) -> None:
    rows = read("cloudtrail", "api_activity", (call(name, request) for name, request, _ in OPENS), tmp_path)
    assert [(row["operation"], row["recipient"]) for row in rows] == [(name, to) for name, _, to in OPENS]


def test_a_database_put_on_the_internet(tmp_path: Path) -> None:
    public, private = {"publiclyAccessible": True}, {"publiclyAccessible": False}
    calls = [
        ("ModifyDBInstance", public, None, "anyone"),
        ("ModifyDBInstance", {}, public, None),  # something else was changed of one that is public already
        ("ModifyDBInstance", private, None, None),
        ("RestoreDBInstanceFromDBSnapshot", {}, public, "anyone"),  # where its network makes it so
        ("RestoreDBInstanceFromDBSnapshot", {}, private, None),
        ("CreateDBInstance", public, public, None),  # holds nothing yet
    ]
    source = {"eventSource": "rds.amazonaws.com"}
    records = (call(name, asked, responseElements=answer, **source) for name, asked, answer, _ in calls)
    rows = read("cloudtrail", "api_activity", records, tmp_path)
    assert [row["recipient"] for row in rows] == [to for *_, to in calls]


def test_an_object_copied_into_another_accounts_bucket_is_given_to_it(tmp_path: Path) -> None:
    def copied(into: str) -> dict[str, Any]:
        owners = [("own", OWN), ("theirs", OTHER)]
        listed = [{"ARN": f"arn:aws:s3:::{bucket}", "accountId": owner} for bucket, owner in owners]
        request = {"bucketName": into, "key": "k.csv"}
        return call("CopyObject", request, eventSource="s3.amazonaws.com", resources=listed)

    records = [copied("theirs"), copied("own")]  # the second fetches one from there
    (given,) = read("cloudtrail", "api_activity", records, tmp_path)
    assert (given["recipient"], given["visibility"]) == (OTHER, "shared")
    (tmp_path / "again").mkdir()
    (fetched,) = read("cloudtrail", "web_resources", records, tmp_path / "again")
    assert fetched["resource"] == "own"


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
