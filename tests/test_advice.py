"""What the live picture is advised on: the first thing to mend, and without flicker."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.flow.advice import COMES_S, ORDER, Advising, Side, side
from station.model.quality import Finding, Limit, QualityReport, Status

PASS, WARN, FAIL, NOT_ASSESSED = Status.PASS, Status.WARN, Status.FAIL, Status.NOT_ASSESSED


def finding(measure: str, status: Status = FAIL, required: bool = True, raw: float = 0.0) -> Finding:
    return Finding(measure, status, raw, limit=Limit(low=1), required=required)


def turned(raw: float) -> Finding:
    """Yaw in degrees, good within 5: in even judgements it lies beyond, in odd ones within."""
    return Finding("head_pose_yaw", FAIL if abs(raw) > 5 else PASS, raw, "degrees", limit=Limit(-5, 5))


def report(*findings: Finding) -> QualityReport:
    return QualityReport("portrait", findings)


def told(reports: Iterable[tuple[float, QualityReport]]) -> list[str]:
    advising = Advising()
    heard = [advising.hear(what, now) for now, what in reports]
    return [shown.measure if shown else "" for shown in heard]


NOBODY = report(
    Finding("mouth_closed", NOT_ASSESSED, reason="no_face"),
    Finding("single_face_present", NOT_ASSESSED, reason="no_face"),
)
GOOD = report(finding("mouth_closed", PASS), finding("head_pose_yaw", PASS))


def test_a_problem_is_told_once_it_has_held() -> None:
    open_mouth = report(finding("mouth_closed"))
    assert told((tenth / 10, open_mouth) for tenth in range(5)) == ["", "", "", "mouth_closed", "mouth_closed"]


def test_a_problem_that_was_mended_is_told_for_half_a_second_more() -> None:
    seen = [(tenth / 8, report(finding("mouth_closed"))) for tenth in range(4)]
    mended = [(0.375 + eighth / 8, GOOD) for eighth in range(1, 6)]
    assert told([*seen, *mended])[-6:] == [*["mouth_closed"] * 4, "", ""]


def test_a_blink_is_not_told() -> None:
    blink = [(0.1 * number, report(finding("eyes_open")) if number in (3, 4) else GOOD) for number in range(20)]
    assert set(told(blink)) == {""}


@pytest.mark.parametrize("per_s", [5, 10, 15, 30])
def test_a_value_that_swings_about_its_limit_does_not_flicker(per_s: int) -> None:
    swinging = [(number / per_s, report(turned(5.1 if number % 2 else 4.9))) for number in range(4 * per_s)]
    assert set(told(swinging)) == {""}
    held = [(number / per_s, report(turned(5.2))) for number in range(per_s)]
    after = told([*held, *((1 + now, what) for now, what in swinging)])[per_s:]
    assert set(after) == {"head_pose_yaw"}


def test_a_verdict_that_swings_between_two_grades_does_not_flicker() -> None:
    def of(number: int) -> QualityReport:
        return report(finding("mouth_closed", (WARN, FAIL)[number % 2]), finding("smile_substitute", FAIL))

    assert set(told((number / 10, of(number)) for number in range(40))) == {"", "smile_substitute"}
    # Once the mouth has failed without a break it stands first, until it has not failed for half a second.
    failed = [(tenth / 10, report(finding("mouth_closed"), finding("smile_substitute"))) for tenth in range(5)]
    after = told([*failed, *((0.5 + number / 10, of(number)) for number in range(40))])
    assert set(after[4:]) == {"mouth_closed"}


def test_what_comes_first_replaces_what_is_told_as_soon_as_it_has_held() -> None:
    mouth, both = report(finding("mouth_closed")), report(finding("mouth_closed"), finding("head_pose_yaw"))
    times = [(number / 8, mouth if number < 8 else both) for number in range(13)]
    assert told(times)[8:] == [*["mouth_closed"] * 3, "head_pose_yaw", "head_pose_yaw"]


def test_what_comes_later_waits_until_what_comes_first_is_mended() -> None:
    both, mouth = report(finding("mouth_closed"), finding("head_pose_yaw")), report(finding("mouth_closed"))
    times = [(number / 8, both if number < 8 else mouth) for number in range(14)]
    assert told(times)[7:] == [*["head_pose_yaw"] * 4, *["mouth_closed"] * 3]


@pytest.mark.parametrize("earlier", range(0, len(ORDER) - 1, 3))
def test_the_order_of_mending_decides_and_not_the_order_of_the_report(earlier: int) -> None:
    both = report(*(finding(name) for name in reversed(ORDER[earlier : earlier + 2])))
    assert told([(0.0, both), (0.5, both)])[-1] == ORDER[earlier]


def test_what_fails_comes_before_what_warns() -> None:
    both = report(finding("head_pose_pitch", WARN, required=False), finding("mouth_closed", FAIL))
    assert told([(0, both), (1, both)])[-1] == "mouth_closed"


def test_a_measure_that_nobody_ordered_comes_last() -> None:
    both = report(finding("a_new_measure"), finding("colour_space"))
    alone = report(finding("a_new_measure"))
    assert told([(0, both), (1, both)])[-1] == "colour_space"
    assert told([(0, alone), (1, alone)])[-1] == "a_new_measure"


def test_nobody_comes_before_all_else() -> None:
    assert told([(0, NOBODY), (1, NOBODY)])[-1] == "single_face_present"


def test_what_only_informs_and_was_not_assessed_is_no_problem() -> None:
    whole = report(Finding("unified_quality_score", NOT_ASSESSED, reason="no_models", required=False))
    assert told([(0, whole), (1, whole)]) == ["", ""]


def test_the_other_side_of_the_limit_is_another_problem() -> None:
    advising = Advising()
    for number in range(10):
        left = advising.hear(report(turned(-9)), number / 10)
    for number in range(10, 20):
        right = advising.hear(report(turned(9)), number / 10)
    assert left is not None
    assert right is not None
    assert (side(left), side(right)) == (Side.LOW, Side.HIGH)


def test_the_value_is_that_of_the_last_report_with_the_problem() -> None:
    advising = Advising()
    for number in range(9):
        shown = advising.hear(report(turned(6 + number)), number / 10)
    assert shown is not None
    assert shown.raw == 14


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        (turned(-7), Side.LOW),
        (turned(7), Side.HIGH),
        (Finding("eyes_open", FAIL, 0.01, score=20, limit=Limit(low=90, scored=True)), Side.LOW),
        (Finding("head_pose_pitch", WARN, 12.0, score=96, limit=Limit(low=97, scored=True)), Side.HIGH),
        (Finding("head_size", WARN, 0.3, score=9, limit=Limit(low=50, scored=True)), Side.LOW),
        (Finding("head_size", WARN, 0.6, score=9, limit=Limit(low=50, scored=True)), Side.HIGH),
        (Finding("sharpness_substitute", FAIL, 1.0, limit=Limit(fail_low=2.5)), Side.LOW),
        (Finding("eyes_open", NOT_ASSESSED, reason="no_face"), Side.UNKNOWN),
    ],
)
def test_a_finding_tells_its_side(given_: Finding, expected: Side) -> None:
    assert side(given_) is expected


measures_ = st.sampled_from(["head_pose_yaw", "mouth_closed", "smile_substitute", "a_new_measure"])
seen_ = st.dictionaries(measures_, st.tuples(st.sampled_from(Status), st.booleans()), max_size=4)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), seen_), min_size=1, max_size=60))
def test_the_advice_changes_no_more_often_than_it_can_be_read(
    sight: list[tuple[int, dict[str, tuple[Status, bool]]]],
) -> None:
    advising, now, changes, before = Advising(), 0, [], ""
    for hundredths, findings in sight:
        now += hundredths
        shown = advising.hear(
            report(*(finding(name, status, required) for name, (status, required) in findings.items())),
            now / 100,
        )
        about = shown.measure if shown else ""
        if about != before:
            changes.append(now)
            before = about
    gaps = [(later - earlier) / 100 for earlier, later in pairwise(changes)]
    assert all(gap >= COMES_S - 1e-9 for gap in gaps)


@settings(deadline=None)
@given(st.lists(seen_, min_size=1, max_size=20), st.dictionaries(measures_, st.just((FAIL, True)), min_size=1))
def test_what_stays_is_told_in_the_end(
    before: list[dict[str, tuple[Status, bool]]], stays: dict[str, tuple[Status, bool]]
) -> None:
    sight = [*before, *[stays] * 12]
    ordered = (*ORDER, "a_new_measure")
    heard = told(
        (number / 10, report(*(finding(name, *how) for name, how in findings.items())))
        for number, findings in enumerate(sight)
    )
    assert heard[-1] == min(stays, key=ordered.index)
