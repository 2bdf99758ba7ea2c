"""Control charts of a device for a report: what its figures did from day to day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from math import isfinite

from station.delivery import calibration_words as words
from station.delivery.calibration_axes import Axes, Axis, Box, Sample, Shape, around, axis, days
from station.delivery.calibration_blocks import Block
from station.delivery.calibration_sheet import AMBER, BLACK, BLUE, GREY, MM, RED, Sheet
from station.model.calibration_chart import DriftChart

_FEWEST = 2
_DAY = timedelta(days=1)
_LEAST_DAYS = 2.0
_FARTHEST = 3.0
"""A tolerance is shown while it makes the picture at most so many times as high as values and limits."""
_AHEAD = 1.0
"""Of the time measured so far: a forecast further ahead is told in words."""

_RULES = {
    "beyond_3_sigma": "beyond the control limits",
    "two_of_3_beyond_2_sigma": "two of three far out on one side",
    "four_of_5_beyond_1_sigma": "four of five out on one side",
    "eight_on_one_side": "eight in a row on one side",
    "six_rising_or_falling": "six in a row rising or falling",
}

_AXES = {"degrees": "degrees", "steps": "steps", "count": "count", "ratio": "ratio"}
"""Units that are written in full beside an axis."""

KEY = (
    Sample("a calibration", BLUE, shape=Shape.DOT),
    Sample("one that broke its limit", RED, shape=Shape.CROSS),
    Sample("signals a change", AMBER, shape=Shape.SQUARE),
    Sample("control limits, 3 sigma", GREY, 0.8, (3, 2)),
    Sample("moving average (EWMA)", BLACK, 0.6),
    Sample("tolerance", BLACK, 1.8),
)
"""What is drawn in every chart."""


def _drawn(charts: Sequence[DriftChart]) -> list[DriftChart]:
    """Return the charts worth a drawing: of two points and more; of single edges only those that signal now."""
    return [
        chart for chart in charts if len(_known(chart)) >= _FEWEST and (not _detail(chart) or _rules(chart))
    ]


def drift_blocks(charts: Sequence[DriftChart]) -> Iterator[Block]:
    """Yield the charts that are drawn, first those of figures with a limit, larger."""
    shown = _drawn(charts)
    for chart in (chart for chart in shown if _limited(chart)):
        yield Block(_title(chart), _told(chart), 35 * MM, partial(_draw, chart, 4))
    for chart in (chart for chart in shown if not _limited(chart)):
        yield Block(_title(chart), _told(chart), 28 * MM, partial(_draw, chart, 2), columns=3)


def _limited(chart: DriftChart) -> bool:
    return chart.tolerance_low is not None or chart.tolerance_high is not None


def _detail(chart: DriftChart) -> bool:
    return bool(words.edge_of(chart.measure))


def _known(chart: DriftChart) -> list[float]:
    return [point.value for point in chart.points if isfinite(point.value)]


def _title(chart: DriftChart) -> str:
    return words.title(chart.measure)


def _told(chart: DriftChart) -> str:
    """Say in one sentence how the figure stands and where it goes."""
    last = chart.points[-1]
    unit = words.unit(chart.unit)
    value = f"{words.number(last.value, words.decimals(chart.measure))} {unit}".strip()
    return f"{len(chart.points)} calibrations, the last {value}; {_control(chart)}{_forecast(chart)}."


def _control(chart: DriftChart) -> str:
    if not chart.baseline_known:
        return "too few for control limits"
    if rules := _rules(chart):
        return f"it signals a change ({rules[0]})"
    return f"in control now, signals before: {len(chart.signals)}" if chart.signals else "in control"


def _rules(chart: DriftChart) -> list[str]:
    """Return the rules that the newest calibration completes."""
    late = len(chart.points) - 1
    return [_RULES.get(signal.rule, signal.rule) for signal in chart.signals if signal.index == late]


def _forecast(chart: DriftChart) -> str:
    begin = chart.soonest or chart.leaves
    if begin is None:
        return ""
    if chart.leaves is None or chart.latest is None:
        return f"; it may leave its tolerance from {begin:%Y-%m-%d} on"
    between = f"{begin:%Y-%m-%d} to {chart.latest:%Y-%m-%d}"
    return f"; it will leave its tolerance about {chart.leaves:%Y-%m-%d} ({between})"


def _draw(chart: DriftChart, ticks: int, sheet: Sheet, box: Box) -> None:
    begin = chart.points[0].at
    at = [(point.at - begin) / _DAY for point in chart.points]
    span = max(at[-1], _LEAST_DAYS)
    end = _end(chart, begin, at[-1], span)
    low, high = _height(chart)
    room = 0.04 * span
    across = Axis("Day", -room, end + room, days(begin, -room, end + room, ticks))
    axes = Axes(
        sheet, box, across, axis(_AXES.get(chart.unit, words.unit(chart.unit)) or "value", low, high, 5)
    )
    if chart.centre is not None:
        axes.level(chart.centre, GREY, 0.6)
    for limit in (chart.low, chart.high):
        if limit is not None:
            axes.level(limit, GREY, 0.8, (3, 2))
    for tolerance in (chart.tolerance_low, chart.tolerance_high):
        if tolerance is not None:
            axes.level(tolerance, BLACK, 1.8)
    if len(chart.ewma) == len(at):
        axes.line([(day, point.value) for day, point in zip(at, chart.ewma, strict=True)], BLACK, 0.6)
    for day, point in zip(at, chart.points, strict=True):
        shape, ink = (Shape.DOT, BLUE) if point.passed else (Shape.CROSS, RED)
        axes.mark((day, point.value), shape, ink, 2.6 if point.passed else 4)
    for index in sorted({signal.index for signal in chart.signals}):
        if 0 <= index < len(at):
            axes.mark((at[index], chart.points[index].value), Shape.SQUARE, AMBER, 5.5)


def _end(chart: DriftChart, begin: datetime, last: float, span: float) -> float:
    """Return the last day that is shown: that of the forecast, if it does not lie too far ahead."""
    ahead = [(day - begin) / _DAY for day in (chart.soonest, chart.leaves, chart.latest) if day is not None]
    return min(max([last, _LEAST_DAYS, *ahead]), last + _AHEAD * span)


def _height(chart: DriftChart) -> tuple[float, float]:
    """Return the range that is shown: values and control limits, and the tolerance where it is near."""
    smooth = chain.from_iterable((point.value,) for point in chart.ewma)
    limits = (limit for limit in (chart.low, chart.high, chart.centre) if limit is not None)
    low, high = around([*_known(chart), *limits, *smooth], 10.0 ** -words.decimals(chart.measure))
    middle, most = (low + high) / 2, (high - low) * _FARTHEST
    for end in (chart.tolerance_low, chart.tolerance_high):
        if end is not None and abs(end - middle) <= most / 2:
            low, high = min(low, end - 0.04 * most), max(high, end + 0.04 * most)
    return low, high
