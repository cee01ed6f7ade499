"""Protective markings in names and labels, and what was done with such files."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import ibis
import pytest

from tests.tables import Row, engine, measured
from tidegate.measures._markings import MARKINGS, in_label, in_name

NOON = datetime(2026, 3, 2, 12)
ENDPOINTS = [
    {"endpoint": "removable:K1", "destination": "removable:k1", "kind": "unknown"},
    {"endpoint": "eve@mail.example", "destination": "mail.example", "kind": "personal"},
    {"endpoint": "drop.example", "destination": "drop.example", "kind": "unknown"},
]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/plans/SECRET/route.docx", "SECRET"),
        ("route_TOP SECRET_v2.docx", "TOP SECRET"),
        ("OFFICIAL-SENSITIVE budget.xlsx", "OFFICIAL-SENSITIVE"),
        ("Lagebild VS-NfD.pdf", "VS-NfD"),
        ("note diffusion_restreinte.odt", "diffusion_restreinte"),
        ("NATO RESTRICTED.pdf", "NATO RESTRICTED"),
        ("【机密】方案.docx", "机密"),
        ("机密★5年.docx", "机密★5年"),
        ("内部资料 3.pdf", "内部资料"),
        ("tlp-amber report.md", "tlp-amber"),
        ("a.strictly.confidential.pdf", "strictly.confidential"),
    ],
)
def test_markings_stand_as_whole_words_in_names_and_folders(path: str, words: str) -> None:
    assert engine().execute(ibis.literal(path).re_extract(in_name(), 1)) == words


@pytest.mark.parametrize(
    "path",
    [
        "/home/secretary/x.doc",
        "secret santa list.xlsx",  # a word of everyday life, in small letters
        "CONFIDENTIALITY agreement.pdf",
        "unofficial.txt",
        "秘密花园.mp4",  # a novel: within a longer word
        "TLP.docx",
        "nato.docx",
        "protected_species.csv",
    ],
)
def test_words_that_only_look_like_one_are_none(path: str) -> None:
    assert not engine().execute(ibis.literal(path).re_search(in_name()))


def test_an_organisations_own_words_count_too() -> None:
    own = ("Red Folder", "KERN(1)")
    assert engine().execute(ibis.literal("red_folder 7.pdf").re_search(in_name(own)))
    assert engine().execute(ibis.literal("x kern(1).pdf").re_search(in_name(own)))


def test_a_label_is_a_marking_in_any_case() -> None:
    assert engine().execute(ibis.literal("Confidential").re_search(in_label()))
    assert not engine().execute(ibis.literal("General").re_search(in_label()))


def test_every_scheme_has_its_source_and_words() -> None:
    assert all(m.source and (m.capitals or m.phrases) for m in MARKINGS)
    assert all(word == word.upper() for m in MARKINGS for word in m.capitals)
    assert all(re.compile(phrase) for m in MARKINGS for phrase in m.phrases)


def deeds(**rows: list[Row]) -> list[dict[str, Any]]:
    full = {name: [{"time": NOON, "actor": "ann", **row} for row in found] for name, found in rows.items()}
    made: list[dict[str, Any]] = engine().to_pyarrow(measured("marked", {**full, "endpoints": ENDPOINTS})).to_pylist()
    return made


def test_opened_copied_and_sent_files_are_rows_with_where_they_went() -> None:
    opened = {"activity": "Open", "site": "s1", "file_path": "/a/SECRET.doc"}
    (row,) = deeds(file_hosting=[opened])
    assert (row["deed"], row["place"], row["marking"], row["destination"]) == ("open", "s1", "SECRET", None)
    stick = {"activity": "Copy", "file_path": "C:\\SECRET.doc", "removable": True, "medium": "K1"}
    (row,) = deeds(file_activity=[stick])
    assert (row["deed"], row["channel"], row["destination"]) == ("copy", "removable", "removable:k1")
    mail = {"activity": "Send", "sender": "ann", "recipients": ["eve@mail.example"], "attachments": ["SECRET.doc"]}
    (row,) = deeds(email_activity=[mail])
    assert (row["deed"], row["kind"], row["destination"]) == ("send", "personal", "mail.example")
    cloud = {"activity": "Copy", "file_path": "C:\\SECRET.doc", "removable": False, "medium": "drop.example"}
    (row,) = deeds(file_activity=[cloud])
    assert (row["deed"], row["channel"], row["destination"]) == ("copy", "cloud", "drop.example")


def test_unmarked_files_are_none_and_a_label_marks_whatever_the_name() -> None:
    plain = {"activity": "Open", "site": "s1", "file_path": "/a/x.doc"}
    assert not deeds(file_hosting=[plain])
    assert [r["marking"] for r in deeds(file_hosting=[{**plain, "label": "Secret"}])] == ["Secret"]
