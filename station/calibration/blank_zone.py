"""A blank piece of a scan, on which only the device and the dust on it can be seen."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from station.calibration.lab import LIGHT, lightness_of_y, luminance
from station.model.calibration import Figure, Mm
from station.model.image import MM_PER_INCH, Pixels

Floats = NDArray[np.floating[Any]]

_OF_GREY = lightness_of_y(LIGHT).astype(np.float32)
"""L* of each grey code."""
_STEPS = 65535
_OF_STEP = lightness_of_y(np.arange(_STEPS + 1) / _STEPS).astype(np.float32)
"""L* of luminance in 16 bits; the step is 0.014 L* at black, and far less above."""
_STRIP = 256

_FULL_SCALE = 99.9
"""L*: between the two lightest codes of eight bits (254 is 99.66, 255 is 100)."""
_CLIPPED_SHARE = 0.05
"""The mean over pixels that are cut off at full scale answers to a change of light by the share that is not."""
SHORTEST_MM = 4.5
"""A zone that is shorter along x or y shows too little to be judged."""


@dataclass(frozen=True, slots=True, eq=False)
class BlankZone:
    """A cut-out of the unturned, unscaled scan where the paper is blank.

    `lightness` is L* 0 to 100 of each pixel, (height, width); `ppi` the measured resolution along x and y;
    `corner` the place, in mm on the glass, of the outer corner of the first pixel, from which found places
    count.
    """

    lightness: Floats = field(repr=False)
    ppi: tuple[float, float]
    corner: Mm = (0.0, 0.0)

    @classmethod
    def of(cls, pixels: Pixels, ppi: tuple[float, float], corner: Mm = (0.0, 0.0)) -> Self:
        """Return the zone of sRGB or grey pixels, with L* in 32 bits and to 0.01."""
        if pixels.ndim == 2:
            return cls(_OF_GREY[pixels], ppi, corner)
        lightness = np.empty(pixels.shape[:2], np.float32)
        shares = [(weight * LIGHT * _STEPS).astype(np.float32) for weight in luminance(np.eye(3))]
        # In strips: a sheet of 600 ppi has 35 million pixels, each of which would take twenty bytes on top.
        for top in range(0, len(pixels), _STRIP):
            strip = pixels[top : top + _STRIP]
            light = sum(share[strip[..., channel]] for channel, share in enumerate(shares))
            lightness[top : top + _STRIP] = _OF_STEP[np.rint(light).astype(np.uint16)]
        return cls(lightness, ppi, corner)

    @property
    def pixel_mm(self) -> Mm:
        """Width and height of a pixel in mm."""
        return MM_PER_INCH / self.ppi[0], MM_PER_INCH / self.ppi[1]

    @property
    def size_mm(self) -> Mm:
        """Width and height of the zone in mm."""
        (height, width), (across, down) = self.lightness.shape, self.pixel_mm
        return width * across, height * down

    @property
    def refusal(self) -> str:
        """Why nothing can be said about the zone: `too_small`, `clipped`, or empty when it can be judged."""
        if min(self.size_mm) < SHORTEST_MM:
            return "too_small"
        clipped = np.count_nonzero(self.lightness >= _FULL_SCALE)
        return "clipped" if clipped > _CLIPPED_SHARE * self.lightness.size else ""

    def place(self, x_px: float, y_px: float) -> Mm:
        """Return where on the glass, in mm, a place of the zone lies; pixel centres are whole numbers."""
        across, down = self.pixel_mm
        return self.corner[0] + (x_px + 0.5) * across, self.corner[1] + (y_px + 0.5) * down

    def means(self, *, along_x: bool) -> Floats:
        """Return the mean L* of each column from left to right, or of each row from the top."""
        result: Floats = self.lightness.mean(axis=0 if along_x else 1, dtype=np.float64)
        return result


def figure(measure: str, unit: str, value: float | None, refusal: str) -> Figure:
    """Return the figure; without a value its reason is the zone's `refusal`, else `none_found`."""
    return Figure(measure, unit, value, "" if value is not None else refusal or "none_found")
