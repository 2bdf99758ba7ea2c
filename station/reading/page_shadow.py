"""Where a white paper lies under a white lid: its edges throw a shadow of one to three grey levels.

Used when the paper and what lies behind it have one colour. A side is the outermost line that is faint and even
all the way from corner to corner: print is neither.
"""

from dataclasses import dataclass
from itertools import product
from math import atan, degrees, radians, tan

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.reading.page_side import Floats, Paper, Side, Sight, agreed, turning

Floats32 = NDArray[np.float32]
Mask = NDArray[np.bool_]

_ALONG_MM = 8.0
_ACROSS_MM = 5.0
"""A line is averaged along itself and held against what lies to both sides of it."""
_SIGMAS = 4.5
_DEPTH = (0.4, 12.0)
"""Grey levels of the averaged shadow, least and most: rules and the margins of print are darker."""
_RIM_MM = 1.5
_STEEPEST = 7.0
_TRIALS = 300
_NEAR_PX = 1.0
_COVERED = 0.75
_SHORTEST_MM = 40
_CORNER_MM = 6.0
_UNEVEN = 0.6
"""How far the depth may stray along a line, of its own depth: print comes and goes with every line."""
_PIECE_MM = 2.0
_OUTSIDE_MM = 1.5
_OUTSIDE_SHARE = 1e-4


@dataclass(frozen=True, slots=True)
class _Line:
    """across = offset + slope * along, seen from `start` to `end` along itself; pixels."""

    slope: float
    offset: float
    start: float
    end: float

    def at(self, along: float) -> float:
        return self.offset + self.slope * along


def find(grey: Floats32, scale: float) -> Paper | None:
    """Return the paper whose shadow is seen.

    `grey` holds averages in parts of a grey level, `scale` is in pixels for each millimetre, about 2.
    """
    ways = (grey, np.ascontiguousarray(grey.T))
    marked = [_marked(way, scale) for way in ways]
    lines = [_outermost(way, marks, scale) for way, marks in zip(ways, marked, strict=True)]
    (left, right), (top, bottom) = lines
    upright, level = [line for line in (left, right) if line], [line for line in (top, bottom) if line]
    sides = [Side(degrees(atan(-line.slope)), line.end - line.start, 0.0) for line in upright]
    sides += [Side(degrees(atan(line.slope)), line.end - line.start, 0.0) for line in level]
    angle = agreed(sides)
    if angle is None or not upright or not level:
        return None
    height, width = grey.shape
    if not (_ends(upright, (top, bottom), height, scale) and _ends(level, (left, right), width, scale)):
        return None
    found = _between((left, right, top, bottom), angle, (width, height))
    beside = (marked[0] | marked[1].T) & ~_filled(found, grey.shape, _OUTSIDE_MM * scale)
    return found if np.count_nonzero(beside) <= _OUTSIDE_SHARE * grey.size else None


def _marked(way: Floats32, scale: float) -> Mask:
    """Return what is darker than both its sides, averaged along the columns."""
    smooth = cv().blur(way, (1, 2 * round(_ALONG_MM * scale / 2) + 1))
    below = cv().blur(smooth, (2 * round(_ACROSS_MM * scale / 2) + 1, 1)) - smooth
    noise = 1.4826 * float(np.median(np.abs(below[::2, ::2])))
    marks: Mask = below > max(_SIGMAS * noise, _DEPTH[0])
    return marks


def _outermost(way: Floats32, marks: Mask, scale: float) -> tuple[_Line | None, _Line | None]:
    """Return the first and the last line across the rows that is a paper's side."""
    rim = max(1, round(_RIM_MM * scale))
    inner = marks[:, rim:-rim]
    rows = np.flatnonzero(inner.any(axis=1))
    if len(rows) < _SHORTEST_MM * scale:
        return None, None
    first = rim + np.argmax(inner[rows], axis=1)
    last = marks.shape[1] - rim - 1 - np.argmax(inner[rows, ::-1], axis=1)
    found = [_line(rows.astype(np.float64) + 0.5, ends + 0.5, scale) for ends in (first, last)]
    left, right = (line if line and _is_shadow(way, line, scale) else None for line in found)
    return left, right


def _line(along: Floats, across: Floats, scale: float) -> _Line | None:
    """Return the line through most of the points, when it is long and has few gaps (RANSAC, Fischler 1981)."""
    pairs = np.random.default_rng(0).integers(0, len(along), (_TRIALS, 2))
    apart = along[pairs[:, 1]] - along[pairs[:, 0]]
    pairs, apart = pairs[apart != 0], apart[apart != 0]
    slopes = (across[pairs[:, 1]] - across[pairs[:, 0]]) / apart
    flat = np.abs(slopes) <= tan(radians(_STEEPEST))
    if not flat.any():
        return None
    slopes, pairs = slopes[flat], pairs[flat]
    offsets = across[pairs[:, 0]] - slopes * along[pairs[:, 0]]
    near = np.abs(across - offsets[:, None] - slopes[:, None] * along) <= _NEAR_PX
    own = near[int(np.argmax(near.sum(axis=1)))]
    if np.count_nonzero(own) < _COVERED * _SHORTEST_MM * scale:
        return None
    slope, offset = (float(value) for value in np.polyfit(along[own], across[own], 1))
    start, end = (float(value) for value in np.quantile(along[own], (0.01, 0.99)))
    long = end - start >= _SHORTEST_MM * scale
    return _Line(slope, offset, start, end) if long and own.sum() >= _COVERED * (end - start) else None


def _is_shadow(way: Floats32, line: _Line, scale: float) -> bool:
    """The line is faint, and as deep in one place as in another."""
    rows = np.arange(int(line.start), int(line.end))
    places = np.rint(line.offset + line.slope * rows - 0.5).astype(int)
    reach = round(_ACROSS_MM * scale / 2)
    columns = np.clip(places[:, None] + np.arange(-2 * reach, 2 * reach + 1), 0, way.shape[1] - 1)
    profile = way[rows[:, None], columns]
    middle = 2 * reach
    darkest = middle - 1 + int(np.argmin(profile[:, middle - 1 : middle + 2].mean(axis=0)))
    piece = max(2, round(_PIECE_MM * scale))
    whole = len(rows) - len(rows) % piece
    pieces = profile[:whole].reshape(-1, piece, profile.shape[1]).mean(axis=1)
    # Three columns, because a line that is not upright wanders from one to the next.
    shade = pieces[:, darkest - 1 : darkest + 2].mean(axis=1)
    below = (pieces[:, darkest - reach] + pieces[:, darkest + reach]) / 2 - shade
    depth = float(np.median(below))
    strays = 1.4826 * float(np.median(np.abs(below - depth)))
    outer = pieces[:, : reach + 1], pieces[:, -reach - 1 :]
    noise = min(float(np.median(side.std(axis=1))) for side in outer)
    return _DEPTH[0] / 2 <= depth <= _DEPTH[1] and strays <= max(_UNEVEN * depth, 2 * noise)


def _ends(lines: list[_Line], crossings: tuple[_Line | None, _Line | None], length: int, scale: float) -> bool:
    """Each line begins and ends where another crosses it, or at the rim of the picture."""
    for line, (crossing, is_end) in product(lines, zip(crossings, (False, True), strict=True)):
        own = line.end if is_end else line.start
        due = crossing.at(line.at(own)) if crossing else length * is_end
        if abs(own - due) > _CORNER_MM * scale:
            return False
    return True


def _between(lines: tuple[_Line | None, ...], angle: float, size: tuple[int, int]) -> Paper:
    """Return the rectangle between left, right, top and bottom; up to the picture's rim where there is none."""
    picture = np.array(((0, 0), (size[0], 0), size, (0, size[1])), np.float64)
    level = picture @ turning(-angle)
    low, high = level.min(0), level.max(0)
    for place, line in enumerate(lines):
        if line is None:
            continue
        along = (line.start + line.end) / 2
        middle = np.array((line.at(along), along) if place < 2 else (along, line.at(along)))
        (high if place % 2 else low)[place // 2] = (middle @ turning(-angle))[place // 2]
    widest = Paper.within(low, high, angle, Sight.FAINT)
    _, seen = cv().intersectConvexConvex(widest.corners().astype(np.float32), picture.astype(np.float32))
    level = seen[:, 0].astype(np.float64) @ turning(-angle)
    return Paper.within(level.min(0), level.max(0), angle, Sight.FAINT)


def _filled(paper: Paper, shape: tuple[int, ...], grown: float) -> Mask:
    mask = np.zeros(shape, np.uint8)
    cv().fillConvexPoly(mask, np.rint(paper.corners(grown) - 0.5).astype(np.int32), 1)
    return mask.astype(np.bool_)
