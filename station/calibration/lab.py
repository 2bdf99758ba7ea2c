"""From the device's sRGB values to L*a*b* under D50, 2 degrees, for every measure of tone and colour.

What comes in is uint8 or the mean of such values, 0 to 255, coded as sRGB (IEC 61966-2-1): (..., 3) RGB, or
grey without that axis, which is taken as R = G = B. XYZ is divided by the white of the same matrix, so that
(255, 255, 255) is L* = 100, a* = b* = 0 exactly (CIE 15:2018, 8.2.1).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from station.calibration.patches import CLIPPED_MOST
from station.model.image import Pixels

Floats = NDArray[np.float64]
Lab = tuple[float, float, float]
"""L* 0 to 100, a* and b* about -128 to 127."""

D50: Lab = (96.42, 100.0, 82.49)
"""X, Y, Z of the white that references are measured under (ISO 13655:2017; ICC.1:2022, 7.2.16), Y = 100."""

_TO_XYZ = np.array(
    # The primaries of sRGB adapted from D65 to D50 by the Bradford matrix (ICC.1:2001-04, 6.3.4.3).
    [[0.4360747, 0.3850649, 0.1430804], [0.2225045, 0.7168786, 0.0606169], [0.0139322, 0.0971045, 0.7141733]]
)
_TO_RELATIVE_XYZ = _TO_XYZ / _TO_XYZ.sum(axis=1, keepdims=True)
_TO_Y = _TO_RELATIVE_XYZ[1]

_EPSILON, _KAPPA = 216 / 24389, 24389 / 27
_FULL = 255


def linear(codes: ArrayLike) -> Floats:
    """Return the linear light, 0 to 1, of sRGB values 0 to 255 (IEC 61966-2-1, 5.2)."""
    value = np.asarray(codes, np.float64) / _FULL
    return np.where(value <= 0.04045, value / 12.92, ((np.maximum(value, 0) + 0.055) / 1.055) ** 2.4)


LIGHT: Floats = linear(np.arange(256))
"""The linear light of each of the 256 values: a table, for whole pictures."""


def lab_of_light(light: ArrayLike) -> Floats:
    """Return L*a*b* (..., 3) of linear RGB light (..., 3), 0 to 1."""
    return lab_of_relative_xyz(np.asarray(light, np.float64) @ _TO_RELATIVE_XYZ.T)


def lab_of_relative_xyz(xyz: ArrayLike) -> Floats:
    """Return L*a*b* (..., 3) of XYZ (..., 3), each divided by that of the white."""
    x, y, z = np.moveaxis(_cubed_root(np.asarray(xyz, np.float64)), -1, 0)
    return np.stack((116 * y - 16, 500 * (x - y), 200 * (y - z)), axis=-1)


def lightness_of_y(y: ArrayLike) -> Floats:
    """Return L* of the relative luminance Y, 0 to 1."""
    return 116 * _cubed_root(np.asarray(y, np.float64)) - 16


def luminance(light: ArrayLike) -> Floats:
    """Return the relative luminance Y, 0 to 1, of linear RGB light (..., 3)."""
    return np.asarray(np.asarray(light, np.float64) @ _TO_Y)


def lab(pixels: Pixels) -> Floats:
    """Return L*a*b* (..., 3) of each pixel, grey (height, width) or RGB (height, width, 3)."""
    return lab_of_light(LIGHT[in_colour(pixels)])


def mean_lab(pixels: Pixels) -> Lab:
    """Return L*a*b* of the mean of a flat area's values: noise that is even in them leaves it where it is."""
    mean = in_colour(pixels).reshape(-1, 3).mean(axis=0)
    lightness, a, b = lab_of_light(linear(mean)).tolist()
    return lightness, a, b


def in_colour(pixels: Pixels) -> Pixels:
    """Return RGB (..., 3): the pixels themselves, or grey ones with three equal channels."""
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=-1)


def is_clipped(pixels: Pixels) -> bool:
    """Tell whether more than 0.1 % of the pixels have a channel at 0 or at full scale: its light is unknown."""
    ends = (in_colour(pixels) == 0) | (in_colour(pixels) == _FULL)
    return float(ends.any(axis=-1).mean()) > CLIPPED_MOST


def is_burnt(pixels: Pixels) -> bool:
    """Tell whether more than 0.1 % of the pixels are black or white in all channels.

    One channel alone at its end is a colour outside sRGB: the picture says it wrongly, and the error shows.
    """
    colour = in_colour(pixels)
    ends = (colour == 0).all(axis=-1) | (colour == _FULL).all(axis=-1)
    return float(ends.mean()) > CLIPPED_MOST


def is_grey(patches: Mapping[str, Pixels]) -> bool:
    """Tell whether no pixel of any patch has a colour: then the device sees none, and no cast can be judged."""
    return all(
        pixels.ndim == 2
        or bool((pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all())
        for pixels in patches.values()
    )


def _cubed_root(ratio: Floats) -> Floats:
    """Return CIE's cube root, which is a line near black (CIE 15:2018, 8.2.1.1)."""
    return np.where(ratio > _EPSILON, np.cbrt(ratio), (_KAPPA * ratio + 16) / 116)
