"""The spatial frequency response of one slanted edge (e-SFR, ISO 12233:2023, with the window of that edition).

Frequencies are cycles per pixel along the edge's normal. The edge spread is sampled four times a pixel; its
three-point derivative is corrected by the factor of that very filter (the editions of 2014 and 2017 print it
wrongly). Levels that follow from measured light only: no tone curve is guessed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from station.calibration.edge_line import EdgeLine, Floats, Refusal, find_line

HALF_SAMPLING = 0.5
"""Cycles per pixel: what lies above it cannot be told from what lies below."""

_BINS = 4
_HIGHEST = 1.0
"""Cycles per pixel up to which crossings are sought; the bins carry twice that."""
_MOST_CORRECTION = 10.0
_LEAST_REACH_PX = 24
_REACH_IN_RISES = 10
"""The window reaches so many 10-90 % rises to each side: it then widens the response by less than 0.4 %, and
the noise of the flat areas beyond does not enter. Ours; the standard takes the whole region."""
_END_OF_SCALE = 1e-6
_CLIPPED_SHARE = 0.001
_ABRUPT = 1.5
"""A tail (75 to 98 %) so many times its shoulder (50 to 75 %) is cut off: a Gaussian has 2.05, the same cut at
90 % of the step 1.29. Ours."""
_LOPSIDED = 0.75
"""So much shorter than on the other side, a tail is cut off too: cut at 95 % of the step it is 0.73. Ours."""
_APERTURE_PX = 1.4
"""An edge no wider (2 to 98 %) is as sharp as the pixel itself, whose tails are cut by nature. Ours."""


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What one edge says, or several that lie together.

    `frequencies` (cycles/px, 0 to 1) with `values` (modulation, 1 at 0); `cosine` of the edge's angle.
    `overshoot`: percent of the step. `saturated`: part of the region lies at the end of the scale, so the
    response is good for comparing only.
    """

    frequencies: Floats = field(repr=False)
    values: Floats = field(repr=False)
    cosine: float
    overshoot: float
    saturated: bool

    @property
    def sfr50(self) -> float:
        """Cycles/px at which the modulation first falls to a half, 1 at most; above 0.5 beyond the sampling."""
        return self._falls_to(0.5)

    @property
    def sfr10(self) -> float:
        """Cycles/px at which the modulation first falls to a tenth; for the rest as `sfr50`."""
        return self._falls_to(0.1)

    @property
    def sampling_efficiency(self) -> float:
        """Percent of the half-sampling frequency up to which a tenth is kept, 0 to 100."""
        return 100 * min(self.sfr10, HALF_SAMPLING) / HALF_SAMPLING

    @property
    def at_half_sampling(self) -> float:
        """The modulation at half-sampling: what can alias."""
        return float(np.interp(HALF_SAMPLING, self.frequencies, self.values))

    @property
    def max_modulation(self) -> float:
        """The highest modulation above 0 and up to half-sampling; above 1 when sharpened."""
        return float(self.values[(self.frequencies > 0) & (self.frequencies <= HALF_SAMPLING)].max())

    @property
    def corrected(self) -> Floats:
        """The values freed from the mean over a bin's width, which the standard leaves in."""
        corrected: Floats = self.values / np.sinc(self.frequencies * self.cosine / _BINS)
        return corrected

    def _falls_to(self, level: float) -> float:
        below = np.flatnonzero(self.values < level)
        if not below.size:
            return _HIGHEST
        between = slice(below[0], below[0] - 2 if below[0] > 1 else None, -1)
        return float(np.interp(level, self.values[between], self.frequencies[between]))


def mean_of(responses: Sequence[Response]) -> Response:
    """Return the mean of responses to edges that lie together: two edges halve the variance of the noise."""
    first = responses[0]
    values = [np.interp(first.frequencies, one.frequencies, one.values) for one in responses]
    return Response(
        first.frequencies,
        np.mean(values, axis=0),
        first.cosine,
        overshoot=max(one.overshoot for one in responses),
        saturated=any(one.saturated for one in responses),
    )


def measure(light: Floats) -> Response | Refusal:
    """Measure a region (rows, columns) of linear light, 0 to 1, whose edge crosses its top and its bottom."""
    line = find_line(light)
    if isinstance(line, Refusal):
        return line
    found = _edge_spread(light, line)
    if found is None:
        return Refusal.NO_EDGE
    spread, zero = found
    outer = len(spread) // 10
    low, high = spread[:outer].mean(), spread[-outer:].mean()
    spread = (spread - low) / (high - low)
    rise = _crossing(spread, 0.9) - _crossing(spread, 0.1)
    saturated = _ends_of_scale(light)
    if any(saturated) and _cut_off(_smoothed(spread, rise), saturated):
        return Refusal.CLIPPED
    reach = int(min(max(_LEAST_REACH_PX * _BINS, _REACH_IN_RISES * rise), zero, len(spread) - zero))
    near = spread[zero - reach : zero + reach]
    frequencies, values = _transform(near, line.cosine)
    overshoot = 100 * max(float(near.max()) - 1, -float(near.min()), 0.0)
    return Response(frequencies, values, line.cosine, overshoot, saturated=any(saturated))


def _edge_spread(light: Floats, line: EdgeLine) -> tuple[Floats, int] | None:
    """Return the light over the distance from the edge, rising, in quarter pixels, and the bin at the edge.

    Only whole cycles of the sub-pixel phase count, and only distances that every row has. None when the edge is
    bent so that some phases never come.
    """
    rows = round(np.floor(len(light) * abs(line.slope)) / abs(line.slope))
    positions = line.positions[:rows]
    first = int(np.ceil(-_BINS * positions.min()))
    last = int(np.floor(_BINS * (light.shape[1] - 1 - positions.max())))
    away = _BINS * (np.arange(light.shape[1]) - positions[:, np.newaxis]) - first
    kept = (away >= 0) & (away < last - first)
    bins, light = away[kept].astype(np.intp), light[:rows][kept]
    counts = np.bincount(bins, minlength=last - first)
    if not counts.all():
        return None
    sums, places = (np.bincount(bins, weights=of, minlength=last - first) for of in (light, away[kept]))
    # The samples of a bin lie unevenly in it: their mean belongs to their mean place.
    spread = np.interp(np.arange(last - first) + 0.5, places / counts, sums / counts)
    return (spread, -first) if line.rising else (spread[::-1], len(spread) + first)


def _transform(spread: Floats, cosine: float) -> tuple[Floats, Floats]:
    """Return frequencies (cycles/px) and modulation of a spread that has its edge in the middle."""
    count = len(spread)
    middle = (spread[2:] - spread[:-2]) / 2
    line_spread = np.concatenate((middle[:1], middle, middle[-1:]))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(count) / count)  # Tukey, alpha 1
    amplitude = np.abs(np.fft.rfft(line_spread * window))
    frequencies = _BINS * np.arange(len(amplitude)) / (count * cosine)
    kept = frequencies <= _HIGHEST
    # The three-point derivative passes sin(w) where a true one passes w.
    turn = 2 * np.pi * np.arange(int(kept.sum())) / count
    correction = np.minimum(1 / np.sinc(turn / np.pi), _MOST_CORRECTION)
    return frequencies[kept], amplitude[kept] / amplitude[0] * correction


def _crossing(spread: Floats, level: float) -> float:
    """Return the bin, with its fraction, at which a rising spread crosses `level`, from the edge outwards."""
    middle = int(np.argmin(np.abs(spread - 0.5)))
    if level < 0.5:
        return len(spread) - 1 - _crossing((1 - spread)[::-1], 1 - level)
    above = middle + int(np.argmax(spread[middle:] >= level))
    step = spread[above] - spread[above - 1]
    return above - (spread[above] - level) / step if step > 0 else float(above)


def _ends_of_scale(light: Floats) -> tuple[bool, bool]:
    """Tell whether some of the region lies at the dark and at the bright end of the scale."""
    dark, bright = np.mean(light <= _END_OF_SCALE), np.mean(light >= 1 - _END_OF_SCALE)
    return bool(dark > _CLIPPED_SHARE), bool(bright > _CLIPPED_SHARE)


def _smoothed(spread: Floats, rise: float) -> Floats:
    """Return the spread with its noise averaged over an eighth of its rise, which hardly moves its tails."""
    width = 2 * round(rise / 16) + 1
    padded = np.pad(spread, width // 2, mode="edge")
    return np.convolve(padded, np.full(width, 1 / width), mode="valid")


def _cut_off(spread: Floats, saturated: tuple[bool, bool]) -> bool:
    """Tell whether a saturated side ends abruptly: there the edge was cut, and it seems sharper than it is."""
    quantiles = [_crossing(spread, level) for level in (0.02, 0.25, 0.5, 0.75, 0.98)]
    if (quantiles[4] - quantiles[0]) / _BINS <= _APERTURE_PX:
        return False
    far_dark, dark, bright, far_bright = np.diff(quantiles)
    tails = (far_dark / dark, far_bright / bright)
    return any(
        ends and (tail < _ABRUPT or tail < _LOPSIDED * other)
        for ends, tail, other in zip(saturated, tails, reversed(tails), strict=True)
    )
