"""A target drawn in pixels: each pixel holds the light of exactly what covers it, at any resolution.

No shape is sampled. A box covers a pixel by the product of two lengths; a polygon by the signed areas beside
its edges, each edge cut where it leaves a pixel. The only approximation is a disc, drawn as a polygon of the
same area that strays from the circle by less than a ten-thousandth of a pixel.
"""

from dataclasses import dataclass, field
from functools import cache
from math import ceil, pi, sin, sqrt, tau

import numpy as np
from numpy.typing import NDArray

from station.calibration.shapes import Box, Design, Disc, Shape, shapes
from station.model.image import MM_PER_INCH, Pixels
from station.model.target import TargetLabel, TargetLayout

DPI = range(50, 1201)
"""Resolutions that a target is drawn at: A4 at 1200 dpi has 139 million pixels."""

Areas = NDArray[np.float64]
Samples = NDArray[np.float32]

_STRAY_PX = 1e-4
_ROWS = 256
"""Drawn at a time, so that A4 at 1200 dpi needs 31 MB beside the picture itself."""

_STEPS = 65535
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])  # IEC 61966-2-1: of linear sRGB


def draw(layout: TargetLayout, label: TargetLabel, dpi: float, *, colour: bool = True) -> Pixels:
    """Draw a target whole, as a perfect scanner would see a perfect print.

    RGB, or grey (its luminance) when not `colour`; paper 255, ink 0, coded as sRGB (IEC 61966-2-1). Where an
    edge runs through a pixel, *light* is mixed and then coded: half covered by ink is 188, not 128, as a
    scanner sees it; no value is off by more than one. A sheet point (X, Y) in mm lies at the pixel
    (X * dpi / 25.4 - 0.5, Y * dpi / 25.4 - 0.5). `dpi` is 50 to 1200.

    Raises:
        ValueError: the label cannot be written, or `dpi` is out of range.
    """
    if not DPI[0] <= dpi <= DPI[-1]:
        raise ValueError("dpi out of range")
    scale = dpi / MM_PER_INCH
    width, height = round(layout.width * scale), round(layout.height * scale)
    inks = [_Ink.of(shape, scale, colour) for shape in shapes(layout, label)]
    drawn = np.empty((height, width, 3) if colour else (height, width), np.uint8)
    code = _coding()
    for top in range(0, height, _ROWS):
        rows = drawn[top : top + _ROWS]
        within = [ink for ink in inks if ink.top < top + len(rows) and ink.bottom > top]
        light = np.ones((*rows.shape[:2], 3 if any(ink.tinted for ink in within) else 1), np.float32)
        for ink in within:
            _add(light, ink, top)
        coded = code[np.rint(np.clip(light, 0.0, 1.0) * _STEPS).astype(np.uint16)]
        rows[...] = coded if colour else coded[:, :, 0]
    return drawn


@dataclass(frozen=True, slots=True, eq=False)
class _Ink:
    """One shape in pixels, measured from the corner of the first one: what it adds to the light below it.

    `corners` are None for a straight box. `light` has one value, or three where it is `tinted`.
    """

    left: float
    top: float
    right: float
    bottom: float
    light: Samples = field(repr=False)
    corners: Areas | None = field(repr=False)

    @property
    def tinted(self) -> bool:
        """Whether the three channels differ."""
        return len(self.light) > 1

    @classmethod
    def of(cls, shape: Shape, scale: float, colour: bool) -> "_Ink":
        """Take a shape at so many pixels to the millimetre."""
        light = _light(shape.design, colour) - _light(shape.ground, colour)
        if (light == light[0]).all():
            light = light[:1]
        if isinstance(shape, Box):
            left, top, right, bottom = (at * scale for at in (shape.left, shape.top, shape.right, shape.bottom))
            return cls(left, top, right, bottom, light, None)
        corners = _ring(shape, scale) if isinstance(shape, Disc) else np.array(shape.points) * scale
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        return cls(left, top, right, bottom, light, corners)


def _add(light: Samples, ink: _Ink, top: int) -> None:
    """Add one shape to a band of rows that begins at the row `top` of the picture; what lies outside is cut."""
    height, width = light.shape[:2]
    rows = slice(max(int(ink.top), top), min(ceil(ink.bottom), top + height))
    columns = slice(max(int(ink.left), 0), min(ceil(ink.right), width))
    if ink.corners is None:
        covered = np.outer(_along(ink.top, ink.bottom, rows), _along(ink.left, ink.right, columns))
    else:
        covered = coverage(ink.corners, rows, columns)
    band = light[rows.start - top : rows.stop - top, columns]
    band += covered.astype(np.float32)[:, :, np.newaxis] * ink.light


def _along(begin: float, end: float, cells: slice) -> Areas:
    """Return how much of each pixel of one axis lies between two places."""
    at = np.arange(cells.start, cells.stop)
    return np.asarray(np.clip(np.minimum(at + 1, end) - np.maximum(at, begin), 0.0, 1.0))


def coverage(corners: Areas, rows: slice, columns: slice) -> Areas:
    """Return how much of each pixel a polygon covers, 0 to 1, exactly but for rounding.

    `corners` (n, 2) are x and y in pixels from the corner of the first pixel, going round. Each edge adds, to
    every pixel right of it, the height that it spans there (Green's theorem), and to its own pixel the part of
    that height's area to its right.
    """
    height, width = rows.stop - rows.start, columns.stop - columns.start
    ends = corners - (columns.start, rows.start)
    begins = np.roll(ends, 1, axis=0)
    for axis in (0, 1):
        begins, ends = _cut(begins, ends, axis)
    middle = (begins + ends) / 2
    within = (middle[:, 1] > 0) & (middle[:, 1] < height)
    x, y = np.clip(middle[within, 0], 0, width), middle[within, 1]
    spanned = (ends - begins)[within, 1]
    column = np.floor(x)
    at = (np.floor(y) * (width + 2) + column).astype(np.int64)
    size = height * (width + 2)
    added = np.bincount(at, spanned * (1 - (x - column)), size)
    added += np.bincount(at + 1, spanned * (x - column), size)
    covered = np.abs(np.cumsum(added.reshape(height, width + 2)[:, :width], axis=1))
    return np.asarray(np.minimum(covered, 1.0))


def _cut(begins: Areas, ends: Areas, axis: int) -> tuple[Areas, Areas]:
    """Cut edges wherever they cross a whole number of this axis; each piece keeps the direction of its edge."""
    forth = begins[:, axis] <= ends[:, axis]
    low, high = np.where(forth[:, None], begins, ends), np.where(forth[:, None], ends, begins)
    first = np.floor(low[:, axis]) + 1
    cuts = np.maximum(np.ceil(high[:, axis]) - first, 0).astype(np.int64)
    edge = np.repeat(np.arange(len(cuts)), cuts + 1)
    piece = np.arange(len(edge)) - np.repeat(np.cumsum(cuts + 1) - (cuts + 1), cuts + 1)
    reach = np.where(high[:, axis] > low[:, axis], high[:, axis] - low[:, axis], 1.0)[edge]
    before = (first[edge] + piece - 1 - low[edge, axis]) / reach
    after = before + 1 / reach
    before[piece == 0], after[piece == cuts[edge]] = 0.0, 1.0
    way = (high - low)[edge]
    lower, upper = low[edge] + before[:, None] * way, low[edge] + after[:, None] * way
    kept = forth[edge][:, None]
    return np.where(kept, lower, upper), np.where(kept, upper, lower)


def _ring(disc: Disc, scale: float) -> Areas:
    """Return the corners of a regular polygon of a disc's area, in pixels."""
    radius = disc.radius * scale
    count = max(ceil(pi * sqrt(radius / (2 * _STRAY_PX))), 16)
    # A regular polygon of n corners has the area n/2 * sin(2 pi / n) * r**2.
    outer = radius * sqrt(tau / (count * sin(tau / count)))
    turn = np.arange(count) * (tau / count)
    return np.stack([np.cos(turn), np.sin(turn)], axis=1) * outer + np.array(disc.centre) * scale


# -- light ----------------------------------------------------------------------------------------------------


def _light(design: Design, colour: bool) -> Samples:
    """Return the light of a colour, 0 to 1 (IEC 61966-2-1, 5.2): three channels, or its luminance alone."""
    coded = np.array(design) / 255
    light = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return np.asarray(light if colour else [light @ _LUMINANCE], np.float32)


@cache
def _coding() -> Pixels:
    """Return what codes 65536 steps of light as sRGB; a step is a twentieth of a level where it counts most."""
    light = np.arange(_STEPS + 1) / _STEPS
    coded = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(coded * 255), np.uint8)
