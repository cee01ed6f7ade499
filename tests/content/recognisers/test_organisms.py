"""Words for organisms are counted once each, however they are written; what deploys programs is no camera trap."""

from __future__ import annotations

import pytest

from tidegate.content.recognisers._taxa import RANKS, STRONG, WEAK, about_organisms, squeezed


def test_words_are_listed_as_they_are_compared() -> None:
    assert {word for word in STRONG | WEAK | RANKS if squeezed(word) != word} == set()
    assert not STRONG & WEAK


@pytest.mark.parametrize(
    ("header", "about"),
    [
        (("dwc:scientificName", "EVENT_DATE"), True),
        (("wi_taxon_id", "deployment_id"), True),
        (("学名", "海拔"), True),
        (("kingdom", "phylum", "order", "family"), True),
        (("deployment_id", "status"), False),  # one word, of programs too
        (("deploymentID",), False),
        (("class", "order", "family"), False),  # ranks, but not enough of them
        (("species", "count"), False),  # words that mean little
    ],
)
def test_headers_about_organisms(header: tuple[str, ...], about: bool) -> None:
    assert about_organisms(header) is about
