"""Views and frames of a calibration board before a lens that is known to the last digit."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from station.calibration.camera.board import Board, draw_board
from station.calibration.camera.pose import Camera, tilts_of
from station.calibration.camera.views import View
from station.imaging.cv import cv
from station.model.calibration import Figure
from station.model.image import Pixels

BOARD = Board(9, 6, 30.0)
LENS = Camera(640, 480, 620.0, 616.0, 326.0, 235.0, (-0.12, 0.03, 0.0004, -0.0003))
"""The truth: a web camera, which draws straight lines as barrels."""

Stand = tuple[float, float, float, float, float]
"""Where a board is held: its middle on the picture in shares of the sides, its depth in mm, its leans."""

PLACES = ((0.28, 0.3), (0.72, 0.3), (0.28, 0.7), (0.72, 0.7), (0.5, 0.5))
LEANS = ((22.0, 3.0), (-4.0, -22.0), (-24.0, 5.0), (3.0, 24.0))
STANDS: tuple[Stand, ...] = tuple(
    (*PLACES[(number + turn) % 5], 400.0 + 15 * number, *LEANS[turn])
    for turn in range(4)
    for number in range(5)
)
"""Twenty, as a careful person holds them: every corner of the field, ten leans about each axis."""


MORE = (*STANDS, *((x + 0.02, y - 0.03, depth + 60, -lean, other) for x, y, depth, lean, other in STANDS))


def rotation(about_x: float, about_y: float) -> NDArray[np.float64]:
    """Lean first about y, then about x, degrees."""
    x, y = np.radians((about_x, about_y))
    first = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    then = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    return np.asarray(then @ first)


def held(stand: Stand, camera: Camera = LENS) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rotation and translation (mm) of a board that is held so before a camera."""
    across, down, depth, about_x, about_y = stand
    turned = rotation(about_x, about_y)
    ray = np.array(
        [(across * camera.width - camera.cx) / camera.fx, (down * camera.height - camera.cy) / camera.fy, 1.0]
    )
    return turned, ray * depth - turned @ (*BOARD.centre, 0.0)


def seen(stand: Stand, camera: Camera = LENS, *, noise_px: float = 0.0, seed: int = 0, by: float = 1.0) -> View:
    """Return the view that a camera has of the board, by Brown's model alone; no pixel is drawn."""
    turned, shift = held(stand, camera)
    turn, _ = cv().Rodrigues(turned)
    lens = np.array(camera.distortion) * by
    places, _ = cv().projectPoints(BOARD.corners, turn, shift, camera.matrix, lens)
    places = places.reshape(-1, 2) + np.random.default_rng(seed).normal(0, noise_px, (len(places), 2))
    inside = ((places > 0) & (places < (camera.width - 1, camera.height - 1))).all(axis=1)
    ids = np.flatnonzero(inside).astype(np.int32)
    return View((camera.width, camera.height), ids, places[inside], tilts_of(turned))


def photographed(stand: Stand, camera: Camera = LENS) -> Pixels:
    """Draw the frame that a camera takes of the printed board: four looks a pixel, each along its own ray."""
    sheet, rays = _sheet_and_rays(camera)
    turned, shift = held(stand, camera)
    plane = np.column_stack((turned[:, :2], shift))
    # Sheet pixels at 100 dpi from board mm; the board lies 12 mm within the sheet.
    to_sheet = np.array([[100 / 25.4, 0, 1200 / 25.4 - 0.5], [0, 100 / 25.4, 1200 / 25.4 - 0.5], [0, 0, 1]])
    x, y = np.moveaxis(cv().perspectiveTransform(rays, to_sheet @ np.linalg.inv(plane)), -1, 0)
    looks = cv().remap(sheet, x, y, cv().INTER_LINEAR, None, cv().BORDER_CONSTANT, 120)
    return np.asarray(cv().resize(looks, (camera.width, camera.height), interpolation=cv().INTER_AREA))


@cache
def _sheet_and_rays(camera: Camera) -> tuple[Pixels, NDArray[np.float32]]:
    at_x, at_y = ((np.arange(2 * side) + 0.5) / 2 - 0.5 for side in (camera.width, camera.height))
    looks = np.stack(np.meshgrid(at_x, at_y), axis=-1).astype(np.float32)
    rays = cv().undistortPoints(looks.reshape(-1, 1, 2), camera.matrix, np.array(camera.distortion))
    return draw_board(BOARD, 100), rays.reshape(*looks.shape)


def value(figures: Sequence[Figure], name: str) -> float:
    found = next(figure.value for figure in figures if figure.measure == name)
    assert found is not None
    return found


def reasons(figures: Sequence[Figure]) -> set[str]:
    return {figure.reason for figure in figures if figure.value is None}
