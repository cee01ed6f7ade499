"""Sequences, reads, alignments, variants, features as text: FASTA, FASTQ, GenBank, EMBL, SAM, VCF, GFF, BED."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tidegate.content.document import Metadata, Parts, blocks
from tidegate.content.source import Source
from tidegate.content.units import extractor

_LOOK = 60  # lines that a format is told from
_LETTERS = re.compile(r"[A-Za-z*.\-]{1,2000}\s{0,3}")  # IUPAC codes of nucleotides and amino acids, gaps
_NUCLEOTIDES = re.compile(r"[ACGTUNRYSWKMBDHVacgtunryswkmbdhv.\-]{1,5000}")
_COLOURS = re.compile(r"[ACGT][0-3.]{5,5000}")
_CIGAR = re.compile(r"\*|(?:\d{1,9}[MIDNSHP=X]){1,500}")
_PLACE = re.compile(r"[0-9]{1,12}")
_CHROMOSOME = re.compile(r"(?:chr|scaffold|contig|chromosome|super)[\w.]{1,40}", re.IGNORECASE)


def _fasta(lines: Sequence[str]) -> bool:
    body = [line for line in lines if line.strip() and not line.startswith(";")]
    if len(body) < 2 or not body[0].startswith(">"):
        return False
    letters = [line for line in body[1:] if not line.startswith(">")]
    return bool(letters) and all(
        _LETTERS.fullmatch(line[:2000]) and " " not in line.strip() for line in letters[:-1] or letters
    )


def _csfasta(lines: Sequence[str]) -> bool:
    body = [line for line in lines if line.strip() and not line.startswith("#")]
    pairs = list(zip(body[::2], body[1::2], strict=False))
    return bool(pairs) and all(head.startswith(">") and _COLOURS.fullmatch(read.strip()) for head, read in pairs[:10])


def _fastq(lines: Sequence[str]) -> bool:
    if len(lines) < 3 or not lines[0].startswith("@") or not _NUCLEOTIDES.fullmatch(lines[1].strip()):
        return len(lines) > 2 and lines[0].startswith("@") and bool(_COLOURS.fullmatch(lines[1].strip()))
    after = next((n for n, line in enumerate(lines[2:], 2) if not _NUCLEOTIDES.fullmatch(line.strip())), 0)
    return after > 0 and lines[after].startswith("+")


def _flat(first: str, then: tuple[str, ...]) -> Callable[[Sequence[str]], bool]:
    def told(lines: Sequence[str]) -> bool:
        return bool(lines) and lines[0].startswith(first) and any(line.startswith(then) for line in lines[1:])

    return told


def _starts(*marks: str) -> Callable[[Sequence[str]], bool]:
    return lambda lines: bool(lines) and lines[0].startswith(marks)


def _columns(test: Callable[[list[str]], bool], *, least: int) -> Callable[[Sequence[str]], bool]:
    """Whether nearly all lines are rows of at least so many cells, cut by tabs, that a test holds of."""

    def told(lines: Sequence[str]) -> bool:
        rows = [row.split("\t") for row in lines if row.strip() and not row.startswith(("#", "@", "track", "browser"))]
        good = sum(len(row) >= least and test(row) for row in rows)
        return bool(rows) and good >= 0.9 * len(rows)

    return told


def _alignment(row: list[str]) -> bool:
    return row[1].isdigit() and row[3].isdigit() and bool(_CIGAR.fullmatch(row[5][:2000]))


def _feature(row: list[str]) -> bool:
    return row[3].isdigit() and row[4].isdigit() and row[6] in {"+", "-", ".", "?"} and row[7] in {".", "0", "1", "2"}


def _interval(row: list[str]) -> bool:
    start, end = (_PLACE.fullmatch(cell.strip()) for cell in row[1:3])
    if start is None or end is None or not _CHROMOSOME.fullmatch(row[0]):
        return False
    return int(start[0]) <= int(end[0])


KINDS: tuple[tuple[str, Callable[[Sequence[str]], bool]], ...] = (
    ("genbank", _flat("LOCUS  ", ("DEFINITION", "ACCESSION", "ORIGIN", "FEATURES"))),
    ("embl", _flat("ID   ", ("XX", "AC   ", "SQ   ", "DT   "))),
    ("vcf", _starts("##fileformat=VCF")),
    ("gff", _starts("##gff-version")),
    ("maf-alignment", _starts("##maf")),
    ("wig", _starts("track type=wiggle", "variableStep chrom=", "fixedStep chrom=")),
    ("sam", _starts("@HD\tVN:", "@SQ\tSN:")),
    ("fastq", _fastq),
    ("csfasta", _csfasta),
    ("fasta", _fasta),
    ("sam", _columns(_alignment, least=11)),
    ("gtf", _columns(lambda row: _feature(row) and "gene_id" in row[8], least=9)),
    ("gff", _columns(_feature, least=8)),
    ("bed", _columns(_interval, least=3)),
)
"""Formats and how each is told from the first lines, the surest first."""

_RECORD = {
    "fasta": (">",),
    "csfasta": (">",),
    "fastq": ("+",),
    "genbank": ("LOCUS  ",),
    "embl": ("ID   ",),
    "maf-alignment": ("s ",),
}
"""How a record begins; in other formats each line that is no comment is one."""


def _kind(source: Source) -> str | None:
    lines = source.lines[:_LOOK]
    lines = lines if len(source.lines) > _LOOK or source.size <= len(source.head) else lines[: max(2, len(lines) - 1)]
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    return next((name for name, told in KINDS if told(lines[first:])), None)


@extractor(formats=tuple(dict.fromkeys(name for name, _ in KINDS)), rank=50, sniff=_kind)
def genetic_text(source: Source) -> Parts:
    """The text as it stands, and how many records it holds."""
    yield from blocks(source.pieces())
    marks = _RECORD.get(_kind(source) or "")
    rows = (row for row in source.rows() if row.strip())
    count = sum(row.startswith(marks) if marks else not row.startswith(("#", "@", "track", "browser")) for row in rows)
    yield Metadata("sequences", {"format": _kind(source) or "", "count": count})
