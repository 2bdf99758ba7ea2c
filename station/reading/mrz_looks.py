"""Look for candidates of a machine-readable zone on copies of a page: in its colours, sizes and directions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin

import numpy as np

from station.imaging.codec import grey
from station.imaging.cv import cv
from station.model.image import Pixels
from station.reading import mrz_locate, mrz_marks
from station.reading.mrz_locate import Zone
from station.reading.mrz_marks import SIDE_PX, Floats, Marks
from station.reading.mrz_rectify import Tone

_WORTH_SCALING = 1.3
_SCALE_MOST = 6.0
_DIRECTIONS = (90.0, 30.0, -30.0, 60.0, 120.0)  # after the plain one; lines may run 15 degrees off each
_COLOURED, _COLOURED_SHARE = 24, 0.002  # grey values between a pixel and its lightest colour; of the pixels
_SAME_ALONG, _SAME_ASIDE, _SAME_PITCH = 1.5, 0.15, 0.01  # cells, cells, share: lines in the same place


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Candidates on one copy of the page; `to_page` (2 x 3) leads from its pixels to those of the page."""

    zones: Sequence[Zone]
    tone: Tone
    to_page: Floats = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a candidate lies on the page: the ends of its lines (lines x 2 ends x x and y), and its colours."""

    ends: Floats
    pitch: float
    tone: Tone

    @classmethod
    def of(cls, zone: Zone, look: Look) -> "Place":
        """Return the place of a candidate of this look."""
        points = [[(x, line.y_at(x), 1.0) for x in (line.start, line.stop)] for line in zone]
        ends = np.array(points) @ look.to_page.T
        return cls(ends, float(np.hypot(*(ends[0, 1] - ends[0, 0]))) / zone[0].last, look.tone)

    def same_as(self, other: "Place") -> bool:
        """Tell whether the strips would be the same: a cell more or less at an end changes nothing."""
        if self.tone is not other.tone or self.ends.shape != other.ends.shape:
            return False
        along = self.ends[:, 1] - self.ends[:, 0]
        along = along / np.hypot(along[:, :1], along[:, 1:])
        off = self.ends - other.ends
        ahead = (off * along[:, None]).sum(2)
        aside = off[..., 1] * along[:, None, 0] - off[..., 0] * along[:, None, 1]
        near = np.abs(ahead).max() < _SAME_ALONG * self.pitch and np.abs(aside).max() < _SAME_ASIDE * self.pitch
        return bool(near and abs(other.pitch / self.pitch - 1) < _SAME_PITCH)


def _palest(pixels: Pixels) -> Pixels:
    """Return the lightest colour of each pixel: black ink stays dark, coloured print becomes pale."""
    if pixels.ndim == 2:
        return pixels
    red, green, blue = (pixels[..., channel] for channel in range(3))
    lightest: Pixels = cv().max(cv().max(red, green), blue)
    return lightest


_COPIES: Sequence[tuple[Tone, int, float]] = (
    (grey, SIDE_PX, 0.0),
    (_palest, SIDE_PX, 0.8),
    (_palest, 8 * SIDE_PX // 5, 0.8),  # for small print in a frame of a camera
)
"""Copies to look at: colours, longer side in px, sigma of the blur in px."""


def looks(page: Pixels, found: Callable[[], bool]) -> Iterator[Look]:
    """Look for zones ever closer: on the grey page; where coloured print is pale; in a larger copy.

    All marks of a copy are found once; where nothing was `found` level, other directions are tried among them.
    """
    small = _averaged(page)
    colourless, clean = _colourless(small), False
    for chosen, side, soft in _COPIES:
        if colourless and clean and side == SIDE_PX:
            continue  # no colour to look through, no specks to smooth: the same would be seen again
        tone = grey if colourless else chosen
        if side > SIDE_PX and max(page.shape[:2]) > side:
            continue
        copy, to_page = _copy(page, small, tone, side)
        if soft:
            copy = cv().GaussianBlur(copy, (0, 0), soft)
        kept: list[Marks] = []
        for marks in mrz_marks.find(mrz_marks.darkness(copy)):
            rows = mrz_marks.chains(marks)
            yield Look(mrz_locate.locate(marks, rows), tone, to_page)
            kept.append(mrz_marks.others(marks, rows))
        clean = all(marks.clean for marks in kept[:2])
        for direction in _DIRECTIONS:
            for marks in kept if not found() else ():
                rows = mrz_marks.chains(marks, direction)
                for zone in mrz_locate.locate(marks, rows, direction)[:1]:
                    yield _turned(copy, to_page, direction + zone[0].slope, tone)


def _colourless(small: Pixels) -> bool:
    """Tell whether the page is black on white: every choice of colours shows the same."""
    if small.ndim == 2:
        return True
    coloured = cv().absdiff(_palest(small), grey(small)) > _COLOURED
    return bool(np.count_nonzero(coloured) < _COLOURED_SHARE * coloured.size)


def _averaged(page: Pixels) -> Pixels:
    """Return the page in a size that is still no smaller than the first copies: quick to shrink from there."""
    whole = max(page.shape[:2]) // SIDE_PX
    if whole < 2:
        return np.ascontiguousarray(page)
    small: Pixels = cv().resize(page, None, fx=1 / whole, fy=1 / whole, interpolation=cv().INTER_AREA)
    return small


def _copy(page: Pixels, small: Pixels, tone: Tone, longest: int) -> tuple[Pixels, Floats]:
    """Return a copy with this longer side in which marks are looked for, and the way back to the page."""
    scale = min(longest / max(page.shape[:2]), _SCALE_MOST)
    if 1 < scale < _WORTH_SCALING:
        scale = 1.0
    way = np.array([[1 / scale, 0, 0.5 / scale - 0.5], [0, 1 / scale, 0.5 / scale - 0.5]])
    copy = tone(small)
    if scale != 1:
        size = (max(1, round(page.shape[1] * scale)), max(1, round(page.shape[0] * scale)))
        # Less than halved: neighbours suffice, and cost a fifth of an average over the area.
        method = cv().INTER_LINEAR if scale < 1 else cv().INTER_CUBIC
        copy = cv().resize(copy, size, interpolation=method)
    return copy, way


def _turned(copy: Pixels, to_page: Floats, angle: float, tone: Tone) -> Look:
    """Turn the copy so that lines in this direction (degrees, clockwise) lie level, and look again."""
    height, width = copy.shape
    c, s = cos(radians(angle)), sin(radians(angle))
    size = (round(width * abs(c) + height * abs(s)), round(width * abs(s) + height * abs(c)))
    turn = np.array([[c, -s], [s, c]])  # from the level copy to the copy
    shift = np.array([width - 1, height - 1]) / 2 - turn @ (np.array(size) - 1) / 2
    inverse = np.column_stack((turn, shift))
    flags = cv().INTER_LINEAR | cv().WARP_INVERSE_MAP
    level = cv().warpAffine(copy, inverse, size, flags=flags, borderMode=cv().BORDER_REPLICATE)
    way = np.column_stack((to_page[:, :2] @ turn, to_page[:, :2] @ shift + to_page[:, 2]))
    found = (
        mrz_locate.locate(marks, mrz_marks.chains(marks)) for marks in mrz_marks.find(mrz_marks.darkness(level))
    )
    return Look(next((zones for zones in found if zones), []), tone, way)
