"""`tidegate.toml` as frozen dataclasses.

```toml
[budget]
cases_per_week = 1.0

[own]
domains = ["example.org"]
networks = ["10.0.0.0/8", "203.0.113.0/24"]

[quarantine]
max_mb = 1024

[records]
url = "postgresql+psycopg://tidegate@db.example.org/tidegate"

[sources]
mappings = ["mappings/*.toml"]

[retention]
days = 365
tables = { network_activity = 90, quarantine = 30 }

[detectors.bulk_volume]
min_days = 21
```
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from tidegate.errors import ConfigError

FILE_NAME = "tidegate.toml"

PRIVATE_NETWORKS = (
    "10.0.0.0/8",  # RFC 1918
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",  # RFC 4193
    "169.254.0.0/16",  # link-local, RFC 3927
    "fe80::/10",  # link-local, RFC 4291
    "127.0.0.0/8",  # loopback
    "::1/128",
)
"""Networks that are nobody's but the reader's own."""


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        raise ValueError(f"{text!r} is not a network; write it as 192.0.2.0/24") from None


@dataclass(frozen=True, kw_only=True)
class Budget:
    """How many cases a person can live with."""

    # Cases a week that quiet data would raise by chance, at most: one is what a part-time analyst can look into.
    cases_per_week: Annotated[float, Field(gt=0)] = 1.0


@dataclass(frozen=True, kw_only=True)
class Own:
    """What is inside."""

    # Registered domains of the organisation; where none are named they are inferred from the logs.
    domains: tuple[Annotated[str, AfterValidator(str.lower)], ...] = ()
    # Networks (CIDR) of the organisation: one with public addresses names all of its networks here.
    networks: tuple[Annotated[str, AfterValidator(_network)], ...] = PRIVATE_NETWORKS
    # Words that mark its papers, beside those that authorities use; whole words in names, folders and labels.
    markings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Quarantine:
    """How much of what could not be read is kept; what is beyond it is counted by reason, and gone from the lake."""

    # Megabytes on disk, in all: enough for some ten million records, and no disk fills up with what nobody can read.
    max_mb: Annotated[int, Field(ge=0)] = 1024
    # Megabytes of text of one log file and run, so that one that is no log after all leaves room for the others.
    max_mb_per_file: Annotated[int, Field(ge=0)] = 128


@dataclass(frozen=True, kw_only=True)
class Records:
    """Where cases are kept."""

    # SQLAlchemy URL; none is `cases.db` in the lake, which needs no server and moves with it.
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long `tidegate lake expire` leaves events and quarantined records; cases stay."""

    # Days for every table; none keeps all, for only the organisation knows what it may and must keep.
    days: Annotated[int, Field(gt=0)] | None = None
    # Days for some tables: event classes, and quarantine.
    tables: Mapping[str, Annotated[int, Field(gt=0)]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Logs beside those that Tidegate knows."""

    # Mapping files, or patterns of them, relative to tidegate.toml's folder.
    mappings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings. detectors: by id, the settings that differ from the detector's defaults."""

    budget: Budget = field(default_factory=Budget)
    own: Own = field(default_factory=Own)
    quarantine: Quarantine = field(default_factory=Quarantine)
    records: Records = field(default_factory=Records)
    retention: Retention = field(default_factory=Retention)
    sources: Sources = field(default_factory=Sources)
    detectors: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    path: Path | None = None

    def settings(self, detector: str, defaults: Mapping[str, object]) -> Mapping[str, object]:
        """A detector's settings: its defaults, overridden by name.

        Raises ConfigError where the file names a setting the detector does not have, or gives one another type.
        """
        section = f"detectors.{detector}"
        settings = dict(defaults)
        for name, value in self.detectors.get(detector, {}).items():
            _known(self.path, section, name, defaults)
            if not _fits(value, defaults[name]):
                wanted = f"wants {type(defaults[name]).__name__}, such as its default {defaults[name]!r}"
                raise _error(self.path, section, name, f"{value!r}: {wanted}")
            settings[name] = tuple(value) if isinstance(value, list) else value
        return MappingProxyType(settings)

    def mappings(self) -> tuple[Path, ...]:
        """The mapping files. Raises ConfigError where a pattern names none."""
        folder, found = (self.path or Path()).parent, dict[Path, None]()
        for pattern in self.sources.mappings:
            whole = folder.absolute() / pattern
            named = sorted(Path(whole.anchor).glob(str(whole.relative_to(whole.anchor))))
            if not named:
                raise _error(self.path, "sources", "mappings", f"{pattern!r}: there is no such file in {folder}")
            found |= dict.fromkeys(named)
        return tuple(found)

    def check(self, detectors: Mapping[str, Mapping[str, object]]) -> None:
        """Raise ConfigError where the file names a detector or a setting there is none of (id → its defaults)."""
        for name in self.detectors:
            _known(self.path, "detectors", name, detectors)
            self.settings(name, detectors[name])


_Section = Budget | Own | Quarantine | Records | Retention | Sources
_SECTIONS: Mapping[str, type[_Section]] = {
    "budget": Budget,
    "own": Own,
    "quarantine": Quarantine,
    "records": Records,
    "retention": Retention,
    "sources": Sources,
}


def find(path: Path | None, context: Path | None) -> Path | None:
    """The settings file: the one that is named, else `tidegate.toml` in the context folder, else none."""
    if path is None and context is not None and (context / FILE_NAME).is_file():
        return context / FILE_NAME
    return path


def load(path: Path | None) -> Config:
    """Read a `tidegate.toml`; None is all defaults. Raises ConfigError."""
    if path is None:
        return Config()
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", file=path) from error
    except ValueError as error:  # of TOML or of UTF-8
        place = re.search(r"at line (\d+)", str(error))
        raise ConfigError(f"not TOML: {error}", file=path, line=int(place[1]) if place else None) from error
    for name, section in document.items():
        _known(path, None, name, [*_SECTIONS, "detectors"])
        if not isinstance(section, dict):
            raise _error(path, None, name, "is a section: write its settings below [" + name + "]")
    parts = {name: _section(path, name, shape, document.get(name, {})) for name, shape in _SECTIONS.items()}
    detectors = document.get("detectors", {})
    for name, settings in detectors.items():
        if not isinstance(settings, dict):
            raise _error(path, "detectors", name, f"is a detector: write its settings below [detectors.{name}]")
    return TypeAdapter(Config).validate_python({**parts, "detectors": detectors, "path": path})


def _section(path: Path, name: str, shape: type[_Section], given: Mapping[str, object]) -> _Section:
    for key in given:
        _known(path, name, key, [f.name for f in fields(shape)])
    try:
        return TypeAdapter(shape).validate_python(given)
    except ValidationError as error:
        first = error.errors()[0]
        what = first.get("ctx", {}).get("error") or f"{first['input']!r}: {first['msg']}"
        raise _error(path, name, str(first["loc"][0]), str(what)) from error


def _known(path: Path | None, section: str | None, name: str, known: Iterable[str]) -> None:
    known = list(known)
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there is {', '.join(known) or 'none'}"
        raise _error(path, section, name, f"no such setting; {hint}")


def _error(path: Path | None, section: str | None, key: str, message: str) -> ConfigError:
    """An error about a setting, with the line on which its key (or its section's header) stands."""
    heading = rf"\[{re.escape(section or key)}\]"
    line, inside = None, section is None
    for number, text in enumerate(path.read_text("utf-8-sig").splitlines() if path else (), start=1):
        if re.match(rf"\s*{heading}|\s*\[{re.escape(f'{section}.{key}')}\]", text):
            inside, line = True, number
        elif inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
            line = number
            break
    return ConfigError(f"{f'[{section}] ' if section else ''}{key}: {message}", file=path, line=line)


def _fits(value: object, default: object) -> bool:
    """Whether a TOML value can stand for a default: its type, a whole number for a float, a list for a tuple."""
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(value, bool) and isinstance(default, bool)
    if isinstance(default, float):
        return isinstance(value, int | float)
    if isinstance(default, tuple):
        return isinstance(value, list)
    return default is None or isinstance(value, type(default))
