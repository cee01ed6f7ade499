"""Numbers, times and names in plain words, by tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.report.reports import HOSTILE
from tidegate import words

WEEKS_A_YEAR = 52.1775


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (4_240_000, "4.2 MB"),
        (9_960_000, "10 MB"),  # not 10.0
        (81e9, "81 GB"),
        (999_499_999, "999 MB"),
        (999_600_000, "1 GB"),  # not 1000 MB
        (2.5e18, "2,500 PB"),
    ],
)
def test_human(size: float, said: str) -> None:
    assert words.human(size) == said


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (70, "about 10 a day"),
        (3.1, "about 3 a week"),
        (1.2, "about once a week"),
        (0.5, "about once in 2 weeks"),
        (12 / WEEKS_A_YEAR, "about once a month"),
        (2 / WEEKS_A_YEAR, "about once in 6 months"),
        (1 / WEEKS_A_YEAR, "about once a year"),
        (1 / (14 * WEEKS_A_YEAR), "about once in 14 years"),
        (1 / (37 * WEEKS_A_YEAR), "about once in 40 years"),  # 37 would claim to know too much
        (1 / (999 * WEEKS_A_YEAR), "about once in 1,000 years"),
        (1e-9, "less than once in 1,000 years"),
        (0, "less than once in 1,000 years"),
    ],
)
def test_per_week_in_words(rate: float, said: str) -> None:
    assert words.per_week_in_words(rate) == said


def test_a_rarer_thing_never_sounds_more_frequent() -> None:
    """Neighbouring rates may sound alike, but the wording has no jumps back, at any rate."""
    days = {"day": 1, "week": 7, "month": 365.24 / 12, "year": 365.24}
    before = 0.0
    for step in range(-400, 1400):
        said = words.per_week_in_words(10 ** (-step / 200)).split()
        if said[0] == "less":
            continue
        every = 1.0 if said[2] == "a" or said[1] != "once" else float(said[3].replace(",", ""))
        times = 1.0 if said[1] == "once" else float(said[1].replace(",", ""))
        gap = days[said[-1].rstrip("s")] * every / times
        assert gap >= before * 0.93, (step, said)  # 4 weeks and a month, 12 months and a year differ by rounding
        before = gap


@pytest.mark.parametrize(("count", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (3204, "3,204 files")])
def test_many(count: int, said: str) -> None:
    assert words.many(count, "file") == said


def test_many_with_its_own_plural() -> None:
    assert words.many(2, "oddity", "oddities") == "2 oddities"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "—"),
        (("ann",), "ann"),
        (("ann", "bob"), "ann and bob"),
        (("ann", "bob", "cy"), "ann, bob and 1 more"),
    ],
)
def test_some(names: tuple[str, ...], said: str) -> None:
    assert words.some(names) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2024, 3, 12), date(2024, 3, 12), "12 Mar 2024"),
        (date(2024, 3, 3), date(2024, 3, 14), "3 to 14 Mar 2024"),
        (date(2024, 1, 1), date(2024, 3, 31), "1 Jan to 31 Mar 2024"),
        (date(2023, 12, 1), date(2024, 3, 31), "1 Dec 2023 to 31 Mar 2024"),
        # Same month of another year: the month must not be left out.
        (date(2023, 3, 1), date(2024, 3, 1), "1 Mar 2023 to 1 Mar 2024"),
        (datetime(2024, 3, 3, 1), datetime(2024, 3, 3, 23), "3 Mar 2024"),
    ],
)
def test_between(first: date, last: date, said: str) -> None:
    assert words.between(first, last) == said


def test_moment() -> None:
    assert words.moment(datetime(2024, 3, 2, 4, 5, 59)) == "2 Mar 2024, 04:05"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=-5), "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=26), "26 hours"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=999), "999 days"),
        (timedelta(days=4745), "13 years"),
    ],
)
def test_lasting(length: timedelta, said: str) -> None:
    assert words.lasting(length) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Übersicht 报告 ä.docx", "Übersicht 报告 ä.docx"),  # other scripts are not hidden: they stay
        ("10.00\u202fAM", "10.00 AM"),  # the odd space that a Mac puts into names of screenshots
        ("a\x1b[2Jb", "a\\u001b[2Jb"),
        ("fdp\u202egnp.exe", "fdp\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("half \ud83d", "half \\ud83d"),
        ("two\nlines", "two\\u000alines"),
    ],
)
def test_visible(text: str, said: str) -> None:
    assert words.visible(text) == said


def test_visible_text_can_be_written_and_printed() -> None:
    assert words.visible(HOSTILE).isprintable()
    words.visible(HOSTILE).encode()


@pytest.mark.parametrize(
    ("text", "said"),
    [("a backup", "A backup."), ("Who did it?", "Who did it?"), ("A test.", "A test."), ("", "")],
)
def test_sentence(text: str, said: str) -> None:
    assert words.sentence(text) == said


@pytest.mark.parametrize("limit", [2, 5, 10, 11])
def test_shorten_keeps_both_ends_and_the_limit(limit: int) -> None:
    short = words.shorten("survey-2023-nests.gpx", limit)
    assert len(short) == limit
    assert "…" in short
    assert short.startswith("s")


def test_shorten_leaves_what_fits() -> None:
    assert words.shorten("nests.gpx", 9) == "nests.gpx"
