"""Where a slanted edge for the focus lies in a frame: one of the board's squares, or one that is held up alone.

ISO 12233 asks for an edge 2 to 10 degrees off the pixels' rows or columns, clean to both sides. Within
the board the markers leave little paper beside an edge, so that mostly its rim serves.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from station.calibration.camera.board import Board
from station.calibration.camera.views import View
from station.calibration.edge_line import LEAST_COLUMNS, LEAST_ROWS
from station.calibration.lab import LIGHT
from station.imaging.cv import cv
from station.model.image import Pixels

Floats = NDArray[np.float64]

PLACES: Mapping[str, tuple[float, float]] = MappingProxyType({"centre": (0.5, 0.5), "eyes": (0.5, 0.4)})
"""Where the focus is asked, in shares of the frame. A portrait has its eyes 50 to 70 % above its lower end."""

_NEAR = 0.15
"""Of the frame's height: so far from the place an edge still speaks for it. Ours."""

_INNER_CLEAN, _RIM_CLEAN = 0.14, 0.36
"""Of a square's side, clean paper beside an edge: up to a marker, and up to the end of the quiet white."""

_ENDS = 0.12
"""Of a square's side, left out at both ends of an edge."""

_SPARE_PX = 2.0
_MOST_HALF_PX = 40.0
_DEGREES = (2.2, 9.8)

_ALONE = 0.14
"""Of the frame's height, the part in which a lone edge is sought."""

_ALONE_PX = (80, 160)

_PRINTED = 0.6
"""Contrast of ink and paper, in light: 0.04 and 0.7 of a print have 0.89. Ours."""


def board_edges(pixels: Pixels, view: View, board: Board) -> tuple[dict[str, Pixels], bool]:
    """Return the part of the frame with the nearest usable edge of the board, by place.

    With it whether any edge near a place would do but for its angle: then the board only has to be turned.
    """
    plane, _ = cv().findHomography(board.corners[view.ids, :2], view.corners)
    found: dict[str, Pixels] = {}
    straight = False
    if plane is None:
        return found, straight
    height, width = pixels.shape[:2]
    best = dict.fromkeys(PLACES, _NEAR * height)
    for ends, sides in _edges(board):
        seen = cv().perspectiveTransform(np.array([[*ends, *sides]]), plane)[0]
        middle = (seen[0] + seen[1]) / 2
        away = {name: float(np.hypot(*(middle - (x * width, y * height)))) for name, (x, y) in PLACES.items()}
        if all(away[name] > best[name] for name in PLACES):
            continue
        box, slanted = _box(seen)
        if box is None or not _inside(box, width, height):
            continue
        straight = straight or not slanted
        for name, apart in away.items():
            if slanted and apart <= best[name]:
                left, top, right, bottom = box
                best[name], found[name] = apart, pixels[top:bottom, left:right]
    return found, straight


def lone_edges(pixels: Pixels) -> dict[str, Pixels]:
    """Return the part of the frame at each place where an edge that is held up alone could be.

    Only black beside white counts: nobody's shoulder is to be taken for an edge.
    """
    height, width = pixels.shape[:2]
    half = int(np.clip(_ALONE * height, *_ALONE_PX)) // 2
    parts = {}
    for name, (x, y) in PLACES.items():
        column, row = round(x * width), round(y * height)
        part = pixels[max(row - half, 0) : row + half, max(column - half, 0) : column + half]
        dark, bright = LIGHT[np.percentile(part, (10, 90)).astype(int)]
        if bright - dark > _PRINTED * (bright + dark):
            parts[name] = part
    return parts


def _edges(board: Board) -> Iterator[tuple[Floats, Floats]]:
    """Return the edges of the black squares, mm: both ends, then how far white and black are clean."""
    side = board.square_mm
    for row in range(board.rows):
        for column in range(row % 2, board.columns, 2):
            centre = (np.array((column, row)) + 0.5) * side
            for out in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                beside = (column + out[0], row + out[1])
                rim = not (0 <= beside[0] < board.columns and 0 <= beside[1] < board.rows)
                outward = np.array(out, np.float64)
                along = np.array((-out[1], out[0]), np.float64)
                middle = centre + outward * side / 2
                reach = along * side * (0.5 - _ENDS)
                clean = _RIM_CLEAN if rim else _INNER_CLEAN
                yield (
                    np.array((middle - reach, middle + reach)),
                    np.array((middle + outward * side * clean, middle - outward * side * (1 - _ENDS))),
                )


def _box(seen: Floats) -> tuple[tuple[int, int, int, int] | None, bool]:
    """Return the part (left, top, right, bottom) that an edge allows, if enough, and whether it slants."""
    first, second, white, black = seen
    middle = (first + second) / 2
    along = np.abs(second - first)
    upright = along[1] > along[0]
    length, slant = (along[1], along[0]) if upright else (along[0], along[1])
    square = (second - first)[::-1] * (-1, 1) / np.hypot(*along)
    clean = min(abs(float((place - middle) @ square)) for place in (white, black))
    half = min(clean - slant / 2 - _SPARE_PX, _MOST_HALF_PX)
    if half < LEAST_COLUMNS / 2 + 1 or length < LEAST_ROWS + 2:
        return None, False
    reach = np.array((half, length / 2) if upright else (length / 2, half))
    (left, top), (right, bottom) = np.ceil(middle - reach), np.floor(middle + reach)
    degrees = np.degrees(np.arctan2(slant, length))
    return (int(left), int(top), int(right), int(bottom)), bool(_DEGREES[0] <= degrees <= _DEGREES[1])


def _inside(box: tuple[int, int, int, int], width: int, height: int) -> bool:
    left, top, right, bottom = box
    return left >= 0 and top >= 0 and right <= width and bottom <= height
