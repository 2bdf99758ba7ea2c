"""Control charts of one measure of one device: has it changed, and when will it be no longer good enough?

Control limits say that something changed, tolerances that it is not good enough: a chart calls for service,
only a tolerance locks. Sources: NIST/SEMATECH e-Handbook of Statistical Methods 6.3.2 (limits, rules, EWMA);
Nelson 1984 (trend); Sen 1968 (slope and its interval).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise
from math import floor, sqrt
from statistics import NormalDist, fmean, median

_RANGE_OF_NORMAL = {
    2: (1.128, 0.8525), 3: (1.693, 0.8884), 4: (2.059, 0.8798), 5: (2.326, 0.8641), 6: (2.534, 0.8480),
    7: (2.704, 0.8332), 8: (2.847, 0.8198), 9: (2.970, 0.8078), 10: (3.078, 0.7971),
}  # fmt: skip
"""d2 and d3, the mean and the sigma of the range of n standard normal values; A2, D3 and D4 come from them."""
_SIGMAS = 3.0
_BASELINE_RUNS = 20
_BASELINE_DAYS = 5
_LINE_RUNS = 20
_LINE_LEAST = 6
"""Below it the order statistics of Sen's interval reach beyond all slopes."""
_CONFIDENCE = 0.95
_SIGMA_OF_MAD = 1.4826
_HORIZON_DAYS = 365.0
"""A line through twenty runs says nothing about what comes later."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run gave: `day` counted from any fixed moment, with fractions; `value` in the measure's unit."""

    day: float
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Centre line, sigma of what is plotted, and the limits at three of them."""

    centre: float
    sigma: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ChartPair:
    """A chart of the level (single values or means of groups), and one of the ranges that it comes from."""

    level: Chart
    spread: Chart


class Rule(StrEnum):
    """What a run of values must not do. BEYOND_3_SIGMA calls for action, the others for a look."""

    BEYOND_3_SIGMA = "beyond_3_sigma"
    TWO_OF_3_BEYOND_2_SIGMA = "two_of_3_beyond_2_sigma"
    FOUR_OF_5_BEYOND_1_SIGMA = "four_of_5_beyond_1_sigma"
    EIGHT_ON_ONE_SIDE = "eight_on_one_side"
    SIX_RISING_OR_FALLING = "six_rising_or_falling"


@dataclass(frozen=True, slots=True)
class _Zone:
    """So many of the last values, beyond so many sigmas on one side."""

    rule: Rule
    needed: int
    window: int
    sigmas: float


_ZONES = (
    _Zone(Rule.BEYOND_3_SIGMA, 1, 1, 3.0),
    _Zone(Rule.TWO_OF_3_BEYOND_2_SIGMA, 2, 3, 2.0),
    _Zone(Rule.FOUR_OF_5_BEYOND_1_SIGMA, 4, 5, 1.0),
    _Zone(Rule.EIGHT_ON_ONE_SIDE, 8, 8, 0.0),
)
"""The rules of Western Electric (e-Handbook 6.3.2)."""
_TREND = 6
_LONGEST_RUN = 8


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that the value number `at` (from 0) completes."""

    rule: Rule
    at: int


@dataclass(frozen=True, slots=True)
class Smoothed:
    """One point of an EWMA chart with its own limits."""

    value: float
    low: float
    high: float

    @property
    def outside(self) -> bool:
        """Whether it says that the level drifted."""
        return not self.low <= self.value <= self.high


@dataclass(frozen=True, slots=True)
class Line:
    """A robust line: `slope` a day with its 95 % interval, `level` on day 0, `sigma` of the runs about it."""

    slope: float
    slope_low: float
    slope_high: float
    level: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The day on which the measure leaves its tolerance, on the readings' own count, between two others.

    `soonest` and `latest` follow from the interval of the slope. None: not within a year of the last run.
    """

    line: Line
    day: float | None
    soonest: float | None
    latest: float | None


def baseline_known(readings: Sequence[Reading]) -> bool:
    """Tell whether the runs since the qualification suffice for limits: 20, on 5 different days."""
    days = {floor(reading.day) for reading in readings}
    return len(readings) >= _BASELINE_RUNS and len(days) >= _BASELINE_DAYS


def individuals(values: Sequence[float], *, least_sigma: float = 0.0) -> ChartPair:
    """Return the charts of single values and of their moving ranges (e-Handbook 6.3.2.2).

    `values` are the baseline, at least two, better 20 or more. `least_sigma` is the step that the measure can
    tell apart: a series that stood still would alarm at its first step. Sigma is the mean moving range / 1.128.
    """
    ranges = [abs(after - before) for before, after in pairwise(values)]
    return _charts(fmean(values), fmean(ranges), 2, 1, least_sigma)


def groups(of_runs: Sequence[Sequence[float]], *, least_sigma: float = 0.0) -> ChartPair:
    """Return the charts of the means and of the ranges of groups of 2 to 10 scans each (e-Handbook 6.3.2.1).

    All groups are of one size. `least_sigma` is of a single scan.
    """
    (size,) = {len(group) for group in of_runs}
    mean_range = fmean(max(group) - min(group) for group in of_runs)
    return _charts(fmean(map(fmean, of_runs)), mean_range, size, size, least_sigma)


def _charts(centre: float, mean_range: float, spanned: int, averaged: int, least_sigma: float) -> ChartPair:
    """Return the charts from a mean range that spans some values, for means of some."""
    mean_of_range, sigma_of_range = _RANGE_OF_NORMAL[spanned]
    single = max(mean_range / mean_of_range, least_sigma)
    sigma, of_range = single / sqrt(averaged), single * sigma_of_range
    expected = single * mean_of_range
    return ChartPair(
        Chart(centre, sigma, centre - _SIGMAS * sigma, centre + _SIGMAS * sigma),
        Chart(expected, of_range, max(0.0, expected - _SIGMAS * of_range), expected + _SIGMAS * of_range),
    )


def signals(values: Sequence[float], chart: Chart) -> tuple[Signal, ...]:
    """Return the rules that the values complete, in their order; the value itself takes part in the pattern."""
    found = []
    for at in range(len(values)):
        past = values[max(0, at + 1 - _LONGEST_RUN) : at + 1]
        found += [Signal(zone.rule, at) for zone in _ZONES if _in(zone, past, chart)]
        if len(past) >= _TREND and _trend(past[-_TREND:]):
            found.append(Signal(Rule.SIX_RISING_OR_FALLING, at))
    return tuple(found)


def _in(zone: _Zone, past: Sequence[float], chart: Chart) -> bool:
    """Tell whether the last value and enough of those before it lie beyond a line, on one side."""
    reach = zone.sigmas * chart.sigma
    for side in (-1, 1):
        beyond = [side * (value - chart.centre) > reach for value in past[-zone.window :]]
        if beyond[-1] and sum(beyond) >= zone.needed:
            return True
    return False


def _trend(values: Sequence[float]) -> bool:
    """Tell whether each value is above, or each below, the one before."""
    steps = [after - before for before, after in pairwise(values)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def ewma(
    values: Sequence[float], centre: float, sigma: float, *, weight: float = 0.2, width: float = 2.86
) -> tuple[Smoothed, ...]:
    """Return the exponentially weighted moving average for slow drift (e-Handbook 6.3.2.4).

    `weight` 0 to 1 is that of the newest value; the limits lie `width` sigmas of the average away and open with
    the number of values, as its variance does. `sigma` is of a single value.
    """
    points = []
    smoothed = centre
    for number, value in enumerate(values, 1):
        smoothed = weight * value + (1 - weight) * smoothed
        share = weight / (2 - weight) * (1 - (1 - weight) ** (2 * number))
        reach = width * sigma * sqrt(share)
        points.append(Smoothed(smoothed, centre - reach, centre + reach))
    return tuple(points)


def line(readings: Sequence[Reading]) -> Line | None:
    """Return the line of Theil and Sen, None when there are fewer than 6 readings on different days.

    The slope is the median of the slopes of all pairs; two of them, by rank, bound it with 95 % confidence (Sen
    1968, with the normal approximation of Kendall's S). The level is the median of what the slope leaves, sigma
    is 1.4826 MAD.
    """
    on_one_day = Counter(reading.day for reading in readings)
    if len(on_one_day) < _LINE_LEAST:
        return None
    slopes = sorted(
        (b.value - a.value) / (b.day - a.day) for a, b in combinations(readings, 2) if a.day != b.day
    )
    variance = _kendall(len(readings)) - sum(map(_kendall, on_one_day.values()))
    between = NormalDist().inv_cdf(0.5 + _CONFIDENCE / 2) * sqrt(variance)
    below = max(round((len(slopes) - between) / 2) - 1, 0)
    above = min(round((len(slopes) + between) / 2), len(slopes) - 1)
    slope = median(slopes)
    rests = [reading.value - slope * reading.day for reading in readings]
    level = median(rests)
    sigma = _SIGMA_OF_MAD * median(abs(rest - level) for rest in rests)
    return Line(slope, slopes[below], slopes[above], level, sigma)


def _kendall(count: int) -> float:
    """Return the variance of Kendall's S of so many values, or what as many on one day take off it."""
    return count * (count - 1) * (2 * count + 5) / 18


def forecast(
    readings: Sequence[Reading], low: float | None, high: float | None, *, least_sigma: float = 0.0
) -> Forecast | None:
    """Say when the measure will leave `low` to `high` (None = open), from the last 20 readings in order of day.

    It leaves when the line comes within two sigmas of the tolerance. For the interval the line turns about the
    middle of its days, as steep as the slope's own interval allows. None with too few readings.
    """
    recent = readings[-_LINE_RUNS:]
    fitted = line(recent)
    if fitted is None:
        return None
    last, turn = recent[-1].day, median(reading.day for reading in recent)
    at_turn = fitted.level + fitted.slope * turn
    margin = 2 * max(fitted.sigma, least_sigma)

    def leaves(slope: float) -> float | None:
        """Return the first day, from the last run on, on which a line of this slope is too near an end."""
        days = [
            _meets(side * at_turn + margin, side * slope, side * end, turn, last)
            for side, end in ((-1, low), (1, high))
            if end is not None
        ]
        return min((day for day in days if day is not None), default=None)

    slopes = [fitted.slope_low, fitted.slope, fitted.slope_high]
    if fitted.slope_low <= 0 <= fitted.slope_high:
        slopes.append(0.0)  # no drift at all is as likely: it leads nowhere, and there is no latest day
    days = [leaves(slope) for slope in slopes]
    known = [day for day in days if day is not None]
    latest = max(known) if len(known) == len(days) else None
    return Forecast(fitted, days[1], min(known, default=None), latest)


def _meets(value: float, slope: float, end: float, turn: float, last: float) -> float | None:
    """Return the day, from the last run's on, on which a line through `value` at `turn` has risen to `end`."""
    if value + slope * (last - turn) >= end:
        return last
    if slope <= 0:
        return None
    day = turn + (end - value) / slope
    return day if day - last <= _HORIZON_DAYS else None
