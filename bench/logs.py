"""Logs for the benchmarks: SQL that makes as many records as wanted, each product's kinds mixed as in real ones."""

from __future__ import annotations

from pathlib import Path

import duckdb

ZEEK = """
SELECT 1.7e9 + i * 0.0864 AS ts, 'C' || substr(md5(i::VARCHAR), 1, 17) AS uid,
    '10.0.' || (i % 200) || '.' || (i % 250) AS "id.orig_h", 30000 + i % 30000 AS "id.orig_p",
    '93.184.' || (i % 256) || '.' || (i * 7 % 256) AS "id.resp_h", 443 AS "id.resp_p",
    'tcp' AS proto, 'ssl' AS service, random() * 100 AS duration,
    (random() * 1e5)::BIGINT AS orig_bytes, (random() * 1e6)::BIGINT AS resp_bytes,
    'SF' AS conn_state, true AS local_orig, false AS local_resp, 0 AS missed_bytes, 'ShADadFf' AS history,
    (random() * 100)::INT AS orig_pkts, (random() * 1e5)::INT AS orig_ip_bytes,
    (random() * 100)::INT AS resp_pkts, (random() * 1e5)::INT AS resp_ip_bytes,
    'extra' || md5(i::VARCHAR) AS community_id
FROM range({records}) AS t(i)
"""

# Eleven in twenty are flows; each kind with the members that Suricata 7 gives it.
SURICATA = """
SELECT json_merge_patch(
    json_object('timestamp', strftime(make_timestamp(1700000000000000 + i * 86400), '%Y-%m-%dT%H:%M:%S.%f') || '+0000',
        'flow_id', 1000000000000000 + i, 'in_iface', 'eth0', 'src_ip', '10.0.' || (i % 200) || '.' || (i % 250),
        'src_port', 30000 + i % 30000, 'dest_ip', '93.184.' || (i % 256) || '.' || (i * 7 % 256), 'proto', 'TCP'),
    CASE WHEN i % 20 < 11 THEN json_object('event_type', 'flow', 'dest_port', 443, 'app_proto', 'tls', 'flow',
        json_object('pkts_toserver', i % 100, 'pkts_toclient', i % 170, 'bytes_toserver', i * 31 % 100000,
            'bytes_toclient', i * 17 % 1000000, 'start', '2023-11-14T22:13:20.000000+0000', 'end',
            '2023-11-14T22:13:29.000000+0000', 'age', 9, 'state', 'closed', 'reason', 'timeout', 'alerted', false))
    WHEN i % 20 < 15 THEN json_object('event_type', 'dns', 'dest_port', 53, 'dns', json_object('type', 'query',
        'id', i % 65536, 'rrname', 'host' || (i % 5000) || '.example.org', 'rrtype', 'A', 'tx_id', 0, 'opcode', 0))
    WHEN i % 20 < 17 THEN json_object('event_type', 'http', 'dest_port', 80, 'tx_id', 0, 'http', json_object(
        'hostname', 'www' || (i % 300) || '.example.org', 'url', '/path/' || md5(i::VARCHAR), 'http_user_agent',
        'Mozilla/5.0 (X11; Linux x86_64)', 'http_content_type', 'text/html', 'http_method', 'GET', 'protocol',
        'HTTP/1.1', 'status', 200, 'length', i % 40000))
    WHEN i % 20 < 19 THEN json_object('event_type', 'tls', 'dest_port', 443, 'tls', json_object('subject',
        'CN=*.example.org', 'issuerdn', 'C=US, O=Example CA', 'serial', '0A:' || (i % 90), 'fingerprint',
        md5(i::VARCHAR), 'sni', 'www' || (i % 300) || '.example.org', 'version', 'TLS 1.3', 'notbefore',
        '2023-01-01T00:00:00', 'notafter', '2024-01-01T00:00:00'))
    ELSE json_object('event_type', 'fileinfo', 'dest_port', 80, 'http', json_object('hostname', 'www.example.org',
        'url', '/f/' || i, 'http_method', 'GET', 'status', 200, 'length', i % 40000), 'app_proto', 'http', 'fileinfo',
        json_object('filename', '/f/' || i || '.pdf', 'magic', 'PDF document', 'gaps', false, 'state', 'CLOSED',
            'stored', false, 'size', i % 40000, 'tx_id', 0)) END)
FROM range({records}) AS t(i)
"""

CLOUDTRAIL = """
SELECT json_merge_patch(
    json_object('eventVersion', '1.08', 'userIdentity', json_object('type', 'AssumedRole', 'principalId',
        'AROAEXAMPLE' || (i % 90) || ':person' || (i % 400), 'arn', 'arn:aws:sts::111122223333:assumed-role/analyst/person'
        || (i % 400), 'accountId', '111122223333', 'accessKeyId', 'ASIAEXAMPLE' || (i % 900), 'sessionContext',
        json_object('sessionIssuer', json_object('type', 'Role', 'arn', 'arn:aws:iam::111122223333:role/analyst',
            'accountId', '111122223333', 'userName', 'analyst'), 'attributes', json_object('creationDate',
            '2023-11-14T22:13:20Z', 'mfaAuthenticated', 'true'))),
        'eventTime', strftime(make_timestamp(1700000000000000 + i * 86400), '%Y-%m-%dT%H:%M:%SZ'), 'awsRegion',
        'eu-central-1', 'sourceIPAddress', '198.51.100.' || (i % 250), 'userAgent',
        '[aws-cli/2.13.5 Python/3.11.4 Linux/6.1 exe/x86_64.debian.12 prompt/off]', 'requestID', md5('r' || i), 'eventID',
        uuid()::VARCHAR, 'eventType', 'AwsApiCall', 'managementEvent', i % 20 >= 12, 'recipientAccountId', '111122223333',
        'eventCategory', CASE WHEN i % 20 < 12 THEN 'Data' ELSE 'Management' END, 'tlsDetails', json_object('tlsVersion',
        'TLSv1.3', 'cipherSuite', 'TLS_AES_128_GCM_SHA256', 'clientProvidedHostHeader', 's3.amazonaws.com')),
    CASE WHEN i % 20 < 12 THEN json_object('eventSource', 's3.amazonaws.com', 'eventName',
        CASE WHEN i % 20 < 10 THEN 'GetObject' ELSE 'PutObject' END, 'readOnly', i % 20 < 10, 'requestParameters',
        json_object('bucketName', 'field-data', 'Host', 'field-data.s3.amazonaws.com', 'key', 'surveys/' || i || '.tif'),
        'additionalEventData', json_object('SignatureVersion', 'SigV4', 'CipherSuite', 'TLS_AES_128_GCM_SHA256',
        'bytesTransferredIn', 0, 'bytesTransferredOut', i * 31 % 1000000, 'AuthenticationMethod', 'AuthHeader', 'x-amz-id-2',
        md5('z' || i)), 'resources', json_array(json_object('type', 'AWS::S3::Object', 'ARN',
        'arn:aws:s3:::field-data/surveys/' || i || '.tif'), json_object('accountId', '111122223333', 'type',
        'AWS::S3::Bucket', 'ARN', 'arn:aws:s3:::field-data')))
    WHEN i % 20 < 15 THEN json_object('eventSource', 'sts.amazonaws.com', 'eventName', 'AssumeRole', 'readOnly', true,
        'requestParameters', json_object('roleArn', 'arn:aws:iam::111122223333:role/analyst', 'roleSessionName',
        'person' || (i % 400), 'durationSeconds', 3600), 'responseElements', json_object('credentials', json_object(
        'accessKeyId', 'ASIAEXAMPLE', 'expiration', 'Nov 14, 2023, 11:13:20 PM')))
    WHEN i % 500 = 19 THEN json_object('eventSource', 'ec2.amazonaws.com', 'eventName', 'ModifySnapshotAttribute', 'readOnly',
        false, 'requestParameters', json_object('snapshotId', 'snap-' || i, 'createVolumePermission', json_object('add',
        json_object('items', json_array(json_object('userId', '444455556666')))), 'attributeType',
        'CREATE_VOLUME_PERMISSION'), 'responseElements', json_object('requestId', md5(i::VARCHAR), '_return', true))
    ELSE json_object('eventSource', 'ec2.amazonaws.com', 'eventName', 'DescribeInstances', 'readOnly', true,
        'requestParameters', json_object('instancesSet', json_object(), 'filterSet', json_object('items', json_array(
        json_object('name', 'instance-state-name', 'valueSet', json_object('items', json_array(json_object('value',
        'running')))))))) END)
FROM range({records}) AS t(i)
"""

MICROSOFT365 = """
SELECT json_merge_patch(
    json_object('CreationTime', strftime(make_timestamp(1700000000000000 + i * 86400), '%Y-%m-%dT%H:%M:%S'), 'Id',
        uuid()::VARCHAR, 'OrganizationId', 'aaaaaaaa-0000-4000-8000-000000000000', 'UserKey', '1003200' || (i % 400),
        'UserType', 0, 'Version', 1, 'ClientIP', '198.51.100.' || (i % 250), 'UserId', 'person' || (i % 400) ||
        '@reserve.example', 'ResultStatus', 'Succeeded'),
    CASE WHEN i % 20 < 13 THEN json_object('Operation', CASE WHEN i % 20 < 10 THEN 'FileAccessed' ELSE 'FileDownloaded'
        END, 'RecordType', 6, 'Workload', 'SharePoint', 'ObjectId',
        'https://reserve.sharepoint.example/sites/survey/Documents/2023/f' || i || '.xlsx', 'EventSource', 'SharePoint',
        'ItemType', 'File', 'ListId', md5('l' || (i % 30)), 'ListItemUniqueId', md5('i' || i), 'Site', md5('s' || (i % 30)),
        'UserAgent', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'WebId', md5('w' || (i % 30)), 'FileSizeBytes',
        i * 31 % 1000000, 'SourceFileExtension', 'xlsx', 'SiteUrl', 'https://reserve.sharepoint.example/sites/survey/',
        'SourceFileName', 'f' || i || '.xlsx', 'SourceRelativeUrl', 'Documents/2023', 'CorrelationId', md5('c' || i))
    WHEN i % 20 < 16 THEN json_object('Operation', 'MailItemsAccessed', 'RecordType', 50, 'Workload', 'Exchange',
        'ClientIPAddress', '198.51.100.' || (i % 250), 'ClientInfoString', 'Client=OWA;Action=ViaProxy', 'ExternalAccess', false,
        'MailboxGuid', md5('m' || (i % 400)), 'MailboxOwnerUPN', 'person' || (i % 400) || '@reserve.example',
        'OperationCount', 2, 'OperationProperties', json_array(json_object('Name', 'MailAccessType', 'Value', 'Bind')),
        'Folders', json_array(json_object('FolderItems', json_array(json_object('InternetMessageId', '<' || md5('a' || i) ||
        '@reserve.example>', 'SizeInBytes', 20000), json_object('InternetMessageId', '<' || md5('b' || i) ||
        '@reserve.example>', 'SizeInBytes', 3000)), 'Id', 'LgAAAAB', 'Path', 'Inbox')))
    WHEN i % 20 < 17 THEN json_object('Operation', 'Send', 'RecordType', 2, 'Workload', 'Exchange', 'ClientIPAddress',
        '198.51.100.' || (i % 250), 'MailboxGuid', md5('m' || (i % 400)), 'MailboxOwnerUPN', 'person' || (i % 400) ||
        '@reserve.example', 'Item', json_object('Id', 'RgAAAAB', 'InternetMessageId', '<' || md5('s' || i) ||
        '@reserve.example>', 'SizeInBytes', 45000, 'Attachments', 'survey.xlsx (30000b); map.pdf (10000b)'))
    WHEN i % 500 = 19 THEN json_object('Operation', 'New-InboxRule', 'RecordType', 1, 'Workload', 'Exchange', 'ObjectId',
        'person' || (i % 400), 'Parameters', json_array(json_object('Name', 'Name', 'Value', 'r'), json_object('Name',
        'ForwardTo', 'Value', 'smtp:a@example.org')))
    ELSE json_object('Operation', 'UserLoggedIn', 'RecordType', 15, 'Workload', 'AzureActiveDirectory', 'ObjectId', md5('o'),
        'ActorIpAddress', '198.51.100.' || (i % 250), 'ApplicationId', md5('app' || (i % 9)), 'ExtendedProperties',
        json_array(json_object('Name', 'ResultStatusDetail', 'Value', 'Success'), json_object('Name', 'UserAgent', 'Value',
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64)')), 'DeviceProperties', json_array(json_object('Name', 'OS', 'Value',
        'Windows10'), json_object('Name', 'DisplayName', 'Value', 'pc-' || (i % 400)))) END)
FROM range({records}) AS t(i)
"""

SQUID = """
SELECT printf('%d.%03d %6d 10.0.%d.%d TCP_%s/%d %d %s %s person%d HIER_DIRECT/93.184.%d.%d %s %d', 1700000000 + i // 12,
    i % 1000, i * 7 % 60000, i % 200, i % 250, CASE WHEN i % 4 < 3 THEN 'TUNNEL' ELSE 'MISS' END, 200, i * 31 % 1000000,
    CASE WHEN i % 4 < 3 THEN 'CONNECT' ELSE 'GET' END, CASE WHEN i % 4 < 3 THEN 'www' || (i % 300) || '.example.org:443'
    ELSE 'http://www' || (i % 300) || '.example.org/path/' || md5(i::VARCHAR) END, i % 400, i % 256, i * 7 % 256,
    CASE WHEN i % 4 < 3 THEN '-' ELSE 'text/html' END, i * 13 % 100000)
FROM range({records}) AS t(i)
"""

# What the file is read with by itself: JSON by DuckDB's own reader, text by one pattern.
_JSON = "SELECT * FROM read_json('{log}', format = 'newline_delimited')"
_SQUID = (
    r"SELECT unnest(regexp_extract(line, '^(\d+\.\d{{3}}) +(-?\d+) (\S+) ([A-Z_]+)/(\d{{3}}|-) (\d+) (\S+) (\S+) (\S+)"
    r" ([A-Z_]+)/(\S+) (\S+)(?: (\d+))?', ['time', 'elapsed', 'client', 'verdict', 'code', 'size', 'method', 'url',"
    r" 'user', 'hierarchy', 'peer', 'type', 'sent'])) FROM read_csv('{log}', columns = {{'line': 'VARCHAR'}},"
    r" delim = '\x01', quote = '', escape = '', header = false)"
)
LOGS = {
    "zeek": (ZEEK, "json", "conn.log", _JSON),
    "suricata": (SURICATA, "text", "eve.json", _JSON),
    "cloudtrail": (CLOUDTRAIL, "text", "1_CloudTrail_x.json", _JSON),
    "microsoft365": (MICROSOFT365, "text", "audit.json", _JSON),
    "squid": (SQUID, "text", "access.log", _SQUID),
}
"""By name: SQL of the records, how they are written, the file's name, and what bare DuckDB reads it with."""


def make(name: str, folder: Path, records: int) -> Path:
    """Write a log into `folder`."""
    sql, format_, file, _ = LOGS[name]
    as_text = "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')"
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order = true")
    con.execute(
        f"COPY ({sql.format(records=records)}) TO '{folder / file}' " + ("(FORMAT json)" if format_ == "json" else as_text)
    )
    return folder / file


def bare(name: str, log: Path) -> str:
    """SQL by which DuckDB alone reads a log."""
    return LOGS[name][3].format(log=log)
