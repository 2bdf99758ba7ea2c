"""Ambient light: what reaches the sensor beside the device's own lamp."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from station.model.calibration import Figure, Map

Floats = NDArray[np.floating[Any]]

_CELLS = (8, 6)
"""Rows and columns of the map: it says on which side the lid lets the light in."""
_LEAST_PX = 16
"""A cell's shorter side."""
_CLIPPED_SHARE = 0.001
"""Of a field's pixels that may lie at full scale."""


@dataclass(frozen=True, slots=True)
class Ambient:
    """Ambient light in per cent of the light that a white sheet sends under the lamp.

    `name` is what it was measured with: `ambient_closed` or `ambient_open`.
    """

    name: str
    mean: float | None = None
    worst: float | None = None
    map: Map | None = None
    refusal: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The mean over the field and the worst of its 48 cells, in %: reported only, no limit is published."""
        return (
            Figure(self.name, "%", self.mean, self.refusal),
            Figure(f"{self.name}_max", "%", self.worst, self.refusal),
        )


def ambient_closed(dark: Floats) -> Ambient:
    """Measure a frame taken with the lid closed and the lamp off: all that it shows is ambient light.

    `dark` is linear luminance, 0 to 1, (height, width).
    """
    return _of("ambient_closed", dark, np.zeros_like(dark))


def ambient_open(opened: Floats, closed: Floats) -> Ambient:
    """Measure how much lighter the same sheet is with the lid open than with the lid closed.

    Both are linear luminance, 0 to 1, of one size, scanned with the same exposure. A negative value says that
    the exposure changed or that the lid itself reflects.
    """
    if opened.shape != closed.shape:
        return Ambient("ambient_open", refusal="other_size")
    return _of("ambient_open", opened, closed)


def _of(name: str, lit: Floats, without: Floats) -> Ambient:
    """Compare two frames cell by cell."""
    rows, columns = _CELLS
    height, width = (side // cells for side, cells in zip(lit.shape, _CELLS, strict=True))
    if min(height, width) < _LEAST_PX:
        return Ambient(name, refusal="too_small")
    if np.count_nonzero(lit >= 1) > _CLIPPED_SHARE * lit.size:
        return Ambient(name, refusal="clipped")
    gain = (lit - without)[: rows * height, : columns * width]
    cells = 100 * gain.reshape(rows, height, columns, width).mean(axis=(1, 3), dtype=np.float64)
    worst = float(cells.ravel()[np.argmax(np.abs(cells))])
    drawn = Map(name, "%", tuple(tuple(row) for row in cells.tolist()))
    return Ambient(name, float(cells.mean()), worst, drawn)
