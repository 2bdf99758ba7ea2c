"""Code values to light: linear luminance and CIE L* of sRGB pictures (IEC 61966-2-1; CIE 15, D65)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels

Floats = NDArray[np.floating[Any]]

_CODE = np.arange(256) / 255
LINEAR = np.where(_CODE <= 0.04045, _CODE / 12.92, ((_CODE + 0.055) / 1.055) ** 2.4)
"""Linear light 0 to 1 of each code value."""


def lightness(luminance: Floats) -> Floats:
    """Return L*, 0 to 100, of linear luminance 0 to 1 (CIE 15: with the straight piece near black)."""
    return np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * 24389 / 27)


OF_GREY = lightness(LINEAR)
"""L* of each grey code value, 0 to 100."""


def of_pixels(pixels: Pixels) -> Floats:
    """Return L* of each pixel of a grey or RGB picture."""
    if pixels.ndim == 2:
        return OF_GREY[pixels]
    red, green, blue = (LINEAR[pixels[..., channel]] for channel in range(3))
    return lightness(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def lab(pixels: Pixels) -> Floats:
    """Return CIELAB (..., 3) of RGB or grey pixels: L* 0 to 100, a* and b* about -128 to 127."""
    colour = pixels if pixels.ndim == 3 else np.repeat(pixels[..., np.newaxis], 3, axis=2)
    result: Floats = cv().cvtColor(np.asarray(colour, np.float32) / 255, cv().COLOR_RGB2Lab)
    return result
