"""Where each patch of a located target lies in the picture, and how much of it the device clipped."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from station.calibration.located import Located, Placed
from station.model.image import Pixels
from station.model.target import Patch

_SHRUNK = 0.2
"""Left out at every side of a patch, in its sides: what blur and stray light reach."""

LEAST_SIDE_PX = 32
"""A smaller region says too little: the resolution is too low for that patch."""

CLIPPED_MOST = 0.001
"""Share of a patch's pixels that may lie at 0 or at full scale."""

_FULL = 255


def pixels_of(located: Placed, patch: Patch, pixels: Pixels) -> NDArray[np.uint8]:
    """Return the pixels of a patch, shrunk by 20 % a side: (height, width) grey or (height, width, 3) RGB.

    It is the upright rectangle within the shrunk patch, so that no pixel is resampled and every one lies
    inside; a view of `pixels`. Its shorter side should have LEAST_SIDE_PX.
    """
    centre = (patch.left + patch.width / 2, patch.top + patch.height / 2)
    half = np.diag((patch.width, patch.height)) * (0.5 - _SHRUNK)
    x, y = located.pixels_at(centre)[0]
    across, along = _upright_within(located.scale_at(centre) @ half)
    top, bottom = max(0, int(np.ceil(y - along))), int(np.floor(y + along))
    left, right = max(0, int(np.ceil(x - across))), int(np.floor(x + across))
    return pixels[top : bottom + 1, left : right + 1]


def is_large_enough(region: NDArray[np.uint8]) -> bool:
    """Tell whether a patch has pixels enough to be measured."""
    height, width = region.shape[:2]
    return bool(min(height, width) >= LEAST_SIDE_PX)


def clipped(located: Located, pixels: Pixels) -> Mapping[str, float]:
    """Return the share (0 to 1) of each patch's pixels with a channel at 0 or 255, by the patch's id."""
    return {patch.id: _share_clipped(pixels_of(located, patch, pixels)) for patch in located.layout.patches}


def _share_clipped(region: NDArray[np.uint8]) -> float:
    ends = (region == 0) | (region == _FULL)
    return float(np.mean(ends.any(axis=2) if ends.ndim == 3 else ends)) if region.size else 0.0


def _upright_within(sides: NDArray[np.float64]) -> tuple[float, float]:
    """Return half the width and half the height of an upright rectangle inside a parallelogram.

    The columns of `sides` are the parallelogram's half sides in pixels. A point is inside where both of its
    coordinates along them are at most 1; the corners of the rectangle touch both bounds. Far from a quarter
    turn there is no such rectangle: then it is the largest square.
    """
    reach = np.abs(np.linalg.inv(sides))
    if abs(float(np.linalg.det(reach))) > np.finfo(np.float64).eps:
        across, along = np.linalg.solve(reach, np.ones(2))
        if across > 0 and along > 0:
            return float(across), float(along)
    side = 1 / float(reach.sum(axis=1).max())
    return side, side
