"""Pictures as they are shown: straightened, cropped and turned by their adjustment; the stored pixels stay.

Sizes are (width, height) in pixels of the stored picture unless something else is said.
"""

from dataclasses import replace
from math import ceil, cos, floor, radians, sin

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.adjustment import Adjustment
from station.model.image import Pixels
from station.model.quality import Region

_WHOLE = Region(0.0, 0.0, 1.0, 1.0)
_WHITE = 255
_AROUND_PX = 3
"""What cubic interpolation looks at beyond a pixel, and one for rounding."""
_ROWS_KEPT = 2
"""Rows of the stored picture that are averaged into one of a small copy: more cost time and show nothing."""
_RIM_PX = 2
_RIM_SHARE = 0.001


def shown(pixels: Pixels, adjustment: Adjustment, longest_px: int | None = None) -> Pixels:
    """Return the picture straightened, cropped and turned, no side longer than `longest_px`.

    It is never enlarged. Without straightening no pixel at full size is resampled, and the pixels themselves
    come back when there is nothing to do. What lies outside the stored picture is white.
    """
    height, width = pixels.shape[:2]
    left, top, right, bottom = cut = _cut(adjustment, (width, height))
    longest = max(right - left, bottom - top)
    scale = 1.0 if longest_px is None else min(1.0, longest_px / longest)
    if adjustment.skew:
        result = _straightened(pixels, radians(adjustment.skew), cut, scale)
    else:
        result = _smaller(_part_of(pixels, cut), scale)
    return _turned(result, adjustment.turn)


def part(pixels: Pixels, adjustment: Adjustment, region: Region, longest_px: int | None = None) -> Pixels:
    """Return a region of what is shown, at the full size of the stored pixels or smaller.

    Only what is asked for is straightened: the price goes with the region, not with the picture.
    """
    within = _turned_region(region, -adjustment.turn)
    crop = _crop(adjustment)
    left, top = crop.left + within.left * crop.width, crop.top + within.top * crop.height
    smaller = Region(left, top, within.width * crop.width, within.height * crop.height)
    return shown(pixels, replace(adjustment, crop=smaller), longest_px)


def judged(pixels: Pixels, adjustment: Adjustment) -> Pixels:
    """Return the upright box that holds the crop, turned by quarters: true pixels, none of them resampled."""
    return shown(pixels, adjustment.askew((pixels.shape[1], pixels.shape[0])))


def size_shown(adjustment: Adjustment, size: tuple[int, int]) -> tuple[int, int]:
    """Return (width, height) in pixels of what `shown` gives at full size."""
    left, top, right, bottom = _cut(adjustment, size)
    across, down = right - left, bottom - top
    return (down, across) if adjustment.turn % 180 else (across, down)


def dpi_shown(adjustment: Adjustment, dpi: tuple[float, float] | None) -> tuple[float, float] | None:
    """Return the dots per inch (x, y) of what `shown` and `judged` give at full size."""
    return (dpi[1], dpi[0]) if dpi and adjustment.turn % 180 else dpi


def to_shown(region: Region, adjustment: Adjustment, size: tuple[int, int]) -> Region:
    """Return where a region of `judged` lies on `shown`: the upright box around it, within 0 to 1."""
    box = adjustment.box(size) or _WHOLE
    crop = _crop(adjustment)
    there = _turned_region(region, -adjustment.turn)
    angle = radians(adjustment.skew)
    width, height = size
    xs, ys = [], []
    for x in (there.left, there.left + there.width):
        for y in (there.top, there.top + there.height):
            across, down = (
                (box.left + x * box.width - 0.5) * width,
                (box.top + y * box.height - 0.5) * height,
            )
            level = (across * cos(angle) + down * sin(angle), down * cos(angle) - across * sin(angle))
            xs.append(_clipped((0.5 + level[0] / width - crop.left) / crop.width))
            ys.append(_clipped((0.5 + level[1] / height - crop.top) / crop.height))
    left, top = min(xs), min(ys)
    return _turned_region(Region(left, top, max(xs) - left, max(ys) - top), adjustment.turn)


def frame(adjustment: Adjustment, size: tuple[int, int]) -> tuple[bool, bool, bool, bool]:
    """Return whether the left, top, right and bottom side of `judged` is the scanned picture's own rim."""
    box = adjustment.box(size) or _WHOLE
    width, height = (max(_RIM_PX / length, _RIM_SHARE) for length in size)
    sides = (
        box.left <= width,
        box.top <= height,
        box.left + box.width >= 1 - width,
        box.top + box.height >= 1 - height,
    )
    quarters = adjustment.turn // 90 % 4
    left, top, right, bottom = (sides[(place - quarters) % 4] for place in range(4))
    return left, top, right, bottom


def _crop(adjustment: Adjustment) -> Region:
    """Return the crop; what is not straightened is cropped within the picture."""
    crop = adjustment.crop or _WHOLE
    if adjustment.skew:
        return crop
    left, top = _clipped(crop.left), _clipped(crop.top)
    right, bottom = _clipped(crop.left + crop.width), _clipped(crop.top + crop.height)
    return Region(left, top, right - left, bottom - top)


def _clipped(share: float) -> float:
    return min(1.0, max(0.0, share))


def _cut(adjustment: Adjustment, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of the crop in whole pixels of the straightened picture."""
    crop, (width, height) = _crop(adjustment), size
    left, top = round(crop.left * width), round(crop.top * height)
    right, bottom = round((crop.left + crop.width) * width), round((crop.top + crop.height) * height)
    if not adjustment.skew:
        left, top = min(left, width - 1), min(top, height - 1)
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _part_of(pixels: Pixels, cut: tuple[int, int, int, int]) -> Pixels:
    left, top, right, bottom = cut
    if cut == (0, 0, pixels.shape[1], pixels.shape[0]):
        return pixels
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def _smaller(pixels: Pixels, scale: float) -> Pixels:
    """Return a smaller copy, its pixels averages; of a much smaller one, averages over some of the rows."""
    height, width = pixels.shape[:2]
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    rows = pixels[:: max(1, floor(1 / (scale * _ROWS_KEPT)))]
    result: Pixels = cv().resize(rows, size, interpolation=cv().INTER_AREA)
    return result


def _straightened(pixels: Pixels, angle: float, cut: tuple[int, int, int, int], scale: float) -> Pixels:
    """Return this part of the straightened picture; what is large is made smaller before it is turned."""
    height, width = pixels.shape[:2]
    left, top, right, bottom = cut
    size = (max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale)))
    # From a pixel of the result to a place in the stored picture, both counted from the corner of pixel 0, 0.
    back = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    middle = np.array((width / 2, height / 2))
    grow = np.array(((right - left) / size[0], (bottom - top) / size[1]))
    linear = back * grow
    origin = middle + back @ (np.array((left, top)) - middle)
    corners = origin + np.array([(x, y) for x in (0, size[0]) for y in (0, size[1])]) @ linear.T
    around = _AROUND_PX * float(grow.max())
    low = [max(0, floor(value - around)) for value in corners.min(0)]
    high = [
        min(most, ceil(value + around)) for value, most in zip(corners.max(0), (width, height), strict=True)
    ]
    if low[0] >= high[0] or low[1] >= high[1]:
        return np.full((size[1], size[0], *pixels.shape[2:]), _WHITE, np.uint8)
    source = pixels[low[1] : high[1], low[0] : high[0]]
    small = _smaller(source, scale)
    shrink = np.array((small.shape[1] / source.shape[1], small.shape[0] / source.shape[0]))
    matrix = np.empty((2, 3))
    matrix[:, :2] = linear * shrink[:, None]
    matrix[:, 2] = (origin - low) * shrink + matrix[:, :2] @ (0.5, 0.5) - 0.5
    flags = cv().INTER_CUBIC | cv().WARP_INVERSE_MAP
    white = (_WHITE,) * 3
    result: NDArray[np.uint8] = cv().warpAffine(
        small, matrix, size, flags=flags, borderMode=cv().BORDER_CONSTANT, borderValue=white
    )
    return result


def _turned(pixels: Pixels, degrees: int) -> Pixels:
    """Return the pixels turned clockwise by a multiple of 90 degrees; none of them changes."""
    quarters = degrees // 90 % 4
    if not quarters:
        return pixels
    codes = (cv().ROTATE_90_CLOCKWISE, cv().ROTATE_180, cv().ROTATE_90_COUNTERCLOCKWISE)
    result: Pixels = cv().rotate(pixels, codes[quarters - 1])
    return result


def _turned_region(region: Region, degrees: int) -> Region:
    """Return where a region lies after the picture was turned clockwise by a multiple of 90 degrees."""
    for _ in range(degrees // 90 % 4):
        region = Region(1 - region.top - region.height, region.left, region.height, region.width)
    return region
