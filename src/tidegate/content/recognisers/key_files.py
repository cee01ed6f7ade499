"""Files that are keys: PKCS#12, PKCS#8 and PKCS#1 in DER, Java key stores."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata
from tidegate.content.units import Found, recogniser


@recogniser(
    data_class="secret",
    source="RFC 7292 (PKCS #12), RFC 5208 (PKCS #8), RFC 8017 (PKCS #1), RFC 5915; Java KeyStore",
    sees=(Metadata,),
    about=("key",),
    hits=(
        b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00" + bytes(range(60, 120)),
        b"\xfe\xed\xfe\xed\x00\x00\x00\x02\x00\x00\x00\x01" + bytes(40),
    ),
    misses=(b"\x30\x82\x03\xbe\x30\x82\x02\xa6\xa0\x03\x02\x01\x02" + bytes(range(60, 120)),),  # a certificate
)
def key_files(part: Metadata) -> Iterator[Found]:
    """A key, or a store of them: its password, where it has one, can be guessed at leisure."""
    kind = str(part.values.get("kind", ""))
    yield Found(where=kind, confidence=0.9, facts={"format": (kind,)})
