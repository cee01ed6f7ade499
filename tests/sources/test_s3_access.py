"""Which lines are S3's, and how much of a request counts as having left the bucket."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tidegate.lake.store import Lake
from tidegate.pipeline.ingest import ingest
from tidegate.sources.s3_access import S3_ACCESS, s3_access_requests


@pytest.mark.parametrize(
    "line",
    [
        # A web server's combined format: it too begins with words, a time in brackets and a request.
        '192.0.2.1 - ann [20/Nov/2025:10:00:00 +0100] "GET /a HTTP/1.1" 200 5120 "-" "curl/8.5"',
        # The same with the name of the virtual host before it.
        'www.example.org 192.0.2.1 [20/Nov/2025:10:00:00 +0100] - - X "GET /a HTTP/1.1" 200 5 "-" "-"',
        # A load balancer of Amazon's.
        'https 2025-11-20T10:00:00Z app/lb/5 192.0.2.1:2817 10.0.0.1:80 0.1 200 200 34 366 "GET https://x/ HTTP/1.1"',
    ],
)
def test_probe_leaves_lines_of_other_products(line: str) -> None:
    assert S3_ACCESS.probe is not None
    assert re.search(S3_ACCESS.probe, line) is None


REQUESTS = [
    ("REST.GET.OBJECT", "206", "1000", "5000", 1000, None),  # a part of it was asked for
    ("WEBSITE.GET.OBJECT", "200", "70", "70", 70, None),
    ("REST.COPY.OBJECT_GET", "200", "-", "5000", 5000, None),
    ("REST.COPY.OBJECT", "200", "300", "5000", None, 5000),  # what comes back is an answer, not the object
    ("REST.PUT.PART", "200", "-", "5000", None, 5000),
    ("REST.HEAD.OBJECT", "200", "-", "5000", None, None),  # only asked about
    ("REST.GET.BUCKET", "200", "9000", "-", None, None),  # names of objects, not objects
    ("REST.GET.ACL", "200", "900", "-", None, None),
]


def test_bytes(tmp_path: Path) -> None:
    path = tmp_path / "s3.log"
    path.write_text(
        "".join(
            f"owner bucket [20/Nov/2025:10:00:{n:02} +0000] 192.0.2.1 - ID{n} {operation} key "
            f'"X /key HTTP/1.1" {code} - {sent} {size} 7 6 "-" "agent" - host= SigV4 - - - TLSv1.3 - -\n'
            for n, (operation, code, sent, size, *_) in enumerate(REQUESTS)
        )
    )
    lake = Lake(tmp_path / "lake")
    ingest([path], lake, sources={s3_access_requests.id: s3_access_requests})
    rows = lake.table("web_resources").order_by("source_line").to_pyarrow().to_pylist()
    lake.close()
    assert [(r["operation"], r["bytes_out"], r["bytes_in"]) for r in rows] == [(op, *b) for op, _, _, _, *b in REQUESTS]
