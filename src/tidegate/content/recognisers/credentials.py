"""Credentials where they are used: in addresses, headers, on command lines, in SQL, in the configuration of devices."""

from __future__ import annotations

import re
from collections.abc import Callable

from tidegate.content.recognisers import _secrets
from tidegate.content.units import Found, Match, Recogniser

_LONGEST = 400  # characters of a line looked at


def _reads(form: str, judge: Callable[[str], bool], *, confidence: float) -> Callable[[Match], Found | None]:
    """Read the rest of a line by a form whose group `value` is the secret."""
    compiled = re.compile(form, re.IGNORECASE)

    def read(match: Match) -> Found | None:
        found = compiled.match(match.value + match.after(_LONGEST))
        value = found["value"].strip("\"'`\\") if found else ""
        if found is None or not judge(value):
            return None
        return Found(confidence=confidence, value=value, end=found.end("value"))

    return read


def _likely(value: str) -> bool:
    """A password that stands where only one can stand."""
    return len(value) > 2 and not _secrets.placeholder(value) and not re.search(r"^[<$%{(\[]|^\w+\(|^-", value)


def _random(value: str) -> bool:
    return _secrets.random(value, least=12, bits=3.0) or (_secrets.random(value, least=8, bits=2.7) and "=" in value)


def _strong(value: str) -> bool:
    return _secrets.password(value, quoted=False)


URL_CREDENTIALS = Recogniser(
    id="url_credentials",
    data_class="secret",
    source="RFC 3986, section 3.2.1: user:password in the authority of an address",
    pattern=r"[a-z0-9]://[A-Za-z0-9._%+-]{0,40}[:@]",
    read=_reads(
        r"\w://[\w.%+-]{0,40}(?:@[\w.-]{1,60})?:(?P<value>[^\s/\"'<>{}@:\[\]]{3,80}(?:@(?=[^\s/@]{1,20}@))?)@[\w.\[-]",
        lambda v: _likely(v) and not v.isdigit(),
        confidence=0.9,
    ),
    hits=("DATABASE_URL=postgres://app:tr0ub4dor3@db.example.org:5432/app\n",),
    misses=(
        "postgres://user:password@localhost/db\n",  # a manual
        "git clone https://github.com:443/a/b@v1\n",  # a port and a version
        "https://user:${TOKEN}@host/\n",
    ),
)

AUTHORIZATION = Recogniser(
    id="authorization_header",
    data_class="secret",
    source="RFC 9110, section 11.6.2 (Authorization); RFC 7617 (Basic), RFC 6750 (Bearer), RFC 4559 (Negotiate, NTLM)",
    pattern=r"Authorization[\"' :=\\]{1,6}(?:Basic|Bearer|NTLM|Negotiate|Token|Digest|AWS4-HMAC-SHA256)? "
    r"{0,2}[A-Za-z0-9+/=._-]{8}"
    r"|oauth2-bearer|oauth_signature=",
    ignore_case=True,
    read=_reads(
        r"(?:Authorization\W{1,6}(?:(?:Basic|Bearer|NTLM|Negotiate|Token) +)?|oauth2-bearer[\s\"']+|"
        r"oauth_signature=\W{0,2})"
        r"(?P<value>[A-Za-z0-9+/=._~%-]{12,400})",
        _random,
        confidence=0.85,
    ),
    hits=("Authorization: Basic R2hyZG5oYzpycWVpZW5nbGJm\n",),
    misses=(
        "Authorization: Bearer <access-token-here>\n",  # a manual
        "Authorization: none-required-here\n",
    ),
)

_COMMANDS = (
    re.compile(
        r"-{1,2}[\w-]{0,24}(?:password|passphrase|passwd|secret|token|bearer|pass|api-?key|"
        r"passin)(?![a-z-]*(?:file|type|stdin|policy|length|url))"
        r"[\w-]{0,10}(?:=|\s+)(?P<value>\"[^\"\n]{4,200}\"|'[^'\n]{4,200}'|[^\s\"']{4,200})",
        re.IGNORECASE,
    ),
    re.compile(r"curl .{0,160} -u\s?(?:\"|')?[\w.@%+-]{1,60}:(?P<value>[^\s\"']{3,200})", re.IGNORECASE),
    re.compile(
        (
            r"ConvertTo-SecureString(?: +-[a-z]+)*\s+\\?(?P<value>\"[^\"\n]{4,200}\"|'[^'\n]{4,200}'|"
            r"[^\s\"'$-][^\s\"']{5,200})"
        ),
        re.IGNORECASE,
    ),
    re.compile(
        r"sshpass -p\s?(?P<value>[^\s]{4,200})|net use .{4,60} /user:\S{1,60} (?P<other>\S{4,200})", re.IGNORECASE
    ),
)


def _command(match: Match) -> Found | None:
    line = match.value + match.after(_LONGEST)
    for form in _COMMANDS:
        found = form.match(line)
        if found is not None:
            group = "value" if found["value"] else "other"
            value = found[group].strip("\"'\\").removeprefix("pass:")
            if _strong(value) or (_secrets.uuid(value) and "token" in line[:40]):
                return Found(confidence=0.85, value=value, end=found.end(group))
    return None


COMMAND_LINE = Recogniser(
    id="command_line_password",
    data_class="secret",
    source="CWE-214, visible sensitive information in the invocation of a process",
    pattern=r"-[a-z_-]{0,16}(?:passw|passphrase|secret|token|bearer|passin|pass|api-?key)[\w-]{0,18}[=\s]|\bcurl |"
    r"ConvertTo-SecureString|\bnet use |\bsshpass -p",
    ignore_case=True,
    read=_command,
    hits=("mysql -u root --password Sne3sd8AZjq shop\n", 'curl -X PUT -u "admin:dG9r3W4g" https://127.0.0.1\n'),
    misses=(
        "mysql -u root --password $MYSQL_PASSWORD shop\n",  # from the environment
        "tool --token-file /run/secrets/t0\n",
        "use --password to be asked for it\n",
    ),
)

SQL_PASSWORD = Recogniser(
    id="sql_password",
    data_class="secret",
    source="CREATE USER and ALTER USER of MySQL, PostgreSQL, Oracle and SQL Server",
    pattern=r"IDENTIFIED (?:WITH|BY|AS)|(?:CREATE|ALTER) (?:USER|ROLE|LOGIN) ",
    ignore_case=True,
    read=_reads(
        (
            r"(?:identified (?:with \S{4,40} )?(?:by|as)(?: values| password)?|\w{5,6} (?:user|role|login) "
            r".{1,60}?password)\s*=?\s*[\"']?(?P<value>[^\s\"';\\)]{4,120})"
        ),
        lambda v: _likely(v) and v[0] != ":" and (_secrets.kinds(v) > 2 or any(c.isdigit() for c in v)),
        confidence=0.9,
    ),
    hits=("CREATE USER chuck WITH PASSWORD 'SqLpa5sW0rD' SUPERUSER;\n",),
    misses=(
        "ALTER USER chuck PASSWORD EXPIRE;\n",  # no password
        "create user :name identified by :password1\n",  # filled in later
    ),
)

DEVICE_PASSWORD = Recogniser(
    id="device_password",
    data_class="secret",
    source="Cisco IOS, Arista EOS, Junos, FortiOS command references: secret, password, community, key-string, psk",
    pattern=r"\b(?:enable (?:secret|password)|username [!-~]{1,40} |password [0-9] |snmp-server community|"
    r"pre-shared-key|"
    r"key-string|wpa-psk|set psksecret|set password ENC|(?:tacacs|radius)-server |encrypted-password|"
    r"neighbor [!-~]{4,40} password|"
    r"server-private |md5 [0-9]) ?",
    read=_reads(
        r"(?:.{0,120}?\b(?:secret|password|community|key-string|wpa-psk|psksecret|encrypted-password|key|"
        r"md5)(?: sha512| encrypted| ENC| ascii-text| "
        r"address \S{3,40} key)?(?: \d)? )(?P<value>[^\s]{4,200})",
        lambda v: (
            not _secrets.placeholder(v.rstrip(";").strip('"'))
            and v.lower()
            not in {"public;", "password", "encryption", "chain", "local", "address", "hidden", "<removed>"}
        ),
        confidence=0.85,
    ),
    hits=(
        "username demo privilege 15 secret 5 $1$bOPC$Ledl3D.5Xx8hkXUgobF0i.\n",
        "  pre-shared-key address 52.27.166.152 key QMP5tKPP5qk95Y1E\n",
    ),
    misses=(
        "   no neighbor SOME_GROUP password\n",  # taken away
        " match community as2_community\n",  # routes, not readers
        " no mka pre-shared-key\n",
    ),
)

HASH = Recogniser(
    id="password_hash",
    data_class="secret",
    source="crypt(5): hashes of passwords in shadow, htpasswd and databases",
    pattern=r"\$(?:1|5|6|y|2[aby]|apr1|argon2id?|pbkdf2-sha\d{3})\$[A-Za-z0-9./=,$]{20}|:[0-9a-f]{32}:[0-9a-f]{32}:::",
    confidence=0.8,
    hits=("root:$6$Xa7qk2Lm$ldN3xQn8Yd0sJb5vZcTg1WmKp9RfHu:19000:0:99999:7:::\n",),
    misses=("root:$6$:19000:0:99999:7:::\n", "costs $1$ more\n"),  # without a hash; a sum
)

_KEPT = _reads(
    (
        r"(?:machine .*password |\"auth\"\s*:\s*\"|client-key-data: |:(?:\d{4,5}|"
        r"\*):[\w.*-]{1,40}:(?![0-9a-f]{1,4}:)[\w.-]{1,40}:)(?P<value>[^\s\"]{4,400})"
    ),
    lambda v: _strong(v) or _random(v),
    confidence=0.85,
)


def _stored(match: Match) -> Found | None:
    """What a store holds; a line of .pgpass begins with its host."""
    if match.value.startswith(":") and not re.fullmatch(r"[a-z0-9.*-]{1,80}", match.before(100)):
        return None
    return _KEPT(match)


STORED = Recogniser(
    id="stored_login",
    data_class="secret",
    source=".netrc of GNU inetutils; .pgpass of PostgreSQL; config.json of Docker; kubeconfig of Kubernetes",
    pattern=r"\bmachine [!-~]{2,80}\s{1,4}login |\"auth\" {0,2}: {0,2}\"[A-Za-z0-9+/]{8}|client-key-data: |"
    r":(?:[0-9]{4,5}|\*):[A-Za-z0-9.*_-]{1,40}:",
    read=_stored,
    hits=("machine ftp.example.org login ana password tr0ub4dor&3\n", "db.example.org:5432:*:app:tr0ub4dor&3\n"),
    misses=("machine learning login page\n", "a.example.org:80:in:out\n", '{"auth": "none, or basic"}\n'),
)
