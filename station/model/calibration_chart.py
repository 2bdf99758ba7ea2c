"""How one figure of one device went from day to day, with the limits that say whether it changed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DriftPoint:
    """What one calibration gave: `value` in the measure's unit, and whether it kept its tolerance."""

    at: datetime
    value: float
    passed: bool


@dataclass(frozen=True, slots=True)
class SmoothedPoint:
    """The weighted average (EWMA) after one calibration, with its own control limits."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DriftSignal:
    """A rule that point number `index` (from 0) completes; `rule` is its name (`beyond_3_sigma`)."""

    index: int
    rule: str


@dataclass(frozen=True, slots=True)
class DriftChart:
    """A control chart: single values in order of time, all moments with their time zone.

    Control limits say that something changed, tolerances that it is not good enough. `centre`, `sigma`, `low`
    and `high` (three sigmas away) are None until the `baseline_known`. `ewma` has one entry for each point, or
    none. `tolerance_low` and `_high` are None where open. `leaves` is the moment at which the measure is
    expected to leave its tolerance, between `soonest` and `latest`; None: not within the time looked at.
    """

    measure: str
    unit: str
    points: tuple[DriftPoint, ...] = ()
    centre: float | None = None
    sigma: float | None = None
    low: float | None = None
    high: float | None = None
    ewma: tuple[SmoothedPoint, ...] = ()
    tolerance_low: float | None = None
    tolerance_high: float | None = None
    signals: tuple[DriftSignal, ...] = ()
    leaves: datetime | None = None
    soonest: datetime | None = None
    latest: datetime | None = None
    baseline_known: bool = False
