"""Whom a CloudTrail call opens something to, read from its request parameters.

Snapshots, images, buckets, keys, functions and queues each spell it their own way: a list of account numbers, a group
`all`, an access-control list, a policy. Each is cut at its quotation marks into words, of which the account numbers,
principals and public groups remain; the trail's own account is no outsider.
"""

from __future__ import annotations

from functools import reduce

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f

_NAMED = ("valuesToAdd", "accountIdsToAdd", "principal", "principals", "aWSAccountId", "aWSAccountIds", "accountIds")
_DOCUMENTS = ("AccessControlPolicy", "ReplicationConfiguration", "PublicAccessBlockConfiguration")
_RESOURCES = (
    "bucketName", "snapshotId", "imageId", "dBSnapshotIdentifier", "dBClusterSnapshotIdentifier", "functionName",
    "topicArn", "queueUrl", "keyId", "secretId", "name", "roleName", "userName", "groupName", "instanceId",
)  # fmt: skip

_OTHERS = dict.fromkeys((*_NAMED, *_DOCUMENTS, *_RESOURCES, "key", "prefix", "roleArn"), "string")
REQUEST = (
    "struct<createVolumePermission: struct<add: string>, launchPermission: struct<add: string>,"
    " bucketPolicy: struct<Statement: array<struct<Effect: string, Principal: string, Condition: string>>>, "
    + ", ".join(f"{name}: {type_}" for name, type_ in _OTHERS.items())
    + ">"
)
"""Type of `requestParameters`: what the sources of this log read of it. A text holds JSON where the call nests."""

SHARING = (
    r"^Modify\w*(Snapshot|Image)Attribute|^Put(Bucket|Object)(Policy|Acl|Replication)|PublicAccessBlock$"
    r"|^Add(LayerVersion)?Permission|^(Create|Associate)ResourceShare|^ModifyDocumentPermission"
)
PUBLIC_ACL = r'"x-amz-acl": ?\[?"(public-read|authenticated-read)|acs\.amazonaws\.com/groups/global/A\w+Users'
WORD = r"^(\*|all|\d{12}|[0-9a-f]{64}|arn:aws[\w-]*:(iam|sts)::\d{12}:.*|arn:aws[\w-]*:s3:::.*)$"
# Conditions that keep a statement for everybody (`"*"`) within the organisation, its network or its own services.
LIMITED = r"aws:(PrincipalOrg|PrincipalAccount|PrincipalArn|Source(Account|Arn|Ip|Org|Vpc))"


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
    statements = request["bucketPolicy"]["Statement"].filter(
        lambda one: (one["Effect"] == "Allow") & ~one["Condition"].fill_null("").re_search(LIMITED)
    )
    texts = (
        request["createVolumePermission"]["add"],
        request["launchPermission"]["add"],
        statements.map(lambda one: one["Principal"]).join('"'),
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


def opened(raw: ir.Table) -> ir.BooleanValue:
    """Holds where the guard against public access was taken away or switched off in part."""
    off = raw.requestParameters["PublicAccessBlockConfiguration"].fill_null("").contains("false")
    return raw.eventName.endswith("PublicAccessBlock") & (raw.eventName.startswith("Delete") | off)


def visibility(raw: ir.Table, recipient: ir.StringValue) -> ir.StringValue:
    """`unblocked` (the guard against public access is gone), `public`, or `shared` with the recipients."""
    return ibis.cases(
        (recipient.isnull(), ibis.null("string")),
        (raw.eventName.endswith("PublicAccessBlock"), "unblocked"),
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
