"""Documents and slides of Office (ECMA-376) and OpenDocument (ISO 26300), and books: text, headers, properties."""

from __future__ import annotations

import posixpath
import re
import zipfile
from functools import partial
from xml.parsers.expat import ExpatError

from tidegate.content.document import Child, Metadata, Opaque, Parts, Role, Value, blocks
from tidegate.content.extract import _markup, _zip
from tidegate.content.extract._xml import events
from tidegate.content.source import Source
from tidegate.content.units import extractor
from tidegate.errors import InputError

_BODIES = (
    ("docx", "word/document.xml"),
    ("pptx", "ppt/presentation.xml"),
    ("odt", "content.xml"),
    ("epub", "META-INF/container.xml"),
)
_PROPERTIES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml")
_LABELS = "docMetadata/LabelInfo.xml"
_PARTS: tuple[tuple[re.Pattern[str], Role], ...] = (
    (re.compile(r"word/document\d{0,3}\.xml"), "body"),
    (re.compile(r"word/header\d{0,4}\.xml"), "header"),
    (re.compile(r"word/footer\d{0,4}\.xml"), "footer"),
    (re.compile(r"word/(?:footnotes|endnotes|comments)\.xml"), "note"),
    (re.compile(r"ppt/slides/slide\d{1,5}\.xml"), "body"),
    (re.compile(r"ppt/(?:notesSlides|comments)/[\w]{1,40}\.xml"), "note"),
    (re.compile(r"content\.xml"), "body"),
    (re.compile(r"styles\.xml"), "header"),
)
_ENDS = frozenset({"p", "h", "title", "div", "li", "td", "h1", "h2", "h3"})
_INSIDE = re.compile(r"(?:word|ppt|xl)/(?:embeddings|media)/.{1,200}|Pictures/.{1,200}|ObjectReplacements/.{1,200}")
_MIMES = {b"text": "odt", b"spreadsheet": "ods", b"presentation": "odp", b"graphics": "odg"}


def _kind(source: Source) -> str | None:
    names = _zip.names(source)
    name = next((name for name, body in _BODIES if body in names), None)
    if name != "odt":
        return name
    found = re.search(rb"opendocument\.([a-z]{4,14})", source.head[:200])
    kind = _MIMES.get(found[1], "odt") if found else "odt" if "styles.xml" in names else None
    return None if kind == "ods" else kind  # sheets have a reader of their own


@extractor(formats=("docx", "pptx", "odt", "odp", "odg", "epub"), rank=12, magic=((0, b"PK\x03\x04"),), sniff=_kind)
def office(source: Source) -> Parts:
    """Its text by part, its properties, and what is embedded in it."""
    with _zip.opened(source) as archive:
        names = sorted(archive.namelist(), key=_order)
        if _encrypted(archive):
            yield Opaque("encrypted")
            return
        yield from properties(archive)
        for name in names:
            role = next((role for pattern, role in _PARTS if pattern.fullmatch(name)), None)
            if role is not None:  # in OpenDocument's styles only what pages repeat is text: headers and footers
                yield from _text(archive, name, _where(name), role)
            elif name.endswith((".xhtml", ".html", ".htm")):
                yield from _text(archive, name, name, "body")
            elif _INSIDE.fullmatch(name):
                member = archive.getinfo(name)
                yield Child(name, partial(archive.open, member), member.file_size, member.compress_size)


def _text(archive: zipfile.ZipFile, name: str, where: str, role: Role) -> Parts:
    """Text of one part; of one that is damaged what stands before the damage, and why there is no more."""
    try:
        with _zip.part(archive, name) as data:
            yield from blocks(_markup.paragraphs(data, _ENDS), where=where, role=role)
    except (InputError, ExpatError, *_zip.DAMAGED) as error:
        yield Opaque(f"a part that cannot be read on ({error})", name)


def _encrypted(archive: zipfile.ZipFile) -> bool:
    """Whether the manifest of an OpenDocument file says so."""
    name = "META-INF/manifest.xml"
    if name not in archive.namelist():
        return False
    with _zip.part(archive, name) as data:
        return b"encryption-data" in data.read(1 << 20)


def properties(archive: zipfile.ZipFile) -> Parts:
    """What the document says of itself, and the sensitivity labels it carries."""
    values: dict[str, Value] = {}
    here = set(archive.namelist())
    for name in _PROPERTIES:
        if name in here:
            with _zip.part(archive, name) as data:
                custom = ""
                for event in events(data):
                    custom = event.attributes.get("name", custom) if event.kind == "start" else custom
                    if event.kind == "end" and event.text.strip() and len(values) < 300:
                        values[custom or event.name] = event.text.strip()[:500]
    if _LABELS in here:
        with _zip.part(archive, _LABELS) as data:
            for event in events(data):
                if event.kind == "start" and event.name == "label":
                    values |= {f"label.{key}": value[:200] for key, value in event.attributes.items()}
    if values:
        yield Metadata("properties", values)


def _order(name: str) -> tuple[str, int, str]:
    number = re.search(r"(\d{1,6})\.", name)
    return posixpath.dirname(name), int(number[1]) if number else 0, name


def _where(name: str) -> str:
    """`slide 3` for a slide; a document's body needs no name."""
    stem = posixpath.basename(name).removesuffix(".xml")
    if stem in {"document", "content"}:
        return ""
    found = re.fullmatch(r"([a-zA-Z]{1,20})(\d{1,5})", stem)
    return f"{found[1]} {found[2]}" if found else stem
