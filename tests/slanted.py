"""Slanted edges of known response: a Gaussian edge integrated exactly over square pixels."""

from math import cos, erf, pi, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_erf = np.vectorize(erf)


def edge(
    degrees: float,
    sd: float,
    *,
    size: tuple[int, int] = (120, 80),
    levels: tuple[float, float] = (0.2, 0.8),
    at: float = 0.0,
) -> Floats:
    """Draw linear light, (rows, columns) of `size` (width, height), that rises to the right at `at` px.

    The square pixel is two boxes, cos and sin of the angle wide, along the edge's normal; each box is a
    difference of integrals, so the twice integrated Gaussian step is taken at four places.
    """
    width, height = size
    turn = radians(degrees)
    a, b = cos(turn), abs(sin(turn))
    y, x = np.mgrid[:height, :width].astype(np.float64)
    away = (x - (width - 1) / 2 - at) * cos(turn) - (y - (height - 1) / 2) * sin(turn)

    def twice(place: Floats) -> Floats:
        step = 0.5 + 0.5 * _erf(place / (sd * sqrt(2)))
        bell = np.exp(-(place**2) / (2 * sd**2)) / sqrt(2 * pi)
        both: Floats = 0.5 * (place**2 + sd**2) * step + 0.5 * place * sd * bell
        return both

    inner, outer = (a - b) / 2, (a + b) / 2
    step = (twice(away + outer) - twice(away + inner) - twice(away - inner) + twice(away - outer)) / (a * b)
    return levels[0] + (levels[1] - levels[0]) * step


def response(frequencies: Floats, degrees: float, sd: float) -> Floats:
    """Return the modulation along the normal: Gaussian times square pixel."""
    turn = radians(degrees)
    gaussian = np.exp(-2 * pi**2 * sd**2 * frequencies**2)
    return np.asarray(gaussian * np.sinc(frequencies * cos(turn)) * np.sinc(frequencies * sin(turn)))


def crossing(level: float, degrees: float, sd: float) -> float:
    """Return the frequency (cycles/px) at which the modulation falls to `level`."""
    frequencies = np.linspace(0, 1.2, 120_001)
    return float(frequencies[np.argmax(response(frequencies, degrees, sd) < level)])


def coded(light: Floats) -> NDArray[np.uint8]:
    """Return sRGB codes of linear light (IEC 61966-2-1)."""
    within = np.clip(light, 0, 1)
    return np.rint(
        255 * np.where(within <= 0.0031308, 12.92 * within, 1.055 * within ** (1 / 2.4) - 0.055)
    ).astype(np.uint8)
