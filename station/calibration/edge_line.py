"""Where a slanted edge runs in a region of a picture, to hundredths of a pixel (ISO 12233:2023, slanted edge).

The region is linear light with one edge near the vertical, which crosses its top and its bottom. The steps are
those of the e-SFR method; its numbers that are ours are marked so.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import atan, cos, degrees

import numpy as np
from numpy.polynomial import Polynomial
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Refusal(StrEnum):
    """Why a region gives no answer."""

    TOO_SMALL = "too_small"
    NO_EDGE = "no_edge"
    LOW_CONTRAST = "low_contrast"
    ANGLE = "angle"
    CLIPPED = "clipped"
    CUT_OFF = "cut_off"


LEAST_ROWS = 60
LEAST_COLUMNS = 50
# Ours, like the limits below: what the card's squares give at 300 ppi. In 60 rows an edge at two degrees passes
# every sub-pixel phase twice.
_OUTER_COLUMNS = 5
_NO_CONTRAST = 0.02
_LEAST_CONTRAST = 0.1
_MOST_RESIDUAL_PX = 0.5
_LEAST_DEGREES = 2.0
_MOST_DEGREES = 10.0
_NARROW_PX = 48
"""Width of the window once the edge is known. Ours: half the noise of the standard's, the whole region."""
_ORDER = 5
"""Of the polynomial along the edge (ISO 12233:2023): follows what a lens or a transport bends."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeLine:
    """One edge: `positions` are the x (px) at which it crosses each row, `slope` dx/dy of its straight fit.

    `contrast` is the modulation of both sides, 0 to 1. `rising` when the light grows to the right.
    """

    positions: Floats
    slope: float
    contrast: float
    rising: bool

    @property
    def angle(self) -> float:
        """Degrees from the vertical, positive when the edge runs to the right on its way down."""
        return degrees(atan(self.slope))

    @property
    def cosine(self) -> float:
        """Of the angle: turns lengths along the row into lengths along the edge's normal."""
        return cos(atan(self.slope))


def find_line(light: Floats) -> EdgeLine | Refusal:
    """Find the edge in a region (rows, columns) of linear light, 0 to 1.

    Each row's position is the centroid of its differences under a window, found once with the window in the
    middle and once with the window on the first fit.
    """
    rows, columns = light.shape
    if rows < LEAST_ROWS or columns < LEAST_COLUMNS:
        return Refusal.TOO_SMALL
    left, right = float(light[:, :_OUTER_COLUMNS].mean()), float(light[:, -_OUTER_COLUMNS:].mean())
    contrast = abs(right - left) / max(right + left, 1e-9)
    if contrast < _LEAST_CONTRAST:
        return Refusal.NO_EDGE if contrast < _NO_CONTRAST else Refusal.LOW_CONTRAST
    differences = np.diff(light if right > left else -light, axis=1)
    first = _centroids(differences, np.full(rows, (columns - 1) / 2), columns)
    found = None if first is None else _centroids(differences, _smooth(first), min(columns, _NARROW_PX))
    if found is None:
        return Refusal.NO_EDGE
    fitted = _smooth(found)
    middle = float(fitted.mean()) / (columns - 1)
    if np.sqrt(np.mean((found - fitted) ** 2)) > _MOST_RESIDUAL_PX or not 1 / 3 < middle < 2 / 3:
        return Refusal.NO_EDGE
    y = np.arange(rows) - (rows - 1) / 2
    slope = float(y @ found / (y @ y))
    line = EdgeLine(fitted, slope, contrast, rising=right > left)
    return line if _LEAST_DEGREES <= abs(line.angle) <= _MOST_DEGREES else Refusal.ANGLE


def _smooth(positions: Floats) -> Floats:
    """Return the polynomial through positions, at each row."""
    y = np.arange(len(positions), dtype=np.float64)
    fitted: Floats = Polynomial.fit(y, positions, _ORDER)(y)
    return fitted


def _centroids(differences: Floats, centres: Floats, width: int) -> Floats | None:
    """Return the centroid of each row's differences, under a window round its centre."""
    x = np.arange(differences.shape[1]) + 0.5  # a two-point difference sits between its pixels
    away = (x - centres[:, np.newaxis]) / width
    # Tukey with alpha 1 on a low pedestal: a far edge of dirt weighs little, a lost edge is still felt.
    window = 0.95 * (0.5 + 0.5 * np.cos(2 * np.pi * away)) + 0.05
    weighted = np.where(np.abs(away) <= 0.5, differences * window, 0.0)
    total = weighted.sum(axis=1)
    return None if total.min() <= 0 else weighted @ x / total
