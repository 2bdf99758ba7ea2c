"""What a control chart says of the days to come, in one sentence."""

from datetime import datetime

from station.model.calibration_chart import DriftChart
from ui.wording.calibration_states import days_until
from ui.wording.translate import QT_TRANSLATE_NOOP, filled, moment, number, translated

_CONTEXT = "CalibrationDrift"

_LEAVES = QT_TRANSLATE_NOOP(
    "CalibrationDrift", "Will leave its tolerance in about {days} days (between {soonest} and {latest})."
)
_LEAVES_FROM = QT_TRANSLATE_NOOP(
    "CalibrationDrift", "Will leave its tolerance in about {days} days (from {soonest} on, if at all)."
)
_MAY = QT_TRANSLATE_NOOP(
    "CalibrationDrift", "May leave its tolerance from {soonest} on; the trend is not sure."
)
_STAYS = QT_TRANSLATE_NOOP("CalibrationDrift", "No trend leads out of its tolerance within a year.")
_TOO_FEW = QT_TRANSLATE_NOOP(
    "CalibrationDrift", "Too few calibrations for a forecast: {count} so far, six days are needed."
)
_NO_LIMIT = QT_TRANSLATE_NOOP("CalibrationDrift", "It has no tolerance that it could leave.")
_LEAST = 6


def forecast(chart: DriftChart, now: datetime) -> str:
    """Return when a measure will leave its tolerance, with the uncertainty; `now` has its time zone."""
    if chart.tolerance_low is None and chart.tolerance_high is None:
        return translated(_CONTEXT, _NO_LIMIT)
    if len({point.at.date() for point in chart.points}) < _LEAST:
        return filled(_CONTEXT, _TOO_FEW, {"count": number(len(chart.points))})
    facts: dict[str, object] = {}
    if chart.soonest is not None:
        facts["soonest"] = _day(chart.soonest)
    if chart.latest is not None:
        facts["latest"] = _day(chart.latest)
    if chart.leaves is None:
        return filled(_CONTEXT, _MAY, facts) if chart.soonest is not None else translated(_CONTEXT, _STAYS)
    facts["days"] = number(days_until(chart.leaves, now))
    facts.setdefault("soonest", _day(chart.leaves))
    return filled(_CONTEXT, _LEAVES if chart.latest is not None else _LEAVES_FROM, facts)


def _day(at: datetime) -> str:
    return moment(at).rpartition(",")[0]
