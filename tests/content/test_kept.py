"""Tallies kept as bytes: they add up as before, and tell nobody what was found."""

from __future__ import annotations

from tidegate.content.document import Positions
from tidegate.content.kept import pack, unpack
from tidegate.content.tally import Tally
from tidegate.content.units import Found


def tally(start: int, count: int) -> Tally:
    made = Tally("points", "geographic", files=1)
    lat = [46 + n / 1e5 for n in range(start, start + count)]
    found = Found(positions=Positions(lat, [13.0] * count), value=f"secret {start}", facts={"what": ("track",)})
    made.add(found, "page 1", 0, ())
    made.enough = True
    return made


def test_what_is_kept_is_what_was_there() -> None:
    one = tally(0, 50)
    (again,) = unpack(pack([one])).values()
    for name in ("count", "points", "precision_m", "extent", "facts", "files", "enough", "different"):
        assert getattr(again, name) == getattr(one, name), name
    assert len(again.places) == 50
    assert again.evidence[0].where == "page 1"


def test_sums_of_what_is_kept_count_what_is_different() -> None:
    whole = Tally("points", "geographic")
    for start in (0, 5_000, 5_000):  # one of them twice
        whole.merge(unpack(pack([tally(start, 5_000)]))["points"])
    assert abs(len(whole.places) - 10_000) <= 20  # of sixteen million short hashes some are the same


def test_nothing_that_was_found_is_kept() -> None:
    (again,) = unpack(pack([tally(0, 5)])).values()
    assert again.evidence[0].value == ""
    assert all(value < 1 << 24 for value in again.values)
    assert all(place[0] < 1 << 24 for place in again.places)
