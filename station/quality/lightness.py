"""Code values to light: linear luminance and CIE L* of sRGB pictures (IEC 61966-2-1; CIE 15, D65)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.model.image import Pixels

Floats = NDArray[np.floating[Any]]

_CODE = np.arange(256) / 255
LINEAR = np.where(_CODE <= 0.04045, _CODE / 12.92, ((_CODE + 0.055) / 1.055) ** 2.4)
"""Linear light 0 to 1 of each code value."""


def lightness(luminance: Floats) -> Floats:
    """Return L*, 0 to 100, of linear luminance 0 to 1 (CIE 15: with the straight piece near black)."""
    return np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * 24389 / 27)


_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_XYZ /= _XYZ.sum(axis=1, keepdims=True)  # divided by the white's own: white is (1, 1, 1)

OF_GREY = lightness(LINEAR)
"""L* of each grey code value, 0 to 100."""


def of_pixels(pixels: Pixels) -> Floats:
    """Return L* of each pixel of a grey or RGB picture."""
    return OF_GREY[pixels] if pixels.ndim == 2 else lightness(LINEAR[pixels] @ _XYZ[1])


def lab(pixels: Pixels) -> Floats:
    """Return CIELAB (..., 3) of grey or RGB pixels: L* 0 to 100, a* and b* about -128 to 127."""
    colour = pixels if pixels.ndim == 3 else np.repeat(pixels[..., np.newaxis], 3, axis=2)
    x, y, z = (lightness(LINEAR[colour] @ row) for row in _XYZ)
    # CIE 15: f is (L* + 16) / 116 of each, so the offsets cancel.
    return np.stack([y, (x - y) * (500 / 116), (y - z) * (200 / 116)], axis=-1)
