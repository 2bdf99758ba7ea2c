"""What the sensor of a device codes of the light that reaches it: dirt, tone, noise and sRGB."""

from collections.abc import Callable
from functools import cache, lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.degradation import Degradation, Floats
from station.model.image import Pixels

ROWS = 128
"""Rows made at once: what is needed for them stays small beside the picture."""
STEPS = 65535
"""Of the tone tables: at most 0.003 L* a step."""

Light = NDArray[np.float32]
Window = tuple[slice, slice]
"""Rows and columns of a picture."""
Part = tuple[range, range]
"""The same, to be gone through."""


def tinged(picture: Pixels, wear: Degradation, window: Window) -> Pixels:
    """Return a window of a picture (RGB) as a device with this wear would code it, by its light alone.

    Tone, dirt and noise are those of the wear; sharpness and geometry, which no ordinary page tells, are not.
    """

    def light(rows: range, columns: range) -> Light:
        seen = picture[rows.start : rows.stop, columns.start : columns.stop]
        return np.asarray(cv().LUT(np.ascontiguousarray(seen), decoded()))

    return coded(light, wear, (picture.shape[1], picture.shape[0]), window)


def coded(
    light: Callable[[range, range], Light], wear: Degradation, size_px: tuple[int, int], window: Window
) -> Pixels:
    """Return what the sensor makes of a window of a picture of this size (width, height), RGB.

    `light` gives the linear light (rows, columns, 3) of a part of the picture; it is asked band by band.
    """
    rows, columns = (range(part.start, part.stop) for part in window)
    seen = np.empty((len(rows), len(columns), 3), np.uint8)
    noise = np.random.default_rng(wear.seed)
    for top in range(0, len(rows), ROWS):
        band = rows[top : top + ROWS]
        seen[top : top + ROWS] = _toned(light(band, columns), (band, columns), size_px, wear, noise)
    return seen


def _toned(
    light: Light, part: Part, size_px: tuple[int, int], wear: Degradation, noise: np.random.Generator
) -> Pixels:
    """Return what the device codes of the light on a part of a picture."""
    across, down = (
        np.linspace(-1, 1, side, dtype=np.float32)[own.start : own.stop]
        for side, own in zip(size_px, reversed(part), strict=True)
    )
    lit = 1 + np.float32(wear.gradient[0]) * across + np.float32(wear.gradient[1]) * down[:, None]
    _dirty(lit, part, wear)
    ink, paper = np.float32(wear.black), np.float32(wear.white - wear.black)
    light = (ink + paper * light) * (lit[..., None] * np.array(wear.cast, np.float32))
    np.clip(light, 0, 1, out=light)
    steps = np.sqrt(light, out=light)
    steps *= np.float32(STEPS)
    steps += np.float32(0.5)
    lightness = np.take(_lightness(wear.gamma), steps.astype(np.uint16))
    if wear.noise:
        lightness += (noise.standard_normal(lightness.shape[:2], np.float32) * np.float32(wear.noise))[
            ..., None
        ]
        np.clip(lightness, 0, 100, out=lightness)
    lightness *= np.float32(STEPS / 100)
    lightness += np.float32(0.5)
    return np.asarray(np.take(_coded(), lightness.astype(np.uint16)))


def _dirty(lit: Light, part: Part, wear: Degradation) -> None:
    """Take off the light what dirt keeps: each pixel loses by the part of it that is covered."""
    rows, columns = part
    at = np.arange(columns.start, columns.stop)
    for streak in wear.streaks:
        middle = streak.left_px + (streak.width_px - 1) / 2
        lit *= (
            1 - streak.depth * np.clip((streak.width_px + 1) / 2 - abs(at - middle), 0, min(1, streak.width_px))
        ).astype(np.float32)
    for speck in wear.specks:
        reach = ceil(speck.diameter_px / 2 + 1)
        left = max(round(speck.x_px) - reach - columns.start, 0)
        top = max(round(speck.y_px) - reach - rows.start, 0)
        spot = lit[
            top : max(round(speck.y_px) + reach + 1 - rows.start, 0),
            left : max(round(speck.x_px) + reach + 1 - columns.start, 0),
        ]
        y, x = np.ogrid[: spot.shape[0], : spot.shape[1]]
        away = np.hypot(x + (left + columns.start - speck.x_px), y + (top + rows.start - speck.y_px))
        spot *= (1 - speck.depth * np.clip(speck.diameter_px / 2 + 0.5 - away, 0, 1)).astype(np.float32)


@cache
def decoded() -> NDArray[np.float32]:
    """Return the light of the 256 codes (IEC 61966-2-1, 5.2)."""
    return decode(np.arange(256) / 255).astype(np.float32)


@lru_cache(maxsize=8)
def _lightness(gamma: float) -> NDArray[np.float32]:
    """Return L* (CIE 15) of light bent by `gamma`, over the square root of the light: steps fit for the eye."""
    light = (np.arange(STEPS + 1) / STEPS) ** (2 * gamma)
    lightness = np.where(light > (6 / 29) ** 3, 116 * np.cbrt(light) - 16, light * (29 / 3) ** 3)
    return lightness.astype(np.float32)


@cache
def _coded() -> Pixels:
    """Return the sRGB code over L*."""
    lightness = np.linspace(0, 100, STEPS + 1)
    light = np.where(lightness > 8, ((lightness + 16) / 116) ** 3, lightness / (29 / 3) ** 3)
    return np.round(255 * encode(light)).astype(np.uint8)


def decode(code: Floats) -> Floats:
    """Return linear light of sRGB, both 0 to 1."""
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def encode(light: Floats) -> Floats:
    """Return sRGB of linear light, both 0 to 1."""
    return np.where(
        light <= 0.0031308, 12.92 * light, 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055
    )
