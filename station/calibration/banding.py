"""Banding: lightness that comes and goes along the sheet with a period, as a roller or the lamp leaves it."""

from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np

from station.calibration.blank_zone import BlankZone, Floats, figure
from station.model.calibration import Curve, Figure

_BAND_MM = (0.5, 20.0)
"""Periods that are looked for: finer ones are noise to the eye, coarser ones belong to the uniformity."""
_PERIODS = 3
"""How many times a period must fit into the zone; fewer are no rhythm, and the detrending would take them."""
_PIXELS = 3
"""The shortest period in pixels, a little above the two of the sampling theorem."""
_PADDED = 8
"""The spectrum is drawn finer by this, so that a parabola finds the top of a peak."""
_FALSE_ALARMS = 0.001
"""How many peaks of a zone without banding, along one axis, may be taken for one on average."""
_FAINTEST = 0.05
"""L*: smaller amplitudes are no banding, even where a sheet without noise would show them."""


@dataclass(frozen=True, slots=True)
class Peak:
    """A rhythm: `period_mm`, and its `amplitude` in L* (half of what lies between dark and light)."""

    period_mm: float
    amplitude: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What varies along one `axis`, "x" or "y".

    `rms` in L* is all that varies within the band, noise included; `peak` is the strongest rhythm that noise
    does not explain. The curve is the amplitude in L* over the spatial frequency in cycles/mm.
    """

    axis: str
    rms: float | None = None
    peak: Peak | None = None
    curve: Curve | None = None
    refusal: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """`banding` (L* rms), amplitude and period of the peak."""
        amplitude = None if self.refusal else self.peak.amplitude if self.peak else 0.0
        period = self.peak.period_mm if self.peak else None
        return (
            figure(f"banding_{self.axis}", "L*", self.rms, self.refusal),
            figure(f"banding_amplitude_{self.axis}", "L*", amplitude, self.refusal),
            figure(f"banding_period_{self.axis}", "mm", period, self.refusal),
        )


@dataclass(frozen=True, slots=True)
class Banding:
    """Along x (across the transport) and along y (roller and motor)."""

    x: Rhythm
    y: Rhythm

    @property
    def figures(self) -> tuple[Figure, ...]:
        """`banding` (L* rms of the worse axis), then each axis's. No limit is published: for a chart."""
        both = [rhythm.rms for rhythm in (self.x, self.y) if rhythm.rms is not None]
        worse = max(both) if len(both) == 2 else None
        whole = figure("banding", "L*", worse, self.x.refusal or self.y.refusal)
        return (whole, *self.x.figures, *self.y.figures)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The spectra."""
        return tuple(rhythm.curve for rhythm in (self.x, self.y) if rhythm.curve is not None)


def banding(zone: BlankZone) -> Banding:
    """Measure the banding along x and along y.

    The means of columns or rows, less a parabola, under a Hann window. Periods from 0.5 to 20 mm, as far as the
    zone holds them three times. The power of noise at a frequency is exponentially distributed, so a peak
    counts above ln(independent frequencies / 0.001) times the mean power, which the median gives over ln 2.
    """
    return Banding(_along("x", zone), _along("y", zone))


def _along(axis: str, zone: BlankZone) -> Rhythm:
    """Measure one axis."""
    if zone.refusal:
        return Rhythm(axis, refusal=zone.refusal)
    means, pixel_mm = zone.means(along_x=axis == "x"), zone.pixel_mm["xy".index(axis)]
    shortest = max(_BAND_MM[0], _PIXELS * pixel_mm)
    longest = min(_BAND_MM[1], len(means) * pixel_mm / _PERIODS)
    if longest <= 2 * shortest:
        return Rhythm(axis, refusal="too_small")
    level = _detrended(means)
    coarse, power = _spectrum(level, pixel_mm, 1)
    within = (coarse >= 1 / longest) & (coarse <= 1 / shortest)
    # A term holds half the square of its amplitude; the Hann window spreads each over 1.5 bins.
    rms = sqrt(float(power[within].sum()) / 2 / 1.5)
    fine, power = _spectrum(level, pixel_mm, _PADDED)
    inside = (fine >= 1 / longest) & (fine <= 1 / shortest)
    fine, power = fine[inside], power[inside]
    points = tuple(zip(fine.tolist(), np.sqrt(power).tolist(), strict=True))
    mean_power = float(np.median(power)) / log(2)
    # A windowed spectrum is worth about twice as many independent looks as it has bins of its own.
    limit = mean_power * log(2 * np.count_nonzero(within) / _FALSE_ALARMS)
    peak = _peak(fine, power)
    counts = peak.amplitude > max(sqrt(limit), _FAINTEST)
    return Rhythm(axis, rms, peak if counts else None, Curve(f"banding_{axis}", "cycles/mm", "L*", points))


def _detrended(means: Floats) -> Floats:
    """Return the means less the parabola that fits them best: the lamp's own fall-off."""
    places = np.linspace(-1, 1, len(means))
    result: Floats = means - np.polynomial.Polynomial.fit(places, means, 2)(places)
    return result


def _spectrum(level: Floats, pixel_mm: float, padded: int) -> tuple[Floats, Floats]:
    """Return frequencies in cycles/mm and the square of the amplitude of each, in L*²."""
    count = len(level)
    window = 0.5 - 0.5 * np.cos(2 * pi * (np.arange(count) + 0.5) / count)
    size = count * padded
    power = (2 * np.abs(np.fft.rfft(level * window, size)) / window.sum()) ** 2
    return np.fft.rfftfreq(size, pixel_mm), power


def _peak(frequencies: Floats, power: Floats) -> Peak:
    """Return the highest point of the spectrum, between its samples where it is not at the rim of the band."""
    top = int(np.argmax(power))
    if power[top] <= 0 or top in (0, len(power) - 1):
        return Peak(1 / float(frequencies[top]), sqrt(float(power[top])))
    before, here, after = np.log(power[top - 1 : top + 2] + 1e-30).tolist()
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend else 0.0
    step = float(frequencies[1] - frequencies[0])
    height = here - 0.25 * (before - after) * shift
    return Peak(1 / (float(frequencies[top]) + shift * step), sqrt(float(np.exp(height))))
