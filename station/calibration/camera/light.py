"""The light of a frame as the measures of a camera take it: linear, and whether it was clipped."""

from dataclasses import dataclass

import numpy as np

from station.calibration.lab import LIGHT, in_colour, luminance
from station.calibration.patches import CLIPPED_MOST
from station.imaging.cv import cv
from station.model.image import Pixels


@dataclass(frozen=True, slots=True)
class Level:
    """The mean light of a frame: `red`, `green`, `blue` and their luminance `y`, linear, 0 to 1.

    `clipped`: more than 0.1 % of the pixels of a channel are at full scale, so that there was more light.
    """

    red: float
    green: float
    blue: float
    clipped: bool

    @property
    def y(self) -> float:
        """The relative luminance."""
        return float(luminance((self.red, self.green, self.blue)))


def level_of(pixels: Pixels) -> Level:
    """Measure the mean light of a frame or a part of it, grey or RGB; it has at least one pixel.

    The sRGB coding is undone (IEC 61966-2-1): a flicker of 1 % is 1 % of light, in dark and bright frames.
    """
    colour = in_colour(pixels)
    counts = np.array(
        [cv().calcHist([colour], [channel], None, [256], [0, 256]).ravel() for channel in range(3)], np.float64
    ) / (colour.shape[0] * colour.shape[1])
    red, green, blue = (counts @ LIGHT).tolist()
    return Level(red, green, blue, bool(counts[:, -1].max() > CLIPPED_MOST))
