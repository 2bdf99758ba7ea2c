"""What one ordinary page shows of the device that scanned it: a few numbers, and nothing where it shows none.

All is seen on a reduced picture of about 75 ppi: of 300 ppi every fourth row, and of
four columns the middle two. An A4 page of 300 ppi in colour costs 4 to 8 ms of CPU. Runs on any thread.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from station.calibration.sheet_sight import SheetSight, see_sheet
from station.imaging.cv import cv
from station.model.calibration_sign import Place
from station.model.image import MM_PER_INCH, Pixels

Floats = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]

_REDUCED_MM = 0.34
_INK_CODES = 30
"""Darker than the paper by so much (12 L* at white) is ink or dirt; paper and shadow of folds are not."""
_ALONE_MM = 4.0
"""A speck has no print nearer than that; letters have."""
_SPECK_MOST_MM = 3.0
"""Holes of a punch (5.5 to 6 mm, ISO 838) and fold marks are larger."""
_SPECKS_MOST = 20
"""More are the paper's own (recycled paper, security print): what is on the glass cannot be told."""
_BANDS = 8
_BAND_ROWS = 14
_STREAK_CODES = 4.0
"""1.5 L* at white; more than what the noise of a band's lightest pixels leaves."""
_AROUND_MM = 2.6
_STREAK_MOST_MM = 1.0
_RIM_MM = 3.0
"""A sheet's edge throws a shadow that stands as straight and as thin as a streak."""
_STREAKS_MOST = 4
"""More are ruled paper."""
_INKED = 4
"""Codes by which the mean of a cell is darker than paper, where there is print."""
_GRID = (59, 42)
"""Rows and columns of an imprint: 5 mm of A4 each."""


@dataclass(frozen=True, slots=True)
class PageLook:
    """What one page shows; None is what it does not show.

    `white` is L* of the paper at the sheet's margins, `cast` its a* and b*; `around` is L* of what lies beside
    the sheet. `dirt` are places of thin dark lines from end to end (from a feeder) or of small dark specks
    alone on blank paper (from the glass). `imprint` tells sheets apart by where there is print, 5 mm coarse:
    nothing can be read in it. It is empty for a page without print.
    """

    white: float | None = None
    cast: tuple[float, float] | None = None
    around: float | None = None
    dirt: tuple[Place, ...] | None = None
    imprint: bytes = field(default=b"", repr=False)


def look(
    pixels: Pixels, ppi: tuple[float, float], *, fed: bool, corner_mm: tuple[float, float] = (0.0, 0.0)
) -> PageLook:
    """Look at a page as the device delivered it, before anything is cut off or turned.

    `ppi` is the resolution along x and y; `fed`: it came through a feeder, whose dirt draws lines; `corner_mm`
    is where on the glass the picture's top left corner lies, from which places count. A picture that is smaller
    than 40 mm shows nothing.
    """
    page = _reduce(pixels, ppi)
    if page is None:
        return PageLook()
    sight = see_sheet(page.colours, page.pixel_mm, fed=fed)
    if sight.level is None:
        return PageLook(around=sight.around)
    ink = cv().inRange(page.grey, 0.0, max(sight.level - _INK_CODES, 0.0))
    dirt = _streaks(pixels, ppi, sight, corner_mm[0]) if fed else _specks(pixels, ppi, page, ink, corner_mm)
    return PageLook(sight.white, sight.cast, sight.around, dirt, _imprint(sight.ink))


@dataclass(frozen=True, slots=True, eq=False)
class _Reduced:
    """A reduced page: RGB (or grey) and grey, its pixels in mm, how many columns and rows each stands for."""

    colours: Pixels = field(repr=False)
    grey: Pixels = field(repr=False)
    pixel_mm: tuple[float, float]
    step: tuple[int, int]


def _reduce(pixels: Pixels, ppi: tuple[float, float]) -> _Reduced | None:
    """Take every so many rows, average so many columns."""
    across, down = (max(1, round(_REDUCED_MM * each / MM_PER_INCH)) for each in ppi)
    pixel_mm = across * MM_PER_INCH / ppi[0], down * MM_PER_INCH / ppi[1]
    rows = pixels[down // 2 :: down]
    width = rows.shape[1] // across
    if min(width * pixel_mm[0], len(rows) * pixel_mm[1]) < 40:
        return None
    whole = rows[:, : width * across]
    # The mean of the two middle columns: that of all four takes four times as long.
    small: Pixels = cv().resize(whole, (width, len(rows)), interpolation=cv().INTER_LINEAR)
    if small.ndim == 2:
        return _Reduced(small, small, pixel_mm, (across, down))
    return _Reduced(small, cv().cvtColor(small, cv().COLOR_RGB2GRAY), pixel_mm, (across, down))


# -- the glass of a flatbed -----------------------------------------------------------------------------------


def _specks(
    pixels: Pixels, ppi: tuple[float, float], page: _Reduced, ink: Pixels, corner_mm: tuple[float, float]
) -> tuple[Place, ...] | None:
    """Return small dark marks that lie alone on blank paper; None when they are too many to be dirt."""
    alone, most = (
        [max(1, round(mm / size)) for size in page.pixel_mm] for mm in (_ALONE_MM, _ALONE_MM + _SPECK_MOST_MM)
    )
    spread = cv().dilate(ink, np.ones((2 * (alone[1] // 2) + 1, 2 * (alone[0] // 2) + 1), np.uint8))
    height, width = ink.shape
    # Outlines and not components: on a page of text they take a tenth of the time.
    outlines, _ = cv().findContours(spread, cv().RETR_EXTERNAL, cv().CHAIN_APPROX_SIMPLE)
    boxes = (cv().boundingRect(outline) for outline in outlines)
    found = [
        (x, y, w, h)
        for x, y, w, h in boxes
        if w <= most[0] and h <= most[1] and x > 0 and y > 0 and x + w < width and y + h < height
    ]
    if len(found) > _SPECKS_MOST:
        return None
    across, down = page.step
    return tuple(
        _middle(pixels, ppi, slice(y * down, (y + h) * down), slice(x * across, (x + w) * across), corner_mm)
        for x, y, w, h in found
    )


def _middle(
    pixels: Pixels, ppi: tuple[float, float], rows: slice, columns: slice, corner_mm: tuple[float, float]
) -> Place:
    """Return the middle of the one dark mark in a window of the full picture, by its weight."""
    window = pixels[rows, columns]
    grey = window if window.ndim == 2 else window[..., 1]
    depth = np.median(grey) - grey.astype(np.float64)
    weight = np.where(depth > depth.max() / 3, depth, 0)
    total = weight.sum()
    y = float(weight.sum(axis=1) @ (np.arange(len(weight)) + 0.5) / total) + rows.start
    x = float(weight.sum(axis=0) @ (np.arange(weight.shape[1]) + 0.5) / total) + columns.start
    return Place(corner_mm[0] + x * MM_PER_INCH / ppi[0], corner_mm[1] + y * MM_PER_INCH / ppi[1])


# -- the glass of a feeder ------------------------------------------------------------------------------------


def _streaks(
    pixels: Pixels, ppi: tuple[float, float], sight: SheetSight, left_mm: float
) -> tuple[Place, ...] | None:
    """Return thin lines that are dark from the sheet's one end to the other; None on ruled paper.

    In eight bands down the sheet the lightest pixel of every column (paper between the print) is held against
    the columns around. A streak shows in every band that has light paper, the first and the last among them: a
    printed rule ends before the sheet does.
    """
    pixel_mm = MM_PER_INCH / ppi[0]
    top, bottom = (round(mm * ppi[1] / MM_PER_INCH) for mm in sight.rows_mm)
    ends = np.linspace(top, bottom, _BANDS + 1).round().astype(int)
    levels = np.stack([_lightest(pixels[a:b], (b - a) // _BAND_ROWS) for a, b in pairwise(ends.tolist())])
    half = max(1, round(_AROUND_MM / pixel_mm / 2))
    windows = sliding_window_view(np.pad(levels, ((0, 0), (half, half)), mode="edge"), 2 * half + 1, axis=1)
    # Ranks of every third column: a streak is far narrower than a third of the window.
    paper = np.median(windows[..., :: max(1, half // 5)], axis=2)
    light = paper > (sight.level or 0) - _INK_CODES
    steps = np.where(light, paper - levels, np.inf).min(axis=0)
    judged = light[0] & light[-1] & (light.sum(axis=0) > _BANDS / 2)
    rim = max(1, round(_RIM_MM / pixel_mm))
    judged = (
        cv().erode(judged.astype(np.uint8)[None], np.ones((1, 2 * rim + 1), np.uint8), borderValue=0)[0] > 0
    )
    dark = judged & (steps >= _STREAK_CODES)
    borders = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]]))).reshape(-1, 2)
    if len(borders) > _STREAKS_MOST or not judged.any():
        return None
    return tuple(
        Place(left_mm + float((a + b) / 2) * pixel_mm)
        for a, b in borders
        if (b - a) * pixel_mm <= _STREAK_MOST_MM
    )


def _lightest(band: Pixels, every: int) -> Floats:
    """Return the grey value of the lightest pixel of every column, of about 14 rows."""
    rows = band[:: max(1, every)]
    most = cv().reduce(rows, 0, cv().REDUCE_MAX)
    grey = most if most.ndim == 2 else most[..., 1]
    return np.asarray(grey, np.float32).ravel()


# -- which sheet ----------------------------------------------------------------------------------------------


def _imprint(ink: Pixels) -> bytes:
    """Return one bit for each cell that has more print than the median of those that have some."""
    share = cv().resize(ink, _GRID[::-1], interpolation=cv().INTER_AREA)
    printed = share[share > _INKED]
    return np.packbits(share > np.median(printed)).tobytes() if printed.size else b""


def alike(first: bytes, second: bytes) -> bool:
    """Tell whether two imprints are of one sheet, or of two with the same print but for a few words."""
    if not first or not second:
        return first == second
    a, b = (int.from_bytes(each, "big") for each in (first, second))
    return (a ^ b).bit_count() < _OTHER_SHARE * (a | b).bit_count()


_OTHER_SHARE = 0.4
"""Of the cells that have print on either."""
