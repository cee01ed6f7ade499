-- Suricata 7 EVE: eleven in twenty are flows, the others dns, http, tls and fileinfo.
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
