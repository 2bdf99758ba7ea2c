"""Straighten a run of cells out of a page: the officer compares a field with what is printed."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.document import MrzCell
from station.model.image import Pixels

ABOVE_AND_BELOW = 0.35
"""Margin, in heights of a cell."""
BESIDE = 0.5
"""Margin at either end, in cells."""
FINEST = 4.0
"""Pixels of the strip to a pixel of the page at the most: more shows nothing."""
WIDEST_PX = 8_000

Floats = NDArray[np.float64]


def strip(pixels: Pixels, cells: Sequence[MrzCell], height_px: int = 48) -> Pixels:
    """Return the cells of one line upright and level, `height_px` high, in the colours of the page.

    `cells` follow each other on one line of `pixels` (RGB or grey) and bound the picture alone: piecewise
    linear along the curved line from corner to corner, with a little margin; white beyond the page. A print
    of few pixels comes out lower than `height_px`. Without cells, or with cells of no size, one white pixel.
    """
    tops, bottoms = _ends(cells) if cells else (np.zeros((0, 2)), np.zeros((0, 2)))
    high = float(np.median(np.hypot(*(bottoms - tops).T))) if cells else 0.0
    middle = (tops + bottoms) / 2
    wide = float(np.hypot(*np.diff(middle, axis=0).T).sum()) if cells else 0.0
    if not (np.isfinite([high, wide]).all() and high >= 1 and wide >= 1):
        return np.full((1, 1, *pixels.shape[2:]), 255, np.uint8)
    scale = min(height_px / (high * (1 + 2 * ABOVE_AND_BELOW)), FINEST)
    height = max(1, round(high * (1 + 2 * ABOVE_AND_BELOW) * scale))
    count = len(cells) + 2 * BESIDE
    width = min(WIDEST_PX, max(1, round(wide / len(cells) * count * scale)))
    down = ((np.arange(height) + 0.5) / height * (1 + 2 * ABOVE_AND_BELOW) - ABOVE_AND_BELOW)[:, None, None]
    across = (np.arange(width) + 0.5) / width * count - BESIDE
    upper, lower = _along(tops, across), _along(bottoms, across)
    there = upper + (lower - upper) * down
    return _sampled(pixels, there, 1 / scale)


def _ends(cells: Sequence[MrzCell]) -> tuple[Floats, Floats]:
    """Return the points (x, y) between the cells along the upper and along the lower edge of the line."""
    corners = np.array([cell.corners for cell in cells], float)
    edges = []
    for left, right in ((0, 1), (3, 2)):
        between = [(one[right] + other[left]) / 2 for one, other in pairwise(corners)]
        edges.append(np.array([corners[0, left], *between, corners[-1, right]]))
    return edges[0], edges[1]


def _along(points: Floats, across: Floats) -> Floats:
    """Return the places at these cells, counted from the first point; beyond the ends it goes on as there."""
    first = np.clip(np.floor(across).astype(int), 0, len(points) - 2)
    share = (across - first)[:, None]
    result: Floats = points[first] * (1 - share) + points[first + 1] * share
    return result


def _sampled(pixels: Pixels, there: Floats, step: float) -> Pixels:
    """Return the colours at these places; softened first where the page is finer than the strip."""
    reach = ceil(2 * step) + 2
    ends = there[[0, -1]].reshape(-1, 2)  # columns are straight: nothing lies further out
    shape = np.array(pixels.shape[1::-1])
    low = np.clip(np.floor(ends.min(0)).astype(int) - reach, 0, shape)
    high = np.clip(np.ceil(ends.max(0)).astype(int) + reach + 1, 0, shape)
    window = np.ascontiguousarray(pixels[low[1] : high[1], low[0] : high[0]])
    if not window.size:
        return np.full((*there.shape[:2], *pixels.shape[2:]), 255, np.uint8)
    if step > 1.4:
        window = cv().GaussianBlur(window, (0, 0), 0.35 * step)
    x, y = ((there[..., axis] - low[axis]).astype(np.float32) for axis in (0, 1))
    method = cv().INTER_CUBIC if step < 1 else cv().INTER_LINEAR
    white = (255,) * 3
    picture: Pixels = cv().remap(window, x, y, method, borderMode=cv().BORDER_CONSTANT, borderValue=white)
    return picture
