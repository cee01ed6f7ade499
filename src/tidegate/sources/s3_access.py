"""Amazon S3 server access logs: every request to a bucket, as the bucket's owner may have it written to another one.

Direction of bytes is the bucket's: `bytes_out` is what left it (GET, and the read half of a copy), `bytes_in` what was
put into it. Keys stay URL-encoded, as they are logged. Delivery is best effort: the same line may come twice.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from tidegate.sources import _fields as f
from tidegate.sources._access import answered
from tidegate.sources.cloudtrail import MACHINE
from tidegate.units import LINEAGE, Log, source

START = r"^\S+ \S+ \[\d\d/\w{3}/\d{4}:[\d:]{8} [+-]\d{4}\] \S+ \S+ \S+ [A-Z0-9]+\.[A-Z0-9_.]+ \S+ "
LINE = (
    r"^(?P<owner>\S+) (?P<bucket>\S+) \[(?P<day>\d\d)/(?P<month>\w{3})/(?P<year>\d{4}):(?P<clock>[\d:]{8})"
    r" (?P<zone>[+-]\d{4})\] (?P<remote>\S+) (?P<requester>\S+) \S+ (?P<operation>[A-Z0-9]+\.[A-Z0-9_.]+)"
    r' (?:-|(?P<key>\S+)) (?:-|".*?") (?:-|(?P<code>\d{3})) (?:-|(?P<error>\S+)) (?:-|(?P<sent>\d+))'
    r' (?:-|(?P<size>\d+)) (?:-|\d+) (?:-|\d+) (?:-|".*?") (?:-|"-"|"(?P<agent>.*?)") \S+(?: |$)'
)

S3_ACCESS = Log(
    id="s3_access",
    title="Amazon S3 server access log",
    formats=("lines",),
    how="Switch on server access logging of the bucket, and copy the log files out of the target bucket.",
    reference="https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html",
    files=("*s3*access*", "????-??-??-??-??-??-*"),
    probe=START,
    redelivers=True,
)


@source(log=S3_ACCESS, produces="web_resources", pattern=LINE)
def s3_access_requests(raw: ir.Table) -> ir.Table:
    """Requests to buckets and objects, with the bytes that left each bucket and those put into it."""
    code, size = raw.code.try_cast("int64"), raw.size.try_cast("int64")
    reads = raw.operation.re_search(r"\.(GET|SELECT)\.OBJECT$")
    copies = raw.operation.endswith(".COPY.OBJECT_GET")  # nothing is sent to the one who asks: it goes to a bucket
    writes = raw.operation.re_search(r"\.(PUT|POST|COPY)\.(OBJECT|PART)$|\.POST\.UPLOAD$")
    return raw.select(
        *LINEAGE,
        time=f.iso(raw.year + "-" + f.month(raw.month) + "-" + raw.day + "T" + raw.clock + raw.zone),
        activity=answered(code),
        status=f.outcome(code),
        actor=_actor(raw.requester),
        device=f.text(raw.requester.re_extract(r":assumed-role/[^/]+/(i-[0-9a-f]{8,17})$", 1)),
        src_ip=f.ip(raw.remote),
        resource=raw.bucket,
        object=raw.key,
        account=f.text(raw.owner).nullif("-"),
        bytes_out=ibis.cases((reads, raw.sent.try_cast("int64")), (copies, size)),
        bytes_in=ibis.cases((writes, size)),
        error=raw.error,
        operation=raw.operation,
        user_agent=raw.agent,
    )


def _actor(requester: ir.StringValue) -> ir.StringValue:
    """User, session of a role where a person gave it a name, else the role; `anonymous` for a request unsigned."""
    session = f.text(requester.re_extract(r":assumed-role/[^/]+/(.+)$", 1))
    role = f.text(requester.re_extract(r":assumed-role/([^/]+)", 1))
    return f.lower(
        ibis.cases(
            (requester == "-", "anonymous"),
            (session.re_search(MACHINE), role),
            else_=ibis.coalesce(session, f.text(requester.re_extract(r":user/(?:.+/)?([^/]+)$", 1)), requester),
        )
    )
