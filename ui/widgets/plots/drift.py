"""A figure from day to day: has it changed, and when will it no longer be good enough?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING

from station.model.calibration_chart import DriftChart
from ui.widgets.plots import ticks
from ui.widgets.plots.legend import Key, Symbol
from ui.widgets.plots.plot import Plot
from ui.widgets.plots.points import Point, padded
from ui.widgets.plots.ticks import day_name, day_of
from ui.wording import calibration
from ui.wording.translate import QT_TRANSLATE_NOOP, number, translated

if TYPE_CHECKING:
    from ui.widgets.plots.canvas import Canvas, Panel

_RULES = {
    "beyond_3_sigma": QT_TRANSLATE_NOOP("Drift", "beyond the control limits"),
    "two_of_3_beyond_2_sigma": QT_TRANSLATE_NOOP("Drift", "two of three far out on one side"),
    "four_of_5_beyond_1_sigma": QT_TRANSLATE_NOOP("Drift", "four of five out on one side"),
    "eight_on_one_side": QT_TRANSLATE_NOOP("Drift", "eight in a row on one side"),
    "six_rising_or_falling": QT_TRANSLATE_NOOP("Drift", "six in a row rising or falling"),
}
_OUT = "beyond_3_sigma"
_FARTHEST = 3.0
"""A tolerance is shown while it makes the picture at most so many times as high as values and limits."""
_AHEAD = 1.0
"""Of the time measured so far: a forecast further ahead is told in words."""
_LEAST_DAYS = 7.0


@dataclass(frozen=True, slots=True)
class _Words:
    day: str
    value: str


class Drift(Plot):
    """A control chart with its tolerance and its forecast."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(
            self.tr("Drift"),
            self.tr("No calibrations to compare yet. Each one adds a point."),
        )

    def show_chart(self, chart: DriftChart | None) -> None:
        """Show a chart."""
        if chart is None or not any(isfinite(point.value) for point in chart.points):
            self.name(self.tr("Drift"))
            self.show_nothing()
            return
        name, unit = calibration.title(chart.measure), chart.unit
        words = _Words(
            self.tr("Day"),
            unit or name,
        )
        self.name(self.tr("Drift: {name}").format(name=name))
        self.show_drawing(partial(_draw, chart, words), self._told(chart, name), self._keys(chart))

    def _keys(self, chart: DriftChart) -> list[Key]:
        keys = [Key(self.tr("One calibration"), "accent", 0, symbol=Symbol.DOT)]
        if not all(point.passed for point in chart.points):
            keys.append(Key(self.tr("Not passed"), "not_good", 0, symbol=Symbol.CROSS))
        rules = {signal.rule for signal in chart.signals}
        if _OUT in rules:
            keys.append(Key(self.tr("Out of control"), "look", 0, symbol=Symbol.DIAMOND, hollow=True))
        if rules - {_OUT}:
            keys.append(Key(self.tr("Pattern"), "look", 0, symbol=Symbol.SQUARE, hollow=True))
        if chart.ewma:
            keys.append(Key(self.tr("Moving average (EWMA) and its limits"), "text", 2))
        if chart.centre is not None:
            keys.append(Key(self.tr("Control limits (3 sigma)"), "quiet", 1, dashed=True))
        if tolerance := self._tolerance(chart):
            keys.append(Key(tolerance, "not_good", 2))
        if _leaving(chart) is not None:
            keys.append(Key(self.tr("Leaves the tolerance"), "look", 2, dashed=True))
        return keys

    def _tolerance(self, chart: DriftChart) -> str:
        ends = (chart.tolerance_low, chart.tolerance_high)
        low, high = ("" if end is None else number(end, _decimals(chart)) for end in ends)
        phrases = {
            (True, True): self.tr("Tolerance {low} to {high}"),
            (True, False): self.tr("Tolerance {low} and more"),
            (False, True): self.tr("Tolerance up to {high}"),
        }
        told = phrases.get((bool(low), bool(high)), "").format(low=low, high=high)
        bottom, top = _height(chart)
        if told and not any(end is not None and bottom <= end <= top for end in ends):
            told += self.tr(" (beyond the picture)")
        return told

    def _told(self, chart: DriftChart, name: str) -> str:
        last = next(point for point in reversed(chart.points) if isfinite(point.value))
        decimals = _decimals(chart)
        value = f"{number(last.value, decimals)} {chart.unit}".strip()
        parts = [
            self.tr("{name} was {value} on {day}, the last of {count} calibrations").format(
                name=name, value=value, day=day_name(last.at), count=len(chart.points)
            ),
            self._control(chart),
            self._forecast(chart),
        ]
        return "; ".join(part for part in parts if part) + "."

    def _control(self, chart: DriftChart) -> str:
        if not chart.baseline_known:
            return self.tr("too few for control limits that can be trusted")
        late = len(chart.points) - 1
        rules = [
            translated("Drift", _RULES[s.rule]) for s in chart.signals if s.index == late and s.rule in _RULES
        ]
        if rules:
            return self.tr("it signals a change ({rule})").format(rule=rules[0])
        if chart.signals:
            return self.tr("it is in control now, signals before: {count}").format(count=len(chart.signals))
        return self.tr("it is in control")

    def _forecast(self, chart: DriftChart) -> str:
        if chart.soonest is None and chart.leaves is None:
            return ""
        begin, end = chart.soonest or chart.leaves, chart.latest
        if begin is None:
            return ""
        if end is None:
            return self.tr("it may leave its tolerance from {begin} on").format(begin=day_name(begin))
        return self.tr("it leaves its tolerance between {begin} and {end}").format(
            begin=day_name(begin), end=day_name(end)
        )


def _decimals(chart: DriftChart) -> int:
    words = calibration.FIGURES.get(chart.measure)
    return words.decimals if words else 2


def _draw(chart: DriftChart, words: _Words, canvas: "Canvas") -> None:
    from ui.widgets.plots.canvas import Axis

    points = [(day_of(point.at), point.value) for point in chart.points]
    first, span = points[0][0], _span(chart)
    end = _end(chart)
    low, high = _height(chart)
    panel = canvas.panel(Axis(words.day, first - 0.03 * span, end, ticks.days), Axis(words.value, low, high))
    _draw_forecast(panel, chart, end)
    _draw_limits(panel, chart)
    if len(chart.ewma) == len(points):
        days = [day for day, _ in points]
        for side in ([point.low for point in chart.ewma], [point.high for point in chart.ewma]):
            panel.line(list(zip(days, side, strict=True)), "text", 1, alpha=0.35)
        panel.line([(day, point.value) for day, point in zip(days, chart.ewma, strict=True)], "text", 2)
    for passed, symbol in ((True, Symbol.DOT), (False, Symbol.CROSS)):
        named = [at for at, point in zip(points, chart.points, strict=True) if point.passed is passed]
        panel.marks(named, symbol, "accent" if passed else "not_good", 7 if passed else 11)
    _draw_signals(panel, chart, points)


def _span(chart: DriftChart) -> float:
    return max(day_of(chart.points[-1].at) - day_of(chart.points[0].at), _LEAST_DAYS)


def _end(chart: DriftChart) -> float:
    """Return the last day that is shown: that of the forecast, if it does not lie too far ahead."""
    last, span = day_of(chart.points[-1].at), _span(chart)
    ahead = [day_of(day) for day in (chart.soonest, chart.leaves, chart.latest) if day is not None]
    return min(max([last, *ahead]) + 0.05 * span, last + _AHEAD * span)


def _leaving(chart: DriftChart) -> Point | None:
    """Return the days between which the tolerance is left as far as they are shown, None when they are not."""
    begin, end = chart.soonest or chart.leaves, _end(chart)
    if begin is None or day_of(begin) >= end:
        return None
    return day_of(begin), end if chart.latest is None else min(day_of(chart.latest), end)


def _height(chart: DriftChart) -> Point:
    """Return the range that is shown: values and control limits, and the tolerance where it is near."""
    of_ewma = chain.from_iterable((point.low, point.high) for point in chart.ewma)
    limits = (value for value in (chart.low, chart.high, chart.centre) if value is not None)
    low, high = padded(
        [*(point.value for point in chart.points), *limits, *of_ewma], least=10.0 ** -_decimals(chart)
    )
    middle, most = (low + high) / 2, (high - low) * _FARTHEST
    for end in (chart.tolerance_low, chart.tolerance_high):
        if end is not None and abs(end - middle) <= most / 2:
            low, high = min(low, end - 0.04 * most), max(high, end + 0.04 * most)
    return low, high


def _draw_limits(panel: "Panel", chart: DriftChart) -> None:
    if chart.centre is not None:
        panel.level(chart.centre, "quiet")
    for limit in (chart.low, chart.high):
        if limit is not None:
            panel.level(limit, "quiet", dashed=True)
    for end, upper in ((chart.tolerance_low, False), (chart.tolerance_high, True)):
        if end is not None and panel.y.low <= end <= panel.y.high:
            panel.level(end, "not_good", 2)
            beyond = (end, panel.y.high) if upper else (panel.y.low, end)
            panel.band(*beyond, "not_good", alpha=0.1)


def _draw_forecast(panel: "Panel", chart: DriftChart, end: float) -> None:
    if (days := _leaving(chart)) is not None:
        panel.band(*days, "look", upright=True)
    if chart.leaves is not None and day_of(chart.leaves) < end:
        panel.upright(day_of(chart.leaves), "look", 2, dashed=True)


def _draw_signals(panel: "Panel", chart: DriftChart, points: Sequence[Point]) -> None:
    """Put a diamond round what is out of control, a square where a pattern begins to hold."""
    every = {(signal.rule, signal.index) for signal in chart.signals}
    out = {index for rule, index in every if rule == _OUT}
    looks = {index for rule, index in every if (rule, index - 1) not in every} - out
    for found, symbol in ((out, Symbol.DIAMOND), (looks, Symbol.SQUARE)):
        panel.marks([points[at] for at in sorted(found) if at < len(points)], symbol, "look", 15, hollow=True)
