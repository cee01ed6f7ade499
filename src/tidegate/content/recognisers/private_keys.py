"""Private keys in text: PEM, OpenSSH, PGP, PuTTY, XML and JSON; also in base64 or cut into a program's lines."""

from __future__ import annotations

import re
from base64 import b64decode

from tidegate.content.units import Found, Match, Recogniser

_ENCRYPTED = re.compile(r"ENCRYPTED|Encryption: aes|YmNyeXB0")
"""`bcrypt` in base64 is how OpenSSH names the way a key is locked up."""

_LOOK = 700  # bytes after the first line in which encryption is named


def _key(match: Match) -> Found | None:
    ahead = match.text.data[match.start : match.end + _LOOK].decode("utf-8", "ignore")
    head, _, rest = ahead.partition("-----END")
    if _ENCRYPTED.search(head) or not re.search(r"[A-Za-z0-9+/]{12}", head.partition("KEY")[2] + rest[:1]):
        return None
    return Found(confidence=0.97, value=ahead[:200])


PRIVATE_KEY = Recogniser(
    id="private_key",
    data_class="secret",
    source="RFC 7468, sections 10 and 11; OpenSSH PROTOCOL.key; RFC 9580, section 6.2",
    pattern=r"-----BEGIN (?:[A-Z0-9]{2,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----",
    read=_key,
    hits=("-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEpAIBAAKCAQEA7bq0\n-----END RSA PRIVATE " + "KEY-----\n",),
    misses=(
        "-----BEGIN ENCRYPTED PRIVATE " + "KEY-----\nMIIBvTBXBgkqhkiG9w0BBQ0w\n",  # of no use without its password
        "A key begins with -----BEGIN PRIVATE " + "KEY----- and a line.\n",  # a manual
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEF\n",
    ),
)


def _encoded(match: Match) -> Found | None:
    """A key in base64, once or, as PEM is itself, twice; none that is encrypted, none that PEM stands around."""
    data = match.text.data
    if match.value.startswith("MII"):
        before = data[max(0, match.start - 2_000) : match.start].decode("utf-8", "ignore")
        within = before.rpartition("-----BEGIN")[2].find("-----END") < 0 and "-----BEGIN" in before
        return None if within or "ENCRYPTED" in before else Found(confidence=0.9, value=match.value)
    lead = re.search(rb"[A-Za-z0-9+/]{0,400}$", data[max(0, match.start - 400) : match.start])
    start = match.start - len(lead[0] if lead else b"")
    plain = next((p for cut in range(4) if b"PRIVATE KEY" in (p := _decoded(data[start + cut : match.end + 200]))), b"")
    return None if not plain or b"ENCRYPTED" in plain else Found(confidence=0.9, value=match.value)


def _decoded(data: bytes) -> bytes:
    run = re.match(rb"[A-Za-z0-9+/]*", data)
    return b64decode(run[0][: len(run[0]) // 4 * 4]) if run else b""


BASE64_KEY = Recogniser(
    id="base64_private_key",
    data_class="secret",
    source="RFC 7468 and RFC 5208, in base64 (RFC 4648) as Kubernetes keeps them",
    pattern=(
        r"UFJJVkFURSBLRV|BSSVZBVEUgS0VZ|QUklWQVRFIEtFW|\bMII[A-Za-z][A-Za-z0-9+/]{0,4}(?:IBAA|"
        r"ADANBg)[A-Za-z0-9+/]{20}"
    ),
    read=_encoded,
    hits=("tls.key: LS0tLS1CRUdJTiBQUklWQVRF" + "IEtFWS0tLS0tCk1JSUV2UUlCQURBTkJna3Foa2lHOXcwQkFRRUZBQVNDQktj\n",),
    misses=(
        (
            "tls.crt: "
            "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUN2akNDQWFhZ0F3SUJBZ0lCQURBTkJna3Foa2lHOXcwQkFRRUZBQVNDQktj\n"
        ),
    ),
)


def _other(match: Match) -> Found | None:
    """Keys of other notations: of JSON the private half, of PuTTY those without a password."""
    ahead = match.text.data[max(0, match.start - 200) : match.end + _LOOK].decode("utf-8", "ignore")
    needed = {"<": r"<D>[A-Za-z0-9+/]|validationKey=\"[0-9A-Fa-f]{40}", "P": "Encryption: none", '"': _PRIVATE_HALF}
    form = needed.get(match.value[0])
    return None if form is not None and not re.search(form, ahead) else Found(confidence=0.9, value=match.value)


_PRIVATE_HALF = r'"(?:d|k|p)"\s{0,4}:\s{0,4}"[A-Za-z0-9_\-+/]{4}'

OTHER_KEY = Recogniser(
    id="other_private_key",
    data_class="secret",
    source="RFC 7517 (JWK) and 7518, section 6; PuTTY .ppk; XML-Signature RSAKeyValue of .NET; ASP.NET machineKey",
    pattern=r"\"kty\" {0,4}: {0,4}\"[\[A-Za-z]|PuTTY-User-Key-File-[23]:|<RSAKeyValue>|<machineKey "
    r"|WwogICAgewogICAgICAgICJrdHki|eyJrdHki|eyAia3R5I",
    read=_other,
    hits=('{"kty": "EC", "crv": "P-256", "d": "slaQqyHQPudOpq2mbDskd28"}',),
    misses=('{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1"}',),  # the public half
)
