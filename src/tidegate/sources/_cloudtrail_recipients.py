"""Whom a CloudTrail call opens something to, read from its request parameters.

Snapshots, images, buckets, keys, functions and queues each spell it their own way: a list of account numbers, a group
`all`, an access-control list, a policy (`_cloudtrail_policies`). Each is cut at its quotation marks into words, of
which the account numbers, principals and public groups remain; the trail's own account is no outsider.
"""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._cloudtrail_policies import principals

_NAMED = ("valuesToAdd", "accountIdsToAdd", "principal", "principals", "aWSAccountId", "aWSAccountIds", "accountIds")
_DOCUMENTS = ("AccessControlPolicy", "ReplicationConfiguration", "PublicAccessBlockConfiguration")
_POLICIES = ("bucketPolicy", "policy", "policyText", "resourcePolicy", "attributeValue")
_RESOURCES = (
    "bucketName", "snapshotId", "imageId", "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier", "functionName",
    "topicArn", "queueUrl", "keyId", "secretId", "repositoryName", "projectArn", "dBInstanceIdentifier",
    "dBClusterIdentifier", "domainName", "name", "roleName", "userName", "groupName", "instanceId",
)  # fmt: skip

_MORE = ("key", "prefix", "roleArn", "projectVisibility", "publiclyAccessible", "vPCOptions", "accessPolicies")
_OTHERS = dict.fromkeys((*_NAMED, *_DOCUMENTS, *_POLICIES, *_RESOURCES, *_MORE), "string")
REQUEST = (
    "struct<createVolumePermission: struct<add: string>, launchPermission: struct<add: string>,"
    " attributes: struct<Policy: string>, " + ", ".join(f"{name}: {type_}" for name, type_ in _OTHERS.items()) + ">"
)
"""Type of `requestParameters`: what the sources of this log read of it. A text holds JSON where the call nests."""

SHARING = (
    r"^Modify\w*(Snapshot|Image)Attribute|^Put(Bucket|Object)(Policy|Acl|Replication)|PublicAccessBlock$"
    r"|^Add(LayerVersion)?Permission|^(Create|Associate)ResourceShare|^ModifyDocumentPermission"
    r"|^(Put|Set)(Key|Resource|Repository|Registry|FileSystem|BackupVaultAccess)Policy$|^(Set|Create)(Queue|Topic)"
    r"|^(Create|Update)(Elasticsearch)?Domain(Config)?$|^CreateKey$|^UpdateProjectVisibility$"
    r"|^Disable(Image|Snapshot)BlockPublicAccess$|^CopyObject$"
    r"|^(Modify|Restore)DB(Instance|Cluster)"
)
PUBLIC_ACL = r'"x-amz-acl": ?\[?"(public-read|authenticated-read)|acs\.amazonaws\.com/groups/global/A\w+Users'
WORD = r"^(\*|all|\d{12}|[0-9a-f]{64}|arn:aws[\w-]*:(iam|sts)::\d{12}:.*|arn:aws[\w-]*:s3:::.*)$"


def own_account(raw: ir.Table) -> ir.StringValue:
    """The account whose trail this is."""
    return ibis.coalesce(raw.recipientAccountId, raw.userIdentity["accountId"])


def resource(raw: ir.Table) -> ir.StringValue:
    """What was acted on: the resource's ARN where the record lists it, else its name in the request."""
    request = raw.requestParameters
    within = f.text(request["bucketName"] + "/" + request["key"])
    return ibis.coalesce(raw.resources[0]["ARN"], within, *(f.text(request[name]) for name in _RESOURCES))


def recipients(raw: ir.Table) -> ir.StringValue:
    """Accounts, principals, buckets or `anyone`, joined by `;`; null where the call opens nothing to outsiders."""
    request = raw.requestParameters
    policies = (request["attributes"]["Policy"], _reachable(request), *(request[name] for name in _POLICIES))
    texts = (
        request["createVolumePermission"]["add"],
        request["launchPermission"]["add"],
        *(principals(policy) for policy in policies),
        copied_to(raw),
        *(request[name] for name in (*_NAMED, *_DOCUMENTS)),
        ibis.ifelse(raw.record.re_search(PUBLIC_ACL) | opened(raw), "*", ""),
    )
    own = ibis.coalesce(own_account(raw), "")
    owner = request["AccessControlPolicy"].re_extract(r'"Owner":[^}]*"ID": ?"(\w+)"', 1).fill_null("")
    words = reduce(lambda a, b: a + '"' + b, (text.fill_null("") for text in texts)).split('"')
    found = words.filter(lambda word: word.re_search(WORD) & (word != owner)).map(_name).filter(lambda it: it != own)
    return f.joined(found)


def opens(raw: ir.Table) -> ir.BooleanValue:
    """Holds for calls that can open something to outsiders."""
    return raw.eventName.re_search(SHARING)


def copied_to(raw: ir.Table) -> ir.StringValue:
    """The account whose bucket an object was copied into, where it is another one; empty for every other call."""
    ending = ":::" + raw.requestParameters["bucketName"]
    bucket = raw.resources.filter(lambda one: one["accountId"].notnull() & one["ARN"].endswith(ending))
    owner = bucket[0]["accountId"].fill_null("")
    return ibis.ifelse((raw.eventName == "CopyObject") & (owner != own_account(raw)), owner, "")


def _reachable(request: ir.StructValue) -> ir.StringValue:
    """The policy of a search domain, unless it is in a network of one's own, which everybody would have to reach."""
    return ibis.ifelse(request["vPCOptions"].fill_null("").contains("subnet"), None, request["accessPolicies"])


def unblocked(raw: ir.Table) -> ir.BooleanValue:
    """Holds where the guard against public access was taken away or switched off in part."""
    off = raw.requestParameters["PublicAccessBlockConfiguration"].fill_null("").contains("false")
    bucket = (raw.eventSource == "s3.amazonaws.com") & raw.eventName.endswith("PublicAccessBlock")
    gone = raw.eventName.startswith("Delete") | off
    return (bucket & gone) | raw.eventName.re_search("^Disable(Image|Snapshot)BlockPublicAccess$")


def opened(raw: ir.Table) -> ir.BooleanValue:
    """Holds where everybody was let in by a switch: guards, a project's visibility, a database put on the internet.

    Of databases those that hold data: one that is changed or restored, not one that is made.
    """
    request, answer = raw.requestParameters, raw.responseElements
    database = (raw.eventSource == "rds.amazonaws.com") & raw.eventName.re_search("^(Modify|Restore)DB")
    restored = raw.eventName.startswith("Restore") & (answer["publiclyAccessible"] == "true")
    public = (request["publiclyAccessible"] == "true") | restored.fill_null(False)
    shown = (request["projectVisibility"] == "PUBLIC_READ").fill_null(False)
    return unblocked(raw) | shown | (database & public).fill_null(False)


def visibility(raw: ir.Table, recipient: ir.StringValue) -> ir.StringValue:
    """`unblocked` (the guard against public access is gone), `public`, or `shared` with the recipients."""
    return ibis.cases(
        (recipient.isnull(), ibis.null("string")),
        (unblocked(raw), "unblocked"),
        (recipient.contains("anyone"), "public"),
        else_="shared",
    )


def _name(word: ir.StringValue) -> ir.StringValue:
    """`anyone`, an account number, or the canonical user or bucket itself."""
    return ibis.cases(
        (word.isin(("*", "all")), "anyone"),
        (word.re_search(r"^arn:aws[\w-]*:(iam|sts)::"), word.re_extract(r"::(\d{12}):", 1)),
        else_=word,
    )
