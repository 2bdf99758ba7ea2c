"""The picture that a worn device makes of a drawn target: known parameters in, pixels out.

One resampling only. The drawing (each pixel the exact area that its shapes cover) is filtered so that drawing
and filter together are a Gaussian and the square pixel of the output, and is then read at the places to which
the output's pixels fall. The aperture lies along the sheet's axes, not the sensor's: below 3 degrees of skew
that changes no response by more than a thousandth.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.simulated.placement import Placement
from drivers.simulated.sensor import Light, Part, Window, coded, decoded
from station.imaging.cv import cv
from station.model.degradation import Degradation
from station.model.image import MM_PER_INCH, Pixels

REACH = 4
"""Pixels of the drawing that Lanczos' kernel (four lobes) needs on each side."""

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
    window: Window | None = None,
) -> Pixels:
    """Return the picture (RGB, sRGB) that a device with this wear makes of a drawing. Runs on any thread.

    `drawing` is sRGB, RGB or grey, at least twice as fine as the output (three times for blurs below half a
    pixel); `size_px` is (width, height) of the picture, that of the sheet where None. Only `window` of the
    picture is made, all of it where None.
    """
    placement = Placement.of(wear, sheet_of(drawing, dpi_of_drawing), dpi_out, size_px)
    shifts = [wear.red_px, (0.0, 0.0), wear.blue_px]
    if drawing.ndim == 2 and len(set(shifts)) == 1:
        del shifts[1:]  # one look serves all three channels
    optics = [_optics(wear, placement, dpi_of_drawing, shift) for shift in shifts]
    shown = _shown(placement, ceil((_margin(optics) + REACH) * dpi_out / dpi_of_drawing))
    width, height = placement.size_px

    def light(rows: range, columns: range) -> Light:
        seen = np.full((len(rows), len(columns), 3), wear.backing, np.float32)
        down, across = (_common(part, within) for part, within in zip((rows, columns), shown, strict=True))
        if down and across:
            seen[down.start - rows.start :, across.start - columns.start :][: len(down), : len(across)] = (
                _gathered(drawing, dpi_of_drawing, placement, optics, (down, across), wear.backing)
            )
        return seen

    return coded(light, wear, placement.size_px, window or (slice(0, height), slice(0, width)))


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


def _margin(optics: list[_Filters]) -> int:
    """Return how far a pixel looks about itself, in pixels of the drawing."""
    return REACH + max(len(taps) // 2 for pair in optics for taps in pair)


def _shown(placement: Placement, margin_px: int) -> Part:
    """Return the rows and columns of the picture in which the sheet is, with a margin."""
    width_mm, height_mm = placement.sheet_mm
    rim = np.linspace(0, 1, 9)
    ends = np.array([(x, y) for x in rim for y in rim]) * (width_mm, height_mm)
    x, y = placement.to_picture(ends).T
    across, down = (range(int(at.min()) - margin_px, int(at.max()) + margin_px + 2) for at in (x, y))
    return down, across


def _common(part: range, other: range) -> range:
    return range(max(part.start, other.start), min(part.stop, other.stop))


def _gathered(
    drawing: Pixels, dpi: float, placement: Placement, optics: list[_Filters], part: Part, backing: float
) -> Light:
    """Return the linear light (rows, columns, 3) that falls on a part of the sensor."""
    y, x = np.meshgrid(*(np.arange(own.start, own.stop, dtype=float) for own in part), indexing="ij")
    x_mm, y_mm = placement.to_sheet(x, y)
    at_x, at_y = x_mm * (dpi / MM_PER_INCH) - 0.5, y_mm * (dpi / MM_PER_INCH) - 0.5
    margin = _margin(optics)
    top, left = int(at_y.min()) - margin, -margin
    bottom = int(at_y.max()) + margin + 2
    band = drawing[max(top, 0) : max(min(bottom, len(drawing)), 0)]
    maps = cv().convertMaps(
        (at_x - left).astype(np.float32), (at_y - top).astype(np.float32), cv().CV_16SC2
    )  # once for all channels: a 32nd of a pixel, as remap reads it anyway
    above = min(max(-top, 0), bottom - top)
    below = bottom - top - above - len(band)
    around = (above, below, margin, margin)
    seen = [
        _filtered(band if band.ndim == 2 else cv().extractChannel(band, number), taps, around, maps, backing)
        for number, taps in enumerate(optics)
    ]
    return np.asarray(cv().merge(seen * (3 // len(seen))))


def _filtered(
    band: Pixels, taps: _Filters, around: tuple[int, int, int, int], maps: Sequence[Any], backing: float
) -> Light:
    """Return the light of a band of one channel, with the backing `around` it, at the places of `maps`."""
    lit = cv().LUT(band, decoded()) if band.size else band.astype(np.float32)
    wide = cv().copyMakeBorder(lit, *around, cv().BORDER_CONSTANT, value=backing)
    soft = cv().sepFilter2D(wide, cv().CV_32F, *taps, borderType=cv().BORDER_REPLICATE)
    return np.asarray(
        cv().remap(soft, *maps, cv().INTER_LANCZOS4, borderMode=cv().BORDER_CONSTANT, borderValue=backing)
    )
