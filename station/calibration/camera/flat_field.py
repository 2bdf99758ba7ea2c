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


def flat_field(card: Iterable[Pixels], dark: Iterable[Pixels]) -> FlatField:
    """Measure from 16 or more frames of an even grey or white card that fills the field, out of focus.

    `dark` are as many frames with the lens covered. All have one size and were taken with exposure, gain and
    white balance locked; each is looked at as it comes and let go. The light is linear, less the darkness.
    """
    lit, unlit = _mean(card), _mean(dark)
    reason = _reason(lit, unlit)
    if reason:
        return FlatField((Figure("corner_fall_off", "%", reason=reason),))
    light = lit.light - unlit.light
    gains = light.max() / np.maximum(light, light.max() / GAIN_MOST)
    smooth = cv().GaussianBlur(gains, (0, 0), _SMOOTH, borderType=cv().BORDER_REPLICATE)
    rows = tuple(tuple(row) for row in (100 * light / light.mean()).tolist())
    return FlatField(
        (Figure("corner_fall_off", "%", _fall_off(light)),),
        np.asarray(smooth, np.float64),
        Map("flat_field", "%", rows),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Mean:
    """The mean linear light of each cell over `frames`, whose `sizes` should be one; any `clipped`."""

    light: Floats
    frames: int
    sizes: frozenset[tuple[int, ...]]
    clipped: bool


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


def _reason(lit: _Mean, unlit: _Mean) -> str:
    sizes = lit.sizes | unlit.sizes
    checks: dict[str, Callable[[], bool]] = {
        "few_frames": lambda: min(lit.frames, unlit.frames) < LEAST_FRAMES,
        "other_size": lambda: len(sizes) > 1 or any(min(size[:2]) < max(_CELLS) for size in sizes),
        "clipped": lambda: lit.clipped,
        "too_dark": lambda: bool((lit.light - unlit.light).mean() < _DARKEST),
    }
    return next((word for word, holds in checks.items() if holds()), "")


def _mean(frames: Iterable[Pixels]) -> _Mean:
    rows, columns = _CELLS
    coded = LIGHT.astype(np.float32)
    total, count, sizes, clipped = np.zeros(_CELLS), 0, set(), False
    for frame in frames:
        count += 1
        sizes.add(frame.shape)
        clipped = clipped or float((frame == _FULL).mean()) > CLIPPED_MOST
        grey = frame if frame.ndim == 2 else cv().cvtColor(frame, cv().COLOR_RGB2GRAY)
        total += cv().resize(cv().LUT(grey, coded), (columns, rows), interpolation=cv().INTER_AREA)
    return _Mean(total / max(count, 1), count, frozenset(sizes), clipped)
