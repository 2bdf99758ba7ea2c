"""Where the paper lies on the scanner's glass, told by its edges against the lid or the backing."""

import numpy as np

from station.imaging.cv import cv
from station.model.image import Pixels
from station.reading import page_shadow
from station.reading.page_side import Floats, Paper, Sight, agreed, side_of, turning

PX_PER_MM = 2
"""The edges are looked for at about 50 dpi, in averages: a side is a line of many points, true to a tenth."""
SHORTEST_MM = 40
"""Smaller things on the glass are no paper: a card is 54 mm wide, a receipt 57 mm."""

_LEAST_PX = 40

_LEVELS = 3
_LEVEL_REACH = 8
_LEVEL_SHARE = 0.04
_TOLERANCE = (5.0, 16.0)
"""Grey levels by which a backing differs from itself, least and most."""

_MIDDLE = 0.1
"""Of a side, left out at both ends: corners are torn, folded or rounded."""
_SEEN = 0.35
_STRAIGHT_MM = 0.4
_OUTERMOST = 0.1
_FULL = 0.9
"""Of the rectangle, that the paper covers: a large folded corner takes 2 %."""
_AROUND_MM = 1.0
_RIM_MM = 1.5
"""The frame of the glass throws its own shadow."""
_RIM_PX = 1.5
_OUTSIDE_MM2 = 4.0


def find(grey: Pixels, px_per_mm: float) -> Paper | None:
    """Return the one paper in a grey picture of the whole glass; None when unsure.

    About 75 to 100 dpi are enough. None also when the paper fills the picture, when something lies beside it (a
    second paper: nothing may be lost) and when fewer than two of its sides are seen.
    """
    step = max(1, round(px_per_mm / PX_PER_MM))
    height, width = (length - length % step for length in grey.shape)
    if min(height, width) < max(SHORTEST_MM * px_per_mm, _LEAST_PX):
        return None
    whole, size, scale = grey[:height, :width], (width // step, height // step), px_per_mm / step
    small = cv().resize(whole, size, interpolation=cv().INTER_AREA)
    found = _on_backing(small, scale)
    if found is None:  # a shadow is less deep than the rounding of averages to whole grey levels
        fine = cv().resize(whole.astype(np.float32), size, interpolation=cv().INTER_AREA)
        found = page_shadow.find(fine, scale)
    return found and found.scaled(step)


def _on_backing(grey: Pixels, scale: float) -> Paper | None:
    soft = cv().medianBlur(grey, 3)
    for level, tolerance in _backings(soft):
        other = (cv().absdiff(soft, float(level)) > tolerance).astype(np.uint8)
        found = _rectangle(other, scale)
        if found is not None:
            return found
    return None


def _backings(soft: Pixels) -> list[tuple[int, float]]:
    """Return the grey levels that may be the backing, with how far it strays; the darkest first.

    Paper is brighter than a grey or black backing; where it reaches the rim, its level is one of these too.
    """
    rim = np.concatenate([soft[1], soft[-2], soft[:, 1], soft[:, -2]])
    counts = np.bincount(rim, minlength=256)
    found = []
    for _ in range(_LEVELS):
        level = int(np.argmax(np.convolve(counts, np.ones(5), "same")))
        low, high = max(0, level - _LEVEL_REACH), level + _LEVEL_REACH + 1
        if counts[low:high].sum() < _LEVEL_SHARE * rim.size:
            break
        own = rim[(rim >= low) & (rim < high)]
        middle = round(float(np.median(own)))
        spread = 1.4826 * float(np.median(cv().absdiff(own, float(middle))))
        found.append((middle, min(max(4 * spread + 2, _TOLERANCE[0]), _TOLERANCE[1])))
        counts[low:high] = 0
    return sorted(found)


def _rectangle(other: Pixels, scale: float) -> Paper | None:
    """Return the rectangle that holds all that is not backing, when its largest piece fills it."""
    opened = cv().morphologyEx(other, cv().MORPH_OPEN, np.ones((3, 3), np.uint8))
    outlines, _ = cv().findContours(opened, cv().RETR_EXTERNAL, cv().CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    largest = max(outlines, key=cv().contourArea)
    _, lengths, rough = cv().minAreaRect(largest)
    if min(lengths) < SHORTEST_MM * scale:
        return None
    filled = np.zeros_like(other)
    cv().drawContours(filled, [largest], -1, 1, cv().FILLED)
    rough = (rough + 45) % 90 - 45
    corners = np.concatenate([largest[:, 0] + there for there in ((0, 0), (0, 1), (1, 0), (1, 1))])
    ends = [_inside(side, filled.shape) for side in _ends(filled, corners, rough)]
    sides = [
        side_of(*(points @ turning(-rough)).T[:: -1 if upright else 1], upright=upright)
        for points, upright in zip(ends, (True, True, False, False), strict=True)
        if len(points)
    ]
    turned = agreed([side for side in sides if side.spread <= _STRAIGHT_MM * scale])
    if turned is None:
        return None
    angle = rough + turned
    bounds = _bounds(corners @ turning(-angle), [points @ turning(-angle) for points in ends])
    found = Paper.within(*bounds, angle, Sight.CLEAR)
    return found if _holds_all(found, other, filled, scale) else None


def _ends(filled: Pixels, corners: Floats, angle: float) -> list[Floats]:
    """Return the points (x, y) of the left, right, upper and lower side of a mask that lies askew."""
    level = corners @ turning(-angle)
    low = np.floor(level.min(0)) - 2
    width, height = (int(value) for value in np.ceil(level.max(0)) + 2 - low)
    back = turning(angle)
    matrix = np.column_stack([back.T, (low + 0.5) @ back - 0.5])
    flags = cv().INTER_NEAREST | cv().WARP_INVERSE_MAP
    mask = cv().warpAffine(filled, matrix, (width, height), flags=flags)
    found = []
    for way, start in ((mask, low[::-1]), (mask.T, low)):
        rows = np.flatnonzero(way.any(axis=1))
        rows = rows[round(_MIDDLE * len(rows)) : round((1 - _MIDDLE) * len(rows))]
        first, last = np.argmax(way[rows], axis=1), way.shape[1] - np.argmax(way[rows, ::-1], axis=1)
        found += [np.column_stack([end, rows + 0.5]) + start[::-1] for end in (first, last)]
    ends = (found[0], found[1], found[2][:, ::-1], found[3][:, ::-1])
    return [side @ back for side in ends]


def _inside(points: Floats, shape: tuple[int, ...]) -> Floats:
    """Return the points that do not lie on the picture's rim; none when they are too few to be a side."""
    most = np.array(shape[1::-1]) - _RIM_PX
    inside = points[((points > _RIM_PX) & (points < most)).all(axis=1)]
    return inside if len(inside) >= max(8, _SEEN * len(points)) else points[:0]


def _bounds(corners: Floats, ends: list[Floats]) -> tuple[Floats, Floats]:
    """Return the lowest and highest (x, y): of the sides where they are seen, else of all the paper."""
    low, high = corners.min(0), corners.max(0)
    for place, points in enumerate(ends):
        axis, is_high = place // 2, place % 2
        if len(points):
            share = 1 - _OUTERMOST if is_high else _OUTERMOST
            (high if is_high else low)[axis] = np.quantile(points[:, axis], share)
    return low, high


def _holds_all(paper: Paper, other: Pixels, filled: Pixels, scale: float) -> bool:
    """The rectangle is full of paper, and nothing lies beside it."""
    own, around = (
        cv().fillConvexPoly(np.zeros_like(other), np.rint(paper.corners(grown) - 0.5).astype(np.int32), 1)
        for grown in (0.0, _AROUND_MM * scale)
    )
    rim = max(1, round(_RIM_MM * scale))
    beside = (other & ~around)[rim:-rim, rim:-rim]
    return bool(
        np.count_nonzero(filled & own) >= _FULL * np.count_nonzero(own)
        and np.count_nonzero(beside & 1) <= _OUTSIDE_MM2 * scale**2
    )
