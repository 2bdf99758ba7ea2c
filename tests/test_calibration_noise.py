"""Noise of flat patches, on grain of known strength."""

import numpy as np
import pytest

from station.calibration.noise import noise
from tests.test_calibration_tone import codes_of, values

SIDE = 85
"""Pixels of a 12 mm patch at 300 dpi, less a fifth at each side."""


def grain(lightness: float, sd: float, random: np.random.Generator, slope: float = 0.0, side: int = SIDE):
    """A grey patch whose L* varies normally by `sd`, on a plane that rises by `slope` L* across and down."""
    y, x = np.mgrid[-0.5 : 0.5 : side * 1j, -0.5 : 0.5 : side * 1j]
    seen = lightness + slope * (x + y) + random.normal(0, sd, (side, side))
    # The same grain in the three channels is grain of L* alone.
    return np.repeat(np.rint(codes_of(seen)).astype(np.uint8)[..., None], 3, axis=2)


def test_known_noise_comes_back_within_5_percent():
    random = np.random.default_rng(8)
    for _ in range(50):
        sds = random.uniform(0.4, 4, 3)
        greys = {
            f"g{n}": grain(lightness, sd, random, slope=random.uniform(-4, 4))
            for n, (lightness, sd) in enumerate(zip((82, 55, 38), sds, strict=True))
        }
        found = values(noise(greys))
        assert found["noise"] == pytest.approx(sds.max(), rel=0.05)
        assert found["noise_mean"] == pytest.approx(sds.mean(), rel=0.05)
        assert found["noise_a"] == pytest.approx(0, abs=0.05)


def test_noise_of_three_channels_is_that_of_their_sum_and_of_their_difference():
    random = np.random.default_rng(9)
    pixels = np.rint(random.normal(150, 3, (120, 120, 3))).astype(np.uint8)
    # Near one value L* is a sum of the channels: sd = slope x levels x root of the sum of the squared weights
    # of Y (0.2225, 0.7169, 0.0606), where slope is L* for a level of grey.
    slope = (lightness_of(151) - lightness_of(149)) / 2
    found = values(noise({"g": pixels}))
    assert found["noise"] == pytest.approx(slope * 3 * np.sqrt(0.2225**2 + 0.7169**2 + 0.0606**2), rel=0.03)
    assert found["noise_a"] > found["noise"]
    assert found["noise_b"] > found["noise"]


def lightness_of(code: float) -> float:
    return 116 * float(np.cbrt(((code / 255 + 0.055) / 1.055) ** 2.4)) - 16


def test_a_flat_patch_has_no_noise_and_a_slope_is_none():
    figure, *_ = noise({"g": np.full((64, 64, 3), 130, np.uint8)})
    assert (figure.value, figure.uncertainty) == (0, 0)
    sloped = grain(60, 0.0, np.random.default_rng(1), slope=6)
    assert values(noise({"g": sloped}))["noise"] == pytest.approx(0, abs=0.05)


def test_the_uncertainty_is_that_of_the_number_of_pixels():
    random = np.random.default_rng(12)
    found = [noise({"g": grain(60, 1.5, random, side=40)})[0] for _ in range(60)]
    spread = np.std([figure.value for figure in found])
    assert found[0].uncertainty == pytest.approx(2 * spread, rel=0.3)
    # Two sigmas hold 95 %: of 60 hardly more than 8 lie beyond.
    assert sum(abs(figure.value - 1.5) > figure.uncertainty for figure in found) <= 8


@pytest.mark.parametrize(
    ("greys", "reason"),
    [
        ({}, "not_measured"),
        ({"g": np.full((31, 200), 90, np.uint8)}, "too_small"),
        ({"g": np.full((60, 60), 90, np.uint8), "white": np.full((60, 60), 255, np.uint8)}, "clipped"),
    ],
)
def test_without_patches_that_can_vary_there_is_no_noise(greys, reason: str):
    assert {(figure.value, figure.reason) for figure in noise(greys)} == {(None, reason)}


def test_a_grey_picture_has_the_noise_of_the_same_in_colour():
    colour = grain(60, 2, np.random.default_rng(3))
    assert values(noise({"g": colour[..., 0]})) == values(noise({"g": colour}))


def test_a_value_without_a_reference_does_not_claim_one():
    assert not any(figure.needs_reference for figure in noise({"g": grain(60, 1, np.random.default_rng(3))}))
