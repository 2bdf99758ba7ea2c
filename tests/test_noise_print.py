"""A picture that was measured before is known by its noise; two scans of one sheet are not taken for one."""

from functools import cache
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from drivers.simulated.degrade import degrade
from station.calibration.draw import draw
from station.calibration.noise_print import noise_of, same_picture
from station.model.degradation import Degradation
from station.model.image import Pixels
from station.model.target import TargetKind, TargetLabel
from tests.degraded_targets import LAYOUTS


@cache
def drawing() -> Pixels:
    layout = LAYOUTS[TargetKind.A4]
    return draw(layout, TargetLabel(TargetKind.A4, layout.revision, "T1"), 300)


@cache
def scan(seed: int, noise: float = 0.4) -> Pixels:
    """One scan of the sheet that nobody moved."""
    return degrade(drawing(), 300, 100, Degradation(seed=seed, noise=noise, white=0.9, black=0.02))


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling=0)
    return np.asarray(Image.open(file))


@pytest.mark.parametrize(
    "again",
    [
        lambda pixels: pixels,
        lambda pixels: pixels[..., 1],
        lambda pixels: np.clip(pixels.astype(int) + 4, 0, 255).astype(np.uint8),
        lambda pixels: jpeg(pixels, 98),
    ],
    ids=["itself", "made grey", "made lighter", "recoded"],
)
def test_a_picture_that_comes_again_is_known(again) -> None:  # type: ignore[no-untyped-def]
    assert same_picture(noise_of(scan(1)), noise_of(again(scan(1))))


@pytest.mark.parametrize("noise", [0.2, 0.4, 1.0])
def test_two_scans_of_a_sheet_that_lay_still_are_two(noise: float) -> None:
    assert not same_picture(noise_of(scan(1, noise)), noise_of(scan(2, noise)))


def test_where_there_is_no_noise_nothing_is_claimed() -> None:
    flat = np.full((600, 500, 3), 240, np.uint8)
    assert not same_picture(noise_of(flat), noise_of(flat))
    assert noise_of(np.zeros((40, 40), np.uint8)) == b""
    assert not same_picture(b"", b"") and not same_picture(b"12", noise_of(flat))
