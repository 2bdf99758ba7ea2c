"""How much one and the same grey varies from pixel to pixel."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from station.calibration.against import Patches
from station.calibration.lab import Floats, in_colour, is_clipped, lab, lab_of_light, linear
from station.calibration.patches import is_large_enough
from station.model.calibration import Figure
from station.model.image import Pixels

_UNITS = {"noise": "L*", "noise_mean": "L*", "noise_a": "a*", "noise_b": "b*"}

_ROUNDING_VARIANCE = 1 / 12
"""Square levels that rounding to whole levels adds to the variance (Sheppard): the file's, not the device's."""


def noise(greys: Patches) -> tuple[Figure, ...]:
    """Measure the standard deviation of each neutral patch after a plane was taken off it.

    noise: the worst patch's sd of L*, 0 to about 30, with the uncertainty (k = 2) that its number of pixels
    leaves; noise_mean: the mean over the patches; noise_a, noise_b: the worst sd of a* and b*. A printed raster
    and the grain of paper are in it: only on a photographic or ceramic target is it the device's alone. The
    rounding to eight bits is taken out. `reason` is not_measured (no patch), too_small or clipped.
    """
    if reason := _reason(greys):
        return tuple(Figure(measure, unit, reason=reason) for measure, unit in _UNITS.items())
    patches = [in_colour(pixels) for pixels in greys.values()]
    spreads = np.array([_spread(pixels) for pixels in patches])
    worst = int(np.argmax(spreads[:, 0]))
    value, counted = float(spreads[worst, 0]), patches[worst][..., 0].size
    others = (float(spreads[:, 0].mean()), *spreads[:, 1:].max(axis=0).tolist())
    return (
        # The sd of an sd of n normal values is sd / sqrt(2 n).
        Figure("noise", "L*", value, uncertainty=2 * value / sqrt(2 * counted)),
        *(Figure(m, _UNITS[m], v) for m, v in zip(list(_UNITS)[1:], others, strict=True)),
    )


def _reason(greys: Patches) -> str:
    """Say why there is no noise to be had; clipped pixels do not vary and would look calm."""
    if not greys:
        return "not_measured"
    if not all(map(is_large_enough, greys.values())):
        return "too_small"
    return "clipped" if any(map(is_clipped, greys.values())) else ""


def _spread(pixels: NDArray[np.uint8]) -> Floats:
    """Return the sd of L*, a* and b* (3,) of one patch (height, width, 3) round its plane, without rounding."""
    rows, columns = pixels.shape[:2]
    down, across = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    # On an upright grid the constant, x and y are orthogonal: each is fitted by itself.
    values = lab(pixels).reshape(-1, 3)
    values = values - values.mean(axis=0)
    for slope in (down.ravel(), across.ravel()):
        values -= np.outer(slope, slope @ values / (slope @ slope))
    variance = (values**2).sum(axis=0) / (len(values) - 3)
    return np.asarray(np.sqrt(np.maximum(variance - _rounding(pixels), 0)))


def _rounding(pixels: Pixels) -> Floats:
    """Return the variance of L*, a* and b* (3,) that the rounding of three channels makes at a patch's mean.

    The channels round independently; where a device sends R = G = B they round as one.
    """
    mean = pixels.reshape(-1, 3).mean(axis=0)
    ends = lab_of_light(linear(mean + np.eye(3)[:, None] * np.array([[-0.5], [0.5]])))
    slopes = ends[:, 1] - ends[:, 0]
    if (pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all():
        return np.asarray(slopes.sum(axis=0) ** 2 * _ROUNDING_VARIANCE)
    return np.asarray((slopes**2).sum(axis=0) * _ROUNDING_VARIANCE)
