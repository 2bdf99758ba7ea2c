"""The picture that a worn device makes of a drawn target: known parameters in, pixels out.

One resampling only. The drawing (each pixel the exact area that its shapes cover) is filtered so that drawing
and filter together are a Gaussian and the square pixel of the output, and is then read at the places to which
the output's pixels fall. The aperture lies along the sheet's axes, not the sensor's: below 3 degrees of skew
that changes no response by more than a thousandth.
"""

from functools import cache, lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from drivers.simulated.degradation import Degradation, Floats, Placement
from station.imaging.cv import cv
from station.model.image import MM_PER_INCH, Pixels

ROWS = 128
"""Output rows made at once: a band of the drawing for them stays small beside the drawing."""
REACH = 4
"""Pixels of the drawing that Lanczos' kernel (four lobes) needs on each side."""
STEPS = 65535
"""Of the tone tables: at most 0.003 L* a step."""


_Taps = NDArray[np.float32]
_Filters = tuple[_Taps, _Taps]
"""Along x and along y, in pixels of the drawing; each of odd length."""


def degrade(
    drawing: Pixels,
    dpi_of_drawing: float,
    dpi_out: float,
    wear: Degradation,
    *,
    size_px: tuple[int, int] | None = None,
) -> Pixels:
    """Return the picture (RGB, sRGB) that a device with this wear makes of a drawing. Runs on any thread.

    `drawing` is sRGB, RGB or grey, at least twice as fine as the output (three times for blurs below half a
    pixel); `size_px` is (width, height) of the picture, that of the sheet where None.
    """
    placement = Placement.of(wear, sheet_of(drawing, dpi_of_drawing), dpi_out, size_px)
    optics = [_optics(wear, placement, dpi_of_drawing, shift) for shift in (wear.red_px, (0, 0), wear.blue_px)]
    width, height = placement.size_px
    seen = np.empty((height, width, 3), np.uint8)
    noise = np.random.default_rng(wear.seed)
    for top in range(0, height, ROWS):
        rows = range(top, min(top + ROWS, height))
        light = _gathered(drawing, dpi_of_drawing, placement, optics, rows, wear.backing)
        seen[top : rows.stop] = _toned(light, rows, wear, noise, height)
    return seen


def sheet_of(drawing: Pixels, dpi: float) -> tuple[float, float]:
    """Return the width and height in mm of a drawing."""
    return drawing.shape[1] * MM_PER_INCH / dpi, drawing.shape[0] * MM_PER_INCH / dpi


def _optics(wear: Degradation, placement: Placement, dpi: float, shift_px: tuple[float, float]) -> _Filters:
    """Return the filters of one channel that falls `shift_px` beside green."""
    fine = dpi / MM_PER_INCH
    pixel = fine / np.linalg.norm(placement.matrix, axis=0)
    off = np.linalg.solve(placement.matrix, shift_px) * fine
    across, down = (
        _taps(float(wide), blur * float(wide), float(aside))
        for wide, blur, aside in zip(pixel, wear.blur_px, off, strict=True)
    )
    return across, down


def _taps(pixel: float, sd: float, shift: float) -> _Taps:
    """Return a filter that makes of the drawing's pixels a Gaussian of `sd` over an aperture `pixel` wide.

    The weights are the Fourier integral of G(f) sinc(pixel f) / sinc(f): the drawing's own aperture of one is
    taken out of the wanted one. All lengths are pixels of the drawing; the picture moves by `shift`.
    """
    reach = ceil(pixel / 2 + 4 * sd + abs(shift)) + 2
    f = (np.arange(2048) + 0.5) / 4096
    response = np.exp(-2 * (np.pi * sd * f) ** 2) * np.sinc(pixel * f) / np.sinc(f)
    # A filter is a correlation here (OpenCV): the weight n right of a pixel brings what lies there to it.
    places = np.arange(-reach, reach + 1) + shift
    weights = np.cos(2 * np.pi * np.outer(places, f)) @ response
    return np.asarray(weights / weights.sum(), np.float32)


def _gathered(
    drawing: Pixels, dpi: float, placement: Placement, optics: list[_Filters], rows: range, backing: float
) -> NDArray[np.float32]:
    """Return the linear light (rows, width, 3) that falls on some rows of the sensor."""
    y, x = np.meshgrid(
        np.arange(rows.start, rows.stop, dtype=float),
        np.arange(placement.size_px[0], dtype=float),
        indexing="ij",
    )
    x_mm, y_mm = placement.to_sheet(x, y)
    at_x, at_y = x_mm * (dpi / MM_PER_INCH) - 0.5, y_mm * (dpi / MM_PER_INCH) - 0.5
    margin = REACH + max(len(taps) // 2 for pair in optics for taps in pair)
    top, left = int(at_y.min()) - margin, -margin
    bottom = int(at_y.max()) + margin + 2
    band = drawing[max(top, 0) : max(min(bottom, len(drawing)), 0)]
    maps = (at_x - left).astype(np.float32), (at_y - top).astype(np.float32)
    above = min(max(-top, 0), bottom - top)
    below = bottom - top - above - len(band)
    channels = []
    for number, (across, down) in enumerate(optics):
        coded = band if band.ndim == 2 else cv().extractChannel(band, number)
        light = cv().LUT(coded, _decoded()) if len(band) else np.empty((0, drawing.shape[1]), np.float32)
        light = np.pad(light, ((above, below), (margin, margin)), constant_values=backing)
        light = cv().sepFilter2D(light, cv().CV_32F, across, down, borderType=cv().BORDER_REPLICATE)
        channels.append(
            cv().remap(light, *maps, cv().INTER_LANCZOS4, borderMode=cv().BORDER_CONSTANT, borderValue=backing)
        )
    return np.asarray(cv().merge(channels))


def _toned(
    light: NDArray[np.float32], rows: range, wear: Degradation, noise: np.random.Generator, height: int
) -> Pixels:
    """Return what the device codes of the light on some rows of a picture `height` rows high."""
    down = np.linspace(-1, 1, height, dtype=np.float32)[rows.start : rows.stop, None]
    across = np.linspace(-1, 1, light.shape[1], dtype=np.float32)
    lit = 1 + np.float32(wear.gradient[0]) * across + np.float32(wear.gradient[1]) * down
    _dirty(lit, rows, wear)
    ink, paper = np.float32(wear.black), np.float32(wear.white - wear.black)
    light = (ink + paper * light) * (lit[..., None] * np.array(wear.cast, np.float32))
    steps = np.sqrt(np.clip(light, 0, 1)) * np.float32(STEPS)
    lightness = _lightness(wear.gamma)[(steps + 0.5).astype(np.uint16)]
    if wear.noise:
        grain = noise.standard_normal(lightness.shape[:2], np.float32) * np.float32(wear.noise)
        lightness = np.clip(lightness + grain[..., None], 0, 100)
    return np.asarray(_coded()[(lightness * np.float32(STEPS / 100) + 0.5).astype(np.uint16)])


def _dirty(lit: NDArray[np.float32], rows: range, wear: Degradation) -> None:
    """Take off the light what dirt keeps: each pixel loses by the part of it that is covered."""
    columns = np.arange(lit.shape[1])
    for streak in wear.streaks:
        middle = streak.left_px + (streak.width_px - 1) / 2
        lit *= (
            1
            - streak.depth
            * np.clip((streak.width_px + 1) / 2 - abs(columns - middle), 0, min(1, streak.width_px))
        ).astype(np.float32)
    for speck in wear.specks:
        reach = ceil(speck.diameter_px / 2 + 1)
        left, top = max(round(speck.x_px) - reach, 0), max(round(speck.y_px) - reach - rows.start, 0)
        spot = lit[
            top : max(round(speck.y_px) + reach + 1 - rows.start, 0),
            left : max(round(speck.x_px) + reach + 1, 0),
        ]
        y, x = np.ogrid[: spot.shape[0], : spot.shape[1]]
        away = np.hypot(x + (left - speck.x_px), y + (top + rows.start - speck.y_px))
        spot *= (1 - speck.depth * np.clip(speck.diameter_px / 2 + 0.5 - away, 0, 1)).astype(np.float32)


@cache
def _decoded() -> NDArray[np.float32]:
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
