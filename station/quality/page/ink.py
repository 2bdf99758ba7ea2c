"""Where a thinned page is darker than the paper around it: print, writing, rules and specks."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.quality.sample import PageSample

_STROKE_MM = 4
_STEP_MIN = 24
"""Grey levels: the smallest step from ink to paper that is taken for print."""
_STRONGEST_SHARE = 0.005
_OF_PAGE = 0.3


def thin_px_per_mm(sample: PageSample) -> float:
    """Return the scale of `sample.thin`, about 4 pixels for a millimetre."""
    return sample.px_per_mm / sample.step


def depth(sample: PageSample, wide_mm: float) -> NDArray[np.uint8]:
    """Return how many grey levels each pixel of `sample.thin` lies below the paper around it.

    The paper is the closing: whatever is narrower than `wide_mm` stands out, shadows, lids and solid areas do
    not (black top-hat, Serra 1982). It is taken from a softened copy, or the brightest grain would pass for
    paper.
    """
    # Odd, so that the window has a middle; the picture's own size is always enough.
    side = min(2 * max(1, round(wide_mm * thin_px_per_mm(sample) / 2)) + 1, 2 * max(sample.thin.shape) + 1)
    window = np.ones((side, side), np.uint8)
    paper = cv().morphologyEx(cv().medianBlur(sample.thin, 3), cv().MORPH_CLOSE, window)
    result: NDArray[np.uint8] = cv().subtract(paper, sample.thin)
    return result


def print_of(sample: PageSample) -> NDArray[np.bool_]:
    """Return where `sample.thin` shows print: the steps that come near the page's strongest, never grain."""
    below = depth(sample, _STROKE_MM)
    up_to = np.cumsum(np.bincount(below[::4].ravel(), minlength=256))
    strongest = int(np.searchsorted(up_to, (1 - _STRONGEST_SHARE) * up_to[-1]))
    return below >= max(_STEP_MIN, _OF_PAGE * strongest)


def pieces(mask: NDArray[np.bool_]) -> NDArray[Any]:
    """Return left, top, width, height and area in pixels of each connected piece, one in a row."""
    _, _, boxes, _ = cv().connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    result: NDArray[Any] = boxes[1:]
    return result
