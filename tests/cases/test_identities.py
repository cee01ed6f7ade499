"""Pseudonyms: stable in a lake, different between lakes, not to be guessed, and everywhere."""

from __future__ import annotations

import re
import stat
from dataclasses import astuple
from pathlib import Path

import pytest

from tests.cases.examples import a_case
from tidegate.cases.identities import Identities
from tidegate.errors import LakeError


def test_shape_and_spelling(tmp_path: Path) -> None:
    identities = Identities(tmp_path)
    assert re.fullmatch(r"person-[a-z2-7]{8}", identities.actor("anna@example.org"))
    assert re.fullmatch(r"device-[a-z2-7]{8}", identities.device("ws-1"))
    assert identities.actor(" Anna@Example.ORG ") == identities.actor("anna@example.org")
    assert identities.actor("ws-1")[7:] != identities.device("ws-1")[7:]


def test_stable_in_a_lake_and_only_there(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = Identities(tmp_path / "a").actor("anna")
    assert Identities(tmp_path / "a").actor("anna") == first
    assert Identities(tmp_path / "b").actor("anna") != first


def test_the_order_of_asking_does_not_matter(tmp_path: Path) -> None:
    one, other = Identities(tmp_path), Identities(tmp_path)
    names = ["anna@example.org", "anna", "corp\\anna"]
    assert [one.actor(n) for n in names] == [other.actor(n) for n in reversed(names)][::-1]


def test_the_key_is_for_its_owner_only(tmp_path: Path) -> None:
    Identities(tmp_path)
    key = tmp_path / "pseudonym.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) == 32
    assert list(tmp_path.iterdir()) == [key]


def test_a_broken_key_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_bytes(b"short")
    with pytest.raises(LakeError, match="is no key"):
        Identities(tmp_path)
    with pytest.raises(LakeError, match="No such file"):
        Identities(tmp_path / "none")


def test_scrub(tmp_path: Path) -> None:
    identities = Identities(tmp_path)
    assert identities.scrub("/home/anna") == "/home/anna"  # nobody was asked for yet
    anna, li, pc = identities.actor("anna@example.org"), identities.actor("li@example.org"), identities.device("ws-1")
    assert identities.scrub(r"C:\Users\Anna\x") == rf"C:\Users\{anna}\x"
    assert identities.scrub("to ANNA@example.org from ws-1.") == f"to {anna} from {pc}."
    assert identities.scrub("anna_2024.docx") == f"{anna}_2024.docx"
    identities.device("ws-2.example.org")
    assert identities.scrub("/mnt/WS-2/c$") == f"/mnt/{identities.device('ws-2.example.org')}/c$"
    # Near misses: a longer word that holds the name, a name too short to tell from a word, a role, a number.
    assert identities.scrub("/data/savannah/annals") == "/data/savannah/annals"
    assert identities.scrub("li.docx of li@example.org") == f"li.docx of {li}"
    identities.actor("backup@example.org")
    identities.device("192.0.2.7")
    assert identities.scrub("a backup to 192.0.2.8") == "a backup to 192.0.2.8"


def test_clear_passes_names_through(tmp_path: Path) -> None:
    identities = Identities(tmp_path, clear=True)
    assert identities.actor("Anna") == "Anna"
    assert identities.device("WS-1") == "WS-1"
    assert identities.scrub("/home/Anna") == "/home/Anna"


def test_a_masked_case_names_nobody(tmp_path: Path) -> None:
    identities = Identities(tmp_path)
    case = a_case(actor="anna@example.org", device="ws-1")
    masked = identities.mask(case)
    assert not re.search(r"anna|ws-1", repr(astuple(masked)))
    assert masked.actors == (identities.actor("anna@example.org"),)
    assert masked.devices == (identities.device("ws-1"),)
    assert masked.flows[0].who == masked.actors[0]
    assert masked.destinations == ("example.net",)
    assert identities.mask(masked) == masked
    assert Identities(tmp_path).mask(masked) == masked
