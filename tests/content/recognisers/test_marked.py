"""Markings count where markings stand, in the words of those who prescribe them."""

from __future__ import annotations

import pytest

from tests.content.seeing import labelled, seen, seen_by
from tidegate import registry
from tidegate.content.document import Text
from tidegate.content.look import Eyes
from tidegate.content.recognisers import _markings
from tidegate.content.species import Species

BANNERS = (
    "TOP SECRET//SI//NOFORN",
    "SECRET//REL TO USA, FVEY",
    "CUI//SP-CTI",
    "*** CONFIDENTIAL ***",
    "OFFICIAL-SENSITIVE",
    "UK SECRET",
    "SECRET UE/EU SECRET",
    "RESTREINT UE/EU RESTRICTED",
    "NATO CONFIDENTIAL",
    "COSMIC TOP SECRET",
    "VS-NUR FÜR DEN DIENSTGEBRAUCH",
    "VS-VERTRAULICH",
    "DIFFUSION RESTREINTE",
    "TRÈS SECRET",
    "PROTECTED",
    "OFFICIAL: Sensitive",
    "TLP:AMBER+STRICT",
    "机密★10年",
    "绝密★长期",
    "秘密 ★ 5年",
    "密级：机密",
    ["内部资料", "严禁外传"][0],
    "商业秘密",
    "[Company Confidential]",
    "STRICTLY CONFIDENTIAL",
)


@pytest.mark.parametrize("banner", BANNERS)
def test_a_banner_at_the_top_marks_a_document(banner: str) -> None:
    assert "marked_line" in labelled(seen(f"{banner}\n\nThe tide was late.\n"))


@pytest.mark.parametrize("banner", BANNERS)
def test_whatever_is_a_marking_is_looked_for(banner: str) -> None:
    import re2

    anchors = re2.compile(f"(?mi){_markings.ANCHORS}".encode())
    assert anchors.search(banner.encode()) is not None
    assert _markings.LINE.match(banner) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Chapter 1\nTOP SECRET\nIt was dark.\n",  # a novel
        "绝密★启用前\n2024年全国卷\n",  # an examination paper
        "机密★启用前\n\n",
        "Confidential\nInformation means anything that a party tells the other.\n".replace("\n", " "),  # a clause
        "Internal\nmedicine\n",  # a word in small letters is none
        "SECRET\nCONFIDENTIAL\nRESTRICTED\nNATO SECRET\nTLP:RED\n",  # a list of markings
        "Official website of the port\n",
    ],
)
def test_what_only_has_the_words_is_not_marked(text: str) -> None:
    assert "marked_line" not in labelled(seen(text))


def test_a_word_in_the_middle_has_to_come_again() -> None:
    page = "A line of text.\n" * 30
    assert "marked_line" not in labelled(seen(f"{page}CONFIDENTIAL\n{page}"))
    assert "marked_line" in labelled(seen(f"{page}CONFIDENTIAL\n{page}CONFIDENTIAL\n"))


def test_the_organisations_own_words_mark_where_markings_stand() -> None:
    found = tuple(registry.recognisers().values())
    eyes = Eyes(registry.extractors(), found, context={"species": Species(), "markings": ("Stufe Rot",)})
    assert "own_markings" in labelled(seen_by(eyes, "STUFE ROT\n\nText\n"))
    assert "own_markings" in labelled(seen_by(eyes, Text(b"Stufe Rot, Seite 2", role="footer")))
    assert "own_markings" not in labelled(seen_by(eyes, "Was Stufe Rot ist, steht im Handbuch.\n"))
    assert "own_markings" not in labelled(seen("STUFE ROT\n\nText\n"))  # nobody else's
