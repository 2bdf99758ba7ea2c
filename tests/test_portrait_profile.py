"""The portrait's limits: what refuses, what is to be looked at, what only informs; nobody's skin counts."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from station.errors import PictureError, SettingsError
from station.imaging import codec
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Finding, Limit, QualityReport, Status, Verdict
from station.quality.assess import assess
from station.quality.catalogue import PORTRAIT
from station.quality.face.landmarks import REGION
from station.quality.measure import Measured, Unmeasured
from station.quality.portrait.scores import SCORES
from station.quality.profile import Asked, Profile, Subject, load_profile
from station.quality.sample import PortraitSample
from station.settings import resources_dir
from tests.commands import ask
from tests.made_faces import SHARED, Sitter, made_face, plain
from ui import console
from ui.wording import measures

SHIPPED = load_profile(resources_dir() / "profiles" / "portrait.toml")

LUMINANCE_FAMILY = (
    *("luminance_mean", "luminance_variance", "under_exposure_prevention", "dynamic_range"),
    "unified_quality_score",
)
"""They fall on dark skin."""

CAPTURE_ONLY = (
    *("head_size", "leftward_crop_of_the_face_image", "rightward_crop_of_the_face_image"),
    *("margin_above_of_the_face_image", "margin_below_of_the_face_image"),
)
"""They describe the capture; of a perfect photo they may have 0 points."""


def profile(**asked: Asked) -> Profile:
    return Profile("drawn", "Drawn", "1", Subject.PORTRAIT, asked)


# -- fairness -------------------------------------------------------------------------------------------------


class Answering:
    """A measure that answers what it is told."""

    unit = ""

    def __init__(self, name: str, answer: Measured | Unmeasured) -> None:
        self.name, self._answer = name, answer

    def assess(self, _: PortraitSample) -> Measured | Unmeasured:
        return self._answer


def report_on(monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, Measured | Unmeasured]) -> QualityReport:
    """Judge by the shipped limits a picture of which the measures say this."""
    told = {name: Answering(name, answer) for name, answer in answers.items()}
    monkeypatch.setattr("station.quality.assess.PORTRAIT", told)
    return assess(SHIPPED, PortraitSample(plain(0, (1, 1))))


def good(asked: Asked) -> Measured:
    """Return an answer in the middle of what is good."""
    low, high = asked.limit.low, asked.limit.high
    value = (0.0 if low is None else low + 1) if high is None else (high if low is None else (low + high) / 2)
    return Measured(value, score=round(min(value, 100)))


ALL_GOOD = {name: good(asked) for name, asked in SHIPPED.asked.items()}


def test_no_luminances_alone_can_refuse_or_question_a_portrait(monkeypatch: pytest.MonkeyPatch) -> None:
    assert report_on(monkeypatch, ALL_GOOD).verdict is Verdict.PASS
    answers = (Measured(0.0, score=0), Measured(1.0, score=100), Measured(1e6, score=0), Unmeasured("fault"))
    for mixture in itertools.product(answers, repeat=len(LUMINANCE_FAMILY)):
        spoilt = dict(zip(LUMINANCE_FAMILY, mixture, strict=True))
        assert report_on(monkeypatch, {**ALL_GOOD, **spoilt}).verdict is Verdict.PASS


def test_what_falls_on_dark_skin_or_describes_the_capture_has_no_limit() -> None:
    for name in (*LUMINANCE_FAMILY, *CAPTURE_ONLY):
        assert SHIPPED.asked[name].limit == Limit(), name
        assert not SHIPPED.asked[name].required, name


def test_three_skins_in_one_light_get_the_same_verdict_from_the_standards_components() -> None:
    asked = replace(SHIPPED, asked={n: a for n, a in SHIPPED.asked.items() if n in SCORES})
    verdicts = []
    for skin in ((224, 172, 142), (141, 85, 54), (60, 36, 27)):
        picture = plain(205)
        picture[150:] = skin
        report = assess(asked, Sitter(picture, [made_face()]))
        verdicts.append([(finding.measure, finding.status) for finding in report.findings])
    assert verdicts[0] == verdicts[1] == verdicts[2]


@pytest.mark.parametrize("name", sorted(path.stem for path in SHARED.glob("composite/*.jpg")) or [""])
def test_no_composite_face_of_any_group_is_refused(name: str) -> None:
    path = SHARED / "composite" / f"{name}.jpg"
    if not path.is_file():
        pytest.skip("the composite faces are not on this machine")
    report = assess(SHIPPED, PortraitSample(codec.decode(path.read_bytes()).pixels))
    outside = {finding.measure for finding in report.findings if finding.status in (Status.WARN, Status.FAIL)}
    # What is behind is no part of a person: by the prototype's table one of them has 35 points.
    assert outside <= {"background_uniformity"}


# -- what refuses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "score", "status"),
    [
        ("head_pose_yaw", -5.1, 99, Status.FAIL),
        ("head_pose_roll", 8.1, 98, Status.FAIL),
        ("head_pose_pitch", 25.0, 82, Status.WARN),  # a matter of the face's shape, too
        ("head_pose_pitch", 9.9, 97, Status.PASS),
        ("inter_eye_distance", 119.0, 92, Status.FAIL),
        ("eyes_open", 0.04, 88, Status.FAIL),
        ("mouth_closed", 0.12, 79, Status.FAIL),
        ("single_face_present", 0.05, 95, Status.FAIL),
        ("colour_space", 3.0, None, Status.FAIL),
        ("over_exposure_prevention", 0.02, 33, Status.WARN),
        ("over_exposure_prevention", 0.05, 17, Status.FAIL),
        ("illumination_uniformity", 0.2, 62, Status.WARN),
        ("natural_colour", 30.0, 9, Status.WARN),
        ("background_uniformity", 160.0, 35, Status.WARN),
        ("smile_substitute", 0.9, None, Status.WARN),
        ("face_highlights", 49.0, None, Status.FAIL),
    ],
)
def test_one_thing_beyond_its_limit_decides(
    monkeypatch: pytest.MonkeyPatch, name: str, raw: float, score: int | None, status: Status
) -> None:
    report = report_on(monkeypatch, {**ALL_GOOD, name: Measured(raw, score=score)})
    (finding,) = (finding for finding in report.findings if finding.measure == name)
    assert (finding.status, finding.raw, finding.score) == (status, raw, score)
    assert report.verdict.value == status.value


def test_every_substitute_only_warns() -> None:
    for name, asked in SHIPPED.asked.items():
        if name.endswith("_substitute") and name != "sharpness_substitute":
            assert asked.limit.fail_low is None and asked.limit.fail_high is None, name
            assert not asked.required, name


# -- points and live questions --------------------------------------------------------------------------------


def test_a_limit_in_points_is_held_against_the_score() -> None:
    sample = Sitter(plain(128), [made_face(lids=(10, 10))])  # raw 0.05, 95 points
    for low, status in ((95.0, Status.PASS), (95.5, Status.WARN)):
        (finding,) = assess(profile(eyes_open=Asked(Limit(low=low, scored=True), True)), sample).findings
        assert (finding.status, finding.score) == (status, 95)
        assert finding.raw == pytest.approx(0.05)


def test_points_asked_of_a_measure_without_any_are_no_answer() -> None:
    asked = profile(colour_space=Asked(Limit(low=50, scored=True), True))
    (finding,) = assess(asked, PortraitSample(plain(128))).findings
    assert (finding.status, finding.reason) == (Status.NOT_ASSESSED, "fault")


def test_a_live_frame_is_asked_the_live_questions_only() -> None:
    asked = profile(colour_space=Asked(Limit(), True), unified_quality_score=Asked(Limit(), False, live=False))
    live, still = (assess(asked, PortraitSample(plain(128), live=now)) for now in (True, False))
    assert [finding.measure for finding in live.findings] == ["colour_space"]
    assert [finding.measure for finding in still.findings] == ["colour_space", "unified_quality_score"]


WRITTEN = """
name = "portrait"
title = "Portrait"
version = "1"
subject = "portrait"
[limits.eyes_open]
scored = true
low = 90
live = false
"""


def test_the_loader_knows_points_and_live(tmp_path: Path) -> None:
    path = tmp_path / "portrait.toml"
    path.write_text(WRITTEN, "utf-8")
    assert load_profile(path).asked["eyes_open"] == Asked(Limit(low=90, scored=True), True, live=False)


def test_points_cannot_be_asked_of_what_has_none(tmp_path: Path) -> None:
    path = tmp_path / "portrait.toml"
    path.write_text(WRITTEN.replace("eyes_open", "face_highlights"), "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_profile(path)
    assert caught.value.context == {
        "where": "portrait.toml",
        "key": "limits.face_highlights.scored",
        "problem": "wrong_value",
        "suggestion": "",
    }


# -- words ----------------------------------------------------------------------------------------------------


def test_what_is_judged_in_points_is_said_in_points() -> None:
    limit = Limit(low=90, fail_low=90, scored=True)
    shut = Finding("eyes_open", Status.FAIL, 0.02, score=50, limit=limit)
    assert (measures.value(shut), measures.limit(shut)) == ("50 points", "Limit: at least 90 points")
    assert measures.instruction(shut).startswith("The eyes are not fully open.")


def test_chin_up_and_chin_down_are_told_apart_and_no_trifle_is_minus_nothing() -> None:
    limit = Limit(low=-10, high=10)
    up, down = (Finding("head_pose_pitch", Status.WARN, raw, "°", limit=limit) for raw in (-12.0, 12.0))
    assert measures.instruction(up).startswith("The chin is raised.")
    assert measures.instruction(down).startswith("The chin is lowered.")
    assert measures.value(replace(up, raw=-0.04)) == "0.0 °"


# -- the command ----------------------------------------------------------------------------------------------


def written(folder: Path, name: str, pixels: Pixels) -> Path:
    path = folder / f"{name}.png"
    path.write_bytes(codec.encode_png(pixels))
    return path


@pytest.mark.parametrize(
    ("name", "pixels"),
    [
        ("black", plain(0, (720, 1280))),
        ("grey", np.full((600, 450), 180, np.uint8)),
        ("huge", plain(205, (4000, 4000))),
        ("tiny", plain(205, (1, 1))),
    ],
)
def test_a_picture_of_nobody_gets_its_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, pixels: Pixels
) -> None:
    status, (row,) = ask(capsys, "assess", "--profile", "portrait", written(tmp_path, name, pixels))
    assert (status, row["verdict"]) == (console.FINDINGS, "FAIL")
    assert row["took_ms"] > 0
    found: dict[str, dict[str, Any]] = {finding["measure"]: finding for finding in row["findings"]}
    assert set(found) == set(SHIPPED.asked) == set(PORTRAIT)
    assert found["single_face_present"]["reason"] == "no_face"
    assert "No face was found" in found["single_face_present"]["instruction"]
    assert "fault" not in {finding["reason"] for finding in row["findings"]}
    # No pixel of these has a colour.
    assert (found["colour_space"]["raw"], found["colour_space"]["status"]) == (3, "FAIL")


def test_half_a_jpeg_is_no_portrait(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (300, 400, 3), np.uint8)
    whole = cv().imencode(".jpg", noise)[1].tobytes()
    path = tmp_path / "half.jpg"
    path.write_bytes(whole[: len(whole) // 2])
    status, (row,) = ask(capsys, "assess", "--profile", "portrait", path)
    assert (status, row["code"], row["reason"]) == (console.COULD_NOT, PictureError.code, "truncated")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the composite faces are not on this machine")
def test_a_real_portrait_is_judged_with_raw_and_score(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    face = codec.decode((SHARED / "composite" / "f_multi.jpg").read_bytes()).pixels
    small = cv().resize(face, (500, 500), interpolation=cv().INTER_AREA)
    beside = np.full((1350, 2000, 3), 205, np.uint8)
    beside[:, :1350], beside[100:600, 1450:1950] = face, small
    grey = codec.grey(face)
    pictures = [
        SHARED / "composite" / "f_multi.jpg",
        written(tmp_path, "two", beside),
        written(tmp_path, "grey", grey),
    ]
    status, rows = ask(capsys, "assess", "--profile", "portrait", *pictures)
    assert status == console.FINDINGS
    one, two, without_colour = ({found["measure"]: found for found in row["findings"]} for row in rows)
    assert rows[0]["verdict"] != "FAIL"
    assert (one["single_face_present"]["raw"], one["single_face_present"]["score"]) == (0, 100)
    for name, finding in one.items():
        if name in SCORES and finding["raw"] is not None:
            assert SCORES[name](finding["raw"]) == finding["score"], (
                name
            )  # the score follows from what is printed
    # Areas of the same face at 500 / 1350 of its size.
    assert two["single_face_present"]["raw"] == pytest.approx((500 / 1350) ** 2, rel=0.1)
    assert two["single_face_present"]["status"] == "FAIL"
    assert without_colour["natural_colour"]["reason"] == "no_colour"
    assert without_colour["colour_space"]["raw"] == 3
    assert without_colour["luminance_mean"]["raw"] == pytest.approx(one["luminance_mean"]["raw"], abs=0.03)


def test_a_finding_shows_where_it_is_from() -> None:
    sample = Sitter(plain(128, (800, 1000)), [made_face(at=(100, 50))])
    place = PORTRAIT["luminance_mean"].assess(sample)
    assert isinstance(place, Measured) and place.region is not None
    spots = made_face(at=(100, 50)).landmarks[list(REGION), :2] / (1000, 800)
    assert (place.region.left, place.region.top) == pytest.approx(spots.min(0).tolist())
    assert place.region.left + place.region.width == pytest.approx(spots.max(0)[0])


def test_what_only_informs_and_was_not_assessed_does_not_stand_before_trouble() -> None:
    findings = (
        Finding("unified_quality_score", Status.NOT_ASSESSED, required=False, reason="no_engine"),
        Finding("smile_substitute", Status.WARN, 0.5, required=False),
        Finding("eyes_open", Status.NOT_ASSESSED, reason="no_face"),
        Finding("mouth_closed", Status.FAIL, 0.2),
    )
    order = [finding.measure for finding in QualityReport("portrait", findings).worst_first]
    assert order == ["mouth_closed", "eyes_open", "smile_substitute", "unified_quality_score"]
