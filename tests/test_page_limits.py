"""The limits of the page profile are those that the study found (docs/page_limits.md)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.page_study.defects import DEFECTS
from scripts.page_study.fit import Limits, Reading, correlation, limits, monotone, rank
from scripts.page_study.outcome import PREDICTS, SET_BY, Outcome, badness, clean_pages, outcomes, set_by_reading
from scripts.page_study.pages import KEYS
from scripts.page_study.reading import error_rate, errors
from station.quality.profile import Asked, load_profiles

ROUNDED = 0.05
"""Two figures: a limit in the profile may differ from the fitted one by so much of it."""
FALSE_ALARMS = 0.01
LOOSER = {
    "skew": "every page is straightened before it is shown or read",
    "drowned": "a black patch cannot be told from a printed bar",
    "overexposed": "a contrast that is too little there is enough in pale print",
}
"""Defects that may spoil reading before the limit by eye, and why."""


@cache
def asked() -> Mapping[str, Asked]:
    return load_profiles(Path(__file__).parent.parent / "resources" / "profiles")["page"].asked


@cache
def found() -> Mapping[str, Outcome]:
    return outcomes()


# -- the arithmetic -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("truth", "got", "count"),
    [
        ("kitten", "sitting", 3),
        ("flaw", "lawn", 2),
        ("page", "page", 0),
        ("page", "", 4),
        ("", "page", 4),
        ("page", "xpagex", 2),
        ("intention", "execution", 5),
    ],
)
def test_errors_are_counted_as_levenshtein_counts_them(truth: str, got: str, count: int) -> None:
    assert errors(truth, got) == count


def test_an_error_rate_never_exceeds_the_whole_text() -> None:
    assert error_rate("abcd", "abxd") == 0.25
    assert error_rate("ab", "a long text that is not there") == 1


def test_a_rank_is_a_value_that_is_there() -> None:
    assert rank([3, 1, 2], 0.5) == 2
    assert rank([4, 1, 3, 2], 0.5) == 2
    # Of twelve pages one is less than a tenth and two are more.
    assert rank([0] * 11 + [1], 0.9) == 0
    assert rank([0] * 10 + [1] * 2, 0.9) == 1


def test_violators_are_pooled() -> None:
    assert monotone([[1], [3], [2], [4], [3.5]], 0.5) == [1, 2, 2, 3.5, 3.5]
    assert monotone([[1], [2], [3]], 0.9) == [1, 2, 3]
    # One bad page among ten that are good is no tenth.
    assert monotone([[9], *([[1]] * 9)], 0.9) == [1] * 10


@given(
    st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=4), min_size=1, max_size=20), st.floats(0.1, 0.9)
)
def test_a_fit_never_falls_and_leaves_nobody_out(groups: list[list[float]], share: float) -> None:
    fitted = monotone(groups, share)
    assert len(fitted) == len(groups)
    assert fitted == sorted(fitted)


def test_limits_lie_between_the_last_good_and_the_first_bad() -> None:
    rates = {0: 0.0, 1: 0.0, 2: 0.002, 3: 0.012, 4: 0.04, 5: 0.06, 6: 0.5}
    readings = [
        Reading(f"page {page}", 10, amount or None, float(amount), cer)
        for amount, cer in rates.items()
        for page in range(10)
    ]
    # One point more than nothing between 2 and 3; five in a hundred between 4 and 5.
    assert limits(readings) == Limits(2.5, 4.5)
    assert limits([reading for reading in readings if reading.cer < 0.01]) == Limits(None, None)


def test_a_correlation_goes_by_ranks() -> None:
    def readings(cers: list[float]) -> list[Reading]:
        return [Reading("page", 10, None, float(worse), cer) for worse, cer in enumerate(cers)]

    assert correlation(readings([0.0, 0.1, 0.9, 1.0])) == pytest.approx(1)
    assert correlation(readings([1.0, 0.5, 0.2, 0.1])) == pytest.approx(-1)
    # Ranks 0 1 2 3 against 1.5 1.5 3.5 3.5, by hand: 4 / sqrt(5 * 4).
    assert correlation(readings([0.0, 0.0, 0.3, 0.3])) == pytest.approx(4 / 20**0.5)
    assert correlation(readings([0.2, 0.2, 0.2])) == 0


# -- the study and the profile --------------------------------------------------------------------------------


def test_every_page_was_read_with_every_amount() -> None:
    for defect in DEFECTS:
        readings = [*found()[defect.name].fitted, *found()[defect.name].tried]
        assert len(readings) == len(KEYS) * (1 + len(defect.amounts))
        assert {reading.amount for reading in readings} == {None, *defect.amounts}


@pytest.mark.parametrize("measure", sorted(SET_BY))
def test_the_profile_has_the_limits_of_the_study(measure: str) -> None:
    assert found()[SET_BY[measure]].defect.measure == measure
    study, profile = set_by_reading(found()[SET_BY[measure]]), asked()[measure].limit
    for side in ("low", "high", "fail_low", "fail_high"):
        fitted, written = getattr(study, side), getattr(profile, side)
        assert (fitted is None) == (written is None), side
        assert written is None or written == pytest.approx(fitted, rel=ROUNDED), side


@pytest.mark.parametrize("measure", sorted(SET_BY))
def test_only_what_foretells_reading_sets_a_limit(measure: str) -> None:
    assert found()[SET_BY[measure]].correlation >= PREDICTS


def test_the_verdict_hangs_on_nothing_that_was_not_read() -> None:
    # The resolution is told, not judged, and its limit is a norm's.
    assert {measure for measure, one in asked().items() if one.required} <= {*SET_BY, "resolution"}


@pytest.mark.parametrize("defect", sorted({defect.name for defect in DEFECTS} - {*SET_BY.values(), *LOOSER}))
def test_a_limit_by_eye_is_no_looser_than_the_reader(defect: str) -> None:
    outcome = found()[defect]
    limit = asked()[outcome.defect.measure].limit
    by_eye = limit.fail_low if limit.fail_high is None else limit.fail_high
    assert by_eye is not None
    fails = outcome.limits.fail
    assert fails is None or badness(outcome.defect.measure, by_eye) <= fails


@pytest.mark.parametrize("measure", sorted(SET_BY))
def test_clean_pages_raise_no_alarm(measure: str) -> None:
    clean, limit = clean_pages()[measure], asked()[measure].limit
    sides = ((limit.low, limit.fail_low), (limit.high, limit.fail_high))
    for value in (value for pair in sides for value in pair if value is not None):
        assert sum(worse > badness(measure, value) for worse in clean) <= FALSE_ALARMS * len(clean)


def test_straightening_gives_back_what_skew_takes() -> None:
    assert found()["skew"].limits.fail is not None
    assert found()["straightened"].limits == Limits(None, None)
