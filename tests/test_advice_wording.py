"""The advice on the live picture in words, for the officer and for the applicant."""

import re
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from station.flow.advice import ORDER, Side
from station.model.quality import Finding, Limit, Status
from ui.wording import measures
from ui.wording.advice import ADVICE, MOMENTS, REASONS, Advice, Moment, to_applicant, to_officer

PROFILE = Path(__file__).parent.parent / "resources" / "profiles" / "portrait.toml"
PORTRAIT = tuple(tomllib.loads(PROFILE.read_text("utf-8"))["limits"])
ALL: list[Advice] = [*REASONS.values(), *MOMENTS.values()]
ALL += [advice for sided in ADVICE.values() for advice in sided.values()]


@pytest.fixture(autouse=True)
def english():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


def beyond(measure: str, raw: float, unit: str = "degrees") -> Finding:
    return Finding(measure, Status.FAIL, raw, unit, limit=Limit(-5, 5))


def below(measure: str) -> Finding:
    return Finding(measure, Status.FAIL, 0.5, limit=Limit(low=1))


@pytest.mark.parametrize("measure", PORTRAIT)
@pytest.mark.parametrize("raw", [-9.0, 9.0])
def test_every_measure_of_the_profile_tells_both_what_to_do(measure: str, raw: float) -> None:
    finding = beyond(measure, raw)
    assert measure in ADVICE
    assert to_officer(finding).endswith(".")
    assert len(to_applicant(finding)) == 2


@pytest.mark.parametrize("measure", ORDER)
def test_every_measure_of_the_order_is_worded(measure: str) -> None:
    assert set(ADVICE[measure]) == {Side.LOW, Side.HIGH}


def test_every_moment_is_worded() -> None:
    assert set(MOMENTS) == set(Moment)


def test_sentences_are_short_and_polite() -> None:
    for advice in ALL:
        spoken = advice.applicant
        assert re.search(r"\b(please|thank you)\b", spoken.english, re.I), spoken.english
        assert re.search(r"\b(veuillez|merci|s'il vous plaît)\b", spoken.french, re.I), spoken.french
        assert max(len(spoken.english), len(spoken.french)) <= 70, spoken
        assert len(advice.officer) <= 110, advice.officer
        assert not re.search(r"°|%|\blimit\b|\d", spoken.english + spoken.french), spoken


@pytest.mark.parametrize(
    ("measure", "raw", "officer", "applicant"),
    [
        # Yaw above 0: the nose points to the picture's right, which is the person's left.
        ("head_pose_yaw", 9, "turn it a little to their right", "Please look straight ahead."),
        ("head_pose_yaw", -9, "turn it a little to their left", "Please look straight ahead."),
        # Pitch above 0: the nose points down.
        ("head_pose_pitch", 12, "lift the chin", "Please lift your chin a little."),
        ("head_pose_pitch", -12, "lower the chin", "Please lower your chin a little."),
        # Roll above 0: counter-clockwise in the picture, so the crown leans to its left, the person's right.
        ("head_pose_roll", 12, "leans to the person's right", "Please hold your head upright."),
        ("head_pose_roll", -12, "leans to the person's left", "Please hold your head upright."),
    ],
)
def test_a_turned_head_is_told_which_way(measure: str, raw: float, officer: str, applicant: str) -> None:
    assert officer in to_officer(beyond(measure, raw))
    assert to_applicant(beyond(measure, raw))[0] == applicant


def test_a_face_near_the_pictures_left_edge_moves_to_the_persons_own_left() -> None:
    # ISO/IEC 29794-5:2025, 7.4.10.1 measures from the picture's left edge; there stands the person's right.
    assert to_applicant(below("leftward_crop_of_the_face_image")) == (
        "Please move a little to your left.",
        "Veuillez vous déplacer un peu vers votre gauche.",
    )
    assert "to their left" in to_officer(below("leftward_crop_of_the_face_image"))
    assert "droite" in to_applicant(below("rightward_crop_of_the_face_image"))[1]


def test_distance_is_told_by_the_eyes() -> None:
    far = Finding("inter_eye_distance", Status.FAIL, 80.0, "px", limit=Limit(120, 600))
    near = Finding("inter_eye_distance", Status.FAIL, 700.0, "px", limit=Limit(120, 600))
    assert to_applicant(far)[0] == "Please come a little closer."
    assert to_applicant(near)[0] == "Please step back a little."


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("eyes_occlusion_substitute", "Please take off your glasses, and keep your hair away from your eyes."),
        ("mouth_closed", "Please close your mouth."),
        ("sharpness_substitute", "Please stand still."),
        ("gaze_substitute", "Please look into the camera."),
    ],
)
def test_the_applicant_is_told_what_to_do_and_not_what_was_measured(measure: str, said: str) -> None:
    assert to_applicant(below(measure))[0] == said


def test_what_only_the_officer_can_mend_is_not_asked_of_the_applicant() -> None:
    for measure in ADVICE:
        if measure.startswith("background") or "illumination" in measure:
            assert to_applicant(below(measure))[0].startswith("Please wait")


def test_nobody_is_told_whatever_the_measure() -> None:
    nobody = Finding("mouth_closed", Status.NOT_ASSESSED, reason="no_face")
    assert to_applicant(nobody)[0] == "Please stand in front of the camera."
    assert to_officer(nobody).startswith("No face is seen.")


def test_without_models_the_technician_is_named() -> None:
    assert "technician" in to_officer(Finding("eyes_open", Status.NOT_ASSESSED, reason="no_models"))


def test_a_reason_of_a_measures_own_is_worded_as_on_the_panel() -> None:
    stopped = Finding("eyes_open", Status.NOT_ASSESSED, reason="fault")
    assert to_officer(stopped) == measures.instruction(stopped)
    assert to_applicant(stopped)[0] == "Please wait a moment."


def test_when_all_is_well_both_are_told() -> None:
    assert to_applicant(Moment.WELL) == ("Thank you. Please hold still.", "Merci. Veuillez ne plus bouger.")
    assert to_officer(Moment.WELL) == "All is well. Take the portrait."
    assert to_officer(Moment.COUNTING) == "All is well. The portrait takes itself."


def test_skin_is_never_at_fault() -> None:
    for measure in ("luminance_mean", "luminance_variance", "under_exposure_prevention", "dynamic_range"):
        assert "the skin's own shade is no fault" in to_officer(below(measure))
