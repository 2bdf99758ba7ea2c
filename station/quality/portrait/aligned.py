"""The face as ISO/IEC 29794-5 looks at it: upright, in one size, in linear light, with its parts marked.

The drawing of the parts follows the reference implementation (OFIQ 1.0.3), its roundings included.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality.face.landmarks import (
    ALIGNED_AT,
    ALIGNED_PX,
    REGION,
    Geometry,
    alignment_points,
    geometry,
)
from station.quality.lightness import LINEAR

Zone = tuple[slice, slice]
"""Rows and columns of an aligned face."""

_WEIGHTS: Final = (0.2126, 0.7152, 0.0722)
_OF_CHANNELS: Final = np.outer(255 * LINEAR, _WEIGHTS).astype(np.float32).reshape(1, 256, 3)
"""What each code value of each channel adds to the luminance."""
_SUM: Final = np.array([[1, 1, 1, 0.5]], np.float32)
_OF_GREY: Final = (255 * LINEAR + 0.5).astype(np.uint8)

_GRID: Final = 224
"""The region is drawn on a grid of this many cells and enlarged: as coarse as its network for covers sees."""
_ROOM: Final = 0.05

_CHEEK: Final = 0.3
"""A cheek zone's side in parts of the distance between the eyes."""

_BACKDROP_ROWS: Final = slice(0, 406)
_BACKDROP_COLUMNS: Final = slice(62, 554)
_BACKDROP_SIZE: Final = (354, 292)
"""The part of an aligned face in which the background is looked for, shrunk to this (width, height)."""
_ERODED_PX: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Aligned:
    """A face turned and scaled so that eyes, nose and mouth lie where the standard puts them.

    `pixels` are 616 x 616, grey or RGB, black where the picture ends; `matrix` (2, 3) takes the picture's
    pixels to these; `points` (478, 2) are the mesh there.
    """

    pixels: Pixels = field(repr=False)
    matrix: NDArray[np.float64] = field(repr=False)
    points: NDArray[np.float32] = field(repr=False)

    @property
    def geometry(self) -> Geometry:
        """Places and distances on the aligned face."""
        return geometry(self.points)


def align(pixels: Pixels, landmarks: NDArray[np.float32]) -> Aligned:
    """Return the face with these landmarks (478, 2 or more), aligned."""
    matrix, _ = cv().estimateAffinePartial2D(
        alignment_points(landmarks), np.array(ALIGNED_AT, np.float32), method=cv().LMEDS
    )
    aligned = cv().warpAffine(np.ascontiguousarray(pixels), matrix, (ALIGNED_PX, ALIGNED_PX))
    points = landmarks[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    return Aligned(aligned, matrix, points.astype(np.float32))


def luminance(pixels: Pixels) -> Pixels:
    """Return the linear-light luminance of each pixel, 0 to 255; light skin has 50 to 100."""
    if pixels.ndim == 2:
        result: Pixels = cv().LUT(pixels, _OF_GREY)
        return result
    light: NDArray[np.float32] = cv().transform(cv().LUT(pixels, _OF_CHANNELS), _SUM)
    return light.astype(np.uint8)  # cuts off, after the half that was added


def region(points: NDArray[np.float32]) -> Pixels:
    """Return the landmarked region, brows to chin, of an aligned face: 255 inside, 0 outside."""
    hull = cv().convexHull(np.rint(points[list(REGION)]).astype(np.int32)).reshape(-1, 2)
    left, top, width, height = cv().boundingRect(hull)
    first, last = int(top - _ROOM * height), int(top + (1 + _ROOM) * height)
    side = last - first
    start = int(left + width / 2 - side / 2)
    stop = int(left + width / 2 + side / 2)
    cells = (hull - [start, first]) * [_GRID / (stop - start), _GRID / side]
    drawn = np.zeros((_GRID, _GRID), np.uint8)
    cv().fillConvexPoly(drawn, cells.astype(np.int32), 255)
    enlarged = cv().resize(drawn, (stop - start, side), interpolation=cv().INTER_NEAREST)
    mask = np.zeros((ALIGNED_PX, ALIGNED_PX), np.uint8)
    rows, columns = (slice(max(0, a), min(b, ALIGNED_PX)) for a, b in ((first, last), (start, stop)))
    mask[rows, columns] = enlarged[
        rows.start - first : rows.stop - first, columns.start - start : columns.stop - start
    ]
    return mask


def cheeks(face: Aligned) -> tuple[Zone, Zone] | None:
    """Return the zones below both eyes; None where the face is turned so far that there is no room for them."""
    shape = face.geometry
    left, right = (np.rint(eye).astype(int) for eye in (shape.left_eye, shape.right_eye))
    side = int(_CHEEK * float(np.linalg.norm(right - left)))
    middle = (left + right) / 2
    down = int(float(np.linalg.norm(middle - shape.mouth_middle)) / 2)
    zones = tuple(
        (slice(eye[1] + down, eye[1] + down + side), slice(x, x + side))
        for eye, x in ((left, left[0]), (right, right[0] - side))
    )
    inside = all(axis.start >= 0 and axis.stop <= ALIGNED_PX for zone in zones for axis in zone)
    return (zones[0], zones[1]) if side and inside else None


@dataclass(frozen=True, slots=True, eq=False)
class Backdrop:
    """What lies behind the head and shoulders of an aligned face.

    `pixels` (292, 354) or (292, 354, 3); `mask` is True where neither the person is nor the picture has ended,
    well away from both. `matrix` (2, 3) takes the picture's pixels to these.
    """

    pixels: Pixels = field(repr=False)
    mask: NDArray[np.bool_] = field(repr=False)
    matrix: NDArray[np.float64] = field(repr=False)


def backdrop(face: Aligned, person: NDArray[np.float32], size: tuple[int, int]) -> Backdrop:
    """Return the background of a picture of `size` (width, height).

    `person` (n, n) is how likely each part of the picture shows the person, 0 to 1. The standard's reference
    takes the background from a face-parsing network; here it is what is no person.
    """
    part = cv().resize(face.pixels[_BACKDROP_ROWS, _BACKDROP_COLUMNS], _BACKDROP_SIZE)
    across, down = (
        shrunk / (axis.stop - axis.start)
        for shrunk, axis in zip(_BACKDROP_SIZE, (_BACKDROP_COLUMNS, _BACKDROP_ROWS), strict=True)
    )
    shrink = _scaling(across, down) @ _shift(-_BACKDROP_COLUMNS.start, -_BACKDROP_ROWS.start)
    from_picture = shrink @ np.vstack([face.matrix, [0, 0, 1]])
    from_mask = from_picture @ _scaling(*(side / cells for side, cells in zip(size, person.shape, strict=True)))
    # Beyond the picture's rim the person is said to be: what was never seen is no background.
    likely = cv().warpAffine(person, from_mask[:2], _BACKDROP_SIZE, borderValue=1.0)
    apart = cv().erode((likely < 0.5).astype(np.uint8), np.ones((_ERODED_PX, _ERODED_PX), np.uint8))
    return Backdrop(part, apart.astype(np.bool_), from_picture[:2])


def _scaling(across: float, down: float) -> NDArray[np.float64]:
    """Scale pixels by their rims, not by their middles."""
    return np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])


def _shift(across: float, down: float) -> NDArray[np.float64]:
    return np.array([[1, 0, across], [0, 1, down], [0, 0, 1]])
