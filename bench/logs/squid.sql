-- Squid's native format with the size of the request at its end.
SELECT printf('%d.%03d %6d 10.0.%d.%d TCP_%s/%d %d %s %s person%d HIER_DIRECT/93.184.%d.%d %s %d', 1700000000 + i // 12,
    i % 1000, i * 7 % 60000, i % 200, i % 250, CASE WHEN i % 4 < 3 THEN 'TUNNEL' ELSE 'MISS' END, 200, i * 31 % 1000000,
    CASE WHEN i % 4 < 3 THEN 'CONNECT' ELSE 'GET' END, CASE WHEN i % 4 < 3 THEN 'www' || (i % 300) || '.example.org:443'
    ELSE 'http://www' || (i % 300) || '.example.org/path/' || md5(i::VARCHAR) END, i % 400, i % 256, i * 7 % 256,
    CASE WHEN i % 4 < 3 THEN '-' ELSE 'text/html' END, i * 13 % 100000)
FROM range({records}) AS t(i)
