"""How far the lines of print are turned from level."""

from math import atan, degrees, radians, tan

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.quality.measure import Measured, Unmeasured
from station.quality.sample import PageSample

_FURTHEST = 15.0
_COARSE = 0.5
_FINE = 0.1
_FLANK = 0.9
_FLANK_STEPS = 12
_INK_MIN = 0.002
"""Of the picture, about one full line of print: less is a signature or a mark, and no lines."""
_STRIP_PX = 16
_PROMINENCE = 6.0
"""The lines' own angle gives rows and gaps; any other angle mixes them. Drawn pages of lines reach 80 and more,
specks and blurred pictures 1.5, random strokes 3, lines turned by 20 degrees 4."""


class Skew:
    """Angle of the lines of print: where the projection profile is sharpest (Postl 1986; Baird 1987).

    Lines may run across or down the picture: a page on its side is level too. raw: degrees, -15 to 15, positive
    when the page is turned clockwise, true to about 0.1. NOT_ASSESSED (`no_text`) when no angle stands out,
    also beyond 15 degrees.
    """

    name = "skew"
    unit = "°"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the angle."""
        found = sample.print_mask
        if min(found.shape) < 4 * _STRIP_PX or np.count_nonzero(found) < _INK_MIN * found.size:
            return Unmeasured("no_text")
        ink = found.astype(np.uint8) * 255
        ways = [_strips(ink), _strips(cv().transpose(ink))]
        about = [_coarse(strips) for strips in ways]
        way = 0 if about[0][1] >= about[1][1] else 1
        near, prominence = about[way]
        if prominence < _PROMINENCE or abs(near) >= _FURTHEST:  # at the end of the range no peak is seen whole
            return Unmeasured("no_text")
        angle = _fine(ways[way], near)
        x, y = sample.known_dpi or (1.0, 1.0)
        slope = tan(radians(angle)) * (x / y if way == 0 else -y / x)
        return Measured(degrees(atan(slope)))


def _strips(ink: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Sum the ink over strips that stand upright; one column for each, softened along its length.

    The softening takes away what shifts by whole pixels would have ahead of shifts by parts of one.
    """
    height, width = ink.shape
    whole = ink[:, : width - width % _STRIP_PX]
    narrow = cv().resize(whole, (width // _STRIP_PX, height), interpolation=cv().INTER_AREA)
    result: NDArray[np.float32] = cv().GaussianBlur(narrow.astype(np.float32), (1, 7), 1.2)
    return result


def _coarse(strips: NDArray[np.float32]) -> tuple[float, float]:
    """Return about which angle has the sharpest profile, and how many times sharper it is than most."""
    half = cv().resize(strips, None, fx=0.5, fy=0.5, interpolation=cv().INTER_AREA)
    angles = np.arange(-_FURTHEST, _FURTHEST + _COARSE / 2, _COARSE)
    scores = np.array([_sharpness(half, angle) for angle in angles])
    usual = float(np.median(scores))
    return float(angles[int(np.argmax(scores))]), float(scores.max()) / usual if usual > 0 else 0.0


def _fine(strips: NDArray[np.float32], near: float) -> float:
    """Return the angle near the coarse one: the middle between the flanks of the peak.

    The peak itself will not do: it is flat, and lines that lie level with the pixels stand out a little.
    """
    angles = near + np.arange(-_FLANK_STEPS, _FLANK_STEPS + 1) * _FINE
    scores = np.array([_sharpness(strips, angle) for angle in angles])
    top = int(np.argmax(scores))
    level = max(_FLANK * scores[top], scores[0], scores[-1])
    low = top - int(np.argmax(scores[top::-1] <= level))
    high = top + int(np.argmax(scores[top:] <= level))
    if low == top or high == top:
        return float(angles[top])
    left = np.interp(level, scores[low : low + 2], angles[low : low + 2])
    right = np.interp(level, scores[high : high - 2 : -1], angles[high : high - 2 : -1])
    return float(left + right) / 2


def _sharpness(strips: NDArray[np.float32], angle: float) -> float:
    """Return the energy of the steps in the profile along lines of this angle, from ink to paper or into ink.

    The larger is that of the baselines; the tops of capitals and of small letters lie on no common line.
    """
    height, width = strips.shape
    slope = tan(radians(angle)) * _STRIP_PX
    # Row y of the sheared copy holds what lies on the line that crosses the middle column at y.
    shear = np.array([[1, 0, 0], [slope, 1, -slope * (width - 1) / 2]])
    flags = cv().INTER_LINEAR | cv().WARP_INVERSE_MAP
    level = cv().warpAffine(strips, shear, (width, height), flags=flags)
    profile = cv().reduce(level, 1, cv().REDUCE_SUM).ravel()
    steps = np.diff(profile)
    down, up = np.minimum(steps, 0), np.maximum(steps, 0)
    return max(float(down @ down), float(up @ up))
