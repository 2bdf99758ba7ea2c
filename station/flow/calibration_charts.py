"""The control charts of one device, out of its stored calibrations."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from station.calibration import charts
from station.calibration.charts import Reading
from station.model.calibration import Kept
from station.model.calibration_chart import DriftChart, DriftPoint, DriftSignal, SmoothedPoint
from station.model.quality import Finding, Status

_BASELINE = 20
"""Runs that the control limits come from, the first ones (e-Handbook 6.3.2: 20 to 30)."""

_STEP = {"ppi": 0.005, "degrees": 0.0005, "px": 0.002, "cy/px": 0.0005, "L*": 0.01, "%": 0.01}
"""What a measure can tell apart, by its unit; half the last digit shown elsewhere."""

_OTHER_STEP = 0.001
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def charts_of(kept: Sequence[Kept]) -> tuple[DriftChart, ...]:
    """Return one chart for each measure that the newest calibration has a value of.

    Only calibrations with the same sheet, of the device set up as it is now, are comparable; others are left
    out. Control limits come from the first twenty runs once they suffice.
    """
    if not kept:
        return ()
    newest = kept[-1].calibration
    alike = [
        one
        for one in kept
        if (one.calibration.target, one.calibration.setup) == (newest.target, newest.setup)
        and one.calibration.report.analysis.label == newest.report.analysis.label
    ]
    found = [{finding.measure: finding for finding in one.calibration.report.findings} for one in alike]
    moments = [one.calibration.at for one in alike]
    return tuple(
        _chart(finding, [(at, row.get(measure)) for at, row in zip(moments, found, strict=True)])
        for measure, finding in found[-1].items()
        if finding.raw is not None
    )


def _chart(newest: Finding, runs: Sequence[tuple[datetime, Finding | None]]) -> DriftChart:
    told = [(at, finding.raw, finding) for at, finding in runs if finding and finding.raw is not None]
    points = tuple(DriftPoint(at, raw, finding.status is not Status.FAIL) for at, raw, finding in told)
    readings = [Reading((at - _EPOCH) / _DAY, raw) for at, raw, _ in told]
    step = _STEP.get(newest.unit, _OTHER_STEP)
    low, high = (newest.limit.low, newest.limit.high) if newest.limit else (None, None)
    leaves = charts.forecast(readings, low, high, least_sigma=step) if (low, high) != (None, None) else None
    days = (leaves.day, leaves.soonest, leaves.latest) if leaves else (None, None, None)
    expected, soonest, latest = (None if day is None else _EPOCH + day * _DAY for day in days)
    first = readings[:_BASELINE]
    if not charts.baseline_known(first):
        return DriftChart(
            newest.measure, newest.unit, points, tolerance_low=low, tolerance_high=high,
            leaves=expected, soonest=soonest, latest=latest,
        )  # fmt: skip
    values = [reading.value for reading in readings]
    level = charts.individuals([reading.value for reading in first], least_sigma=step).level
    smoothed = charts.ewma(values, level.centre, level.sigma)
    return DriftChart(
        newest.measure,
        newest.unit,
        points,
        level.centre,
        level.sigma,
        level.low,
        level.high,
        tuple(SmoothedPoint(point.value, point.low, point.high) for point in smoothed),
        low,
        high,
        tuple(DriftSignal(signal.at, signal.rule.value) for signal in charts.signals(values, level)),
        expected,
        soonest,
        latest,
        baseline_known=True,
    )
