"""Pseudonyms: keyed, so that nobody without the lake's key can test a guess, and stable within a lake."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import re
import secrets
from dataclasses import replace
from pathlib import Path

from tidegate.cases.model import Case, EventRef, Finding
from tidegate.errors import LakeError

_KEY_BYTES = 32
_LENGTH = 8  # base32 characters, 40 bits: among 10,000 people one chance in 20,000 that any two share a pseudonym
_PSEUDONYM = re.compile(rf"(person|device)-[a-z2-7]{{{_LENGTH}}}")
_WORD = re.compile(r"[^\W_]+")
_WORDS = frozenset(
    (
        "admin",
        "administrator",
        "backup",
        "guest",
        "info",
        "mail",
        "nobody",
        "office",
        "root",
        "service",
        "system",
        "user",
    )
)
"""Accounts that are nobody's, and words besides: without their domain they stay in texts."""

_SHORTEST = 3  # letters of an account that are looked for in texts: shorter ones are words and drive letters


class Identities:
    """The pseudonyms of one lake; its key is made on first use. clear=True passes every name through."""

    def __init__(self, lake: Path, *, clear: bool = False) -> None:
        self.clear = clear
        self._key = _key(lake / "pseudonym.key")
        self._names: dict[tuple[str, str], str] = {}  # kind and name → pseudonym
        self._spellings: dict[str, str] = {}  # what scrub looks for → pseudonym
        self._longest = 0  # words in the longest of them

    def actor(self, name: str) -> str:
        """`person-xxxxxxxx`; upper and lower case are one person, a pseudonym stays what it is."""
        return self._pseudonym("person", name)

    def device(self, name: str) -> str:
        """`device-xxxxxxxx`; upper and lower case are one device, a pseudonym stays what it is."""
        return self._pseudonym("device", name)

    def scrub(self, text: str) -> str:
        """Replace in free text, such as a file's path, the names asked for so far, with and without their domain."""
        if self.clear:
            return text
        words, parts, done, at = list(_WORD.finditer(text)), [], 0, 0
        while at < len(words):
            for end in range(min(at + self._longest, len(words)), at, -1):  # the longest name that begins here
                pseudonym = self._spellings.get(text[words[at].start() : words[end - 1].end()].lower())
                if pseudonym:
                    parts += [text[done : words[at].start()], pseudonym]
                    done, at = words[end - 1].end(), end
                    break
            else:
                at += 1
        return "".join(parts) + text[done:]

    def mask(self, case: Case) -> Case:
        """The case under pseudonyms throughout; one that is so already stays as it is."""
        for finding in case.findings:
            self._learn(finding.actor, finding.device)
        for event in case.events:
            self._learn(event.actor, event.device)
        actors, devices = tuple(map(self.actor, case.actors)), tuple(map(self.device, case.devices))
        return replace(
            case,
            title=self.scrub(case.title),
            summary=self.scrub(case.summary),
            actors=actors,
            devices=devices,
            destinations=tuple(map(self.scrub, case.destinations)),
            findings=tuple(map(self.finding, case.findings)),
            flows=tuple(
                replace(flow, who=self.scrub(flow.who), destination=self.scrub(flow.destination)) for flow in case.flows
            ),
            events=tuple(map(self._event, case.events)),
        )

    def finding(self, finding: Finding) -> Finding:
        """The finding under pseudonyms."""
        return replace(
            finding,
            actor=finding.actor and self.actor(finding.actor),
            device=finding.device and self.device(finding.device),
            destination=finding.destination and self.scrub(finding.destination),
            explanation=self.scrub(finding.explanation),
        )

    def _event(self, event: EventRef) -> EventRef:
        return replace(
            event,
            actor=event.actor and self.actor(event.actor),
            device=event.device and self.device(event.device),
            destination=event.destination and self.scrub(event.destination),
            file_name=event.file_name and self.scrub(event.file_name),
            source_file=self.scrub(event.source_file),
        )

    def _learn(self, actor: str | None, device: str | None) -> None:
        if actor:
            self.actor(actor)
        if device:
            self.device(device)

    def _pseudonym(self, kind: str, name: str) -> str:
        if self.clear or _PSEUDONYM.fullmatch(name):
            return name
        plain = name.strip().lower()
        if (kind, plain) not in self._names:
            digest = hmac.digest(self._key, f"{kind}\0{plain}".encode(), hashlib.sha256)
            pseudonym = f"{kind}-{base64.b32encode(digest).decode().lower()[:_LENGTH]}"
            self._names[kind, plain] = self._spellings[_bare(plain)] = pseudonym
            for part in short(kind, plain):
                self._spellings.setdefault(part, pseudonym)
            self._longest = max(self._longest, len(_WORD.findall(plain)))
        return self._names[kind, plain]


def short(kind: str, name: str) -> set[str]:
    """Names without their domain: `anna` of `anna@example.org` and of `corp\\anna`, `ws-1` of `ws-1.example.org`."""
    parts = (name.partition(".")[0],) if kind == "device" else (name.partition("@")[0], name.rpartition("\\")[2])
    bare = {_bare(part) for part in parts}
    return {part for part in bare - _WORDS if len(part) >= _SHORTEST and not part.isdigit()}


def _bare(name: str) -> str:
    """A name from its first letter or digit to its last."""
    words = list(_WORD.finditer(name))
    return name[words[0].start() : words[-1].end()] if words else name


def _key(path: Path) -> bytes:
    """The key in that file, made first where there is none; of two runs that begin at once, one makes it for both."""
    try:
        if not path.exists():
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(fresh)  # whole or not at all, and never over another's
            fresh.unlink()
        key = path.read_bytes()
    except OSError as error:
        raise LakeError(f"{path}: {error.strerror}; without it nobody can be given a pseudonym") from error
    if len(key) != _KEY_BYTES:
        raise LakeError(
            f"{path}: is no key ({len(key)} bytes, not {_KEY_BYTES}); put back the lake's own from a backup"
        )
    return key
