"""The photo itself: level, to the pixel where the crop says, never enlarged, and coded within its size rule."""

from dataclasses import replace
from io import BytesIO
from math import atan2, cos, degrees, radians, sin

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from station.errors import PictureError
from station.flow.photo_profiles import load_photo_profiles
from station.imaging import codec, srgb
from station.imaging.photo import bytes_allowed, cut, encode
from station.model.face import Head, Point
from station.model.image import Pixels
from station.model.photo import PhotoCrop, PhotoProfile
from station.model.quality import Region
from station.quality.photo.crop import propose
from station.quality.photo.judge import judge
from station.settings import resources_dir

PROFILES = load_photo_profiles(resources_dir() / "photo_profiles")
TEMPORARY, ENROLMENT = PROFILES["temporary_resident_photo"], PROFILES["enrolment"]
DOT_PX = 6.0


def card(size: tuple[int, int], t: float, roll: float) -> tuple[Pixels, Head]:
    """Return a white capture with a dot in its own channel for each eye, in the third for chin and crown."""
    width, height = size
    middle, angle = (0.52 * width, 0.47 * height), radians(roll)
    capture = np.full((height, width, 3), 255, np.uint8)

    def there(across: float, down: float, channel: int | None = None) -> Point:
        x = middle[0] + t * (across * cos(angle) - down * sin(angle))
        y = middle[1] + t * (across * sin(angle) + down * cos(angle))
        if channel is not None:
            around = np.s_[int(y) - 40 : int(y) + 40, int(x) - 40 : int(x) + 40]
            ys, xs = np.mgrid[around]
            dot = np.exp(-((xs + 0.5 - x) ** 2 + (ys + 0.5 - y) ** 2) / (2 * DOT_PX**2))
            capture[(*around, channel)] = np.round(255 * (1 - dot))
        return (x / width, y / height)

    crown = there(0, -0.95, 2)[1]
    found = Head(
        box=Region(0.3, 0.3, 0.4, 0.3),
        eyes=(there(-0.3, 0, 0), there(0.3, 0, 1)),
        ears=(there(-0.65, 0), there(0.65, 0)),
        chin=there(0, 1, 2),
        crown_high=crown,
        crown=crown,
        crown_low=crown,
    )
    return capture, found


def dot(part: Pixels) -> Point:
    """Return the middle of the only dot, in pixels from the part's corner."""
    weight = 255.0 - part
    ys, xs = np.mgrid[: part.shape[0], : part.shape[1]] + 0.5
    return float((weight * xs).sum() / weight.sum()), float((weight * ys).sum() / weight.sum())


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize(
    ("size", "t", "roll"),
    [((2100, 2800), 700, 0.0), ((2100, 2800), 660, -7.3), ((1350, 1800), 420, 8.0), ((1200, 1200), 300, 3.1)],
)
def test_eyes_are_level_and_the_head_has_the_height_that_was_judged(
    profile: PhotoProfile, size: tuple[int, int], t: float, roll: float
) -> None:
    capture, found = card(size, t, roll)
    crop = propose(found, size, profile)
    assert crop is not None
    photo = cut(capture, crop, profile)
    height, width = photo.shape[:2]
    assert (width, height) == profile.made_px(crop.height * size[1])
    assert height <= crop.height * size[1] + 1e-3
    half = height // 2
    left, right = dot(photo[..., 0]), dot(photo[..., 1])
    crown = dot(photo[:half, :, 2])
    chin = (dot(photo[half:, :, 2])[0], dot(photo[half:, :, 2])[1] + half)
    assert abs(left[1] - right[1]) <= 1
    assert abs(degrees(atan2(right[1] - left[1], right[0] - left[0]))) <= 0.3
    judged = {f.measure: f.raw or 0.0 for f in judge(crop, found, size, profile).findings}
    assert chin[1] - crown[1] == pytest.approx(judged["photo_head_height"] / 100 * height, abs=1)
    assert (left[1] + right[1]) / 2 == pytest.approx(judged["photo_eye_line"] / 100 * height, abs=1)
    assert (left[0] + right[0]) / 2 == pytest.approx(judged["photo_centre"] / 100 * width, abs=1)
    assert right[0] - left[0] == pytest.approx(judged["photo_inter_eye_distance"], abs=1)


def noisy(width: int, height: int, sigma: float = 3.0) -> Pixels:
    """Return a soft picture with a sensor's noise."""
    ys, xs = np.mgrid[:height, :width] / max(width, height)
    soft = 128 + 70 * np.stack([np.sin(9 * xs + 2 * ys), np.cos(7 * ys), np.sin(5 * xs * ys)], -1)
    noise = np.random.default_rng(5).normal(0, sigma, soft.shape)
    return np.clip(soft + noise, 0, 255).astype(np.uint8)


def test_a_crop_of_the_photos_own_size_gives_the_captures_own_pixels() -> None:
    capture = noisy(1000, 1200)
    crop = PhotoCrop(TEMPORARY.name, (520 / 1000, 640 / 1200), 1080 / 1200, 0.0, 0.2)
    assert np.array_equal(cut(capture, crop, TEMPORARY), capture[100:1180, 100:940])


def test_what_is_finer_than_the_photo_is_averaged_not_folded() -> None:
    # One white and one black pixel in turn, made three times smaller: grey, and no pattern.
    capture = np.indices((3400, 2800)).sum(0).astype(np.uint8) % 2 * 255
    for roll in (0.0, 6.0):
        crop = PhotoCrop(TEMPORARY.name, (0.5, 0.5), 2.93 * 1080 / 3400, roll, 0.2)
        photo = cut(capture, crop, TEMPORARY)[100:-100, 100:-100]
        assert photo.shape == (880, 640)
        assert np.abs(photo.astype(int) - 127.5).max() <= 30
        assert photo.std() <= 8


def test_what_the_capture_lacks_is_white() -> None:
    capture = np.zeros((1200, 1200, 3), np.uint8)
    photo = cut(capture, PhotoCrop(TEMPORARY.name, (0.5, 0.0), 0.9, 0.0, 0.2), TEMPORARY)
    assert (photo[:530] == 255).all()
    assert (photo[545:] == 0).all()


def test_a_crop_smaller_than_any_photo_is_refused() -> None:
    with pytest.raises(PictureError) as refused:
        cut(noisy(100, 100), PhotoCrop(TEMPORARY.name, (0.5, 0.5), 0.05, 0.0, 0.2), TEMPORARY)
    assert refused.value.context["reason"] == "too_small"


# -- coding ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "size"),
    [(TEMPORARY, (840, 1080)), (TEMPORARY, (420, 540)), (ENROLMENT, (1200, 1600)), (ENROLMENT, (600, 800))],
)
def test_a_photo_keeps_its_size_rule_in_the_best_quality_that_does(
    profile: PhotoProfile, size: tuple[int, int]
) -> None:
    pixels = noisy(*size)
    data = encode(pixels, profile)
    fewest, most = bytes_allowed(profile, size)
    assert fewest <= len(data) <= most

    def with_quality(quality: int) -> int:
        file = BytesIO()
        dpi = Image.open(BytesIO(data)).info.get("dpi", (0, 0))
        Image.fromarray(pixels).save(
            file, "JPEG", quality=quality, subsampling=0, icc_profile=srgb.profile(), dpi=dpi
        )
        return len(file.getvalue())

    best = max(quality for quality in range(80, 101) if with_quality(quality) <= most)
    assert len(data) == with_quality(best)


def test_the_size_rule_of_tr_03121_is_a_compression_of_5_and_at_most_15() -> None:
    assert bytes_allowed(ENROLMENT, (1200, 1600)) == (1200 * 1600 * 3 // 15, 1200 * 1600 * 3 // 5)
    assert bytes_allowed(ENROLMENT, (60, 80)) == (35 * 1024, 60 * 80 * 3 // 5)
    assert bytes_allowed(TEMPORARY, (840, 1080)) == (60_000, 240_000)


def test_a_file_holds_the_picture_its_colour_space_and_its_size_and_nothing_else() -> None:
    pixels = noisy(840, 1080)
    data = encode(pixels, TEMPORARY)
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (840, 1080))
        assert image.info["icc_profile"] == srgb.profile()
        assert image.info["dpi"] == (610, 610)  # 840 px on 35 mm
        assert JpegImagePlugin.get_sampling(image) == 0  # 4:4:4
        assert isinstance(image, JpegImagePlugin.JpegImageFile)
        assert [name for name, _ in image.applist] == ["APP0", "APP2"]
        assert "comment" not in image.info
    again = codec.decode(data)
    assert again.media_type == "image/jpeg"
    error = again.pixels.astype(float) - pixels
    assert 10 * np.log10(255**2 / (error**2).mean()) >= 35
    assert encode(pixels, TEMPORARY) == data


def test_a_grey_photo_is_coded_as_24_bits_too() -> None:
    pixels = noisy(840, 1080)[..., 0]
    with Image.open(BytesIO(encode(pixels, TEMPORARY))) as image:
        assert image.mode == "RGB"
        spread = np.ptp(np.asarray(image).astype(int), axis=2)
        assert spread.max() <= 2


def test_a_photo_that_cannot_keep_its_size_rule_is_refused_with_the_reason() -> None:
    with pytest.raises(PictureError) as refused:
        encode(noisy(840, 1080, sigma=90), TEMPORARY)
    assert refused.value.context["reason"] == "file_too_large"
    with pytest.raises(PictureError) as refused:
        encode(np.full((1080, 840, 3), 200, np.uint8), TEMPORARY)
    assert refused.value.context["reason"] == "file_too_small"
    plain = replace(TEMPORARY, bytes_range=(1, 240_000))
    assert len(encode(np.full((1080, 840, 3), 200, np.uint8), plain)) < 60_000
