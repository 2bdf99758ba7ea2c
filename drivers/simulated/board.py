"""A board that a hand moves before the camera, seen by a lens that is known to the last digit."""

from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from drivers.simulated.sensor import decoded, encode
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.specimen import Paper

BLUR_PX = 0.6
"""Standard deviation of the camera's blur at 1280 x 720."""
EXPOSURE = 0.75
"""Of the full light, what white paper gives in the middle of the picture."""
WALL = 0.2
"""The light of the wall behind the board."""
FALL_OFF = 0.25
"""Share of its light that the lens loses from the middle to the picture's corners, as the square of the way."""
LEVELS = 4095
"""Steps of the tone table, over the square root of the light."""
FINER = 1.3
"""Pixels of the drawing for one of the picture: less would show stairs, more takes longer."""

Floats = NDArray[np.float64]
Light = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lens:
    """The truth about the simulated camera at one picture size.

    `fx`, `fy`, `cx`, `cy` are px, pixel centres at integers; `k1` and `k2` are the radial distortion of Brown's
    model.
    """

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    k1: float
    k2: float

    @classmethod
    def at(cls, width_px: int, height_px: int) -> "Lens":
        """Return the lens at this picture size: one lens, 65 degrees wide, pixels of another size."""
        scale = width_px / 1280
        centre_x, centre_y = (646.5 + 0.5) * scale - 0.5, (354.0 + 0.5) * scale - 0.5
        return cls(width_px, height_px, 1010.0 * scale, 1006.0 * scale, centre_x, centre_y, -0.09, 0.02)

    @property
    def matrix(self) -> Floats:
        """The 3 x 3 matrix from rays to pixels."""
        return np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1]])

    def light(self, x_px: Floats, y_px: Floats) -> Floats:
        """Return the share of the light, 0 to 1, that comes through to these places of the picture."""
        half = np.array([self.width, self.height]) / 2
        across, down = (x_px + 0.5 - half[0]) / np.hypot(*half), (y_px + 0.5 - half[1]) / np.hypot(*half)
        return np.asarray(1 - FALL_OFF * (across**2 + down**2))


Stand = tuple[float, float, float, float, float, float]
"""Where a board is held: its middle on the picture in shares of the sides, the share of the picture's width
that it would take upright, its leans about x and y and its turn in the picture in degrees."""

PLACES = ((0.27, 0.32), (0.73, 0.32), (0.5, 0.5), (0.27, 0.68), (0.73, 0.68))
LEANS = ((23.0, 3.0, 2.0), (-4.0, -24.0, -5.0), (-22.0, 5.0, 6.0), (3.0, 22.0, -3.0), (19.0, -19.0, 4.0))
POSES: tuple[Stand, ...] = (
    *(
        (*PLACES[(number + 2 * turn) % 5], 0.46 + 0.03 * ((number + turn) % 5), *lean)
        for turn, lean in enumerate(LEANS)
        for number in range(5)
    ),
    (0.5, 0.5, 0.7, 0.0, 0.0, 0.0),
    (0.2, 0.5, 0.42, -2.0, 18.0, 9.0),
    (0.8, 0.5, 0.42, 2.0, -18.0, -9.0),
    (0.5, 0.45, 0.36, -18.0, 17.0, 12.0),
)
"""The script: every part of the field, leans of both signs about both axes. 29, a prime: whoever sees only each
second or third pose comes to see them all."""


@dataclass(slots=True, eq=False)
class MovedBoard:
    """One target in one hand before one camera; used on the camera's lane.

    A pose is drawn once for as long as it is held: 15 ms at 1280 x 720.
    """

    paper: Paper
    lens: Lens
    _drawing: Light = field(init=False, repr=False)
    _ratio: float = field(init=False)
    _even: bool = field(init=False)
    _last: tuple[int, Pixels] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Take the drawing's light, no finer than the nearest pose can show."""
        drawing = self.paper.drawing
        if drawing is None:
            raise ValueError("a target without a drawing")
        self._ratio = drawing.shape[0] / drawing.shape[1]
        self._even = bool((drawing == drawing[0, 0]).all())
        light = np.asarray(cv().LUT(drawing[:1, :1].copy() if self._even else drawing, decoded()))
        most = FINER * max(share for _, _, share, *_ in POSES) * self.lens.width
        self._drawing = _shrunk(light, most)

    def picture(self, number: int) -> Pixels:
        """Return what the camera sees in a pose but for its noise, RGB; after the last pose comes the first."""
        pose = number % len(POSES)
        if self._last is None or self._last[0] != pose:
            light = self._card() if self._even else self._board(POSES[pose])
            self._last = (pose, _exposed(light, self.lens))
        return self._last[1]

    def _card(self) -> Light:
        shape = (self.lens.height, self.lens.width, *self._drawing.shape[2:])
        return np.broadcast_to(self._drawing[0, 0], shape)

    def _board(self, stand: Stand) -> Light:
        """Look along the ray of each pixel to where it meets the board."""
        drawing = _shrunk(self._drawing, FINER * stand[2] * self.lens.width)
        height, width = drawing.shape[:2]
        ground = (WALL / EXPOSURE,) * 3
        drawing = cv().copyMakeBorder(drawing, 1, 1, 1, 1, cv().BORDER_CONSTANT, value=ground)
        rotation, shift = placed(stand, self.lens, self._ratio)
        # On the board, whose width is 1, from its middle; then pixels of the drawing, one more on each side.
        plane = np.column_stack((rotation[:, :2], shift))
        pixels = np.array([[width, 0, width / 2 + 0.5], [0, height / self._ratio, height / 2 + 0.5], [0, 0, 1]])
        at = cv().perspectiveTransform(_rays(self.lens), pixels @ np.linalg.inv(plane))
        seen = cv().remap(
            drawing, at, None, cv().INTER_LINEAR, borderMode=cv().BORDER_CONSTANT, borderValue=ground
        )
        return np.asarray(cv().GaussianBlur(seen, (0, 0), BLUR_PX * self.lens.width / 1280))


def placed(stand: Stand, lens: Lens, ratio: float) -> tuple[Floats, Floats]:
    """Return rotation and translation, to the camera's axes, of a board as wide as 1 and as high as `ratio`."""
    across, down, share, *leans = stand
    x, y, z = (radians(lean) for lean in leans)
    about_x = np.array([[1, 0, 0], [0, cos(x), -sin(x)], [0, sin(x), cos(x)]])
    about_y = np.array([[cos(y), 0, sin(y)], [0, 1, 0], [-sin(y), 0, cos(y)]])
    about_z = np.array([[cos(z), -sin(z), 0], [sin(z), cos(z), 0], [0, 0, 1]])
    # A board higher than the field is held further away.
    depth = lens.fx / (share * lens.width * min(1, lens.height / lens.width / ratio))
    ray = np.array([(across * lens.width - lens.cx) / lens.fx, (down * lens.height - lens.cy) / lens.fy, 1])
    return about_z @ about_x @ about_y, ray * depth


def _shrunk(light: Light, width_px: float) -> Light:
    """Return a picture no wider than this: each pixel the mean of those that it covers."""
    by = width_px / light.shape[1]
    if by >= 1:
        return light
    size = (round(width_px), max(1, round(light.shape[0] * by)))
    return np.asarray(cv().resize(light, size, interpolation=cv().INTER_AREA))


def _exposed(light: Light, lens: Lens) -> Pixels:
    """Return what the camera codes of the light before the lens, RGB."""
    reaches = _reaching(lens)
    lit = light * (reaches if light.ndim == 2 else reaches[..., None])
    steps = cv().sqrt(lit) if lit.ndim == 2 else np.sqrt(lit)
    seen = _coded()[(steps * np.float32(LEVELS) + np.float32(0.5)).astype(np.uint16)]
    pixels = np.asarray(seen if seen.ndim == 3 else cv().cvtColor(seen, cv().COLOR_GRAY2RGB), np.uint8)
    pixels.setflags(write=False)
    return pixels


@lru_cache(maxsize=2)
def _rays(lens: Lens) -> Light:
    """Return the ray of each pixel (height, width, 2): where it meets the plane one before the lens."""
    x, y = np.meshgrid(np.arange(lens.width), np.arange(lens.height))
    places = np.stack((x, y), axis=-1).astype(np.float32).reshape(-1, 1, 2)
    rays = cv().undistortPoints(places, lens.matrix, np.array([lens.k1, lens.k2, 0, 0]))
    return np.asarray(rays.reshape(lens.height, lens.width, 2))


@lru_cache(maxsize=2)
def _reaching(lens: Lens) -> Light:
    """Return the share of the light that reaches each pixel."""
    y, x = np.mgrid[: lens.height, : lens.width].astype(float)
    return np.asarray(EXPOSURE * lens.light(x, y), np.float32)


@lru_cache(maxsize=1)
def _coded() -> Pixels:
    """Return the sRGB code over the square root of the light."""
    return np.asarray(np.round(255 * encode((np.arange(LEVELS + 1) / LEVELS) ** 2)), np.uint8)
