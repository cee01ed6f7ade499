-- Zeek conn.log as JSON, about 450 bytes a line.
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
