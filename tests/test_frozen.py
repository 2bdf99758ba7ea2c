"""A stream that sends the same picture again and again is noticed; a live one never is."""

import numpy as np
import pytest

from station.devices.frozen import FROZEN_FRAMES, FROZEN_S, Stillness

SIZE = (1080, 1920, 3)


def picture(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, SIZE, np.uint8)


def first_frozen(pictures: list[np.ndarray], fps: float) -> int | None:
    """Return the number of the frame, from 1, at which the stream was first called frozen."""
    stillness = Stillness()
    verdicts = [stillness.frozen(pixels, at / fps) for at, pixels in enumerate(pictures)]
    return verdicts.index(True) + 1 if True in verdicts else None


@pytest.mark.parametrize(("fps", "frame"), [(30, 61), (5, 11), (2, 10), (100, 201)])
def test_the_same_picture_for_two_seconds_and_ten_frames_is_frozen(fps: float, frame: int) -> None:
    # Frame n comes (n - 1) / fps after the first: 2 s have passed at n = 2 * fps + 1.
    assert (FROZEN_S, FROZEN_FRAMES) == (2.0, 10)
    assert first_frozen([picture()] * 250, fps) == frame


def test_one_step_of_one_level_in_every_row_is_life() -> None:
    still, moved = picture(), picture()
    moved[:, 7, 1] ^= 1
    assert first_frozen([still, moved] * 60, 30) is None


def test_a_picture_that_changes_starts_the_clock_anew() -> None:
    pictures = [picture(1)] * 60 + [picture(2)] * 60 + [picture(1)] * 61
    assert first_frozen(pictures, 30) == 181


@pytest.mark.parametrize("level", [0, 255])
def test_a_covered_lens_is_not_called_frozen(level: int) -> None:
    assert first_frozen([np.full(SIZE, level, np.uint8)] * 90, 30) is None


def test_a_change_of_size_and_grey_pictures_are_taken_as_they_come() -> None:
    small = picture()[:240, :320]
    assert first_frozen([picture()] * 30 + [small] * 61, 30) == 91
    assert first_frozen([small[:20, :30, 0]] * 61, 30) == 61
