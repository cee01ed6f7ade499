"""Lists of accounts with their passwords: the engineer's sheet of what opens his clients' mailboxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tidegate.content.document import Table
from tidegate.content.recognisers import _secrets
from tidegate.content.recognisers._words import words
from tidegate.content.units import Found, Match, Recogniser, recogniser

_WORDS = words(
    "password passwd pass pwd pw passwort kennwort passphrase passcode pin secret psk wpakey wifikey "
    "initialpassword defaultpassword userpassword loginpassword adminpassword currentpassword oldpassword "
    "newpassword mailpassword motdepasse contraseña contrasena senha wachtwoord "
    "密码 口令 登录密码 初始密码 邮箱密码 用户密码 "
    "密碼 пароль パスワード 비밀번호 apikey secretkey accesskey token accesstoken"
)
"""Headers, without case, spaces and signs."""


def _squeezed(cell: str) -> str:
    return re.sub(r"[\W_]+", "", cell.lower())


@recogniser(
    data_class="secret",
    source="MITRE ATT&CK T1552.001, credentials in files",
    sees=(Table,),
    hits=(
        "account;password\nops@example.org;Winter2026!\nit@example.org;x7kq-99z\n",
        "姓名,邮箱,密码\n张伟,zw@example.cn,Abc#2024\n李娜,ln@example.cn,mima8888x\n",
        Table(("3", "user", "password"), [["1", "root", "Pas1wrD0"]]),
    ),
    misses=(
        "user,password\nops,********\nit,********\n",  # hidden
        "user,password\nops,yes\nit,no\n",  # whether one is set
        "rule,password\nlength,required\nage,optional\n",  # a policy
    ),
)
def password_list(part: Table) -> Iterator[Found]:
    """Cells below a header that says password, whose rows name whose they are."""
    first = 0
    header = [_squeezed(cell) for cell in part.header]
    if not any(name in _WORDS for name in header) and part.rows:
        header, first = [_squeezed(cell) for cell in part.rows[0]], 1
    for index, name in enumerate(header):
        if name not in _WORDS:
            continue
        values = [row[index].strip() for row in part.rows[first:] if index < len(row) and row[index].strip()]
        good = [v for v in values if _secrets.password(v, quoted=True) and not _secrets.uuid(v)]
        if good and 2 * len(good) >= len(values):
            yield from (Found(where=part.header[index] or name, confidence=0.9, value=value) for value in good)


def _login(match: Match) -> Found | None:
    found = _LOGIN.match(match.value + match.after(120))
    if found is None or not _secrets.password(found["value"], quoted=True) or "@" in found["value"]:
        return None
    return Found(confidence=0.6, value=found[0], end=found.end("value"))


_LOGIN = re.compile(r"^@[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}[:;|\t,](?P<value>[^\s:;|,]{6,40})\s*$")

COMBINATIONS = Recogniser(
    id="address_and_password",
    data_class="secret",
    source="MITRE ATT&CK T1589.001: lists of addresses with passwords, one a line, as leaks are passed on",
    pattern=r"@[A-Za-z0-9.-]{3,80}[:;|][!-~]{6,40}\r?$",
    read=_login,
    at_least=3,
    hits=("a.li@example.org:Winter2026!\nb.wu@example.org:x7kq99zz\nc.xu@example.org:Qw3rty#1\n",),
    misses=(
        "git@example.org:tools/repo1.git\n" * 3,
        "ana@example.org:8080\nben@example.org:8081\ncy@example.org:8082\n",
    ),
)
