from __future__ import annotations

from tidegate.content.document import Positions
from tidegate.content.precision import Extent
from tidegate.content.tally import DIFFERENT, EVIDENCE, Tally, judge
from tidegate.content.units import Found, Recogniser


def tally(*founds: Found, where: str = "", offset: int = 0) -> Tally:
    total = Tally("r", "personal", files=1)
    for found in founds:
        total.add(found, where, offset, ())
    return total


def test_counts_values_and_places() -> None:
    total = tally(*(Found(value=value) for value in "abca"), Found(count=10))
    assert (total.count, total.different) == (14, 3)
    points = Positions([46.51512, 46.6], [13.86013, 13.9])
    total = tally(Found(positions=points), Found(positions=points))
    assert (total.points, total.different, total.precision_m) == (4, 2, 1.1)
    assert total.extent == Extent(46.51512, 13.86013, 46.6, 13.9)


def test_a_local_grid_lies_nowhere() -> None:
    total = tally(Found(positions=Positions([5151234.5], [412345.5], datum="local", precision_m=0.1)))
    assert (total.extent, total.precision_m, total.facts["datum"]) == (None, 0.1, ("local",))


def test_evidence_is_bounded_and_knows_its_place() -> None:
    total = tally(
        *(Found(start=n, end=n + 1, where=f"line {n}", value=str(n)) for n in range(50)), where="page 2", offset=7
    )
    assert (total.count, len(total.evidence)) == (50, EVIDENCE)
    assert (total.evidence[1].where, total.evidence[1].start, total.evidence[1].end) == ("page 2: line 1", 8, 9)


def test_facts_join() -> None:
    one = tally(Found(facts={"status": ("I",), "since": "2021", "until": "2021", "rows": 2}))
    other = tally(Found(facts={"status": ("II",), "since": "2020", "until": "2022", "rows": 3}))
    one.merge(other)
    assert one.facts == {"status": ("I", "II"), "since": "2020", "until": "2022", "rows": 5}


def test_merging_is_adding() -> None:
    parts = [Found(value=str(n % 7), positions=Positions([46.0 + n], [13.0])) for n in range(20)]
    whole, one, other = tally(*parts), tally(*parts[:9]), tally(*parts[9:])
    one.merge(other, under="b.zip")
    assert (one.count, one.different, one.points, one.extent) == (20, 7, 20, whole.extent)
    assert one.evidence[9].where == "b.zip"


def test_very_many_values_are_counted_in_little_room() -> None:
    total = tally(*(Found(value=str(n)) for n in range(DIFFERENT + 100)))
    assert (total.count, len(total.values)) == (DIFFERENT + 100, DIFFERENT)


def test_the_last_word() -> None:
    def unit(**more: object) -> Recogniser:
        given = {"id": "r", "data_class": "personal", "source": "x", "pattern": "x", "hits": ("x",), "misses": ("y",)}
        return Recogniser(**{**given, **more})  # type: ignore[arg-type]

    total = tally(*(Found(value=value) for value in "aab"))
    for recogniser, enough in (
        (unit(), True),
        (unit(at_least=2), True),
        (unit(at_least=3), False),  # three things, but two different ones
        (unit(judge=lambda t: t.count > 3), False),
    ):
        judge({"r": total}, [recogniser])
        assert total.enough == enough
