"""One view of the board in a frame, and what all views together still lack."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from station.calibration.camera.board import Board
from station.calibration.camera.pose import Camera, pose_of
from station.imaging.cv import cv
from station.model.image import Pixels

Floats = NDArray[np.float64]
Cell = tuple[int, int]
"""Row and column of a part of the field, each 0 to 3, from the top left."""

GRID = 4
"""Rows and columns that the field is split into."""

LEAST_CORNERS = 12
"""Of a view that counts."""

LEAST_VIEWS = 20
LEAST_TILTED = 5
"""Views that lean, about each axis."""

TILTED_DEGREES = 15.0
CELL_CORNERS = 10
"""Corners that each cell needs over all views."""

CORNER_CELL_CORNERS = 5
"""The same for the four cells in the field's corners, which a flat board hardly reaches."""

SAME = 0.005
"""Of the field's diagonal: a board whose corners moved less, rms, since another view has not moved. Ours."""

BLURRED_PX = 4.0
"""An edge that takes longer to rise: its corner is found worse than is asked. Ours."""

_CLEAR = 0.15
"""Of a square's side, where the marker begins."""

_REACH = 0.13
"""How far to look to both sides of an edge, in squares."""

_MIRRORED_CORNERS = 4
"""Seen in the turned picture, so that no chance pattern is taken for a board."""

_STRAYS = 0.2
"""Of a marker's side, from where the others put its corners: a lens bends by less, another board by more."""

_FITTING = 0.7
"""Share of the markers that must lie as on the board; one read where there is none is no other board."""

_WINDOWS = (3, 5)
"""Least and most px to each side of a corner to look for it in."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The board in one frame of `size` (width, height) px: the numbers and places (n, 2) px of its corners.

    `tilts` are its leans about the x and y axis in degrees, roughly (by a guessed lens).
    """

    size: tuple[int, int]
    ids: NDArray[np.int32] = field(repr=False)
    corners: Floats = field(repr=False)
    tilts: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a frame gives no view, in a word.

    no_board: not one marker is seen, which strong blur may also do; mirrored: the camera turns the picture left
    to right; other_board: the markers do not lie as on this board; few_corners: less than twelve corners are
    seen; blurred: by movement or lack of focus; flat_view: all corners lie on one line.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What the views still lack, for guidance. Nothing is missing when it is false.

    `cells` are the parts of the field with too few corners, from the top left by rows; `tilts` how many views
    must still lean by 15 degrees and more about the x and about the y axis; `views` how many must still come.
    """

    cells: tuple[Cell, ...] = ()
    tilts: tuple[int, int] = (0, 0)
    views: int = 0

    def __bool__(self) -> bool:
        return bool(self.cells or any(self.tilts) or self.views)


def find_view(pixels: Pixels, board: Board) -> View | Unusable:
    """Find the board in a frame, grey or RGB. Its corners are found to a tenth of a pixel or better."""
    grey = pixels if pixels.ndim == 2 else cv().cvtColor(pixels, cv().COLOR_RGB2GRAY)
    found, numbers, outlines, markers = board.detector.detectBoard(grey)
    if markers is None or len(markers) == 0:
        return Unusable("mirrored" if _is_mirrored(grey, board) else "no_board")
    if (numbers is None or len(numbers) < LEAST_CORNERS) and not _lie_as_on(board, markers.ravel(), outlines):
        return Unusable("mirrored" if _is_mirrored(grey, board) else "other_board")
    if numbers is None or len(numbers) < 2:
        return Unusable("few_corners")
    ids, rough = np.asarray(numbers).ravel(), np.asarray(found, np.float64).reshape(-1, 2)
    # Asked first: blur also hides markers, and then the officer is to hold still, not to come nearer.
    if edge_width(grey, board, ids, rough) > BLURRED_PX:
        return Unusable("blurred")
    if len(ids) < LEAST_CORNERS:
        return Unusable("few_corners")
    corners = _refined(grey, rough)
    size = (grey.shape[1], grey.shape[0])
    pose = pose_of(board.corners[ids], corners, Camera.guessed(*size))
    return Unusable("flat_view") if pose is None else View(size, ids, corners, pose.tilts)


def edge_width(grey: Pixels, board: Board, ids: NDArray[np.int32], corners: Floats) -> float:
    """Return how many px the edges of the squares take from black to white at their steepest.

    The median over the edges of one direction, the worse of the two: a hand that moves blurs only one. 0 where
    no two neighbours of either direction are seen.
    """
    at = dict(zip(ids.tolist(), corners, strict=True))
    columns = board.columns - 1
    widths = []
    for along, beside in ((1, columns), (columns, 1)):
        edges = [
            (at[number], at[number + along], at[number + beside])
            for number in at
            if number + along in at
            and number + beside in at
            # The last corner of a row has no neighbour to the right.
            and (number + 1) % columns
        ]
        if edges:
            widths.append(float(np.median(_widths(grey, np.array(edges)))))
    return max(widths, default=0.0)


def missing(views: Sequence[View]) -> Missing:
    """Tell what the views lack until the camera may be calibrated; a repeated view adds nothing.

    Twenty views of one picture size; five that lean by more than 15 degrees about each axis; of the 4 x 4 cells
    of the field each with ten corners over all views, those in the field's corners with five.
    """
    kept = [views[at] for at in distinct(views)]
    leaning = (np.abs([view.tilts for view in kept]).reshape(-1, 2) > TILTED_DEGREES).sum(axis=0)
    needed = np.full((GRID, GRID), CELL_CORNERS)
    needed[:: GRID - 1, :: GRID - 1] = CORNER_CELL_CORNERS
    empty = np.argwhere(corners_per_cell(kept) < needed)
    about_x, about_y = np.maximum(LEAST_TILTED - leaning, 0).tolist()
    return Missing(
        tuple((row, column) for row, column in empty.tolist()),
        (about_x, about_y),
        max(LEAST_VIEWS - len(kept), 0),
    )


def distinct(views: Sequence[View]) -> tuple[int, ...]:
    """Return the indexes of the views that show something new, in order.

    A view whose corners all lie where an earlier one has them is the same view again: it would make every
    figure look surer than it is, down to twenty copies of one frame.
    """
    numbers = max((int(view.ids.max()) + 1 for view in views), default=0)
    kept: list[int] = []
    placed = np.empty((len(views), numbers, 2))
    for at, view in enumerate(views):
        here = np.full((numbers, 2), np.nan)
        here[view.ids] = view.corners
        off = ((placed[: len(kept)] - here) ** 2).sum(axis=2)
        shared = np.isfinite(off)
        moved = np.where(shared, off, 0).sum(axis=1) / np.maximum(shared.sum(axis=1), 1)
        still = (SAME * np.hypot(*view.size)) ** 2
        if not (shared.any(axis=1) & (moved < still)).any():
            placed[len(kept)] = here
            kept.append(at)
    return tuple(kept)


def corners_per_cell(views: Sequence[View]) -> NDArray[np.int64]:
    """Count the corners that lie in each cell of the field over all views, (4, 4)."""
    counts = np.zeros((GRID, GRID), np.int64)
    for view in views:
        # A pixel's centre is its whole number, so the field begins half a pixel before the first.
        cells = np.floor((view.corners + 0.5) * GRID / view.size).clip(0, GRID - 1).astype(np.int64)
        np.add.at(counts, (cells[:, 1], cells[:, 0]), 1)
    return counts


def _is_mirrored(grey: Pixels, board: Board) -> bool:
    """Tell whether the board is seen once the picture is turned left to right; half the size will do."""
    size = (max(grey.shape[1] // 2, 1), max(grey.shape[0] // 2, 1))
    turned = np.ascontiguousarray(cv().resize(grey, size, interpolation=cv().INTER_AREA)[:, ::-1])
    _, numbers, _, _ = board.detector.detectBoard(turned)
    return numbers is not None and len(numbers) >= _MIRRORED_CORNERS


def _lie_as_on(board: Board, markers: NDArray[np.int32], outlines: Sequence[Floats]) -> bool:
    """Tell whether the markers, by their numbers and outlines (1, 4, 2) px, lie as on this board."""
    places = board.marker_corners
    if int(markers.max()) >= len(places):
        return False
    seen = np.asarray(outlines, np.float64).reshape(-1, 2)
    side = float(np.median(np.hypot(*(seen[1::4] - seen[::4]).T)))
    _, fits = cv().findHomography(
        places[markers].reshape(-1, 2), seen, cv().RANSAC, ransacReprojThreshold=_STRAYS * side
    )
    return fits is not None and float(np.mean(fits)) >= _FITTING


def _refined(grey: Pixels, corners: Floats) -> Floats:
    """Return the corners where the edges about them meet, found within a window that no marker reaches into.

    Smoothing first halves the error on sharp frames, where a corner's place within its pixel pulls at it: on
    drawn frames 0.06 px rms instead of 0.12, with noise of 4 levels 0.07 px.
    """
    apart = np.hypot(*(corners[:, None] - corners[None]).T)
    nearest = float(np.min(apart, where=apart > 0, initial=np.inf))
    reach = int(np.clip(_CLEAR * nearest, *_WINDOWS))
    smooth = cv().GaussianBlur(grey, (0, 0), 1.0)
    steps = (cv().TERM_CRITERIA_EPS + cv().TERM_CRITERIA_MAX_ITER, 50, 1e-3)
    places = np.ascontiguousarray(corners, np.float32).reshape(-1, 1, 2)
    return np.asarray(cv().cornerSubPix(smooth, places, (reach, reach), (-1, -1), steps), np.float64).reshape(
        -1, 2
    )


def _widths(grey: Pixels, edges: Floats) -> Floats:
    """Return the width in px of each edge; `edges` (n, 3, 2) are both ends and the corner beside the first."""
    first, second, beside = edges[:, 0], edges[:, 1], edges[:, 2]
    reach = (beside - first) * _REACH
    # At most half a pixel between two looks.
    looks = max(3, int(np.ceil(4 * np.hypot(*reach.T).max())) + 1)
    across = np.linspace(-1, 1, looks)
    places = ((first + second) / 2)[:, None] + reach[:, None] * across[None, :, None]
    x, y = np.moveaxis(places, -1, 0).astype(np.float32)
    levels = cv().remap(grey.astype(np.float32), x, y, cv().INTER_LINEAR, None, cv().BORDER_REPLICATE)
    # Square to the edge: a slanted look crosses it on a longer way.
    along = second - first
    square = np.abs(reach[:, 0] * along[:, 1] - reach[:, 1] * along[:, 0]) / np.hypot(*along.T)
    step = 2 * square / (looks - 1)
    # Two steps at a time, a pixel about, so that noise of single pixels makes no edge look steep.
    slope = np.abs(levels[:, 2:] - levels[:, :-2]).max(axis=1) / (2 * step)
    contrast = np.abs(levels[:, -1] - levels[:, 0])
    return np.asarray(contrast / np.maximum(slope, 1e-6), np.float64)
