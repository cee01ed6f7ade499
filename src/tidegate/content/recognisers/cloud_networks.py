"""Networks in clouds, as the providers' command lines list them: AWS and Azure."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata, Table
from tidegate.content.units import Found, recogniser

# What `aws ec2 describe-…` and its relatives return: the name of the list, and a key that its records have.
_AWS = {
    "Vpcs": "CidrBlock",
    "Subnets": "SubnetId",
    "RouteTables": "RouteTableId",
    "SecurityGroups": "IpPermissions",
    "NetworkAcls": "NetworkAclId",
    "NetworkInterfaces": "NetworkInterfaceId",
    "InternetGateways": "InternetGatewayId",
    "NatGateways": "NatGatewayId",
    "TransitGateways": "TransitGatewayId",
    "VpnConnections": "VpnConnectionId",
    "VpnGateways": "VpcAttachments",
    "CustomerGateways": "CustomerGatewayId",
    "VpcPeeringConnections": "VpcPeeringConnectionId",
    "DhcpOptions": "DhcpConfigurations",
    "PrefixLists": "PrefixListId",
    "AvailabilityZones": "ZoneName",
    "Addresses": "AllocationId",
    "Reservations": "Instances",
    "DBInstances": "DBInstanceIdentifier",
    "DomainStatusList": "ElasticsearchVersion",
    "LoadBalancers": "LoadBalancerArn",
    "Tags": "ResourceType",
}
_AZURE = ("microsoft.network/", "microsoft.compute/virtualmachines")
_FIRST = 2  # keys among which the list's name stands: it is the document's only one, but for a token


@recogniser(
    data_class="infrastructure.network",
    source=(
        "AWS CLI reference, ec2 describe-vpcs and its relatives; Azure Resource Manager reference, Microsoft.Network"
    ),
    sees=(Metadata, Table),
    hits=(
        '{"Vpcs": [{"CidrBlock": "10.0.0.0/16", "VpcId": "vpc-925131f4"}]}',
        (
            '{"id": "/subscriptions/0/resourceGroups/g", "name": "n", "type":'
            ' "Microsoft.Network/virtualNetworks", "properties": {}}'
        ),
    ),
    misses=(
        '{"Tags": [{"Key": "colour", "Value": "red"}]}',  # tags of anything
        '{"Records": [{"eventName": "DescribeVpcs", "Vpcs": 3, "CidrBlock": "10.0.0.0/16"}]}',  # a log of such calls
        '{"name": "n", "type": "module"}',
    ),
)
def cloud_networks(part: Metadata | Table) -> Iterator[Found]:
    """By the name of the list and a key of its records; by the type that a resource says it has."""
    if isinstance(part, Metadata):
        keys = part.words("keys") if part.about == "json" else ()
        name = next((key for at, key in enumerate(keys[:_FIRST], 1) if _AWS.get(key, key) in keys[at:]), None)
        if name is not None:
            yield Found(where=name, confidence=0.9, facts={"format": ("AWS",), "what": (name,)})
        return
    if part.where == "$" and "type" in part.header and "id" in part.header:
        kinds = dict.fromkeys(
            cell for cell in part.column(part.header.index("type")) if cell.lower().startswith(_AZURE)
        )
        if kinds:
            yield Found(count=len(part.rows), where="type", facts={"format": ("Azure",), "what": tuple(kinds)[:20]})
