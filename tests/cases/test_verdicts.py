"""What is shown after a verdict, what stays closed, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tests.cases.examples import a_case
from tidegate.cases.exceptions import DatedException, Width, exception_for, scope_of
from tidegate.cases.model import Case, Finding
from tidegate.cases.verdicts import Judged, Says, Verdict, judge, spoken, verdict_on

NOW = datetime(2024, 3, 5)
LATER = NOW + timedelta(days=20)
CASE = a_case()
FINDING = CASE.findings[0]


def told(case: Case = CASE, says: Says = "benign", width: Width = "both") -> tuple[DatedException, Verdict]:
    verdict = verdict_on(case, says, reason="a backup", reviewer="dpo", time=NOW)
    end = NOW + timedelta(days=90)
    scope = scope_of(case, width)
    return exception_for(case, scope, uid="exc-1", start=NOW, end=end, reviewer="dpo", reason="a backup"), verdict


def judged(
    *cases: Case, exceptions: Sequence[DatedException] = (), verdicts: Sequence[Verdict] = (), now: datetime = LATER
) -> Judged:
    return judge(cases, exceptions, verdicts, now=now, cases_per_week=1.0)


def grown(case: Case, **changes: object) -> Case:
    """The case with a further finding."""
    more: Finding = replace(FINDING, uid="f9", time=LATER, **changes)  # type: ignore[arg-type]
    return replace(case, findings=(*case.findings, more), last_time=LATER)


def another(**changes: object) -> Case:
    """A case of its own."""
    of: Finding = replace(FINDING, uid="f20", time=LATER, **changes)  # type: ignore[arg-type]
    return replace(a_case("c20"), findings=(of,))


def test_what_nobody_judged_is_shown_as_it_is() -> None:
    assert judged(CASE).shown == (CASE,)


def test_a_judged_case_is_closed_even_when_its_exception_has_expired() -> None:
    exception, verdict = told()
    for exceptions in ((exception,), ()):
        found = judged(CASE, exceptions=exceptions, verdicts=[verdict])
        assert (found.shown, found.closed, found.hidden) == ((), (CASE,), ())


def test_the_same_again_is_hidden_and_said_to_be() -> None:
    exception, verdict = told()
    found = judged(another(), exceptions=[exception], verdicts=[verdict])
    assert found.shown == ()
    assert [case.uid for case in found.excused] == ["c20"]
    (hidden,) = found.hidden
    assert (hidden.exception, hidden.cases, hidden.until) == ("exc-1", ("c20",), exception.end)


def test_what_is_not_quite_the_same_is_shown() -> None:
    exception, verdict = told()
    for case in (
        another(bytes_out=10_000_000_001),
        another(destination="elsewhere.example"),
        another(actor="person-cccccccc"),
        another(detector="mail_forwarding"),
        another(surprise=3.5),
    ):
        found = judged(case, exceptions=[exception], verdicts=[verdict])
        assert found.shown == (case,)
        assert found.hidden == ()


def test_an_expired_or_ended_exception_hides_nothing() -> None:
    exception, _ = told()
    assert judged(another(), exceptions=[exception], now=NOW + timedelta(days=90)).shown == (another(),)
    assert judged(another(), exceptions=[replace(exception, ended=NOW)]).shown == (another(),)
    assert judged(another(), exceptions=[exception], now=NOW + timedelta(days=89)).shown == ()


def test_a_case_with_more_than_what_is_excused_is_shown_whole() -> None:
    exception, _ = told()
    mixed = grown(CASE, detector="mail_forwarding")
    assert judged(mixed, exceptions=[exception]).shown == (mixed,)
    # The near miss: an oddity that would raise no case by itself, once in 25 days, does not hold one up either.
    faint = grown(CASE, detector="mail_forwarding", surprise=-0.5)
    faint = replace(faint, false_alarms_per_week=0.6)  # of sixty detectors
    assert judged(faint, exceptions=[exception]).shown == ()


def test_a_benign_case_that_goes_on_stays_closed_while_its_exception_holds() -> None:
    exception, verdict = told()
    found = judged(grown(CASE), exceptions=[exception], verdicts=[verdict])
    assert [case.uid for case in found.closed] == ["c1"]
    assert found.hidden[0].cases == ("c1",)
    (again,) = judged(grown(CASE), verdicts=[verdict]).shown
    assert "Opened again. dpo closed it as benign on 5 Mar 2024 (a backup)" in again.notes[0]


def test_a_confirmed_case_is_not_raised_again_while_it_grows_a_little() -> None:
    _, verdict = told(says="confirmed")
    assert judged(grown(CASE, bytes_out=9_000_000_000), verdicts=[verdict]).shown == ()
    (again,) = judged(replace(grown(CASE), bytes_out=11_000_000_000), verdicts=[verdict]).shown
    assert "5 GB then, 11 GB now" in again.notes[0]
    assert judged(grown(CASE, destination="elsewhere.example"), verdicts=[verdict]).shown


def test_a_case_is_known_by_its_findings_when_it_has_joined_another() -> None:
    _, verdict = told(says="confirmed")
    assert judged(replace(CASE, uid="c2"), verdicts=[verdict]).shown == ()
    assert judged(another(), verdicts=[verdict]).shown == (another(),)  # a later case of the same person is a new one


def test_the_latest_verdict_counts() -> None:
    _, verdict = told(says="confirmed")
    taken_back = replace(verdict, says="open", time=LATER)
    assert judged(CASE, verdicts=[taken_back, verdict]).shown == (CASE,)


def test_what_is_confirmed_and_what_is_hidden_takes_no_rank_and_what_was_benign_does() -> None:
    again = another().findings[0]
    exception, benign = told()
    ranks = spoken((FINDING, again), [exception], [benign], now=LATER)
    assert not ranks.confirmed
    assert ranks.excused == {again.uid}
    _, confirmed = told(says="confirmed")
    assert spoken((FINDING, again), [], [confirmed], now=LATER).confirmed == {"f1", "f2"}


def test_what_was_taken_back_or_has_expired_takes_its_rank_again() -> None:
    exception, confirmed = told(says="confirmed")
    back = replace(confirmed, says="open", time=LATER)
    assert spoken((FINDING,), [], [confirmed, back], now=LATER).confirmed == frozenset()
    late = NOW + timedelta(days=91)
    assert spoken(another().findings, [exception], [], now=late).excused == frozenset()
