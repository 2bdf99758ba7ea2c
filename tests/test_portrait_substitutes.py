"""Our own measures where the standard leaves it to closed models, against drawn people and made-up pictures."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import hypot

import numpy as np
import pytest

from drivers.simulated.head import render
from station.imaging import codec
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Region
from station.model.specimen import Backdrop, Sitter, Wear
from station.quality.lightness import lab
from station.quality.measure import Measure, Measured, Unmeasured
from station.quality.portrait.aligned import Backdrop as Behind
from station.quality.portrait.background_own import (
    BackgroundColour,
    BackgroundEvenness,
    BackgroundLightness,
)
from station.quality.portrait.compression_substitute import CompressionSubstitute
from station.quality.portrait.expression_substitute import GazeSubstitute, SmileSubstitute
from station.quality.portrait.highlights import FaceHighlights
from station.quality.portrait.occlusion_substitute import (
    EyesOcclusionSubstitute,
    FaceOcclusionSubstitute,
    LowerFaceOcclusionSubstitute,
)
from station.quality.portrait.sharpness_substitute import SharpnessSubstitute
from station.quality.portrait.trouble_spots import spots
from station.quality.portrait.wall import wall
from station.quality.sample import PortraitSample
from tests.made_faces import SHARED

ALL: tuple[Measure[PortraitSample], ...] = (
    SharpnessSubstitute(),
    SmileSubstitute(),
    GazeSubstitute(),
    EyesOcclusionSubstitute(),
    LowerFaceOcclusionSubstitute(),
    FaceOcclusionSubstitute(),
    CompressionSubstitute(),
    FaceHighlights(),
    BackgroundLightness(),
    BackgroundColour(),
    BackgroundEvenness(),
)

composite = pytest.mark.skipif(not SHARED.exists(), reason="the composite faces lie beside the repository")


def drawn(sitter: Sitter) -> PortraitSample:
    return PortraitSample(render(sitter, 960, 720), live=True)


@cache
def plain() -> PortraitSample:
    return drawn(Sitter(seed=2, complexion=1))


def raw(measure: Measure[PortraitSample], sample: PortraitSample) -> float:
    answer = measure.assess(sample)
    assert isinstance(answer, Measured)
    return answer.raw


def like(sample: PortraitSample, pixels: Pixels, scale: float = 1.0) -> PortraitSample:
    """Return a sample of other pixels of the same face, which is not looked for again."""
    other = PortraitSample(np.ascontiguousarray(pixels), scale, live=True)
    other.__dict__["faces"] = sample.faces
    return other


def test_without_a_face_each_says_so_and_never_fails() -> None:
    for empty in (np.zeros((60, 80, 3), np.uint8), np.full((90, 60), 200, np.uint8)):
        sample = PortraitSample(empty, live=True)
        assert {measure.assess(sample) for measure in ALL} == {Unmeasured("no_face")}
        assert spots(sample) == ()


def test_a_grey_camera_is_answered_too() -> None:
    sample = like(plain(), codec.grey(plain().pixels))
    answers = {measure.name: measure.assess(sample) for measure in ALL}
    assert all(isinstance(answer, Measured) for answer in answers.values())
    assert raw(BackgroundColour(), sample) == pytest.approx(0, abs=0.1)
    assert raw(LowerFaceOcclusionSubstitute(), sample) < 0.3


def test_no_name_of_ours_is_one_of_the_standard() -> None:
    standards = {
        "sharpness", "compression_artifacts", "expression_neutrality", "eyes_visible", "no_head_coverings",
        "mouth_occlusion_prevention", "face_occlusion_prevention", "background_uniformity",
    }  # fmt: skip
    assert not standards & {measure.name for measure in ALL}
    for measure in ALL:
        assert "ISO/IEC" in " ".join((type(measure).__doc__ or "").split())


# -- sharpness ------------------------------------------------------------------------------------------------


def test_blur_makes_a_face_less_sharp_step_by_step() -> None:
    blurred = [
        raw(SharpnessSubstitute(), like(plain(), cv().GaussianBlur(plain().pixels, (0, 0), sigma)))
        for sigma in (0.5, 1.0, 1.5, 2.0, 3.0)
    ]
    assert all(
        sharper > softer for sharper, softer in pairwise([raw(SharpnessSubstitute(), plain()), *blurred])
    )
    # An edge of Gaussian width s: its slope after a blur of 0.5 against that after one of 2 px is
    # sqrt((s^2 + 2^2) / (s^2 + 0.5^2)); 1.39 for s = 2, 1.18 for s = 3, less for lines and soft edges.
    assert blurred[-2] < 1.45 and blurred[-1] < 1.25


@pytest.mark.parametrize("sigma", [3.0, 10.0])
def test_noise_does_not_make_a_blurred_face_sharp(sigma: float) -> None:
    soft = cv().GaussianBlur(plain().pixels, (0, 0), 2.0)
    noise = np.random.default_rng(1).normal(0, sigma, soft.shape)
    noisy = np.clip(soft + noise, 0, 255).astype(np.uint8)
    assert raw(SharpnessSubstitute(), like(plain(), noisy)) == pytest.approx(
        raw(SharpnessSubstitute(), like(plain(), soft)), abs=0.08
    )


def test_a_face_too_small_to_tell_is_not_judged_sharp() -> None:
    sitter = Sitter(seed=2, complexion=1, eye_distance_px=52)  # 26 px in a picture of half the height
    answer = SharpnessSubstitute().assess(PortraitSample(render(sitter, 960, 540)))
    assert answer == Unmeasured("face_too_small")


@composite
def test_composite_faces_are_sharp_until_blurred_whatever_their_size() -> None:
    for name in ("m_african", "f_white"):
        whole = codec.decode((SHARED / "composite" / f"{name}.jpg").read_bytes()).pixels
        for height in (500, 1000):  # 74 and 147 px between the eyes
            sample = PortraitSample(codec.thumbnail(whole, height))
            assert raw(SharpnessSubstitute(), sample) > 1.4
            blurred = cv().GaussianBlur(sample.pixels, (0, 0), 2.0)
            assert raw(SharpnessSubstitute(), like(sample, blurred)) < 1.35


# -- expression -----------------------------------------------------------------------------------------------


def test_a_smile_and_a_look_aside_are_told() -> None:
    smile = drawn(Sitter(seed=2, complexion=1, smile=1.0))
    aside = drawn(Sitter(seed=2, complexion=1, gaze=(25.0, 0.0)))
    assert raw(SmileSubstitute(), smile) > 0.3 > raw(SmileSubstitute(), plain())
    assert raw(GazeSubstitute(), aside) > raw(GazeSubstitute(), plain())


# -- compression ----------------------------------------------------------------------------------------------


def jpeg(pixels: Pixels, quality: int) -> bytes:
    _, coded = cv().imencode(
        ".jpg", np.ascontiguousarray(pixels[..., ::-1]), [cv().IMWRITE_JPEG_QUALITY, quality]
    )
    return bytes(coded)


@pytest.mark.parametrize("quality", [15, 60, 92])
def test_a_file_that_is_known_tells_its_own_quality(quality: int) -> None:
    coded = jpeg(plain().pixels, quality)
    assert raw(CompressionSubstitute(), PortraitSample(plain().pixels, encoded=coded)) == quality
    assert CompressionSubstitute().assess(
        PortraitSample(plain().pixels, encoded=b"\xff\xd8\xff\xd9")
    ) == Unmeasured("no_tables")


@composite
@pytest.mark.parametrize("shift", [0, 3])
def test_a_picture_that_was_compressed_shows_it_wherever_its_blocks_begin(shift: int) -> None:
    whole = codec.decode((SHARED / "composite" / "f_multi.jpg").read_bytes()).pixels
    clean = PortraitSample(codec.thumbnail(whole, 740))
    assert raw(CompressionSubstitute(), clean) > 94
    for quality in (30, 50, 75, 90):
        coded = codec.decode(jpeg(clean.pixels, quality)).pixels[shift:, shift:]
        assert raw(CompressionSubstitute(), like(clean, coded)) == pytest.approx(quality, abs=12)


def test_a_smaller_copy_has_lost_its_blocks() -> None:
    copy = like(plain(), plain().pixels, scale=2.0)
    assert CompressionSubstitute().assess(copy) == Unmeasured("no_tables")


# -- light ----------------------------------------------------------------------------------------------------


def test_highlights_follow_the_light() -> None:
    bright = raw(FaceHighlights(), plain())
    dim = raw(FaceHighlights(), like(plain(), (plain().pixels * 0.5).astype(np.uint8)))
    assert 60 < bright <= 100 and dim <= 50  # half of code value 255 is L* 54


# -- background -----------------------------------------------------------------------------------------------


def test_a_plain_light_wall_has_no_trouble() -> None:
    assert raw(BackgroundLightness(), plain()) > 75
    assert raw(BackgroundColour(), plain()) < 5
    assert raw(BackgroundEvenness(), plain()) < 0.02
    assert spots(plain()) == ()


def test_other_walls_are_told_and_shown() -> None:
    coloured, busy, shadow = (
        drawn(Sitter(seed=2, complexion=1, backdrop=backdrop))
        for backdrop in (Backdrop.COLOURED, Backdrop.BUSY, Backdrop.SHADOW)
    )
    assert raw(BackgroundColour(), coloured) > 10
    assert raw(BackgroundEvenness(), busy) > 0.1 and spots(busy)
    assert raw(BackgroundEvenness(), shadow) > 0.02
    assert len(spots(busy)) <= 4


def behind(pixels: Pixels, seen: slice = slice(None)) -> Behind:
    mask = np.zeros(pixels.shape[:2], np.bool_)
    mask[:, seen] = True
    return Behind(pixels, mask, np.array([[0.5, 0, 0], [0, 0.5, 0]]))


def test_a_wall_is_measured_in_cielab() -> None:
    found = wall(behind(np.full((292, 354, 3), (210, 190, 160), np.uint8)))
    assert found is not None
    expected = lab(np.array([[[210, 190, 160]]], np.uint8))[0, 0]
    assert found.colour == pytest.approx(expected, abs=0.01)
    assert found.trouble == 0 and found.spots() == ()
    assert hypot(*found.colour[1:]) > 10


def test_a_spot_is_shown_where_it_is_on_the_picture() -> None:
    pixels = np.full((292, 354, 3), 220, np.uint8)
    pixels[40:80, 200:280] = 120
    found = wall(behind(pixels))
    assert found is not None
    # 40 x 80 of 292 x 354 pixels, to the whole small pixel of 4 x 4.
    assert found.trouble == pytest.approx(40 * 80 / (292 * 354), rel=0.05)
    ((first, last),) = found.spots()
    # The picture has two pixels for each of the backdrop's: its matrix halves them.
    assert first == pytest.approx([400, 80], abs=8) and last == pytest.approx([560, 160], abs=8)


def test_light_that_falls_off_is_no_trouble_and_a_full_picture_has_no_wall() -> None:
    ramp = np.linspace(235, 195, 354).astype(np.uint8)
    sloping = wall(behind(np.repeat(np.tile(ramp, (292, 1))[..., None], 3, axis=2)))
    assert sloping is not None and sloping.trouble == 0
    assert wall(behind(np.zeros((292, 354, 3), np.uint8), slice(0, 0))) is None


def test_only_wall_is_looked_at() -> None:
    pixels = np.full((292, 354, 3), 220, np.uint8)
    pixels[:, :177] = 20  # the person's half
    found = wall(behind(pixels, slice(180, None)))
    assert found is not None and found.trouble == 0


def test_regions_stay_within_the_picture() -> None:
    def regions(sample: PortraitSample) -> Iterator[Region]:
        yield from spots(sample)
        answers = (measure.assess(sample) for measure in ALL)
        yield from (answer.region for answer in answers if isinstance(answer, Measured) and answer.region)

    edge = drawn(Sitter(seed=2, complexion=1, place=(0.42, 0.2), backdrop=Backdrop.BUSY, wear=Wear.SUNGLASSES))
    for region in regions(edge):
        assert 0 <= region.left <= region.left + region.width <= 1 + 1e-9
        assert 0 <= region.top <= region.top + region.height <= 1 + 1e-9
