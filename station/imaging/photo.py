"""The photo itself: cut from its capture with one resampling, and coded as its profile's rule wants it."""

from bisect import bisect_right
from io import BytesIO

import numpy as np
from PIL import Image

from station.errors import PictureError
from station.imaging import srgb
from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels
from station.model.photo import PhotoCrop, PhotoProfile

_WHITE = (255, 255, 255)
_PITCH_MOST = 1.25
"""How many pixels of the capture may lie between two samples, each a mean of the nearest four."""

_BLOCK, _EVERY = 8, 8
"""JPEG codes blocks of 8 x 8 pixels; every eighth row of blocks stands for all."""


def cut(pixels: Pixels, crop: PhotoCrop, profile: PhotoProfile) -> Pixels:
    """Return the photo in exactly the profile's shape, as large as it wants it or as the capture gives it.

    Turned and made smaller in one resampling: samples about as close as the capture's pixels, averaged over
    each pixel of the photo. Nothing is enlarged. What the capture does not have is white.

    Raises:
        PictureError: `reason` is too_small: no pixel of the photo's shape fits into the crop.
    """
    size = (pixels.shape[1], pixels.shape[0])
    high = crop.height * size[1]
    across, down = made = profile.made_px(high)
    if not down:
        raise PictureError(reason="too_small", width=made[0], height=made[1])
    finer = max(1, int(np.ceil(high / down / _PITCH_MOST)))
    corners = np.array(crop.corners(size, profile.aspect)) * size
    origin, right, below = corners[0], corners[1] - corners[0], corners[3] - corners[0]
    back = np.empty((2, 3))
    back[:, 0], back[:, 1] = right / (across * finer), below / (down * finer)
    # From the middle of a sample to the middle of a pixel; OpenCV counts both from the middle of the first.
    back[:, 2] = origin + back[:, :2] @ (0.5, 0.5) - 0.5
    samples = cv().warpAffine(
        pixels,
        back,
        (across * finer, down * finer),
        flags=cv().INTER_LINEAR | cv().WARP_INVERSE_MAP,
        borderMode=cv().BORDER_CONSTANT,
        borderValue=_WHITE,
    )
    photo: Pixels = samples if finer == 1 else cv().resize(samples, made, interpolation=cv().INTER_AREA)
    return photo


def encode(pixels: Pixels, profile: PhotoProfile) -> bytes:
    """Return a photo as JPEG in 24-bit sRGB, in the best quality that the profile's size rule allows.

    The file holds the picture, its colour space (ICC), and its resolution where the profile says how large it
    is printed; no EXIF, nothing about the person or the moment. Colours are coded in full (4:4:4): with as many
    bytes a quarter of them (4:2:0) measured no better, and edges of lips and irises keep their colour.

    Raises:
        PictureError: `reason` is file_too_large (more bytes than allowed even at the least quality) or
            file_too_small (fewer even at the best: the picture is too plain to be one of a face).
    """
    colours = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    fewest, most = bytes_allowed(profile, (pixels.shape[1], pixels.shape[0]))
    best, least = profile.quality
    quality, step, coded, size = _guessed(colours, profile, most), 0, b"", 0
    while least <= quality <= best:
        tried = _jpeg(colours, quality, profile)
        size = len(tried)
        fits = size <= most
        if fits:
            coded = tried
        if step and fits == (step < 0):
            break
        step = 1 if fits else -1
        quality += step
    if not coded:
        raise PictureError(reason="file_too_large", size=size, allowed=most)
    if len(coded) < fewest:
        raise PictureError(reason="file_too_small", size=len(coded), allowed=fewest)
    return coded


def bytes_allowed(profile: PhotoProfile, size: tuple[int, int]) -> tuple[int, int]:
    """Return the fewest and the most bytes that a photo of this (width, height) in pixels may have."""
    fewest, most = profile.bytes_range
    if profile.compression is None:
        return fewest, most
    plain = 3 * size[0] * size[1]
    aimed, strongest = profile.compression
    return max(fewest, int(np.ceil(plain / strongest))), min(most, int(plain / aimed))


def _guessed(colours: Pixels, profile: PhotoProfile, most: int) -> int:
    """Return about the best quality that gives no more than so many bytes, tried on an eighth of the photo.

    A trial of the whole costs 10 ms and more of a 1200 x 1600 photo, and a search takes five.
    """
    rows = np.arange(colours.shape[0])
    strips = np.ascontiguousarray(colours[rows // _BLOCK % _EVERY == 0])
    share = strips.shape[0] / colours.shape[0]
    best, least = profile.quality
    qualities = range(least, best + 1)
    fitting = bisect_right(qualities, most * share, key=lambda quality: len(_jpeg(strips, quality, profile)))
    return qualities[max(0, fitting - 1)]


def _jpeg(colours: Pixels, quality: int, profile: PhotoProfile) -> bytes:
    file = BytesIO()
    dots = 0 if profile.print_mm is None else round(colours.shape[1] * MM_PER_INCH / profile.print_mm[0])
    Image.fromarray(colours).save(
        file, "JPEG", quality=quality, subsampling="4:4:4", icc_profile=srgb.profile(), dpi=(dots, dots)
    )
    return file.getvalue()
