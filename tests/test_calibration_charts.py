"""The control charts of a device, out of its stored calibrations."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from station.flow.calibration_charts import charts_of
from station.model.calibration import Analysis, Calibration, CalibrationReport, Extent, Figure, Kept, Setup
from station.model.calibration_chart import DriftChart
from station.model.quality import Finding, Limit, QualityReport, Status

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
SETUP = Setup("SN-1", "sane 1", "ab")


def kept(day: float, value: float | None, setup: Setup = SETUP) -> Kept:
    """One calibration so many days after the first, whose distortion may be 1 px at most."""
    status = Status.NOT_ASSESSED if value is None else Status.PASS if value <= 1 else Status.FAIL
    findings = (Finding("distortion", status, value, "px", limit=Limit(None, 1.0, None, 1.0)),)
    analysis = Analysis(None, (Figure("distortion", "px", value),))
    report = CalibrationReport(analysis, QualityReport("self_printed", findings, "1"))
    done = Calibration(
        "kiosk-1", "officer", "d", "scanner", False, START + timedelta(days=day), Extent.FULL, "a4", setup,
        0, status is Status.PASS, report, (),
    )  # fmt: skip
    return Kept(int(day) + 1, done, "", b"", b"")


def chart(values: list[float | None]) -> DriftChart:
    (made,) = charts_of([kept(day, value) for day, value in enumerate(values)])
    return made


def test_limits_come_from_the_first_twenty_runs_and_a_jump_is_told() -> None:
    # Mean 0.3; the moving ranges are all 0.02, so sigma is 0.02 / 1.128 (e-Handbook 6.3.2.2).
    steady = [0.29 + 0.02 * (day % 2) for day in range(20)]
    made = chart([*steady, 0.5])
    assert made.baseline_known and made.centre == pytest.approx(0.3)
    assert made.sigma == pytest.approx(0.02 / 1.128) and made.high == pytest.approx(0.3 + 3 * 0.02 / 1.128)
    assert (20, "beyond_3_sigma") in [(signal.index, signal.rule) for signal in made.signals]
    assert made.points[-1].passed, "it has changed, and is still good enough"
    assert len(made.ewma) == 21 and (made.tolerance_low, made.tolerance_high) == (None, 1.0)


def test_a_slow_rise_says_when_it_will_leave_its_tolerance() -> None:
    made = chart([0.30 + 0.01 * day for day in range(20)])
    # 0.01 px a day: 1 px, less twice the step of 0.002 px, is reached after 69.6 days.
    assert made.leaves is not None
    assert (made.leaves - START) / timedelta(days=1) == pytest.approx(69.6, abs=0.1)


def test_too_few_runs_have_points_and_no_limits() -> None:
    made = chart([0.3, 0.4, 1.2])
    assert [point.passed for point in made.points] == [True, True, False]
    assert not made.baseline_known and made.centre is None and made.leaves is None


def test_only_the_same_sheet_on_the_device_as_it_is_now_is_compared() -> None:
    other = replace(SETUP, settings="cd")
    (made,) = charts_of([kept(0, 0.3), kept(1, 0.9, other), kept(2, 0.4)])
    assert [point.value for point in made.points] == [0.3, 0.4]
    assert charts_of([]) == () and charts_of([kept(0, None)]) == ()
