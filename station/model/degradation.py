"""What a device does to a picture, as exact parameters, and what a perfect measure would find of its light.

Lengths are pixels of the picture (x right, y down, pixel centres at integers); light is a part of the full
scale (0 to 1, linear). The simulated scanner makes the pixels and says where things lie in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, radians, sin
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


SOUND = Degradation(
    scale=(0.0005, -0.0004), blur_px=(0.5, 0.5), black=0.01, white=0.85, noise=0.4, backing=0.71
)
"""A sound scanner in daily use: half a thousandth of scale error, ink and paper well within its range, the grey
of a lid round the sheet. Every measure of a good target passes on it."""
