"""Forms on one person: medical records, applications, personnel files, told from which fields are filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tidegate.content.units import Found, Match, Recogniser

if TYPE_CHECKING:
    from tidegate.content.tally import Tally

_FIELDS = {
    "name": (
        "(?:patient|full|first|last|given|family|employee|applicant|student)(?:'s)? names?",
        *("surname", "forename", "姓名", "nachname", "nom"),
    ),
    "birth": (
        *("date of birth", r"d\.?o\.?b\.?", "birth ?date", "geburtsdatum", "date de naissance"),
        *("出生日期", "出生年月"),
    ),
    "self": ("sex", "gender", "nationality", "marital status", "geschlecht", "性别", "民族", "国籍", "婚姻状况"),
    "number": (
        r"(?:medical record|social security|passport|insurance|nhs) (?:no\.?|number)",
        *("patient id", "mrn", "ssn", "national id", "insurance id", "employee id"),
        *("身份证号码?", "护照号码?", "社保号"),
    ),
    "place": ("(?:home |postal |current )?address", "anschrift", "住址", "家庭住址", "户籍"),
    "phone": ("(?:home |mobile |cell )?(?:phone|telephone)(?: number)?", "mobile", "联系电话", "手机号?码?"),
    "health": (
        *("diagnos[ie]s", "allergies", "current medications?", "blood type", "chief complaint", "medical history"),
        *("诊断", "过敏史", "既往史", "血型"),
    ),
}
"""Labels of fields, by what they tell of a person."""

_LABEL = re.compile("|".join(f"(?P<{kind}>{'|'.join(labels)})" for kind, labels in _FIELDS.items()), re.IGNORECASE)
_PATTERN = "|".join(f"(?:{label}) ?(?::|：|\\t)" for labels in _FIELDS.values() for label in labels)
"""A word and its sign in each: of one sign after all words Hyperscan makes an automaton ten times as slow."""

_LEAST = 4  # kinds of field; a letterhead has three

_BLANK = re.compile(r"^[\s_.…\[\]()/-]*$")


def _field(match: Match) -> Found | None:
    label = None if re.search(r"[A-Za-z]$", match.before(2)) else _LABEL.match(match.value)
    rest = match.after(60)
    if label is None or label.lastgroup is None or (_BLANK.match(rest) and _BLANK.match(match.following(40)[:12])):
        return None
    return Found(confidence=0.75, value=label.lastgroup, facts={"fields": (label.lastgroup,)})


def _one_person(tally: Tally) -> bool:
    found = tally.facts.get("fields", ())
    fields = set(found) if isinstance(found, tuple) else set[str]()
    return "name" in fields and len(fields & {"birth", "number", "health"}) > 1


PERSON_FORM = Recogniser(
    id="person_form",
    data_class="personal",
    source="GDPR, articles 4 (1) and 9 (1); HIPAA Privacy Rule, 45 CFR 164.514 (b) (2): identifiers and health",
    pattern=_PATTERN,
    ignore_case=True,
    read=_field,
    at_least=_LEAST,
    judge=_one_person,
    hits=(
        "Patient Name: Ana Li\nDate of Birth: 3 May 1980\nMRN: 88-1234\nDiagnosis: none\n",
        "姓名：张伟 性别：男\n出生日期：1990年5月\n身份证号：见附件1\n住址：某某路5号\n",
    ),
    misses=(
        "Full name: ______\nDate of birth: ______\nPassport number: ______\nSex: ______\n",  # not filled in
        "First name: Ana\nPhone: 030 1234\nAddress: Road 5\nGender: f\n",  # a business card
        "Error: invalid date of birth, SSN, MRN or diagnosis of patient name\n",  # a message of a program
    ),
)
