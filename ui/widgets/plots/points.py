"""What can be told from points and fields of numbers, of which some may be no number."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isfinite

Point = tuple[float, float]
Rows = Sequence[Sequence[float]]


def finite(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the points that have a place."""
    return tuple((x, y) for x, y in points if isfinite(x) and isfinite(y))


def crossing(points: Sequence[Point], level: float) -> float | None:
    """Return where a curve first falls to a level, on the straight line between two points; None if never."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if y0 >= level > y1:
            return x0 + (y0 - level) / (y0 - y1) * (x1 - x0)
    return None


def padded(values: Iterable[float], share: float = 0.08, least: float = 1e-6) -> Point:
    """Return a range that holds the values with a margin, `share` of their span on each side."""
    known = [value for value in values if isfinite(value)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    margin = max((high - low) * share, least)
    return low - margin, high + margin


def third(place: int, of: int) -> int:
    """Tell in which third (0, 1, 2) one of so many cells lies; of one or two cells there is no middle."""
    if of == 1:
        return 1
    return min(2, int(3 * (place + 0.5) / of))
