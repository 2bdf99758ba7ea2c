"""Ask all measures of a profile about one picture; one that fails spoils no other."""

import logging
from collections.abc import Mapping
from math import isfinite

from station.model.quality import Finding, Limit, QualityReport, Status
from station.quality.catalogue import PAGE, PORTRAIT
from station.quality.measure import Measure, Measured, SampleT, Unmeasured
from station.quality.profile import Asked, Profile
from station.quality.sample import PageSample, PortraitSample

_log = logging.getLogger(__name__)

_DECIMALS = 3
"""Raw values are cut to this before they are judged: what the officer reads is what was judged."""


def assess(profile: Profile, sample: PageSample | PortraitSample) -> QualityReport:
    """Return the report on this picture; its findings stand in the profile's order.

    The same pixels, profile and version give the same report. The profile's subject must be the sample's.
    """
    match sample:
        case PageSample():
            findings = _ask_all(PAGE, profile, sample)
        case PortraitSample():
            findings = _ask_all(PORTRAIT, profile, sample)
    return QualityReport(profile.name, findings, profile.version)


def _ask_all(
    measures: Mapping[str, Measure[SampleT]], profile: Profile, sample: SampleT
) -> tuple[Finding, ...]:
    return tuple(_ask(measures[name], sample, asked) for name, asked in profile.asked.items())


def _ask(measure: Measure[SampleT], sample: SampleT, asked: Asked) -> Finding:
    try:
        answer = measure.assess(sample)
    except Exception:
        # The traceback stays out: a picture's facts may be personal, and the report says "fault" anyway.
        _log.error("measure failed: %s", measure.name)
        answer = Unmeasured("fault")
    return _finding(measure.name, measure.unit, answer, asked)


def _finding(name: str, unit: str, answer: Measured | Unmeasured, asked: Asked) -> Finding:
    if isinstance(answer, Measured) and not isfinite(answer.raw):
        answer = Unmeasured("fault")
    if isinstance(answer, Unmeasured):
        return Finding(
            name,
            Status.NOT_ASSESSED,
            unit=unit,
            limit=asked.limit,
            required=asked.required,
            reason=answer.reason,
            may_lack=asked.may_lack and answer.reason == "no_text",
        )
    raw = round(answer.raw, _DECIMALS)
    return Finding(
        name,
        _status(raw, asked.limit),
        raw=raw,
        unit=unit,
        limit=asked.limit,
        region=answer.region,
        required=asked.required,
    )


def _status(raw: float, limit: Limit) -> Status:
    if _outside(raw, limit.fail_low, limit.fail_high):
        return Status.FAIL
    return Status.WARN if _outside(raw, limit.low, limit.high) else Status.PASS


def _outside(raw: float, low: float | None, high: float | None) -> bool:
    return (low is not None and raw < low) or (high is not None and raw > high)
