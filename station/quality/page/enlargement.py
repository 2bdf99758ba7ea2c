"""Whether the picture shows as much as its resolution says, or was drawn out from a smaller one."""

import numpy as np
from numpy.typing import NDArray

from station.imaging.cv import cv
from station.model.image import Pixels
from station.quality.measure import Measured, Unmeasured
from station.quality.page.sharpness import POINTS_MIN
from station.quality.sample import PageSample

_ROWS = 300
_STEP_MAX = 12
"""Grey levels: the large steps of print say where it stands, the small ones how the pixels were made."""

_FACTORS: tuple[tuple[float, tuple[float, ...]], ...] = (
    (1 / 4, (4 / 3, 4)),
    (1 / 3, (1.5, 3)),
    (1 / 2, (2,)),
)
"""Waves in one pixel that interpolation leaves in the steps between neighbours, and the factors that do so: 225
or 75, 200 or 100, 150 dpi drawn out to 300. Slower waves are also those of tables and squared paper."""
_OF_JPEG = 3 / 8
"""The blocks of JPEG leave the eighths; only this one is theirs alone."""
_EIGHTHS = (1 / 4, 1 / 2)
_BEYOND_JPEG = 2.3
_BLOCKS_STAND_OUT = 3
_STANDS_OUT = 8
"""Times the waves around: whole pages reach 4, enlarged ones 11 to 200."""
_SHARE_MIN = 0.01
_REPEATED = 0.5
"""Share of the mean step at which pixels are plainly repeated."""

_HIGH_PASS = np.array([[1, -4, 6, -4, 1]], np.float32) / 16
"""Passes all at Nyquist's frequency, two fifths at 0.6 of it, a hundredth at 0.2."""
_EMPTY = 0.008
"""Energy after the high-pass to that of the steps: whole pages 0.013 and more, enlarged ones 0.006 and less."""
_VERY_EMPTY = 0.0025
_BLOCK = 48
_RULE = 1.5
_AROUND = 40
_NEAR = 2


class Enlargement:
    """The resolution that the page was scanned at, before somebody or the scanner drew it out.

    A picture that is interpolated lacks the finest detail (energy above about 0.6 of Nyquist's frequency), and
    the size of its steps from pixel to pixel repeats with the factor (Gallagher 2005). Blur alone lacks the
    detail and repeats nothing. raw: dpi, the smaller of both directions; the stated resolution where nothing
    was enlarged. NOT_ASSESSED: `unknown_resolution`, `no_text`.
    """

    name = "enlargement"
    unit = "dpi"

    def assess(self, sample: PageSample) -> Measured | Unmeasured:
        """Return the resolution before the enlargement."""
        if sample.known_dpi is None:
            return Unmeasured("unknown_resolution")
        if len(sample.edges.width_px) < POINTS_MIN:
            return Unmeasured("no_text")
        across, down = sample.known_dpi
        return Measured(min(across / _factor(sample.grey), down / _factor(sample.grey.T)))


def _factor(grey: Pixels) -> float:
    """Return how many times the rows were drawn out, 1 when they were not."""
    rows = np.ascontiguousarray(grey[:: max(1, len(grey) // _ROWS)])
    if rows.shape[1] < 4 * _AROUND:
        return 1.0
    steps = cv().absdiff(rows[:, 1:], rows[:, :-1])
    found = _waves(np.minimum(steps, _STEP_MAX))
    detail = cv().filter2D(rows, cv().CV_32F, _HIGH_PASS)
    energy = float(np.square(steps, dtype=np.float32).mean())
    emptiness = float(np.square(detail).mean()) / energy if energy else 1.0
    for wave, factors in _FACTORS:
        height, prominence = found[wave]
        repeated = wave == 1 / 2 and height >= _REPEATED
        if repeated or (emptiness <= _EMPTY and height >= _SHARE_MIN and prominence >= _STANDS_OUT):
            return max(factors) if emptiness <= _VERY_EMPTY else min(factors)
    return 1.0


def _waves(steps: Pixels) -> dict[float, tuple[float, float]]:
    """Return of each wave that factors leave its height, as a share of the mean step, and its prominence."""
    profile = _without_rules(steps.mean(axis=0, dtype=np.float64))
    mean = float(profile.mean())
    window = np.hanning(len(profile))
    spectrum: NDArray[np.float64] = np.abs(np.fft.rfft((profile - mean) * window)) * 2 / window.sum()

    def peak(wave: float) -> tuple[float, float]:
        at = round(wave * len(profile))
        top = float(spectrum[at - _NEAR : at + _NEAR + 1].max())
        usual = float(np.median(spectrum[at - _AROUND : at + _AROUND + 1]))
        return (top / mean, top / usual) if usual > 0 else (0.0, 0.0)

    waves = {wave: peak(wave) for wave, _ in _FACTORS}
    blocks = peak(_OF_JPEG)
    if blocks[1] >= _BLOCKS_STAND_OUT:
        waves |= {wave: (0.0, 0.0) for wave in _EIGHTHS if waves[wave][0] < _BEYOND_JPEG * blocks[0]}
    return waves


def _without_rules(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cap what stands out of its surroundings: ruled lines at equal distances make waves of their own."""
    whole = profile[: len(profile) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    result: NDArray[np.float64] = np.minimum(whole, _RULE * np.median(whole, axis=1, keepdims=True)).ravel()
    return result
