"""The page: complete in itself, readable, and deaf to what logs would make it say."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest

from tests.report import reports
from tidegate.cases.model import IngestSummary
from tidegate.report.html import html

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """What a browser would make of it: elements, attributes, text; and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def full() -> str:
    return html(reports.report())


@pytest.fixture(scope="module")
def page(full: str) -> Page:
    return Page(full)


def test_complete_in_itself(full: str, page: Page) -> None:
    assert page.open == []
    assert not {"script", "link", "iframe", "img", "object", "embed", "form", "base"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "xlink:href")]
    assert all((value or "").startswith("#") for name, value in page.attributes if name == "href")
    assert "http://" not in full
    assert "https://" not in full
    assert "@import" not in full
    policy = next(value for name, value in page.attributes if name == "content" and "default-src" in (value or ""))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {(value or "")[1:] for name, value in page.attributes if name == "href"} <= set(ids)
    named = {value for name, value in page.attributes if name == "aria-labelledby"}
    assert named <= set(ids)


def test_says_what_was_read(page: Page) -> None:
    for said in (
        "4 cases to look at",
        "8 Jan to 6 Apr 2024 (90 days)",
        "212 files with 1,402,331 events",
        "37 records were set aside",
        "1 smaller oddity was noted",
        "are pseudonyms",
        "not JSON: unexpected end of the line",
        "logs/old/switch.cfg",
    ):
        assert said in page.text


def test_says_everything_about_a_case(page: Page) -> None:
    case = reports.bulk()
    for said in (
        case.title,
        case.summary,
        case.twin,
        case.question,
        *case.techniques,
        *(finding.explanation for finding in case.findings),
        "about once in 14 years",
        "5 hours after it began",
        "The first 50 of 140.",
        "rx-0-0000.iq.zst",
        "2024-03-03/http.log.gz :6703",
    ):
        assert said in page.text.replace(".gz:", ".gz :")


def test_pictures_and_tables_are_accessible(page: Page) -> None:
    assert page.tags.count("svg") == 7, "two a case, but no timeline where none is known"
    assert [value for name, value in page.attributes if name == "role"].count("img") == 7
    assert page.tags.count("th") == [value for name, value in page.attributes if name == "scope"].count("col")
    assert ("lang", "en") in page.attributes


def test_cases_are_in_the_order_given(page: Page) -> None:
    places = [page.text.index(case.title) for case in reports.report().cases]
    assert places == sorted(places)


def test_a_sentence_is_not_said_twice() -> None:
    case = reports.leaver()
    report = replace(reports.report(cases=0), cases=(replace(case, summary=case.findings[0].explanation),))
    text = Page(html(report)).text
    assert text.count(case.findings[0].explanation) == 1
    assert "rests on 64 events" in text


def test_names_in_the_clear_are_said_to_be() -> None:
    text = Page(html(replace(reports.report(cases=1), names="clear"))).text
    assert "Names are shown in the clear" in text
    assert "pseudonyms" not in text


@pytest.mark.parametrize("ingested", [IngestSummary(), IngestSummary(files=3, events=9, unchanged_files=2)])
def test_nothing_stood_out(ingested: IngestSummary) -> None:
    page = Page(html(replace(reports.quiet(), ingested=ingested)))
    assert "Nothing stood out" in page.text
    assert "1 smaller oddity was noted" in page.text
    assert "What could not be read" not in page.text
    assert "article" not in page.tags


def test_nothing_read_at_all() -> None:
    report = replace(reports.quiet(), ingested=IngestSummary(), first_event=None, last_event=None, findings=())
    assert "they hold no event" in Page(html(report)).text


def test_long_lists_are_counted() -> None:
    case = reports.forwarding()
    unread = IngestSummary(
        quarantined=30,
        reasons=tuple((f"reason {at}", 1) for at in range(30)),
        unknown_files=tuple(f"file {at}" for at in range(21)),
    )
    many = replace(case, findings=tuple(replace(case.findings[0], uid=f"f{at}") for at in range(25)))
    text = Page(html(replace(reports.report(cases=0), ingested=unread, cases=(many,)))).text
    for said in ("and 10 more reasons", "and 1 more file", "and 5 more findings"):
        assert said in text


def hostile_page() -> str:
    return html(reports.hostile())


def test_no_name_breaks_out() -> None:
    text = hostile_page()
    text.encode("utf-8")  # half a character would stop it from being written
    page = Page(text)
    assert page.open == []
    assert "script" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "{{ 7 * 7 }}" in page.text, "what looks like a template is shown, not obeyed"
    assert page.tags.count("title") == 3, "the page's and one for each picture"


def test_no_name_hides_or_turns_anything() -> None:
    text = hostile_page()
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert "\\u202etxt.exe" in text


def test_the_same_report_makes_the_same_page(full: str) -> None:
    assert html(reports.report()) == full


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        # WCAG 2.2: 4.5 for text, 3 for what must be seen in a picture.
        *((front, back, 4.5) for front in ("ink", "muted") for back in ("paper", "card", "tint")),
        ("accent", "paper", 4.5),
        ("accent", "card", 4.5),
        ("bar", "card", 3.0),
        ("high", "card", 3.0),
        ("flow", "card", 3.0),
    ],
)
def test_contrast(scheme: int, front: str, back: str, least: float) -> None:
    css = resources.files("tidegate.report").joinpath("templates/style.css").read_text("utf-8")
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", css.split("@media screen")[scheme].split("* {")[0]))
    light, dark = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= least


def test_every_colour_has_a_dark_one() -> None:
    css = resources.files("tidegate.report").joinpath("templates/style.css").read_text("utf-8")
    light, dark = (re.findall(r"--(\w+):", part) for part in css.split("* {")[0].split("@media screen"))
    assert light == dark
    assert set(re.findall(r"var\(--(\w+)\)", css)) <= set(light)


def test_what_made_no_case_is_there_to_browse_and_not_all_of_it() -> None:
    odd = [replace(reports.bulk(), uid=f"rest-{n:02}", summary=f"Oddity {n:02}.") for n in range(12)]
    page = Page(html(replace(reports.quiet(), rest=tuple(odd)))).text
    assert "The rest, to browse" in page
    assert "tidegate cases rest has all 12" in page
    assert "Oddity 09." in page
    assert "Oddity 10." not in page
    assert "The rest, to browse" not in Page(html(reports.quiet())).text
