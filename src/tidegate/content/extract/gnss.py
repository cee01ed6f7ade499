"""What satellite receivers write: NMEA 0183, AIS, and the binary protocols of their makers, also mixed in one file."""

from __future__ import annotations

from collections.abc import Iterator

from tidegate.content.document import Metadata, Parts, Positions, blocks
from tidegate.content.extract import _nmea, _receivers
from tidegate.content.source import Source
from tidegate.content.units import extractor

_PIECE = 1 << 20  # bytes looked at together
_OVERLAP = 1 << 11  # bytes that pieces have in common, so that no frame is cut; its fix may count twice
_FRAMES = 3  # valid frames that make a protocol


def _kind(source: Source) -> str | None:
    head = source.head
    if b"$" in head or b"VDM," in head or b"VDO," in head:
        if len(_nmea.SENTENCE.findall(head)) >= 2:
            return "nmea"
        if len(_nmea.SHIPS.findall(head)) >= 2:
            return "ais"
    if source.encoding is not None and source.encoding.startswith("utf-8"):
        return None
    return "gnss" if _protocol(head) or _receivers.unread(head) >= _FRAMES else None


def _protocol(data: bytes) -> str | None:
    """The binary protocol that a file begins with."""
    for name, frames in _receivers.PROTOCOLS:
        if sum(1 for _, _ in zip(frames(data), range(_FRAMES), strict=False)) >= _FRAMES:
            return name
    return None


@extractor(formats=("nmea", "ais", "gnss"), rank=25, sniff=_kind)
def gnss(source: Source) -> Parts:
    """Fixes, piece by piece; of protocols whose positions are not read, the number of their frames."""
    if source.encoding is not None:
        yield from blocks(source.pieces())
    found, frames = 0, 0
    for piece in _pieces(source):
        fixes = [*_nmea.fixes(piece), *_nmea.ships(piece)]
        for _, read in _receivers.PROTOCOLS:
            answers = list(read(piece))
            if len(answers) >= _FRAMES:
                fixes += [fix for fix in answers if fix is not None]
        frames += _receivers.unread(piece)
        if fixes:
            found += len(fixes)
            precision = min(fix[2] for fix in fixes)
            yield Positions([f[0] for f in fixes], [f[1] for f in fixes], precision_m=precision, what="fix")
    yield Metadata("receiver", {"fixes": found, "unread": frames, "protocol": _protocol(source.head) or "nmea"})


def _pieces(source: Source) -> Iterator[bytes]:
    with source.open() as data:
        rest = b""
        while piece := data.read(_PIECE):
            yield rest + piece
            rest = piece[-_OVERLAP:]
