"""A paper on the glass, and its straight sides from points along them, some of which lie elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import atan, cos, degrees, radians, sin

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NEAR_PX = 1.5
_AGREED = 0.6
"""Degrees between two sides of one paper: cut by machine, read with 0.1 degrees to spare."""


class Sight(StrEnum):
    """How well the edges of the paper are seen."""

    CLEAR = "clear"
    """The paper differs from what lies behind it."""
    FAINT = "faint"
    """Only the paper's shadow on a white lid is seen."""


@dataclass(frozen=True, slots=True)
class Paper:
    """An upright rectangle turned clockwise by `angle` degrees, -45 to 45, about its `centre`.

    `centre` (x, y) and `size` (width, height) are in pixels of the picture, from its top left corner. Where the
    paper reaches the rim of the picture the rectangle does too, or a little beyond.
    """

    centre: tuple[float, float]
    size: tuple[float, float]
    angle: float
    sight: Sight

    @classmethod
    def within(cls, low: Floats, high: Floats, angle: float, sight: Sight) -> "Paper":
        """Return the paper between two (x, y) that were turned back by its angle about the origin."""
        x, y = ((low + high) / 2) @ turning(angle)
        across, down = high - low
        return cls((float(x), float(y)), (float(across), float(down)), angle, sight)

    def scaled(self, factor: float) -> "Paper":
        """Return the same in a picture that is larger by a factor."""
        (x, y), (across, down) = self.centre, self.size
        return Paper((x * factor, y * factor), (across * factor, down * factor), self.angle, self.sight)

    def corners(self, grown: float = 0.0) -> Floats:
        """Return the corners (x, y), clockwise from the top left, each side moved outwards by some pixels."""
        half = np.array(self.size) / 2 + grown
        signs = np.array(((-1, -1), (1, -1), (1, 1), (-1, 1)))
        corners: Floats = (signs * half) @ turning(self.angle) + self.centre
        return corners


@dataclass(frozen=True, slots=True)
class Side:
    """One side: by how many degrees its paper is turned clockwise, how long it was seen, how far it strays.

    Lengths are in pixels.
    """

    angle: float
    length: float
    spread: float


def turning(angle: float) -> Floats:
    """Return the matrix that turns rows of (x, y), on its left, clockwise on the screen by some degrees."""
    turn = radians(angle)
    return np.array([[cos(turn), sin(turn)], [-sin(turn), cos(turn)]])


def side_of(along: Floats, across: Floats, *, upright: bool) -> Side:
    """Return the side through most of the points; at least four of them, in the order of `along`."""
    half = len(along) // 2
    slope = float(
        np.median((across[half : 2 * half] - across[:half]) / (along[half : 2 * half] - along[:half]))
    )
    offset = float(np.median(across - slope * along))
    for _ in range(2):
        near = np.abs(across - offset - slope * along) <= _NEAR_PX
        if np.count_nonzero(near) < 4:
            break
        slope, offset = (float(value) for value in np.polyfit(along[near], across[near], 1))
    spread = float(np.median(np.abs(across - offset - slope * along)))
    return Side(degrees(atan(-slope if upright else slope)), float(along[-1] - along[0]), spread)


def agreed(sides: Sequence[Side]) -> float | None:
    """Return the angle in which at least two sides agree; None when they do not."""
    best: list[Side] = []
    for side in sides:
        alike = [other for other in sides if abs(other.angle - side.angle) <= _AGREED]
        best = max(best, alike, key=lambda group: sum(other.length for other in group))
    if len(best) < 2:
        return None
    return float(np.average([side.angle for side in best], weights=[side.length for side in best]))
