"""Personal data and secrets beside the tools that look for nothing else, on the same samples in the same run.

    python bench/personal.py [--samples DIR] [--wrong]

Personal: presidio-research's sentences, F1 an entity, beside presidio-analyzer. Both look for patterns only: a name or
a street is a matter of language models. presidio gets words (a blank spaCy tokenizer) so that its context counts, and
for each entity that threshold of its score at which it does best. A span counts if half of it is right, and half of the
right one is in it.

Secrets: CredSweeper's samples, by line, beside detect-secrets with all its plugins. The truth is what CredSweeper says.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidegate import registry
from tidegate.content.document import Text
from tidegate.content.grade import SURE
from tidegate.content.matching import Matcher
from tidegate.content.source import from_file

SAMPLES = Path(__file__).parents[2] / "shared" / "data"
SENTENCES = ("synth_dataset_v2.json", "generated_small.json")

OURS = {
    "CREDIT_CARD": {"payment_card"},
    "IBAN_CODE": {"iban"},
    "EMAIL_ADDRESS": {"e_mail"},
    "US_SSN": {"us_ssn"},
    "PHONE_NUMBER": {"phone", "national_phone", "shaped_phone"},
}
"""Entities that both know. Addresses of machines and of pages are no personal data to Tidegate."""

THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.85)


@dataclass(frozen=True)
class Span:
    """Where an entity stands, in characters."""

    entity: str
    start: int
    end: int
    score: float = 1.0

    def same(self, other: Span) -> bool:
        common = min(self.end, other.end) - max(self.start, other.start)
        return self.entity == other.entity and common * 2 >= max(self.end - self.start, other.end - other.start)


@dataclass
class Score:
    """What was found, against the truth."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def shown(self) -> str:
        precision = self.right / max(1, self.right + self.false)
        recall = self.right / max(1, self.right + self.missed)
        return f"{precision:9.3f}{recall:8.3f}{2 * precision * recall / max(1e-9, precision + recall):7.3f}"

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.false + self.missed)


Analyse = Callable[[str], list[Span]]


def tidegate() -> Analyse:
    """Ours: what is sure enough for a label."""
    matcher = Matcher([r for r in registry.recognisers().values() if r.data_class == "personal"])
    entity = {id_: name for name, ids in OURS.items() for id_ in ids}

    def analyse(text: str) -> list[Span]:
        found = matcher.find(Text(text.encode()))
        return [
            Span(entity[hit.recogniser.id], hit.placed.start or 0, hit.placed.end or 0)
            for hit in found
            if hit.recogniser.id in entity and hit.found.confidence >= SURE
        ]

    return analyse


def presidio() -> Analyse:
    """presidio-analyzer with its recognisers of patterns, and words to see context by."""
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from spacy.language import Language
    from spacy.tokens import Doc

    @Language.component("lowered")  # type: ignore[untyped-decorator]
    def lowered(doc: Doc) -> Doc:
        for token in doc:
            token.lemma_ = token.lower_
        return doc

    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())  # what it brings; nothing is fetched
    words = spacy.blank("en")
    words.add_pipe("lowered")
    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": words}
    analyser = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])

    def analyse(text: str) -> list[Span]:
        found = analyser.analyze(text, language="en", entities=list(OURS))
        return [Span(r.entity_type, r.start, r.end, r.score) for r in found]

    return analyse


def sentences(folder: Path) -> Iterator[tuple[str, list[Span]]]:
    """Texts with the entities in them that are looked for."""
    for name in SENTENCES:
        for record in json.loads((folder / name).read_text("utf-8")):
            spans = [Span(s["entity_type"], s["start_position"], s["end_position"]) for s in record["spans"]]
            yield record["full_text"], [s for s in spans if s.entity in OURS]


def compared(found: Iterable[Span], truth: list[Span], scores: Mapping[str, Score]) -> list[Span]:
    """Count; returns what is wrong."""
    left, wrong = list(truth), []
    for span in found:
        hit = next((t for t in left if t.same(span)), None)
        if hit is not None:
            left.remove(hit)
            scores[span.entity].right += 1
        else:
            scores[span.entity].false += 1
            wrong.append(span)
    for span in left:
        scores[span.entity].missed += 1
    return wrong + left


def people(root: Path, *, wrong: bool) -> None:
    """Print the table of entities."""
    cases = list(sentences(root / "content" / "personal" / "presidio-research"))
    ours = defaultdict[str, Score](Score)
    analyse, began = tidegate(), time.monotonic()
    for text, truth in cases:
        for span in compared(analyse(text), truth, ours):
            if wrong:
                print(f"  {span.entity}: {text[max(0, span.start - 40) : span.end + 20]!r}")
    taken, theirs = time.monotonic() - began, {limit: defaultdict[str, Score](Score) for limit in THRESHOLDS}
    analyse, began = presidio(), time.monotonic()
    for text, truth in cases:
        found = analyse(text)
        for limit in THRESHOLDS:
            compared([s for s in found if s.score >= limit], truth, theirs[limit])
    print(f"{len(cases)} sentences; tidegate {taken:.2f} s, presidio-analyzer {time.monotonic() - began:.2f} s")
    print(f"{'entity':16}{'tidegate: P':>13}{'R':>8}{'F1':>7}   {'presidio: P':>11}{'R':>8}{'F1':>7}  (best threshold)")
    for entity in OURS:
        best = max(THRESHOLDS, key=lambda limit: theirs[limit][entity].f1)
        print(f"{entity:16}    {ours[entity].shown()}     {theirs[best][entity].shown()}  ({best})")


def secrets(root: Path, *, wrong: bool) -> None:
    """Print the table of secrets by line."""
    with tempfile.TemporaryDirectory(prefix="tidegate-bench-") as folder:
        with zipfile.ZipFile(root / "content" / "credsweeper.zip") as archive:
            archive.extractall(folder)
        files = {p.name: p for p in sorted(Path(folder).rglob("*")) if p.is_file() and p.parent.name != "expected"}
        files = {name: path for name, path in files.items() if from_file(path).encoding is not None}
        expected = next(Path(folder).rglob("output.json"))
        truth = {
            (Path(line["path"]).name, line["line_num"])
            for entry in json.loads(expected.read_text("utf-8"))
            for line in entry["line_data_list"][:1]
        }
        truth = {place for place in truth if place[0] in files}
        for title, look in (("tidegate", lines), ("detect-secrets", detect_secrets)):
            began = time.monotonic()
            found = {(name, number) for name, path in files.items() for number in look(path)}
            score = Score(len(found & truth), len(found - truth), len(truth - found))
            taken = time.monotonic() - began
            print(f"{title:16}    {score.shown()}   {len(truth)} lines in {len(files)} files, {taken:.1f} s")
            if wrong and title == "tidegate":
                for kind, places in (("missed", truth - found), ("false", found - truth)):
                    for name, number in sorted(places):
                        print(f"  {kind} {name}:{number}: {_line(files[name], number)}")


_MATCHER: list[Matcher] = []


def lines(path: Path) -> set[int]:
    """Lines with secrets that are sure enough for a label."""
    if not _MATCHER:
        _MATCHER.append(Matcher([r for r in registry.recognisers().values() if r.data_class == "secret"]))
    text = Text("".join(from_file(path).pieces()).encode())
    found = _MATCHER[0].find(text)
    return {hit.match.line for hit in found if hit.found.confidence >= SURE}


def detect_secrets(path: Path) -> set[int]:
    """The same by detect-secrets, as it is set up by default."""
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import default_settings

    with default_settings():
        return {found.line_number for found in scan_file(str(path))}


def _line(path: Path, number: int) -> str:
    rows: list[Any] = "".join(from_file(path).pieces()).split("\n")
    return rows[number - 1][:140] if number <= len(rows) else ""


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=Path, default=SAMPLES)
    parser.add_argument("--wrong", action="store_true", help="list what Tidegate has wrong")
    asked = parser.parse_args()
    people(asked.samples, wrong=asked.wrong)
    secrets(asked.samples, wrong=asked.wrong)


if __name__ == "__main__":
    main()
