"""Where a sheet lies in the picture that a worn device makes of it, and what a perfect measure finds of that.

Two planes: the sheet in millimetres and the picture in pixels (pixel centres at integers), x right, y down.
"""

from dataclasses import dataclass, field
from math import atan2, ceil, cos, degrees, hypot, radians, sin
from typing import Self

import numpy as np
from numpy.typing import ArrayLike

from station.model.degradation import Degradation, Floats, Pair
from station.model.image import MM_PER_INCH


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
