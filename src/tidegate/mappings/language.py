"""What a mapping file may say: its tables with their keys, each with its type.

`check` holds what they must agree on, `build` makes sources of them, docs/mappings.md teaches them.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

Written = Literal["json", "csv", "pairs", "regex", "cef", "leef", "syslog"]
_PART = "%(?:[YymbBdjHIpMSfzaA%]|-[ymdjHIMS])"
TIMES = ("iso", "epoch", "epoch_ms", "syslog")
_LISTED = 40  # words of a list that a person still reads
Shape = TypeVar("Shape", bound="Table")


def _several(value: object) -> object:
    """One, or a list of them."""
    return tuple(value) if isinstance(value, list) else (value,)


def _word(value: object) -> object:
    """A number or a truth value as logs write it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _regex(pattern: str) -> str:
    """A regular expression of RE2, which Python must read as well."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        raise ValueError(_explained(pattern, str(error).partition(": ")[2])) from None
    try:
        re.compile(pattern)
    except re.error as error:
        if re.search(r"\(\?<\w", pattern):
            raise ValueError("a named group is written (?P<name>…)") from None
        raise ValueError(f"not a regular expression: {error}") from None
    return re.sub(r"(?s)^\(\?([ims]+)\)(.*)$", r"(?\1:\2)", pattern)  # so that it can be part of another


def _explained(pattern: str, message: str) -> str:
    if re.search(r"\(\?<?[=!]", pattern):
        return "look-around such as (?=…) or (?<!…) is not supported (RE2): match what is around it, and group the part"
    if re.search(r"(?:^|[^\\])(?:\\\\)*\\[1-9]|\(\?P=", pattern):
        return r"back-references such as \1 are not supported (RE2): a line is matched in one pass"
    return f"not a regular expression of RE2: {message}"


def _time(text: str) -> str:
    if text not in TIMES and "%" not in text:
        raise ValueError(f"{text!r} is no time format, and no pattern such as '%d.%m.%Y %H:%M:%S'{hint(text, TIMES)}")
    for part in re.findall("%-?.?", text):
        if not re.fullmatch(_PART, part):
            raise ValueError(
                f"{part!r} is no part of a time; there is %Y %y %m %b %B %d %j %H %I %p %M %S %f %z %a %A %%"
            )
    return text


def _id(text: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]*", text):
        raise ValueError(f"{text!r}: an id is made of small letters, digits and _, and begins with a letter")
    return text


Names = Annotated[tuple[str, ...], BeforeValidator(_several)]
Word = Annotated[str, BeforeValidator(_word)]
Regex = Annotated[str, AfterValidator(_regex)]
Id = Annotated[str, AfterValidator(_id)]


class Table(BaseModel):
    """A table of the file, in which every key is known and of its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Column(Table):
    """Where an event column comes from, and the steps that are done to it, in this order."""

    source: Names = Field((), alias="from")  # of several, the first that has a value
    join: Names = ()
    constant: Word | None = None
    between: str = Field("", alias="with")  # what stands between joined columns
    extract: Regex | None = None
    lower: bool = False
    lookup: Mapping[str, Word] = Field(default_factory=dict)  # `*` is any other
    multiply: Annotated[float, Field(gt=0)] | None = None
    divide: Annotated[float, Field(gt=0)] | None = None
    split: Annotated[str, Field(min_length=1)] | None = None
    time: Annotated[tuple[Annotated[str, AfterValidator(_time)], ...], BeforeValidator(_several)] = ()
    zone: str | None = None

    @property
    def raw(self) -> tuple[str, ...]:
        """Raw columns it reads."""
        return self.source or self.join


class Condition(Table):
    """What a raw column must be: one of these, or what matches."""

    values: Annotated[tuple[Word, ...], BeforeValidator(_several)] = ()
    matches: Regex | None = None


class Kind(Table):
    """One kind of record: a `[[source]]`. Columns and conditions are tables of their own, read apart."""

    id: Id | None = None
    about: str = ""
    produces: str
    regex: Regex | None = None


class Product(Table):
    """The log as a whole: the keys before the first `[[source]]`."""

    id: Id
    title: str
    format: Written
    files: Names = ()
    how: str = ""
    reference: str = ""
    envelope: Names = ()
    needs: Names = ()
    probe: Regex | None = None
    ignore: Regex | None = None
    replaces: Id | None = None


class Problems:
    """What is wrong with a file, all of it: key path and message."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def add(self, path: str, message: str) -> None:
        """Note something wrong at a key."""
        self.found.append((path, message))

    def read(self, shape: type[Shape], given: object, path: str) -> Shape | None:
        """`given` as `shape`; None where it is not, which is noted."""
        if not isinstance(given, Mapping):
            self.add(path, f"{given!r}: a table of keys is wanted here")
            return None
        try:
            return shape.model_validate(given)
        except ValidationError as error:
            keys = [f.alias or name for name, f in shape.model_fields.items()]
            for one in error.errors():
                self.add((path + _place(one["loc"], given)).lstrip("."), _told(one, keys))
            return None


def _place(keys: Sequence[int | str], given: Mapping[str, object]) -> str:
    """A key path; where one stands for a list of one, there is no number in the file."""
    listed = isinstance(given.get(str(keys[0])), list)
    return "".join(f".{key}" if isinstance(key, str) else f"[{key}]" if listed else "" for key in keys)


def hint(word: str, known: Iterable[str]) -> str:
    """What was probably meant, else all there is, if that can be read."""
    known = list(known)
    if close := difflib.get_close_matches(word, known, n=1):
        return f"; did you mean {close[0]!r}?"
    return f"; there is {', '.join(known)}" if len(known) <= _LISTED else ""


def _told(error: Any, keys: Iterable[str]) -> str:
    """What pydantic found, for a person."""
    given = error["input"]
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return f"no such key{hint(str(error['loc'][-1]), keys)}"
        case "literal_error":
            return f"{given!r} is none of {error['ctx']['expected'].replace(' or ', ', ')}"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"{given!r}: {error['msg'].lower()}"
