"""Figures against tolerances: the verdict on a calibration.

The decision rule is that of JCGM 106:2012 with a guard band of the expanded uncertainty U (k = 2) on both sides
of the tolerance: a figure passes when it keeps the tolerance by U or more, fails when it breaks it by more than
U, and is marginal between. A marginal figure is a WARN: it has its own mark, but it proves nothing, and a
device with a marginal required figure is not `proven`. Where nobody assessed U the figure alone decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType

from station.calibration.profile import CLAIMED, Asked, Profile
from station.model.calibration import Analysis, CalibrationReport, Figure
from station.model.quality import Finding, Limit, QualityReport, Status

Values = Mapping[str, float]
"""Values by measure, in the measure's unit."""

_NOTHING: Values = MappingProxyType({})

_DECIMALS = 4
"""Figures are cut to this before they are judged: what a report shows is what was judged."""


@dataclass(frozen=True, slots=True)
class _Tolerance:
    """A tolerance with its percentages worked out; `lacks` is a word where one had nothing to refer to."""

    limit: Limit
    lacks: str = ""


def judge(
    analysis: Analysis,
    profile: Profile,
    claimed_ppi: tuple[float, float] | None = None,
    baseline: Values = _NOTHING,
) -> CalibrationReport:
    """Judge an analysis: first what the profile asks, in its order, then every other figure, unjudged.

    `claimed_ppi` is what the scanner or its file says, in x and y; `baseline` is what this device reached when
    it was qualified. A figure that was not evaluated keeps its reason; reasons given here are not_measured,
    no_reference, no_claim, no_baseline, no_limit (the profile asks nothing of it) and fault (no finite number).
    The limits of the report are in the figures' units.
    """
    figures = {figure.measure: figure for figure in analysis.figures}
    referenced = any(figure.needs_reference and figure.value is not None for figure in analysis.figures)
    claims = dict(zip(CLAIMED, claimed_ppi, strict=True)) if claimed_ppi else _NOTHING
    findings = []
    for measure, asked in profile.asked.items():
        figure = figures.get(measure) or Figure(measure, "", reason="not_measured")
        tolerance = _tolerance(asked, claims.get(measure), baseline.get(measure))
        if asked.needs_reference and not referenced:
            tolerance = _Tolerance(tolerance.limit, "no_reference")
        # Nothing to compare with yet: what has no other limit cannot be demanded.
        first = tolerance.lacks == "no_baseline" and tolerance.limit == Limit(None, None, None, None)
        findings.append(_finding(figure, tolerance, asked.required and not first))
    findings += [_told(figure) for figure in analysis.figures if figure.measure not in profile.asked]
    return CalibrationReport(analysis, QualityReport(profile.name, tuple(findings), profile.version))


def proven(report: CalibrationReport) -> bool:
    """Tell whether the device may work: every required figure passed, none is marginal or was left open."""
    required = [finding for finding in report.findings if finding.required]
    return bool(required) and all(finding.status is Status.PASS for finding in required)


def _tolerance(asked: Asked, claim: float | None, reached: float | None) -> _Tolerance:
    """Work the percentages out; where several limits hold the tightest does."""
    lows, highs, lacks = [asked.limit.low], [asked.limit.high], ""
    if (within := asked.claimed_within) is not None:
        if claim is None:
            lacks = "no_claim"
        else:
            lows.append(claim * (1 - within / 100))
            highs.append(claim * (1 + within / 100))
    if (share := asked.baseline_share) is not None:
        if reached is None:
            lacks = "no_baseline"
        else:
            lows.append(reached * share / 100)
    low = max((_cut(end) for end in lows if end is not None), default=None)
    high = min((_cut(end) for end in highs if end is not None), default=None)
    return _Tolerance(Limit(low, high, low, high), lacks)


def _finding(figure: Figure, tolerance: _Tolerance, required: bool) -> Finding:
    value, spread = figure.value, figure.uncertainty or 0.0
    reason = figure.reason or "fault"
    if value is not None:
        value = _cut(value) if isfinite(value) and isfinite(spread) else None
    if value is None:
        status = Status.NOT_ASSESSED
    else:
        status, reason = _status(value, abs(spread), tolerance.limit), ""
        # What already breaks a known limit fails, whatever else could not be asked; nothing half asked passes.
        if tolerance.lacks == "no_reference" or (tolerance.lacks and status is not Status.FAIL):
            status, reason = Status.NOT_ASSESSED, tolerance.lacks
    return Finding(
        figure.measure, status, value, figure.unit, limit=tolerance.limit, required=required, reason=reason
    )


def _told(figure: Figure) -> Finding:
    """Report a figure that the profile does not ask: its value without a verdict."""
    finding = _finding(figure, _Tolerance(Limit(), "no_limit"), required=False)
    return Finding(
        finding.measure, Status.NOT_ASSESSED, finding.raw, finding.unit, required=False, reason=finding.reason
    )


def _status(value: float, spread: float, limit: Limit) -> Status:
    """Apply the decision rule; `spread` is U, 0 where nobody assessed it."""
    beyond = [end - value for end in (limit.low,) if end is not None]
    beyond += [value - end for end in (limit.high,) if end is not None]
    worst = max(beyond, default=-spread)
    if _cut(worst + spread) <= 0:
        return Status.PASS
    return Status.FAIL if _cut(worst - spread) > 0 else Status.WARN


def _cut(value: float) -> float:
    return round(value, _DECIMALS)
