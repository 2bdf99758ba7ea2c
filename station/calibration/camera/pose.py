"""A camera's lens as numbers, and where a board stands before it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from station.imaging.cv import cv

Floats = NDArray[np.float64]

_LEAST_CORNERS = 6
"""For a pose: four would do, two more tell a misread one."""


@dataclass(frozen=True, slots=True)
class Camera:
    """The intrinsics of a camera at one picture size (`width` x `height` px), focus and zoom.

    `fx`, `fy`: focal lengths in px; `cx`, `cy`: principal point, pixel centres at integers; `distortion`: k1,
    k2, p1, p2 of Brown's model, in OpenCV's order. `focal_sd`: standard deviation of the focal length in %,
    None where nobody measured it.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    distortion: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    focal_sd: float | None = None

    @classmethod
    def guessed(cls, width: int, height: int) -> "Camera":
        """Guess a camera that nobody measured: a lens of 45 degrees across the longer side, no distortion.

        Good enough to tell a tilted board from an upright one, for nothing else.
        """
        focal = 1.2 * max(width, height)
        return cls(width, height, focal, focal, (width - 1) / 2, (height - 1) / 2)

    @property
    def matrix(self) -> Floats:
        """The 3 x 3 matrix from rays to pixels."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def corner_displacement(self) -> float:
        """How far the lens moves the picture's corners, at most, px: 0 is a lens without distortion."""
        right, bottom = self.width - 1.0, self.height - 1.0
        corners = np.array([(0.0, 0.0), (right, 0.0), (0.0, bottom), (right, bottom)])
        rays = np.column_stack(((corners - (self.cx, self.cy)) / (self.fx, self.fy), np.ones(4)))
        seen, _ = cv().projectPoints(rays, np.zeros(3), np.zeros(3), self.matrix, np.array(self.distortion))
        return float(np.hypot(*(np.asarray(seen).reshape(-1, 2) - corners).T).max())


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """Where a board stands: `rotation` (3, 3) and `translation` (3,) in mm take it to the camera's axes.

    Those are x right, y down, z away from the lens. `residual_px` is the rms distance between the corners as
    seen and as this pose says.
    """

    rotation: Floats = field(repr=False)
    translation: Floats = field(repr=False)
    residual_px: float

    @property
    def tilts(self) -> tuple[float, float]:
        """How far the board leans about the picture's x and y axes, degrees, -90 to 90; upright is 0, 0."""
        return tilts_of(self.rotation)

    def depth_at(self, place: tuple[float, float]) -> float:
        """Return how far a place of the board lies from the lens along its axis, mm."""
        return float(self.rotation[2] @ (*place, 0.0) + self.translation[2])


def tilts_of(rotation: ArrayLike) -> tuple[float, float]:
    """Return how far a board leans about the x and the y axis, degrees, of its 3 x 3 rotation."""
    x, y, z = np.asarray(rotation, np.float64)[:, 2]
    # The normal points away from the camera where the board faces it; the sign is of no account to a lean.
    away = 1.0 if z >= 0 else -1.0
    about_x, about_y = np.degrees(np.arctan2((-y * away, x * away), abs(z))).tolist()
    return about_x, about_y


def pose_of(places: Floats, seen: Floats, camera: Camera) -> Pose | None:
    """Find where a board stands by its corners: `places` (n, 3) mm on it, `seen` (n, 2) px.

    None where they do not tell: fewer than six, or all on one line.
    """
    if len(places) < _LEAST_CORNERS or np.linalg.matrix_rank(places - places.mean(axis=0), tol=1e-6) < 2:
        return None
    lens = np.array(camera.distortion)
    found, turn, shift = cv().solvePnP(places, seen, camera.matrix, lens, flags=cv().SOLVEPNP_IPPE)
    if not found:
        return None
    turn, shift = cv().solvePnPRefineLM(places, seen, camera.matrix, lens, turn, shift)
    again, _ = cv().projectPoints(places, turn, shift, camera.matrix, lens)
    off = np.asarray(again).reshape(-1, 2) - seen
    rotation, _ = cv().Rodrigues(turn)
    return Pose(np.asarray(rotation), np.asarray(shift).ravel(), float(np.sqrt((off**2).sum(axis=1).mean())))
