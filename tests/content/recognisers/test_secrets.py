"""Secrets are found where they are given, used, kept and listed; what only looks like one is not."""

from __future__ import annotations

import pytest

from tests.content.seeing import classes, labelled, seen
from tidegate.content.recognisers import _secrets


@pytest.mark.parametrize(
    "text",
    [
        "spring.datasource.password=tr0ub4dor&3\n",
        "  password: 'x7!kqPz9'\n",
        '<add key="DbPassword" value="tr0ub4dor&amp;3"/>',
        "<settings><server><password>tr0ub4dor&amp;3</password></server></settings>",
        'val password: String = "exord13Paw64"\n',
        "SECRET_KEY = \\\n    'a3f1ef0ff53236141253c0372'\n",
        "https://ana:tr0ub4dor3@host.example.org/\n",
        "Authorization: Bearer eyJGRpVu1c2VzY2-823r_db32hbf4W1lbj\n",
        "set system login user x authentication encrypted-password $6$Xa7qk2Lm$ldN3xQn8Yd0sJb5vZcTg1W\n",
        "服务器 10.0.0.1 密码：Abc#12345\n",
    ],
)
def test_a_password_or_key_in_its_place_is_a_secret(text: str) -> None:
    assert "secret" in classes(text)


@pytest.mark.parametrize(
    "text",
    [
        "password = getpass.getpass()\n",  # asked for
        "Password: ********\n",  # hidden
        "password: <your password here>\n",  # a manual
        "token = request.headers['token1']\n",  # code
        "secretKeyRef: {name: db-1, key: pass1}\n",  # a reference to a vault
        '"nextToken": "b035d48j9X2dfjF0hb9sd8Gu"\n',  # a page
        '"publicKey": "b035d48j9X2dfjF0hb9sd8Gu"\n',  # meant to be known
        "bypass = 'cackle!9'\n",  # another word
        "!AIVDM,1,1,,A,339fMC5000PJ8TpN?46@CPW:0Dgb,0*48\n",  # a ship's position
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIBvTBXBgkqhkiG9w0BBQ0w\n",  # of no use without its password
        "commit e3b0c44298fc1c149afbf4c8996fb92427ae41e4\n",
        "sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
    ],
)
def test_what_only_looks_like_one_is_not(text: str) -> None:
    assert "secret" not in classes(text)


def test_a_list_of_passwords_counts_each_of_them() -> None:
    rows = "".join(f"user{n}@example.org;Winter#{n}x\n" for n in range(30))
    tally = seen("mailbox;password\n" + rows).tallies["password_list"]
    assert (tally.different, tally.enough) == (30, True)


def test_a_tables_header_may_stand_in_its_first_row() -> None:
    assert "password_list" in labelled(seen("1,host,password\n2,alpha,Pas1wrD0\n3,beta,Pas1wrD1\n"))


def test_a_token_is_told_to_its_end() -> None:
    text = f"x = 'glpat-{'q7Rk2ZmX9bT4vLcN8wJd'}' # mine\n"
    place = seen(text).tallies["gitlab_token"].evidence[0]
    assert text[place.start : place.end] == "glpat-q7Rk2ZmX9bT4vLcN8wJd"


@pytest.mark.parametrize("value", ["${TOKEN}", "changeme", "xxxxxxxx", "None", "<token>", "%(token)s", "aaaa"])
def test_placeholders_hold_only_the_place_of_a_secret(value: str) -> None:
    assert _secrets.placeholder(value)


def test_what_is_random_has_more_bits_a_character_than_a_word() -> None:
    assert _secrets.entropy("q7Rk2ZmX9bT4vLcN") > 3.5 > 3.0 > _secrets.entropy("passwordpassword")
    assert _secrets.random("q7Rk2ZmX9bT4vLcN")
    assert not _secrets.random("https://example.org/q7Rk2ZmX9")  # an address
