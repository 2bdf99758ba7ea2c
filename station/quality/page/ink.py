"""Where a thinned page is darker than the paper around it: print, writing, rules and specks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels

STROKE_MM = 4
"""Print is narrower than this."""
_STEP_MIN = 24
"""Grey levels: the smallest step from ink to paper that is taken for print."""
_STRONGEST_SHARE = 0.005
OF_STRONGEST = 0.3


def paper_around(thin: Pixels, px_per_mm: float, wide_mm: float) -> Pixels:
    """Return the paper's level around each pixel: whatever is narrower than `wide_mm` is closed over.

    Shadows, lids and solid areas stay. It is taken from a softened copy, or the brightest grain would pass for
    paper.
    """
    # Odd, so that the window has a middle; the picture's own size is always enough.
    side = min(2 * max(1, round(wide_mm * px_per_mm / 2)) + 1, 2 * max(thin.shape) + 1)
    window = np.ones((side, side), np.uint8)
    result: Pixels = cv().morphologyEx(cv().medianBlur(thin, 3), cv().MORPH_CLOSE, window)
    return result


def print_of(below: Pixels, of_strongest: float = OF_STRONGEST) -> NDArray[np.bool_]:
    """Return where there is print: the steps below paper that come near the page's strongest, never grain."""
    up_to = np.cumsum(np.bincount(below[::4].ravel(), minlength=256))
    strongest = int(np.searchsorted(up_to, (1 - _STRONGEST_SHARE) * up_to[-1]))
    return below >= max(_STEP_MIN, of_strongest * strongest)


def pieces(mask: NDArray[np.bool_]) -> NDArray[Any]:
    """Return left, top, width, height and area in pixels of each connected piece, one in a row."""
    _, _, boxes, _ = cv().connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    result: NDArray[Any] = boxes[1:]
    return result
