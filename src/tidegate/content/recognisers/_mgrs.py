"""References of the Military Grid (NGA.STND.0037) to degrees, by the inverse of the transverse Mercator projection."""

from __future__ import annotations

import math
import re

_REFERENCE = re.compile(r"\s{0,3}(\d{1,2})([C-HJ-NP-X])\s?([A-HJ-NP-Z])([A-HJ-NP-V])\s?(\d{2,5})\s?(\d{2,5})?\s{0,3}")
_BANDS, _ROWS = "CDEFGHJKLMNPQRSTUVWX", "ABCDEFGHJKLMNPQRSTUV"
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_A, _F, _K0 = 6378137.0, 1 / 298.257223563, 0.9996  # WGS-84, scale of UTM


def degrees(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of a reference; None where it is none."""
    found = _REFERENCE.fullmatch(text.upper()[:30])
    if found is None:
        return None
    zone, band, column, row = int(found[1]), found[2], found[3], found[4]
    digits = found[5] + (found[6] or "")
    letters = _COLUMNS[(zone - 1) % 3]
    if not 1 <= zone <= 60 or column not in letters or len(digits) % 2:
        return None
    half = len(digits) // 2
    unit = 10 ** (5 - half)
    easting = (letters.index(column) + 1) * 100_000 + int(digits[:half]) * unit
    square = (_ROWS.index(row) - (5 if zone % 2 == 0 else 0)) % 20 * 100_000 + int(digits[half:]) * unit
    south = -80 + 8 * _BANDS.index(band)
    least = _northing(south) - 100_000  # squares begin below the band
    northing = square + math.ceil((least - square) / 2_000_000) * 2_000_000
    return _inverse(easting - 500_000.0, northing, zone * 6 - 183)


def _northing(lat: float) -> float:
    """Metres from the equator along a meridian, about: enough to choose among squares 2,000 km apart."""
    return lat * 110_950.0 * _K0


def _inverse(x: float, y: float, meridian: float) -> tuple[float, float]:
    """Krüger's series to the third order: right to millimetres within a zone (Karney 2011)."""
    n = _F / (2 - _F)
    radius = _A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, n**2 / 48 + n**3 / 15, 17 * n**3 / 480)
    delta = (2 * n - 2 * n**2 / 3 - 2 * n**3, 7 * n**2 / 3 - 8 * n**3 / 5, 56 * n**3 / 15)
    xi, eta = y / (_K0 * radius), x / (_K0 * radius)
    for j, b in enumerate(beta, 1):
        xi, eta = (
            xi - b * math.sin(2 * j * y / (_K0 * radius)) * math.cosh(2 * j * x / (_K0 * radius)),
            eta - b * math.cos(2 * j * y / (_K0 * radius)) * math.sinh(2 * j * x / (_K0 * radius)),
        )
    chi = math.asin(math.sin(xi) / math.cosh(eta))
    lat = chi + sum(d * math.sin(2 * j * chi) for j, d in enumerate(delta, 1))
    return math.degrees(lat), meridian + math.degrees(math.atan2(math.sinh(eta), math.cos(xi)))
