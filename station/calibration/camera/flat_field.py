"""How much darker a camera sees the corners of an even card, and the gains that would undo it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from station.calibration.lab import LIGHT
from station.calibration.patches import CLIPPED_MOST
from station.imaging.cv import cv
from station.model.calibration import Figure, Map
from station.model.image import Pixels

Floats = NDArray[np.float64]

LEAST_FRAMES = 16
"""Of the card, and of darkness."""

GAIN_MOST = 2.0

_CELLS = (24, 32)
"""Rows and columns that the field is averaged over: a lens falls off smoothly, dust on the card does not."""

_SMOOTH = 1.0
"""Cells, the sigma of the Gaussian on the gains."""

_PART = 8
"""A corner, and the centre, is so many parts of each side."""

_FULL = 255

_DARKEST = 0.05
"""Of full scale, in light: the card of a proper exposure is far above."""


@dataclass(frozen=True, slots=True, eq=False)
class FlatField:
    """The fall-off and the gains.

    `figures`: corner_fall_off, how much less light the darkest corner has than the centre, 0 to 100 %, with
    `reason` few_frames, other_size, clipped or too_dark where it has no value. `gains` (24, 32), 1
    at the brightest cell and at most 2, even the linear light out when they are stretched over a picture: only
    over one that is *derived*, never over the original. `map` holds the light of each cell in % of the mean.
    """

    figures: tuple[Figure, ...]
    gains: Floats | None = field(default=None, repr=False)
    map: Map | None = None


@dataclass(slots=True, eq=False)
class Field:
    """Frames of one thing, added as they come and let go.

    `light` (24, 32) is the sum of their linear light by cells; `sizes` should be one; `clipped`: any frame has
    more than 0.1 % of its values at full scale.
    """

    light: Floats = field(default_factory=lambda: np.zeros(_CELLS), repr=False)
    frames: int = 0
    sizes: set[tuple[int, ...]] = field(default_factory=set)
    clipped: bool = False

    @property
    def mean(self) -> Floats:
        """The mean linear light of each cell, 0 to 1."""
        return self.light / max(self.frames, 1)

    def add(self, frame: Pixels) -> None:
        """Add a frame, grey or RGB."""
        self.frames += 1
        self.sizes.add(frame.shape)
        self.clipped = self.clipped or float((frame == _FULL).mean()) > CLIPPED_MOST
        self.light += cells_of(frame)


def cells_of(frame: Pixels) -> Floats:
    """Return the mean linear light, 0 to 1, of each of 24 x 32 cells of a frame, grey or RGB."""
    rows, columns = _CELLS
    grey = frame if frame.ndim == 2 else cv().cvtColor(frame, cv().COLOR_RGB2GRAY)
    coded = LIGHT.astype(np.float32)
    light = cv().resize(cv().LUT(grey, coded), (columns, rows), interpolation=cv().INTER_AREA)
    return np.asarray(light, np.float64)


def flat_field(card: Iterable[Pixels], dark: Iterable[Pixels]) -> FlatField:
    """Measure from 16 or more frames of an even grey or white card that fills the field, out of focus.

    `dark` are as many frames with the lens covered. All have one size and were taken with exposure, gain and
    white balance locked; each is looked at as it comes and let go. The light is linear, less the darkness.
    """
    lit, unlit = Field(), Field()
    for frames, of in ((card, lit), (dark, unlit)):
        for frame in frames:
            of.add(frame)
    return measure_field(lit, unlit)


def measure_field(lit: Field, unlit: Field | None) -> FlatField:
    """Measure as `flat_field` does; without frames of darkness (None) none is taken off."""
    reason = _reason(lit, unlit)
    if reason:
        return FlatField((Figure("corner_fall_off", "%", reason=reason),))
    light = lit.mean - (0.0 if unlit is None else unlit.mean)
    gains = light.max() / np.maximum(light, light.max() / GAIN_MOST)
    smooth = cv().GaussianBlur(gains, (0, 0), _SMOOTH, borderType=cv().BORDER_REPLICATE)
    rows = tuple(tuple(row) for row in (100 * light / light.mean()).tolist())
    return FlatField(
        (Figure("corner_fall_off", "%", _fall_off(light)),),
        np.asarray(smooth, np.float64),
        Map("flat_field", "%", rows),
    )


def _fall_off(light: Floats) -> float:
    """Compare the darkest of the corners with the centre, by parts of an eighth of each side."""
    rows, columns = (side // _PART for side in light.shape)
    corners = [
        light[top, left].mean()
        for top in (slice(rows), slice(-rows, None))
        for left in (slice(columns), slice(-columns, None))
    ]
    # An even part about the centre: one cell more where the sides are even.
    down, across = ((side - part) // 2 for side, part in zip(light.shape, (rows, columns), strict=True))
    centre = light[down : light.shape[0] - down, across : light.shape[1] - across].mean()
    return float(100 * (1 - min(corners) / centre))


def _reason(lit: Field, unlit: Field | None) -> str:
    fields = [lit] if unlit is None else [lit, unlit]
    sizes = set().union(*(one.sizes for one in fields))
    dark = 0.0 if unlit is None else unlit.mean
    checks: dict[str, Callable[[], bool]] = {
        "few_frames": lambda: min(one.frames for one in fields) < LEAST_FRAMES,
        "other_size": lambda: len(sizes) > 1 or any(min(size[:2]) < max(_CELLS) for size in sizes),
        "clipped": lambda: lit.clipped,
        "too_dark": lambda: bool((lit.mean - dark).mean() < _DARKEST),
    }
    return next((word for word, holds in checks.items() if holds()), "")
