"""What a device does to the picture of a target, as exact parameters, and what a perfect measure would find.

Three planes: the sheet in millimetres (x right, y down), the picture in pixels (pixel centres at integers), and
light as a part of the full scale (0 to 1, linear). Only values and arithmetic; `degrade` makes the pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, ceil, cos, degrees, hypot, pi, radians, sin
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from station.model.image import MM_PER_INCH

Floats = NDArray[np.floating[Any]]
Pair = tuple[float, float]

LUMA: tuple[float, float, float] = (0.213, 0.715, 0.072)
"""Weights of red, green and blue in the grey of the slanted edge (sfrmat5; IEC 61966-2-1 to three places)."""

_FREQUENCIES = np.linspace(0.0, 2.0, 8001)
"""Cycles a pixel, on which a crossing is looked for."""


@dataclass(frozen=True, slots=True)
class Streak:
    """Dirt before the sensor of a feeder: `width_px` columns from `left_px` lose `depth` of their light."""

    left_px: float
    width_px: float
    depth: float


@dataclass(frozen=True, slots=True)
class Speck:
    """Dust on the glass: a round spot in picture pixels that takes `depth` (0 to 1) of the light."""

    x_px: float
    y_px: float
    diameter_px: float
    depth: float


@dataclass(frozen=True, slots=True)
class Degradation:
    """What a device does to a picture, in the order in which light passes it.

    `scale` is the relative error of the pixels an inch along the sensor line (x) and the transport (y), which
    make an angle of 90 degrees and `shear`. The sheet lies turned by `skew` degrees (clockwise) against the
    sensor line, and its middle lies `shift_px` off the middle of the picture. `barrel_px` draws in what lies
    half a diagonal from the middle (negative: a pincushion).
    `blur_px` is the standard deviation of a Gaussian in x and y, 0.3 to 3 pixels, before the square pixel.
    `red_px` and `blue_px` are where red and blue fall beside green. `black` and `white` are the light of ink
    and paper; `cast` is the gain of red, green and blue; `gradient` is the light gained from the middle to the
    right and to the lower edge; `gamma` bends linear light. `noise` is a standard deviation in L*, the same
    for the three channels, so that it is that of a grey patch too; `seed` starts it. `backing` is the light
    round the sheet.
    """

    scale: Pair = (0.0, 0.0)
    skew: float = 0.0
    shear: float = 0.0
    shift_px: Pair = (0.0, 0.0)
    barrel_px: float = 0.0
    blur_px: Pair = (0.5, 0.5)
    red_px: Pair = (0.0, 0.0)
    blue_px: Pair = (0.0, 0.0)
    black: float = 0.0
    white: float = 1.0
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)
    gradient: Pair = (0.0, 0.0)
    streaks: tuple[Streak, ...] = ()
    specks: tuple[Speck, ...] = ()
    gamma: float = 1.0
    noise: float = 0.0
    seed: int = 1
    backing: float = 0.9

    def light(self, linear: ArrayLike, across: ArrayLike = 0.0, down: ArrayLike = 0.0) -> Floats:
        """Return the light (…, 3) that the device reports for a flat `linear` (…, 3), without noise and dirt.

        `across` and `down` are the place, -1 to 1 from edge to edge of the picture.
        """
        lit = 1 + self.gradient[0] * np.asarray(across) + self.gradient[1] * np.asarray(down)
        seen = (self.black + (self.white - self.black) * np.asarray(linear, np.float64)) * self.cast
        return np.asarray(np.clip(seen * lit[..., None], 0, 1) ** self.gamma)

    def sfr(self, frequency: ArrayLike, edge_degrees: float, weights: Sequence[float] = LUMA) -> Floats:
        """Return the response to an edge at `frequency` (cycles a pixel along the edge's normal).

        `edge_degrees` is the angle of the normal to the sheet's x axis. Gaussian times square pixel, integrated
        exactly: T(f) = exp(-2 pi² s² f²) sinc(f cos a) sinc(f sin a); where the channels of a grey mix
        (`weights`) lie apart, times the length of the mean of their phases.
        """
        f, a = np.asarray(frequency, np.float64), radians(edge_degrees)
        variance = (self.blur_px[0] * cos(a)) ** 2 + (self.blur_px[1] * sin(a)) ** 2
        response = np.exp(-2 * pi**2 * variance * f**2) * np.sinc(f * cos(a)) * np.sinc(f * sin(a))
        apart = [x * cos(a) + y * sin(a) for x, y in (self.red_px, (0.0, 0.0), self.blue_px)]
        phases = sum(w * np.exp(-2j * pi * f * at) for w, at in zip(weights, apart, strict=True))
        return np.asarray(np.abs(response * phases) / sum(weights))

    def crossing(self, level: float, edge_degrees: float, weights: Sequence[float] = LUMA) -> float:
        """Return the frequency (cycles a pixel, up to 2) at which the response first falls below `level`."""
        response = self.sfr(_FREQUENCIES, edge_degrees, weights)
        after = int(np.argmax(response < level))
        return float(np.interp(level, response[[after, after - 1]], _FREQUENCIES[[after, after - 1]]))


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where a sheet lies in the picture that a device makes of it.

    `matrix` takes millimetres from the sheet's middle to pixels; `middle` is the sheet's middle in the picture.
    """

    sheet_mm: Pair
    size_px: tuple[int, int]
    matrix: Floats = field(repr=False)
    middle: Floats = field(repr=False)
    barrel_px: float

    @classmethod
    def of(cls, wear: Degradation, sheet_mm: Pair, dpi: float, size_px: tuple[int, int] | None = None) -> Self:
        """Place a sheet in a picture of `size_px` (width, height), of the sheet's own size where None."""
        width, height = size_px or (
            ceil(sheet_mm[0] * dpi / MM_PER_INCH - 0.5),
            ceil(sheet_mm[1] * dpi / MM_PER_INCH - 0.5),
        )
        step_x, step_y = (MM_PER_INCH / (dpi * (1 + error)) for error in wear.scale)
        line, transport = radians(-wear.skew), radians(90 - wear.skew + wear.shear)
        steps = [[step_x * cos(line), step_y * cos(transport)], [step_x * sin(line), step_y * sin(transport)]]
        middle = np.array([(width - 1) / 2 + wear.shift_px[0], (height - 1) / 2 + wear.shift_px[1]])
        return cls(sheet_mm, (width, height), np.linalg.inv(steps), middle, wear.barrel_px)

    @property
    def steps(self) -> Floats:
        """One pixel along the sensor line and one along the transport, in mm on the sheet: two columns."""
        return np.linalg.inv(self.matrix)

    def straighten(self, x_px: Floats, y_px: Floats) -> tuple[Floats, Floats]:
        """Return where these points of the picture would lie without the barrel."""
        width, height = self.size_px
        dx, dy = x_px - (width - 1) / 2, y_px - (height - 1) / 2
        gain = self.barrel_px * (dx**2 + dy**2) / (hypot(width, height) / 2) ** 3
        return x_px + dx * gain, y_px + dy * gain

    def to_sheet(self, x_px: Floats, y_px: Floats) -> tuple[Floats, Floats]:
        """Return the millimetres from the sheet's top left corner of points of the picture."""
        x, y = self.straighten(x_px, y_px)
        (a, b), (c, d) = self.steps
        x, y = x - self.middle[0], y - self.middle[1]
        return a * x + b * y + self.sheet_mm[0] / 2, c * x + d * y + self.sheet_mm[1] / 2

    def to_picture(self, points_mm: ArrayLike) -> Floats:
        """Return the pixels (n, 2) of points (n, 2) of the sheet, to 1e-9 px."""
        points = np.asarray(points_mm, np.float64)
        aim = (points - np.asarray(self.sheet_mm) / 2) @ self.matrix.T + self.middle
        found = aim
        for _ in range(30):  # each round leaves a hundredth: the barrel changes slowly from place to place
            found = found + aim - np.stack(self.straighten(found[:, 0], found[:, 1]), 1)
        return np.asarray(found)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a perfect measure of the features finds: ppi, degrees, the rms length of the residuals in px.

    `skew` is that of the sheet against the sensor line, clockwise; `orthogonality` is the angle from the sensor
    line to the transport less 90 degrees.
    """

    ppi_x: float
    ppi_y: float
    skew: float
    orthogonality: float
    distortion_px: float


def truth(placement: Placement, points_mm: ArrayLike) -> Truth:
    """Fit an affine map to features of the sheet (n, 2), n at least 3, as they lie in the picture.

    The barrel belongs to the fit: which part of it is scale depends on where the features are.
    """
    points = np.asarray(points_mm, np.float64)
    design = np.column_stack([np.ones(len(points)), points])
    pixels = placement.to_picture(points)
    solved = np.linalg.lstsq(design, pixels, rcond=None)[0]
    residual = pixels - design @ solved
    (x_across, y_across), (x_down, y_down) = np.linalg.inv(solved[1:].T)
    line, transport = atan2(x_down, x_across), atan2(y_down, y_across)
    return Truth(
        MM_PER_INCH / hypot(x_across, x_down),
        MM_PER_INCH / hypot(y_across, y_down),
        -degrees(line),
        degrees(transport - line) - 90,
        float(np.sqrt((residual**2).sum(1).mean())),
    )
