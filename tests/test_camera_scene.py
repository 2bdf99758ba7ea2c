"""What is measured of a camera's place, focus, light and time."""

from collections.abc import Sequence
from dataclasses import replace
from math import erf

import numpy as np
import pytest

from station.calibration.camera.flat_field import LEAST_FRAMES, flat_field
from station.calibration.camera.focus import focus
from station.calibration.camera.light import Level, level_of
from station.calibration.camera.scene import portrait_plane, white_gains
from station.calibration.camera.steadiness import exposure_steadiness, frame_rate, latency
from station.calibration.camera.views import View, find_view
from station.model.image import Pixels
from tests.boards import BOARD, LENS, STANDS, photographed, reasons, seen, value

# -- the place of the portrait --------------------------------------------------------------------------------


def test_distance_and_scale_of_the_portrait_plane_are_those_of_the_board() -> None:
    view = find_view(photographed((0.5, 0.45, 800.0, 2.0, -3.0)), BOARD)
    assert isinstance(view, View)
    figures = portrait_plane(view, BOARD, replace(LENS, focal_sd=0.1))
    assert value(figures, "portrait_distance") == pytest.approx(800, rel=0.003)
    assert value(figures, "pixels_per_mm") == pytest.approx(618 / 800, rel=0.003)
    assert value(figures, "portrait_tilt") == pytest.approx(np.hypot(2, 3), abs=1)
    assert figures[0].uncertainty == pytest.approx(1.6, rel=0.01)  # twice 0.1 % of 800 mm


def test_a_plane_that_cannot_be_trusted_has_no_scale() -> None:
    view = seen((0.5, 0.5, 800.0, 0.0, 0.0))
    assert reasons(portrait_plane(view, BOARD, replace(LENS, width=1280, height=960))) == {"other_size"}
    # A lens with three times the barrel bends the rows of the board by some pixels.
    assert reasons(portrait_plane(seen(STANDS[0], by=4.0), BOARD, LENS)) == {"other_lens"}
    few = replace(view, ids=view.ids[:8], corners=view.corners[:8])
    assert reasons(portrait_plane(few, BOARD, LENS)) == {"no_pose"}  # one row of eight: a line
    leaning = portrait_plane(seen((0.5, 0.5, 800.0, 20.0, 0.0)), BOARD, LENS)
    assert reasons(leaning) == {"tilted"}
    assert value(leaning, "portrait_tilt") == pytest.approx(20, abs=0.1)


def test_gains_make_a_neutral_patch_neutral() -> None:
    patch = np.full((40, 40, 3), (188, 180, 160), np.uint8)
    # IEC 61966-2-1: 188, 180, 160 are 0.50289, 0.45641, 0.35153 of the light.
    gains = white_gains(patch)
    assert [gain.value for gain in gains] == pytest.approx([0.45641 / 0.50289, 0.45641 / 0.35153], rel=1e-4)


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        (np.full((40, 40), 180, np.uint8), "grey_picture"),
        (np.full((20, 40, 3), 180, np.uint8), "too_small"),
        (np.full((40, 40, 3), (255, 180, 160), np.uint8), "clipped"),
        (np.full((40, 40, 3), (188, 180, 20), np.uint8), "too_dark"),
    ],
)
def test_a_patch_that_tells_no_white_says_why(patch: Pixels, reason: str) -> None:
    assert reasons(white_gains(patch)) == {reason}


# -- focus ----------------------------------------------------------------------------------------------------


def edge(sigma_px: float, *, lying: bool = False) -> Pixels:
    """Draw a dark to light edge at five degrees, blurred by a Gaussian, as sRGB codes it."""
    y, x = np.mgrid[-40:40:81j, -40:40:81j]
    away = (x + y * np.tan(np.radians(5))) * np.cos(np.radians(5))
    rise = np.vectorize(erf)(away / (sigma_px * np.sqrt(2)))
    light = 0.4 + 0.3 * rise
    coded = np.rint((1.055 * light ** (1 / 2.4) - 0.055) * 255).astype(np.uint8)
    return np.ascontiguousarray(coded.T if lying else coded)


@pytest.mark.parametrize("lying", [False, True])
def test_the_focus_is_where_half_the_contrast_is_left(lying: bool) -> None:
    # exp(-2 (pi sigma f) ** 2) = 1/2 at f = sqrt(ln 2 / 2) / (pi sigma).
    sharp = np.sqrt(np.log(2) / 2) / np.pi / 1.5
    measured, kept = focus(edge(1.5, lying=lying), baseline=1.25 * sharp)
    assert measured.value == pytest.approx(sharp, rel=0.03)
    assert kept.value == pytest.approx(80, rel=0.03)


def test_a_focus_without_an_edge_or_a_baseline_says_why() -> None:
    measured, kept = focus(edge(1.5))
    assert measured.value is not None
    assert kept.reason == "no_baseline"
    figures = focus(np.full((81, 81), 128, np.uint8), baseline=0.2)
    assert [figure.value for figure in figures] == [None, None]


# -- light and time -------------------------------------------------------------------------------------------


def levels(light: Sequence[float], *, clipped: bool = False) -> list[Level]:
    return [Level(y, y, y, clipped) for y in light]


def test_flicker_is_the_spread_of_the_light_in_percent() -> None:
    # 30 of 0.398 and 30 of 0.402: sd 0.002 * sqrt(60 / 59) of 0.4. What came before the last 60 is gone.
    measured = exposure_steadiness(levels([0.1] * 20 + [0.398, 0.402] * 30))
    assert measured.value == pytest.approx(0.5 * np.sqrt(60 / 59))


def test_light_that_cannot_be_measured_says_why() -> None:
    assert exposure_steadiness(levels([0.4] * 59)).reason == "few_frames"
    assert exposure_steadiness(levels([1.0] * 60, clipped=True)).reason == "clipped"
    assert exposure_steadiness(levels([0.001] * 60)).reason == "too_dark"


def test_a_level_is_linear_light_and_knows_what_was_cut_off() -> None:
    frame = np.full((20, 50, 3), 188, np.uint8)
    assert level_of(frame).y == pytest.approx(0.50289, rel=1e-4)
    frame[0, :2, 0] = 255
    assert level_of(frame).clipped  # 2 of 1000
    assert not level_of(np.full((20, 50), 254, np.uint8)).clipped


def test_the_frame_rate_is_that_of_the_stamps_and_not_of_the_claim() -> None:
    stamps = np.cumsum([0.04] * 100)
    stamps[61:] += 0.04  # one frame was lost: 99 intervals last 100 * 0.04 s
    figures = frame_rate(stamps.tolist())
    assert value(figures, "frame_rate") == pytest.approx(99 / 4.0)
    assert value(figures, "frames_late") == pytest.approx(100 / 99)
    # One of 99 intervals is 40 ms longer: sd = 40 / sqrt(99).
    assert value(figures, "frame_jitter") == pytest.approx(40 / np.sqrt(99))


def test_stamps_that_tell_no_rate_say_why() -> None:
    assert reasons(frame_rate([0.0, 0.04])) == {"few_frames"}
    assert reasons(frame_rate([0.0] * 40)) == {"bad_stamps"}


def test_latency_is_from_the_flash_to_the_frame_that_shows_it() -> None:
    taken_at = [0.1 * number for number in range(40)]
    light = [0.5 if 8 <= number < 12 or 28 <= number < 32 else 0.1 for number in range(40)]
    light[8] = 0.2  # the shutter was open when the light came: not yet half
    measured = latency([0.65, 2.65], taken_at, light)
    assert measured.value == pytest.approx(1000 * (0.25 + 0.15) / 2)
    assert measured.uncertainty == pytest.approx(100 / np.sqrt(6))


def test_a_flash_that_no_frame_shows_is_not_a_latency() -> None:
    taken_at = [0.1 * number for number in range(40)]
    assert latency([0.65], taken_at, [0.1] * 40).reason == "not_seen"
    assert latency([9.0], taken_at, [0.1] * 40).reason == "not_seen"
    assert latency([], taken_at, [0.1] * 40).reason == "few_frames"


# -- flat field -----------------------------------------------------------------------------------------------


def card(fall_off: float, *, seed: int = 1) -> list[Pixels]:
    """Frames of an even card whose light falls with the square of the distance from the centre."""
    y, x = np.mgrid[-1:1:240j, -1:1:320j]
    light = 0.5 * (1 - fall_off * (x**2 + y**2) / 2)
    coded = (1.055 * light ** (1 / 2.4) - 0.055) * 255
    chance = np.random.default_rng(seed)
    return [np.rint(coded + chance.normal(0, 1, coded.shape)).astype(np.uint8) for _ in range(LEAST_FRAMES)]


def test_the_fall_off_to_the_corners_is_that_of_the_light() -> None:
    dark = [np.zeros((240, 320), np.uint8)] * LEAST_FRAMES
    measured = flat_field(card(0.3), dark)
    # The part is an eighth: x and y of a corner run from 0.75 to 1, their squares' mean is 0.7708; about the
    # centre from -1/8 to 1/8, 1/192.
    expected = 100 * (1 - (1 - 0.3 * 0.7708) / (1 - 0.3 / 192))
    assert value(measured.figures, "corner_fall_off") == pytest.approx(expected, abs=0.2)
    gains = measured.gains
    assert gains is not None
    assert gains.min() == pytest.approx(1, abs=0.005)
    assert gains[0, 0] == pytest.approx(1 / 0.72, abs=0.03)
    assert measured.map is not None
    assert len(measured.map.rows) == 24


def test_a_gain_is_never_more_than_two() -> None:
    measured = flat_field(card(0.9), [np.zeros((240, 320), np.uint8)] * LEAST_FRAMES)
    assert measured.gains is not None
    assert 1.9 < measured.gains.max() <= 2


def test_a_card_that_tells_no_fall_off_says_why() -> None:
    dark = [np.zeros((240, 320), np.uint8)] * LEAST_FRAMES
    even = card(0.0)
    cases = {
        "few_frames": (even[1:], dark),
        "other_size": (even, [frame[1:] for frame in dark]),
        "clipped": ([np.full((240, 320), 255, np.uint8)] * LEAST_FRAMES, dark),
        "too_dark": (dark, dark),
    }
    for reason, (light, without) in cases.items():
        assert reasons(flat_field(light, without).figures) == {reason}
