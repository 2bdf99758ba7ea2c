"""Where faces are: the detector sees 128 x 128 pixels, so it looks at the frame and, closer, at parts of it."""

from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality.face.networks import DETECTOR, Tensor, answers, likelihood, tensor

_SIDE: Final = 128
_GRIDS: Final = ((16, 2), (8, 6))
"""Cells across and down, anchors in each."""
_ANCHORS: Final = 896
_VALUES: Final = 16
"""Of each anchor: middle x, y, width, height, then x, y of six points, of which 0 and 1 are the eyes."""
_WIDTH, _HEIGHT = 2, 3
_PLACES: Final = np.array([1, 1, 0, 0] + [1] * (_VALUES - 4))
"""Which of the values are places; the others are lengths, and do not move with the part looked at."""
_SURE: Final = 0.5
_BEYOND_DOUBT: Final = 0.8
_SAME: Final = 0.3
"""Boxes whose intersection is this part of their union are one face, seen from several anchors."""
_WITHIN: Final = 0.5
"""A face that shares this part of the smaller box with another is the same face, seen in two views."""

_ASPECT: Final = 3 / 4
_CLOSER: Final = 0.85
"""Part of the portrait part's width that a closer look is wide."""
_STEP: Final = 0.7
"""Closer looks lie at most this part of their side apart: a face of 0.3 of it is whole in one of them."""
_MOST_ACROSS: Final = 4
_OVERLAP: Final = 0.25
"""Part of the portrait part's width that is looked at from the sides too: a face on its edge is whole there."""
_WORKING_PX: Final = 640

View = tuple[int, int, int, int]
"""(left, top, width, height) of a part of a picture, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the detector saw: the 16 values of a face in the picture's pixels, and how sure it is (0.5 to 1)."""

    values: NDArray[np.float64]
    score: float

    @property
    def area(self) -> float:
        """The area of the box in square pixels."""
        return float(self.values[_WIDTH] * self.values[_HEIGHT])


def detect(pixels: Pixels, *, thorough: bool) -> list[Seen]:
    """Return the faces on a picture, largest first.

    The centred upright 3:4 part of the picture is looked at, and what lies beside it. Where the part shows no
    face beyond doubt, or `thorough`, so is the whole, and squares a little narrower than the part, all over the
    picture: they show faces of a tenth of their side, which is 0.045 of a wide frame's width.

    Raises:
        LookupError: the model files are missing.
    """
    by = max(1, min(max(pixels.shape[:2]) // _WORKING_PX, *pixels.shape[:2]))
    small = _shrunk(pixels, by)
    height, width = small.shape[:2]
    whole, portrait = (0, 0, width, height), _portrait(width, height)
    found = _look(small, portrait)
    if thorough or not any(face.score >= _BEYOND_DOUBT for face in found):
        squares = _squares(width, height, ceil(portrait[2] * _CLOSER))
        found += [face for view in (whole, *squares) for face in _look(small, view)]
    elif portrait[2] < width:
        found += _look_beside(small, portrait)
    return sorted((Seen(face.values * by, face.score) for face in _apart(found)), key=lambda face: -face.area)


def _shrunk(pixels: Pixels, by: int) -> Pixels:
    """Return the picture with by x by pixels made one; what is left over at the right and below is left out."""
    if by == 1:
        return np.ascontiguousarray(pixels)
    height, width = (side // by for side in pixels.shape[:2])
    whole = np.ascontiguousarray(pixels[: height * by, : width * by])
    result: Pixels = cv().resize(whole, (width, height), interpolation=cv().INTER_AREA)
    return result


def _portrait(width: int, height: int) -> View:
    """Return the centred upright 3:4 part of a picture (BSI TR-03121)."""
    across, down = max(1, min(width, round(height * _ASPECT))), max(1, min(height, round(width / _ASPECT)))
    return (width - across) // 2, (height - down) // 2, across, down


def _squares(width: int, height: int, side: int) -> list[View]:
    """Return squares that cover a picture and overlap."""
    return [
        (x, y, min(side, width), min(side, height))
        for y in _places(height - side, side)
        for x in _places(width - side, side)
    ]


def _places(room: int, side: int) -> list[int]:
    if room <= 0:
        return [0]
    count = min(_MOST_ACROSS, ceil(room / (side * _STEP)) + 1)
    return [round(room * number / (count - 1)) for number in range(count)]


def _look(pixels: Pixels, view: View) -> list[Seen]:
    """Return the faces that the detector sees on a part of a picture, in the picture's pixels.

    Those that the part's edge cuts are left out where the picture goes on: another part shows them whole.
    """
    left, top, width, height = view
    part = pixels[top : top + height, left : left + width]
    scale = _SIDE / max(width, height)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    way = cv().INTER_AREA if scale < 1 else cv().INTER_LINEAR
    square = np.zeros((_SIDE, _SIDE, *pixels.shape[2:]), np.uint8)
    x, y = (_SIDE - across) // 2, (_SIDE - down) // 2
    square[y : y + down, x : x + across] = cv().resize(part, (across, down), interpolation=way)
    offset = np.tile([x, y], _VALUES // 2) * _PLACES
    stretch, start = np.tile([width / across, height / down], _VALUES // 2), np.tile([left, top], _VALUES // 2)
    found = [
        Seen((face.values - offset) * stretch + start * _PLACES, face.score)
        for face in _blended(*_decoded(square))
    ]
    return [face for face in found if not _cut(face, view, pixels)]


def _look_beside(pixels: Pixels, portrait: View) -> list[Seen]:
    """Return the faces at both sides of the portrait part: one look at the two, put next to each other.

    So a face beside the applicant is seen larger than on the whole picture, at the price of one look.
    """
    width = pixels.shape[1]
    across = min(portrait[0] + round(portrait[2] * _OVERLAP), width // 2)
    pair = np.concatenate([pixels[:, :across], pixels[:, width - across :]], axis=1)
    found = []
    for face in _look(pair, (0, 0, 2 * across, pixels.shape[0])):
        x, half = face.values[0], face.values[_WIDTH] / 2
        if x + half <= across:
            found.append(face)
        elif x - half >= across:
            shift = np.tile([width - 2 * across, 0], _VALUES // 2) * _PLACES
            found.append(Seen(face.values + shift, face.score))
    return found


def _cut(face: Seen, view: View, pixels: Pixels) -> bool:
    """Tell whether a box reaches over an edge of a part beyond which the picture goes on."""
    x, y, width, height = face.values[:4]
    left, top, across, down = view
    return bool(
        (left > 0 and x - width / 2 < left)
        or (top > 0 and y - height / 2 < top)
        or (left + across < pixels.shape[1] and x + width / 2 > left + across)
        or (top + down < pixels.shape[0] and y + height / 2 > top + down)
    )


def _decoded(square: Pixels) -> tuple[NDArray[np.float64], Tensor]:
    """Return values (n, 16) in pixels of the square, and scores (n), of the anchors that see a face."""
    outputs = answers(DETECTOR, tensor(square, 1 / 127.5, 127.5))
    scores = likelihood(next(output for output in outputs if output.size == _ANCHORS).ravel())
    sure = np.flatnonzero(scores >= _SURE)
    values = next(output for output in outputs if output.size == _ANCHORS * _VALUES).reshape(_ANCHORS, _VALUES)
    shifts = np.tile(_anchors()[sure], _VALUES // 2) * _SIDE * _PLACES
    return values[sure] + shifts, scores[sure]


def _blended(values: NDArray[np.float64], scores: Tensor) -> list[Seen]:
    """Join what several anchors say of one face, each weighted by its score."""
    left = np.argsort(-scores)
    found = []
    while left.size:
        same = _shared(values[left[0]], values[left])[0] > _SAME
        same[0] = True
        group = left[same]
        found.append(Seen(np.average(values[group], axis=0, weights=scores[group]), float(scores[left[0]])))
        left = left[~same]
    return found


def _apart(found: list[Seen]) -> list[Seen]:
    """Return each face once, as the view that was surest shows it.

    A face that is small in a view gets a box that is too large, and a low score. Beyond doubt all views are
    equal, and the first is taken, so that the mesh of a live face does not jump between them.
    """
    kept: list[Seen] = []
    for face in sorted(found, key=lambda face: -min(face.score, _BEYOND_DOUBT)):
        if not any(_shared(face.values, other.values[None])[1][0] > _WITHIN for other in kept):
            kept.append(face)
    return kept


def _shared(
    one: NDArray[np.float64], others: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what a box shares with others: as parts of their unions, and of the smaller of the two."""
    half_one, half = one[2:4] / 2, others[:, 2:4] / 2
    low = np.maximum(one[:2] - half_one, others[:, :2] - half)
    high = np.minimum(one[:2] + half_one, others[:, :2] + half)
    shared = np.clip(high - low, 0, None).prod(1)
    area_one, areas = one[2:4].prod(), others[:, 2:4].prod(1)
    return shared / np.maximum(area_one + areas - shared, 1e-9), shared / np.maximum(
        np.minimum(area_one, areas), 1e-9
    )


@cache
def _anchors() -> NDArray[np.float64]:
    """Return the middles (896, 2) of the anchors, 0 to 1."""
    cells = [
        ((x + 0.5) / cells, (y + 0.5) / cells)
        for cells, each in _GRIDS
        for y in range(cells)
        for x in range(cells)
        for _ in range(each)
    ]
    return np.array(cells)
