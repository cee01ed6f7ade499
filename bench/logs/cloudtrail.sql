-- CloudTrail records, one a line: objects read and written, roles assumed, calls, now and then a snapshot shared.
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
