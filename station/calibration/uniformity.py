"""How even the light is over the field."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from station.calibration.lab import LIGHT, Floats, in_colour, lab_of_light, luminance
from station.calibration.patches import CLIPPED_MOST
from station.imaging.cv import cv
from station.model.calibration import Figure, Map
from station.model.image import Pixels

A4_GRID = (14, 10)
CARD_GRID = (6, 8)
"""Rows and columns of the cells of a flat field, for A4 and for a card or a camera."""

_MARGIN = 0.02
"""Left out at each side of a flat field, in parts of it."""

_UNITS = {
    "uniformity": "L*",
    "uniformity_sd": "%",
    "uniformity_range": "%",
    "uniformity_chroma": "dE_ab",
}


def cells_of(field: Pixels, grid: tuple[int, int]) -> list[list[Pixels]]:
    """Cut the picture of an even sheet that fills it into cells, rows from the top, less its outer 2 %."""
    down, across = (_cuts(length, parts) for length, parts in zip(field.shape[:2], grid, strict=True))
    return [
        [field[top:bottom, left:right] for left, right in pairwise(across)] for top, bottom in pairwise(down)
    ]


def uniformity(cells: Sequence[Sequence[Pixels]]) -> tuple[tuple[Figure, ...], tuple[Map, ...]]:
    """Measure how even the cells of one even sheet are, as rows of equal length from the top.

    uniformity: largest less smallest mean L* (Metamorfoze), 0 to 100; uniformity_sd: 100 sd / mean of the
    linear luminance (FADGI 2023); uniformity_range: 100 (max - min) / max of it (FADGI 2016, formula ours);
    uniformity_chroma: the largest distance in a*, b* between two cells. The map gives the L* of each cell.
    `reason` is not_measured (fewer than two cells), too_small (an empty cell) or clipped: a light that is
    beyond the scale looks even.
    """
    flat = [cell for row in cells for cell in row]
    counts = [_counts(cell) for cell in flat if cell.size]
    if reason := _reason(len(flat), counts):
        return tuple(Figure(measure, unit, reason=reason) for measure, unit in _UNITS.items()), ()
    light = np.array([(count @ LIGHT) / count.sum(axis=1) for count in counts])
    y, lab = luminance(light), lab_of_light(light)
    values = (
        np.ptp(lab[:, 0]),
        100 * y.std(ddof=1) / y.mean(),
        100 * np.ptp(y) / y.max(),
        np.hypot(*(lab[:, None, 1:] - lab[None, :, 1:]).T).max(),
    )
    figures = tuple(Figure(m, _UNITS[m], float(value)) for m, value in zip(_UNITS, values, strict=True))
    rows = lab[:, 0].reshape(len(cells), -1).tolist()
    return figures, (Map("uniformity", "L*", tuple(tuple(row) for row in rows)),)


def _cuts(length: int, parts: int) -> list[int]:
    margin = length * _MARGIN
    return [round(cut) for cut in np.linspace(margin, length - margin, parts + 1).tolist()]


def _reason(cells: int, counts: Sequence[Floats]) -> str:
    if cells < 2:
        return "not_measured"
    if len(counts) < cells:
        return "too_small"
    ends = max(float((count[:, [0, -1]].sum(axis=1) / count.sum(axis=1)).max()) for count in counts)
    return "clipped" if ends > CLIPPED_MOST else ""


def _counts(cell: Pixels) -> Floats:
    """Return how often each value stands in each channel, (3, 256): all that a mean of light needs."""
    colour = in_colour(cell)
    return np.array([cv().calcHist([colour], [channel], None, [256], [0, 256]).ravel() for channel in range(3)])
