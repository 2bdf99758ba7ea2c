"""The figures of docs/portrait_study.md are those of the readings, and the profile keeps to what they show."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from scripts.portrait_study.gather import exposed
from scripts.portrait_study.readings import LIGHT, LUMINANCE, SKIN, VERDICT, read
from scripts.portrait_study.report import DOCUMENT, GATE, Face, correlation, faces, figures
from station.model.quality import Limit, Status, Verdict
from station.quality.profile import Asked, load_profiles

ROOT = Path(__file__).parent.parent


@cache
def asked() -> Mapping[str, Asked]:
    return load_profiles(ROOT / "resources" / "profiles")["portrait"].asked


@cache
def composites() -> Sequence[Face]:
    return [face for face in faces(read()) if face.kind == "composite"]


@cache
def drawn() -> Sequence[Face]:
    return [face for face in faces(read()) if face.kind == "drawn"]


def beyond(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


def test_the_document_shows_the_figures_of_the_readings() -> None:
    assert figures(read()) in DOCUMENT.read_text(encoding="utf-8")


def test_a_correlation_goes_by_ranks() -> None:
    assert correlation([1, 2, 3, 4], [1, 10, 100, 1000]) == pytest.approx(1)
    assert correlation([1, 2, 3, 4], [9, 7, 5, 3]) == pytest.approx(-1)
    # Ranks 0 1 2 3 against 0.5 0.5 2.5 2.5, by hand: 4 / sqrt(5 * 4).
    assert correlation([1, 2, 3, 4], [1, 1, 2, 2]) == pytest.approx(4 / 20**0.5)
    assert correlation([1, 2, 3], [5, 5, 5]) == 0


@pytest.mark.parametrize(
    ("code", "stops", "expected"),
    # IEC 61966-2-1: code 188 is 0.503 of the light, 137 half of that, and twice that of 200 is beyond white.
    [(188, 0, 188), (188, -1, 137), (137, 1, 188), (200, 1, 255), (0, 2, 0)],
)
def test_a_stop_is_twice_the_light(code: int, stops: float, expected: int) -> None:
    picture = np.full((2, 2, 3), code, np.uint8)
    assert int(exposed(picture, stops)[0, 0, 0]) == pytest.approx(expected, abs=1)


# -- what the document says -----------------------------------------------------------------------------------


def test_the_luminance_family_judges_skin() -> None:
    cheeks = [face.raw(SKIN) for face in composites()]
    for measure in LUMINANCE:
        assert abs(correlation(cheeks, [face.raw(measure) for face in composites()])) >= 0.875
    rejected = {face.group for face in composites() if face.score("luminance_mean") < GATE}
    assert "african" in rejected
    assert not rejected & {"white", "easian"}
    assert sum(face.score("luminance_mean") < GATE for face in composites()) == 6


def test_so_the_luminance_family_has_no_limit() -> None:
    for measure in LUMINANCE:
        assert not asked()[measure].required
        assert asked()[measure].limit == Limit()


def test_no_face_fails_and_only_the_evenness_of_the_background_warns() -> None:
    verdicts = [face.of(VERDICT).status for face in composites()]
    assert sorted(verdicts) == [*["PASS"] * 8, *["WARN"] * 2]
    as_it_is = [one for face in composites() for one in face.readings if one.stops == 0]
    warned = {one.measure for one in as_it_is if one.status == Status.WARN}
    assert warned == {VERDICT, "background_uniformity"}
    assert not asked()["background_uniformity"].required


def test_too_little_light_is_told_in_every_complexion() -> None:
    windows = {face.name: face.window(Verdict.PASS, Verdict.WARN) for face in composites()}
    assert all(window is not None and -1.5 <= window[0] <= -0.75 for window in windows.values())
    passing = [face.window(Verdict.PASS) for face in composites()]
    assert all(window is not None and window[0] <= -0.25 for window in passing)
    assert windows["f_african"] == (-1.25, 2)
    assert windows["m_african"] == (-1.5, 2)
    # Of ten faces ranks that agree by less than 0.65 may do so by chance (5 %, two-sided).
    cheeks = [face.raw(SKIN) for face in composites()]
    assert abs(correlation(cheeks, [face.raw("face_highlights") for face in composites()])) < 0.65


def test_the_readings_are_judged_by_the_limits_that_hold_now() -> None:
    for reading in (one for one in read() if one.measure in asked() and one.status != Status.NOT_ASSESSED):
        limit = asked()[reading.measure].limit
        value = reading.score if limit.scored else reading.raw
        assert value is not None
        fails = beyond(value, limit.fail_low, limit.fail_high)
        warns = beyond(value, limit.low, limit.high)
        expected = Status.FAIL if fails else Status.WARN if warns else Status.PASS
        assert reading.status == expected, reading


def test_a_drawn_head_is_judged_alike_in_all_complexions() -> None:
    assert len(drawn()) == 8
    assert {face.of(VERDICT).status for face in drawn()} == {"PASS"}
    bearable = [face.window(Verdict.PASS, Verdict.WARN) for face in drawn()]
    assert {window and window[0] for window in bearable} == {-1.25}
    passing = [face.window(Verdict.PASS) for face in drawn()]
    assert {window and window[0] for window in passing} == {-0.5}
    darkest = [face.name for face in drawn() if face.score("luminance_mean") < GATE]
    assert darkest == [face.name for face in drawn()][-3:]


def test_what_judges_the_light_is_asked_of_everyone() -> None:
    assert set(LIGHT) <= set(asked())


def test_pitch_only_warns() -> None:
    pitch = asked()["head_pose_pitch"]
    assert not pitch.required
    assert (pitch.limit.fail_low, pitch.limit.fail_high) == (None, None)
    assert max(abs(face.raw("head_pose_pitch")) for face in composites()) < 5
