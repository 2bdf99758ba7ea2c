"""Where a photo is cut from its capture: level eyes, the head as large and as high as the profile wants it.

A photo of one head has three numbers to choose, in pixels of the capture: its height H, and how far its left
and top edges lie from the middle of the eyes, s and t. Every rule is a linear inequality in these three. So
whether a crop exists that keeps all rules is arithmetic, and so is the one nearest to the ideal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import cos, hypot, radians, sin

import numpy as np
from numpy.typing import NDArray

from station.model.face import Head, Point
from station.model.photo import PhotoCrop, PhotoProfile

_ASKEW_MOST = 45.0
"""Degrees; beyond, the y of the crown does not say where on the face's axis it lies."""
_ROLL_DECIMALS = 4
"""A turn below a ten thousandth of a degree moves no pixel, and numbers near nothing spoil the elimination."""
_CROWN_LEAST_T = 0.4
"""How far above the eyes an officer can put the crown at least, in distances from the eyes to the chin."""
_ABOVE = 1 / 3
"""Of the room that the head leaves, this much lies above the crown, for hair; shoulders fill the rest."""
_NOTHING = 1e-9
_CLOSE_PX = 1e-5

Rows = NDArray[np.float64]
"""One inequality a row: factors of H, s and t (fewer when some are known), and what the sum is at most."""


@dataclass(frozen=True, slots=True)
class _Upright:
    """A head in pixels of the capture, level: `chin` lies below the middle of its eyes, the crown above it."""

    middle: Point
    roll: float
    eye_distance: float
    width: float
    chin: float
    crown_high: float
    crown: float
    crown_low: float


def obstacle(head: Head, size: tuple[int, int]) -> str:
    """Return why no photo can be cut from a capture of this (width, height) in pixels, "" when one can.

    head_askew: turned by 45 degrees or more. head_cut_off: chin, crown or a side of the face is not on the
    capture.
    """
    seen = _upright(head, size)
    if abs(seen.roll) >= _ASKEW_MOST or seen.chin <= 0 or seen.crown <= 0 or seen.eye_distance <= 0:
        return "head_askew"
    points = (head.chin, *head.ears, head.on_axis(head.crown, size))
    whole = all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points)
    return "" if whole else "head_cut_off"


def propose(head: Head, size: tuple[int, int], profile: PhotoProfile) -> PhotoCrop | None:
    """Return the photo that is cut from a capture of this (width, height) in pixels, None where `obstacle` is.

    It keeps all rules of the profile where that can be done at once, else as many as it can, the most important
    first. Then it keeps the head's height for as much of the crown's range as it can, and lies as near to the
    ideal as the rules let it. It lies within the capture where it can.
    """
    if obstacle(head, size):
        return None
    seen = _upright(head, size)
    rows = np.empty((0, 4))
    for rule in _rules(seen, size, profile):
        both = np.vstack([rows, rule])
        if _range(both) is not None:
            rows = both
    height = _within(_wanted_height(seen, profile), _range(rows))
    rows = _known(rows, height)
    left = _within(height * profile.aspect / 2, _range(rows))
    free = height - seen.crown - seen.chin
    top = _within(seen.crown + free * _ABOVE, _range(_known(rows, left)))
    right, down = height * profile.aspect / 2 - left, height / 2 - top
    turned, turn = cos(radians(seen.roll)), sin(radians(seen.roll))
    return PhotoCrop(
        profile=profile.name,
        centre=(
            (seen.middle[0] + right * turned - down * turn) / size[0],
            (seen.middle[1] + right * turn + down * turned) / size[1],
        ),
        height=height / size[1],
        roll=seen.roll,
        crown=head.crown,
    )


def with_crown(head: Head, y: float, size: tuple[int, int], profile: PhotoProfile) -> PhotoCrop | None:
    """Return the crop for the crown where the officer put it, y of the capture; None where `obstacle` is.

    A crown below the brows or beyond the capture is not one: it is taken at the nearest place that may be one.
    """
    seen = _upright(head, size)
    lowest = (seen.middle[1] - _CROWN_LEAST_T * seen.chin * cos(radians(seen.roll))) / size[1]
    y = max(0.0, min(y, lowest))
    crop = propose(replace(head, crown_high=y, crown=y, crown_low=y), size, profile)
    return None if crop is None else replace(crop, moved=True)


def _upright(head: Head, size: tuple[int, int]) -> _Upright:
    width, height = size
    roll = round(head.roll(size), _ROLL_DECIMALS)
    turned, turn = cos(radians(roll)), sin(radians(roll))
    middle = (head.eyes_middle[0] * width, head.eyes_middle[1] * height)

    def across(point: Point) -> float:
        return (point[0] * width - middle[0]) * turned + (point[1] * height - middle[1]) * turn

    def above(y: float) -> float:
        return (middle[1] - y * height) / turned

    (left_x, left_y), (right_x, right_y) = head.eyes
    return _Upright(
        middle=middle,
        roll=roll,
        eye_distance=hypot((right_x - left_x) * width, (right_y - left_y) * height),
        width=across(head.ears[1]) - across(head.ears[0]),
        chin=(head.chin[1] * height - middle[1]) * turned - (head.chin[0] * width - middle[0]) * turn,
        crown_high=above(head.crown_high),
        crown=above(head.crown),
        crown_low=above(head.crown_low),
    )


def _rules(seen: _Upright, size: tuple[int, int], profile: PhotoProfile) -> Iterator[Rows]:
    """Return the profile's rules, the most important first."""
    aspect, head_height = profile.aspect, seen.crown + seen.chin
    # Head height, share of H.
    yield _between(head_height, profile.head_height, 1.0)
    # Eye line, share of H from the top; the middle of the eyes across, share of the width.
    yield _rows((profile.eye_line[0], 0, -1, 0), (-profile.eye_line[1], 0, 1, 0))
    yield _rows((profile.centre[0] * aspect, -1, 0, 0), (-profile.centre[1] * aspect, 1, 0, 0))
    # The crown below the top edge and the chin above the bottom edge, each with its margin.
    yield _rows((profile.margin, 0, -1, -seen.crown), (profile.margin - 1, 0, 1, -seen.chin))
    yield _inside(seen, size, aspect)
    yield _rows((-1, 0, 0, -profile.least_px[1]))
    if profile.head_width is not None:
        yield _between(seen.width, profile.head_width, aspect)
    if seen.eye_distance >= profile.inter_eye_px > 0:
        # A photo higher than the wanted size is made smaller, and the distance of the eyes with it.
        yield _rows((1, 0, 0, seen.eye_distance * profile.size_px[1] / profile.inter_eye_px))


def _between(length: float, shares: tuple[float, float], unit: float) -> Rows:
    """Return that a length is within these shares of `unit` times H."""
    return _rows((shares[0] * unit, 0, 0, length), (-shares[1] * unit, 0, 0, -length))


def _inside(seen: _Upright, size: tuple[int, int], aspect: float) -> Rows:
    """Return that all four corners of the photo lie on the capture."""
    turned, turn = cos(radians(seen.roll)), sin(radians(seen.roll))
    # The photo's middle from the capture's corner: factors of H, s and t, and the part that is known.
    x = np.array((aspect / 2 * turned - turn / 2, -turned, turn, seen.middle[0]))
    y = np.array((aspect / 2 * turn + turned / 2, -turn, -turned, seen.middle[1]))
    # Half of the upright box around it, a multiple of H.
    half_x = np.array(((aspect * turned + abs(turn)) / 2, 0, 0, 0))
    half_y = np.array(((aspect * abs(turn) + turned) / 2, 0, 0, 0))
    rows: Rows = np.array((half_x - x, half_y - y, half_x + x, half_y + y))
    # What is known goes to the other side.
    rows[:, 3] = np.array((0, 0, size[0], size[1])) - rows[:, 3]
    return rows


def _rows(*rows: tuple[float, float, float, float]) -> Rows:
    return np.array(rows, float)


def _wanted_height(seen: _Upright, profile: PhotoProfile) -> float:
    """Return the height that keeps the head's height for most of the crown's range, the estimate amid it."""
    low, high = profile.head_height
    least, most = (seen.crown_high + seen.chin) / high, (seen.crown_low + seen.chin) / low
    # A range too wide for the rule is kept best by the largest photo that is still full of it.
    return max(least, min(2 * (seen.crown + seen.chin) / (low + high), most))


def _range(rows: Rows) -> tuple[float, float] | None:
    """Return between what the first variable may lie so that values of the others keep all rows; None: nowhere.

    Fourier and Motzkin's elimination: exact, and short for so few rows.
    """
    while rows.shape[1] > 2:
        rows = _without_last(rows)
    factors, most = rows.T
    free = np.abs(factors) <= _NOTHING
    if (most[free] < -_CLOSE_PX).any():
        return None
    up, down = factors > _NOTHING, factors < -_NOTHING
    high = float(np.min(most[up] / factors[up], initial=np.inf))
    low = float(np.max(most[down] / factors[down], initial=-np.inf))
    return (low, high) if low <= high + _CLOSE_PX else None


def _without_last(rows: Rows) -> Rows:
    """Return the rows that the others keep exactly when some value of the last variable keeps all of these."""
    last, rest = rows[:, -2], np.delete(rows, -2, axis=1)
    up, down = last > _NOTHING, last < -_NOTHING
    above, below = rest[up] / last[up, None], rest[down] / last[down, None]
    pairs = (above[:, None] - below[None]).reshape(-1, rest.shape[1])
    return np.vstack([rest[~(up | down)], pairs])


def _known(rows: Rows, value: float) -> Rows:
    """Return the rows with the first variable at this value."""
    rest = rows[:, 1:].copy()
    rest[:, -1] -= rows[:, 0] * value
    return rest


def _within(value: float, span: tuple[float, float] | None) -> float:
    """Return the nearest value within the span; a span that rounding turned round is a point."""
    return value if span is None else max(span[0], min(value, span[1]))
