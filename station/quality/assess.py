"""Ask all measures of a profile about one picture; one that fails spoils no other."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite, nan

from station.model.quality import Finding, Limit, QualityReport, Status
from station.quality import versions
from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.measure import Measure, Measured, SampleT, Unmeasured
from station.quality.profile import Asked, Profile
from station.quality.sample import PageSample, PortraitSample

_log = logging.getLogger(__name__)

_NO_TEXT = "no_text"

_DECIMALS = 3
"""Raw values are cut to this before they are judged: what the officer reads is what was judged."""

_NATIVE_DECIMALS = 6
"""As many has the reference implementation of ISO/IEC 29794-5: its scores follow from what it prints."""


def assess(profile: Profile, sample: PageSample | PortraitSample) -> QualityReport:
    """Return the report on this picture; its findings stand in the profile's order.

    The same pixels, profile and version give the same report. The profile's subject must be the sample's. A
    live portrait is asked the live questions only.
    """
    match sample:
        case PageSample():
            findings = _ask_all(PAGE, profile.asked, sample)
        case PortraitSample():
            asked = profile.asked
            if sample.live:
                asked = {name: entry for name, entry in asked.items() if entry.live}
            findings = _ask_all(PORTRAIT, asked, sample)
    return QualityReport(profile.name, findings, profile.version, profile.digest, versions.stamp())


def judged_anew(finding: Finding, asked: Asked) -> Finding:
    """Return the finding as another limit judges the same value; nothing is measured."""
    value = finding.score if asked.limit.scored else finding.raw
    if finding.raw is None or value is None:
        reason = finding.reason or "fault"
        may_lack = asked.may_lack and reason == _NO_TEXT
        status, raw, score = Status.NOT_ASSESSED, None, None
    else:
        reason, may_lack = "", False
        status, raw, score = _status(value, asked.limit), finding.raw, finding.score
    return replace(
        finding, status=status, raw=raw, score=score, limit=asked.limit, required=asked.required,
        reason=reason, may_lack=may_lack,
    )  # fmt: skip


def _ask_all(
    measures: Mapping[str, Measure[SampleT]], asked: Mapping[str, Asked], sample: SampleT
) -> tuple[Finding, ...]:
    return tuple(_ask(measures[name], sample, entry) for name, entry in asked.items())


def _ask(measure: Measure[SampleT], sample: SampleT, asked: Asked) -> Finding:
    try:
        answer = measure.assess(sample)
    except Exception:
        # The traceback stays out: a picture's facts may be personal, and the report says "fault" anyway.
        _log.error("measure failed: %s", measure.name)
        answer = Unmeasured("fault")
    return _finding(measure.name, measure.unit, answer, asked)


def _finding(name: str, unit: str, answer: Measured | Unmeasured, asked: Asked) -> Finding:
    if isinstance(answer, Measured) and not isfinite(_judged(answer, asked.limit)):
        answer = Unmeasured("fault")
    if isinstance(answer, Unmeasured):
        return Finding(
            name,
            Status.NOT_ASSESSED,
            unit=unit,
            limit=asked.limit,
            required=asked.required,
            reason=answer.reason,
            may_lack=asked.may_lack and answer.reason == _NO_TEXT,
        )
    return Finding(
        name,
        _status(_judged(answer, asked.limit), asked.limit),
        raw=_rounded(answer),
        unit=unit,
        score=answer.score,
        limit=asked.limit,
        region=answer.region,
        required=asked.required,
    )


def _rounded(answer: Measured) -> float:
    return round(answer.raw, _DECIMALS if answer.score is None else _NATIVE_DECIMALS)


def _judged(answer: Measured, limit: Limit) -> float:
    """What is held against the limit: the raw value, or the points (NaN where there are none)."""
    if not limit.scored:
        return _rounded(answer)
    return nan if answer.score is None else answer.score


def _status(value: float, limit: Limit) -> Status:
    if _outside(value, limit.fail_low, limit.fail_high):
        return Status.FAIL
    return Status.WARN if _outside(value, limit.low, limit.high) else Status.PASS


def _outside(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)
