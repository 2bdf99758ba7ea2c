"""When a device may be used: due by time, scans and change; failures, overrides, a clock that was set back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.calibration.schedule import Plan, Present, Run, standing
from station.model.calibration import Extent, Override, Reason, Setup, Standing, State

PHNOM_PENH = timezone(timedelta(hours=7))
MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=PHNOM_PENH)
SETUP = Setup("SN-100", "sane 1.4", "a1b2")
WEEKLY = Plan(daily=False)
DAILY = Plan()


def run(day: float = 0, *, passed: bool = True, extent: Extent = Extent.FULL, scans: int = 0) -> Run:
    return Run(MONDAY + timedelta(days=day), extent, passed, SETUP, scans)


def short(day: float, *, passed: bool = True) -> Run:
    return run(day, passed=passed, extent=Extent.SHORT)


def present(day: float, *, seen: float | None = None, scans: int = 0, setup: Setup = SETUP) -> Present:
    at = MONDAY + timedelta(days=day)
    return Present(at, setup, scans, at if seen is None else MONDAY + timedelta(days=seen))


def answer(found: Standing) -> tuple[State, Reason | None, bool]:
    return found.state, found.reason, found.locked


# -- time, scans, change --------------------------------------------------------------------------------------


def test_a_device_without_a_calibration_is_locked() -> None:
    assert answer(standing(WEEKLY, [], present(0))) == (State.NEVER, Reason.NEVER, True)


def test_a_short_check_alone_qualifies_nothing() -> None:
    assert answer(standing(DAILY, [short(0)], present(0))) == (State.NEVER, Reason.NEVER, True)


@pytest.mark.parametrize(
    ("day", "state", "reason"),
    [
        (0, State.VALID, None),
        (5.99, State.VALID, None),
        (6, State.DUE_SOON, Reason.TIME),
        (6.99, State.DUE_SOON, Reason.TIME),
        (7, State.EXPIRED, Reason.TIME),
    ],
)
def test_a_full_calibration_holds_seven_days_and_warns_a_day_ahead(
    day: float, state: State, reason: Reason | None
) -> None:
    found = standing(WEEKLY, [run()], present(day))
    assert answer(found) == (state, reason, state is State.EXPIRED)
    assert found.due == MONDAY + timedelta(days=7)


@pytest.mark.parametrize(
    ("scans", "state", "left"),
    [
        (899, State.VALID, 101),
        (900, State.DUE_SOON, 100),
        (999, State.DUE_SOON, 1),
        (1000, State.EXPIRED, None),
    ],
)
def test_a_calibration_is_used_up_by_scans(scans: int, state: State, left: int | None) -> None:
    found = standing(replace(WEEKLY, scans=1000), [run(scans=5000)], present(1, scans=5000 + scans))
    assert (found.state, found.scans_left) == (state, left)
    assert found.reason is (None if state is State.VALID else Reason.SCANS)


def test_a_count_that_was_reset_does_not_give_new_scans() -> None:
    found = standing(replace(WEEKLY, scans=1000), [run(scans=5000)], present(1, scans=3))
    assert answer(found) == (State.EXPIRED, Reason.SCANS, True)


@pytest.mark.parametrize(
    ("setup", "reason"),
    [
        (replace(SETUP, serial="SN-101"), Reason.SERIAL),
        (replace(SETUP, driver="sane 1.5"), Reason.DRIVER),
        (replace(SETUP, settings="c3d4"), Reason.SETTINGS),
    ],
)
def test_another_device_driver_or_setting_is_not_what_was_calibrated(setup: Setup, reason: Reason) -> None:
    assert answer(standing(WEEKLY, [run()], present(1, setup=setup))) == (State.EXPIRED, reason, True)
    # A short check after the change does not do.
    check = replace(short(1), setup=setup)
    assert standing(DAILY, [run(), check], present(1, setup=setup)).reason is reason


def test_an_expired_target_ends_what_was_measured_with_it() -> None:
    until = MONDAY + timedelta(days=3)
    runs = [replace(run(), target_expires=until)]
    assert answer(standing(WEEKLY, runs, present(1))) == (State.VALID, None, False)
    assert answer(standing(WEEKLY, runs, present(2.5))) == (State.DUE_SOON, Reason.TARGET, False)
    assert answer(standing(WEEKLY, runs, present(3))) == (State.EXPIRED, Reason.TARGET, True)


# -- the morning's check --------------------------------------------------------------------------------------


def test_every_day_begins_with_a_check() -> None:
    found = standing(DAILY, [run()], present(0.5))
    assert answer(found) == (State.VALID, None, False)
    assert found.due == datetime(2026, 3, 3, tzinfo=PHNOM_PENH)
    # 16 hours after Monday's 8 o'clock is midnight.
    assert answer(standing(DAILY, [run()], present(16 / 24))) == (State.EXPIRED, Reason.DAY, True)
    assert answer(standing(DAILY, [run(), short(1)], present(1.1))) == (State.VALID, None, False)


def test_checks_do_not_put_off_the_full_calibration() -> None:
    runs = [run(), *(short(day) for day in range(1, 8))]
    assert answer(standing(DAILY, runs, present(7))) == (State.EXPIRED, Reason.TIME, True)


def test_another_time_zone_does_not_make_the_day_longer() -> None:
    at = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)  # half past midnight on Tuesday in Phnom Penh
    found = standing(DAILY, [run()], Present(at, SETUP, 0, at))
    assert found.reason is Reason.DAY


# -- failures -------------------------------------------------------------------------------------------------


def test_after_a_failure_one_repetition_may_pass() -> None:
    failed = [run(), run(1, passed=False)]
    assert answer(standing(WEEKLY, failed, present(1))) == (State.FAILED, Reason.FAILED, True)
    assert answer(standing(WEEKLY, [*failed, run(1)], present(1))) == (State.VALID, None, False)


def test_a_second_failure_waits_for_a_technician_even_if_the_third_time_passes() -> None:
    runs = [run(), run(1, passed=False), run(1, passed=False)]
    locked = (State.FAILED, Reason.FAILED_TWICE, True)
    assert answer(standing(WEEKLY, runs, present(1))) == locked
    assert answer(standing(WEEKLY, [*runs, run(1)], present(1))) == locked
    # Released after the third run: still failed, until one passes.
    assert answer(standing(WEEKLY, runs, present(1), released=3)) == (State.FAILED, Reason.FAILED, True)
    assert answer(standing(WEEKLY, [*runs, run(1)], present(1), released=3)) == (State.VALID, None, False)
    assert answer(standing(WEEKLY, [*runs, run(1, passed=False)], present(1), released=3)) == locked


def test_an_old_release_does_not_cover_new_failures() -> None:
    runs = [run(passed=False), run(), run(1, passed=False), run(1, passed=False)]
    assert standing(WEEKLY, runs, present(1), released=1).reason is Reason.FAILED_TWICE


def test_a_short_check_does_not_make_good_a_full_failure() -> None:
    runs = [run(), run(1, passed=False), short(1)]
    assert standing(DAILY, runs, present(1)).reason is Reason.FAILED
    assert standing(DAILY, [run(), short(1, passed=False), short(1)], present(1)).state is State.VALID


# -- override -------------------------------------------------------------------------------------------------


def leave(begins: float = 8, hours: float = 2, *, serial: str = "SN-100") -> Override:
    at = MONDAY + timedelta(days=begins)
    return Override(serial, "supervisor-1", "spare scanner arrives at noon", at, at + timedelta(hours=hours))


def test_a_supervisor_opens_an_expired_device_for_a_time() -> None:
    during = standing(WEEKLY, [run()], present(8.05), overrides=[leave()])
    assert answer(during) == (State.EXPIRED, Reason.TIME, False)
    assert during.override == leave()
    assert standing(WEEKLY, [run()], present(8 + 2 / 24), overrides=[leave()]).locked
    assert standing(WEEKLY, [run()], present(7.9), overrides=[leave()]).locked


@pytest.mark.parametrize("runs", [[], [run(1, passed=False)], [run(7, passed=False), run(8, passed=False)]])
def test_an_override_opens_what_failed_or_was_never_calibrated(runs: list[Run]) -> None:
    assert not standing(WEEKLY, runs, present(8.01), overrides=[leave()]).locked


def test_an_override_is_for_one_device() -> None:
    assert standing(WEEKLY, [run()], present(8.05), overrides=[leave(serial="SN-101")]).locked


def test_an_open_device_needs_no_override() -> None:
    assert standing(WEEKLY, [run(8)], present(8.05), overrides=[leave()]).override is None


@pytest.mark.parametrize("hours", [0, -1, 24.1])
def test_an_override_ends_within_a_day(hours: float) -> None:
    with pytest.raises(ValueError):
        leave(hours=hours)


@pytest.mark.parametrize("changed", [{"by": " "}, {"reason": ""}])
def test_an_override_says_who_and_why(changed: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        replace(leave(), **changed)  # type: ignore[arg-type]


# -- the clock ------------------------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_does_not_make_it_valid_for_longer() -> None:
    found = standing(WEEKLY, [run()], present(1, seen=6.9))
    assert answer(found) == (State.EXPIRED, Reason.CLOCK, True)


def test_a_calibration_from_the_future_holds_for_nothing() -> None:
    # The clock was years ahead during the calibration, and was put right afterwards.
    ahead = [run(2000)]
    assert standing(WEEKLY, ahead, present(1)).reason is Reason.CLOCK
    # A new one under the right clock counts, and the old one no longer matters.
    assert answer(standing(WEEKLY, [*ahead, run(1)], present(1.1))) == (State.VALID, None, False)
    # The day's check does not put it right.
    assert standing(DAILY, [*ahead, short(1)], present(1.1)).reason is Reason.CLOCK


def test_a_time_server_may_put_the_clock_back_by_minutes() -> None:
    minute = 1 / 24 / 60
    assert standing(WEEKLY, [run()], present(1 - 4 * minute, seen=1)).state is State.VALID
    # The latest moment seen counts meanwhile: the calibration ended at day 7.
    assert standing(WEEKLY, [run()], present(7 - 4 * minute, seen=7)).reason is Reason.TIME


def test_an_override_does_not_last_longer_under_a_clock_that_was_set_back() -> None:
    assert standing(WEEKLY, [run()], present(8.01, seen=9), overrides=[leave()]).locked
    assert standing(WEEKLY, [run(1, passed=False)], present(8.01, seen=9), overrides=[leave()]).locked


MOMENTS = st.floats(-20, 20, allow_nan=False)


@given(
    runs=st.lists(st.builds(run, MOMENTS, passed=st.booleans(), extent=st.sampled_from(Extent)), max_size=5),
    seen=MOMENTS,
    back=st.floats(0, 40, allow_nan=False),
    given_at=MOMENTS,
    daily=st.booleans(),
)
def test_what_is_locked_stays_locked_however_far_the_clock_is_set_back(
    runs: list[Run], seen: float, back: float, given_at: float, daily: bool
) -> None:
    plan, overrides = Plan(daily=daily), [leave(given_at)]
    if standing(plan, runs, present(seen), overrides=overrides).locked:
        assert standing(plan, runs, present(seen - back, seen=seen), overrides=overrides).locked


@given(day=st.floats(0, 30, allow_nan=False), later=st.floats(0, 30, allow_nan=False), daily=st.booleans())
def test_nothing_opens_again_by_waiting(day: float, later: float, daily: bool) -> None:
    plan = Plan(daily=daily)
    if standing(plan, [run()], present(day)).locked:
        assert standing(plan, [run()], present(day + later)).locked
