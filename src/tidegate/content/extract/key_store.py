"""Keys in binary: PKCS#12, PKCS#8 and PKCS#1 in DER, Java key stores. Nothing is decrypted; what they are is told."""

from __future__ import annotations

import re

from tidegate.content.document import Metadata, Parts
from tidegate.content.source import Source
from tidegate.content.units import extractor

_FORMS = (
    (
        "pkcs12",
        rb"\x30[\x82-\x84].{2,4}\x02\x01\x03\x30[\x80-\x84].{0,4}?\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07",
    ),
    ("pkcs8", rb"\x30(?:[\x81-\x83].{1,3}|[\x20-\x7f])\x02\x01\x00\x30[\x05-\x20]\x06[\x03-\x0a](?:\x2a\x86\x48|\x2b)"),
    ("pkcs1", rb"\x30\x82..\x02\x01\x00\x02(?:\x81.|\x82..)\x00"),
    ("sec1", rb"\x30[\x2e-\x7f]\x02\x01\x01\x04[\x14-\x42]"),
)
"""RFC 7292, RFC 5208, RFC 8017 appendix A.1.2, RFC 5915, by the first bytes of their DER."""


def _kind(source: Source) -> str | None:
    head = source.head[:64]
    if head.startswith((b"\xfe\xed\xfe\xed\x00\x00\x00", b"\xce\xce\xce\xce\x00\x00\x00")):
        return "jks"
    return next((name for name, form in _FORMS if re.match(form, head, re.DOTALL)), None)


@extractor(formats=("pkcs12", "pkcs8", "pkcs1", "sec1", "jks"), rank=13, sniff=_kind)
def key_store(source: Source) -> Parts:
    """What kind of key or store it is."""
    yield Metadata("key", {"kind": _kind(source) or ""})
