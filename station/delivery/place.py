"""Where a stored picture lies on its page: what `station.imaging.adjust.shown` draws, as a matrix and a box.

No pixel is touched: the page shows the stored picture through its transformation matrix (ISO 32000-1:2008,
8.3.3), and the page's box is the crop.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, radians, sin

from station.model.adjustment import Adjustment
from station.model.image import MM_PER_INCH
from station.model.quality import Region

POINTS_PER_INCH = 72.0
A4_MM = (210.0, 297.0)
SIDE_MIN_PT, SIDE_MAX_PT = 3.0, 14_400.0
"""A page is no smaller and no larger than this (ISO 19005-2, 6.1.13)."""

_WHOLE = Region(0.0, 0.0, 1.0, 1.0)

_UPRIGHT: dict[int, Callable[[float, float], tuple[float, float]]] = {
    1: lambda x, y: (x, y),
    2: lambda x, y: (1 - x, y),
    3: lambda x, y: (1 - x, 1 - y),
    4: lambda x, y: (x, 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (1 - y, x),
    7: lambda x, y: (1 - y, 1 - x),
    8: lambda x, y: (y, 1 - x),
}
"""EXIF 2.32, Orientation: from a place in the coded picture to the upright one, both in fractions."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of `width_pt` x `height_pt` points and where the picture's unit square lies on it (a b c d e f).

    `fitted`: no resolution was known that gives a page of a possible size, so the page was made to fit A4.
    """

    width_pt: float
    height_pt: float
    matrix: tuple[float, float, float, float, float, float]
    fitted: bool


def place(
    size: tuple[int, int], dpi: tuple[float, float] | None, adjustment: Adjustment, orientation: int = 1
) -> Place:
    """Return the page of one picture.

    `size` is (width, height) in pixels and `dpi` (x, y) of the upright picture; `orientation` says how the
    coded picture lies in it.
    """
    width, height = size
    left, top, right, bottom = _cut(adjustment, size)
    across, down = right - left, bottom - top
    turn = adjustment.turn % 360
    shown = (down, across) if turn % 180 else (across, down)
    units, fitted = _units(shown, dpi[::-1] if dpi and turn % 180 else dpi)
    angle = radians(adjustment.skew)
    turned: dict[int, Callable[[float, float], tuple[float, float]]] = {
        0: lambda x, y: (x, y),
        90: lambda x, y: (down - y, x),
        180: lambda x, y: (across - x, down - y),
        270: lambda x, y: (y, across - x),
    }

    def on_page(over: float, up: float) -> tuple[float, float]:
        upright = _UPRIGHT[orientation](over, 1 - up)
        x, y = (upright[0] - 0.5) * width, (upright[1] - 0.5) * height
        level = (x * cos(angle) + y * sin(angle) + width / 2, y * cos(angle) - x * sin(angle) + height / 2)
        x, y = turned[turn](level[0] - left, level[1] - top)
        return x * units[0], (shown[1] - y) * units[1]

    origin, one_right, one_up = on_page(0, 0), on_page(1, 0), on_page(0, 1)
    sides = [end - begin for one in (one_right, one_up) for end, begin in zip(one, origin, strict=True)]
    matrix = (sides[0], sides[1], sides[2], sides[3], *origin)
    return Place(shown[0] * units[0], shown[1] * units[1], matrix, fitted)


def _cut(adjustment: Adjustment, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the crop in whole pixels, as the screen shows it."""
    crop, (width, height) = adjustment.crop or _WHOLE, size
    left, top = round(crop.left * width), round(crop.top * height)
    right, bottom = round((crop.left + crop.width) * width), round((crop.top + crop.height) * height)
    if not adjustment.skew:
        left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
        right, bottom = min(right, width), min(bottom, height)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _units(shown: tuple[float, float], dpi: tuple[float, float] | None) -> tuple[tuple[float, float], bool]:
    """Return points per pixel (x, y), and whether they had to be made up to fit A4."""
    if dpi is not None and min(dpi) > 0:
        units = (POINTS_PER_INCH / dpi[0], POINTS_PER_INCH / dpi[1])
        if all(SIDE_MIN_PT <= side * unit <= SIDE_MAX_PT for side, unit in zip(shown, units, strict=True)):
            return units, False
    short, long = (side / MM_PER_INCH * POINTS_PER_INCH for side in A4_MM)
    paper = (short, long) if shown[0] <= shown[1] else (long, short)
    unit = min(paper[0] / shown[0], paper[1] / shown[1])
    # A strip of one pixel is still a page: its short side is drawn out.
    wide, high = (max(unit, SIDE_MIN_PT / side) for side in shown)
    return (wide, high), True
