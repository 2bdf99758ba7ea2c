"""Invented people: what the simulated camera sees and what the drawn passports show.

The picture follows a frontal portrait (ICAO 9303-3, ISO/IEC 39794-5): a plain light background, eyes level, 158
pixels apart in 1920 x 1080, a head from chin to crown of about 570.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from PIL import Image

from drivers.simulated.head import HEIGHT_PX, WIDTH_PX, render
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.specimen import Sitter

__all__ = ["GRAIN", "HEIGHT_PX", "SWAY_PX", "WIDTH_PX", "grainy", "likeness", "seen"]

SWAY_PX = 8
"""Margin round the scene, so that frames can move over it."""
GRAIN = 1.5
"""Standard deviation of a good sensor's noise in code values."""
UNSHARP_PX = 5.0
LIKENESS_PX = (420, 540)
"""Width and height of a passport's photograph: 35 x 45 mm at 305 dots an inch."""
TILE_PX = 64
"""By so much the noise can be moved from frame to frame."""


@lru_cache(maxsize=8)
def seen(sitter: Sitter, width_px: int, height_px: int) -> Pixels:
    """Return what a camera of this size sees but for its noise, with `SWAY_PX` more on each side."""
    plain = replace(sitter, light=1.0, sharp=True, blur_px=0.0, noise=0.0)
    scene = _scene(plain, width_px, height_px)
    blur = (sitter.blur_px if sitter.sharp else max(sitter.blur_px, UNSHARP_PX)) * width_px / WIDTH_PX
    if blur > 0:
        scene = cv().GaussianBlur(scene, (0, 0), blur)
    if sitter.light != 1:
        scene = cv().convertScaleAbs(scene, alpha=sitter.light)
    pixels: Pixels = scene.view()
    pixels.setflags(write=False)
    return pixels


@lru_cache(maxsize=4)
def _scene(sitter: Sitter, width_px: int, height_px: int) -> Pixels:
    return render(sitter, width_px, height_px, SWAY_PX)


def grainy(window: Pixels, sigma: float, number: int) -> Pixels:
    """Return a picture with the sensor's noise of this frame: no two frames are the same.

    A tile of noise is moved about; adding it costs two milliseconds at 1920 x 1080.
    """
    if sigma <= 0:
        return np.ascontiguousarray(window)
    height, width = window.shape[:2]
    brighter, darker = _noise(sigma, width, height)
    x, y = (number * step % TILE_PX for step in (37, 23))
    at = slice(y, y + height), slice(x, x + width)
    pixels: Pixels = cv().subtract(cv().add(window, brighter[at]), darker[at])
    return pixels


@lru_cache(maxsize=4)
def _noise(sigma: float, width_px: int, height_px: int) -> tuple[Pixels, Pixels]:
    dice = np.random.default_rng(width_px)
    noise = dice.normal(0, sigma, (height_px + TILE_PX, width_px + TILE_PX, 1)).round()
    colours = np.repeat(noise, 3, axis=2)
    return np.clip(colours, 0, 255).astype(np.uint8), np.clip(-colours, 0, 255).astype(np.uint8)


@lru_cache(maxsize=4)
def likeness(seed: int) -> Image.Image:
    """Return the passport photograph of this person, 35 x 45: chin to crown 72 % of the height."""
    width, height = LIKENESS_PX
    # The head is about 3.6 times as high as the eyes lie apart.
    eyes_px = 0.72 * height / 3.6 * HEIGHT_PX / height
    sitter = Sitter(seed=seed, eye_distance_px=eyes_px, place=(0.5, 0.47))
    wide = round(height * WIDTH_PX / HEIGHT_PX)
    left = (wide - width) // 2
    return Image.fromarray(render(sitter, wide, height)[:, left : left + width])
