"""Ambient light: what reaches the sensor beside the device's own lamp."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.model.calibration import Figure, Map

Floats = NDArray[np.floating[Any]]

_NAME = "ambient_closed"
_CELLS = (8, 6)
"""Rows and columns of the map: it says on which side the lid lets the light in."""
_LEAST_PX = 16
"""A cell's shorter side."""
_CLIPPED_SHARE = 0.001
"""Of a field's pixels that may lie at full scale."""


@dataclass(frozen=True, slots=True)
class Ambient:
    """Ambient light in per cent of the light that a white sheet sends under the lamp."""

    mean: float | None = None
    worst: float | None = None
    map: Map | None = None
    refusal: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The mean over the field and the worst of its 48 cells, in %: reported only, no limit is published."""
        return (
            Figure(_NAME, "%", self.mean, self.refusal),
            Figure(f"{_NAME}_max", "%", self.worst, self.refusal),
        )


def ambient_closed(dark: Floats) -> Ambient:
    """Measure a frame taken with the lid closed and the lamp off: all that it shows is ambient light.

    `dark` is linear luminance, 0 to 1, (height, width).
    """
    rows, columns = _CELLS
    height, width = (side // cells for side, cells in zip(dark.shape, _CELLS, strict=True))
    if min(height, width) < _LEAST_PX:
        return Ambient(refusal="too_small")
    if np.count_nonzero(dark >= 1) > _CLIPPED_SHARE * dark.size:
        return Ambient(refusal="clipped")
    whole = dark[: rows * height, : columns * width]
    cells = 100 * whole.reshape(rows, height, columns, width).mean(axis=(1, 3), dtype=np.float64)
    drawn = Map(_NAME, "%", tuple(tuple(row) for row in cells.tolist()))
    return Ambient(float(cells.mean()), float(cells.max()), drawn)
