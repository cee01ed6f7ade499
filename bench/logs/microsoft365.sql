-- Microsoft 365 audit records, one a line: files, mailboxes, mail sent, sign-ins, now and then an inbox rule.
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
