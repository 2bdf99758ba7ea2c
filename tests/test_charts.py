"""Control charts and forecasts, against published examples and arithmetic."""

from math import sqrt

import numpy as np
import pytest

from station.calibration.charts import (
    Chart,
    Reading,
    Rule,
    baseline_known,
    ewma,
    forecast,
    groups,
    individuals,
    line,
    signals,
)

# NIST/SEMATECH e-Handbook of Statistical Methods (doi:10.18434/M32189), 6.3.2.2: ten batches of a flow rate.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# The same, 6.3.2.4: twenty values, EWMA_0 = 50, s = 2.0539, lambda = 0.3; and their average as printed there.
DRIFT = [52.0, 47.0, 53.0, 49.3, 50.1, 47.0, 51.0, 50.1, 51.2, 50.5, 49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6,
         52.4, 53.6, 52.1]  # fmt: skip
AVERAGED = [50.60, 49.52, 50.56, 50.18, 50.16, 49.21, 49.75, 49.85, 50.26, 50.33, 50.11, 49.36, 49.52, 50.05,
            49.38, 49.92, 50.73, 51.23, 51.94, 51.99]  # fmt: skip
# Sen, J. Am. Stat. Assoc. 63 (1968) 1379: slope 4, between 26/7 and 35/8.
SEN = [(1, 9), (2, 15), (3, 19), (4, 20), (10, 45), (12, 55), (18, 78)]
UNIT = Chart(0.0, 1.0, -3.0, 3.0)


def series(values: list[float]) -> list[Reading]:
    return [Reading(float(day), value) for day, value in enumerate(values)]


# -- Shewhart -------------------------------------------------------------------------------------------------


def test_single_values_give_the_limits_of_the_handbook() -> None:
    chart = individuals(FLOW)
    assert chart.level.centre == pytest.approx(50.81)
    assert chart.spread.centre == pytest.approx(1.8778, abs=1e-4)
    assert (chart.level.high, chart.level.low) == pytest.approx((55.8041, 45.8159), abs=1e-4)
    assert (chart.spread.low, chart.spread.high) == (0, pytest.approx(3.267 * 1.8778, rel=1e-3))


@pytest.mark.parametrize(
    ("size", "a2", "d3", "d4"),
    # e-Handbook 6.3.2.1 and ASTM STP 15D, factors for x-bar and R charts.
    [(2, 1.880, 0, 3.267), (3, 1.023, 0, 2.574), (5, 0.577, 0, 2.114), (7, 0.419, 0.076, 1.924),
     (10, 0.308, 0.223, 1.777)],
)  # fmt: skip
def test_groups_give_the_published_factors(size: int, a2: float, d3: float, d4: float) -> None:
    # Two groups about 10 and 12, each with a range of 1: grand mean 11, mean range 1.
    spread = np.linspace(-0.5, 0.5, size)
    chart = groups([list(10 + spread), list(12 + spread)])
    assert chart.level.high - chart.level.centre == pytest.approx(a2, abs=2e-3)
    assert (chart.spread.centre, chart.spread.low) == pytest.approx((1, d3), abs=2e-3)
    assert chart.spread.high == pytest.approx(d4, abs=2e-3)


def test_a_series_that_stood_still_does_not_alarm_at_its_first_step() -> None:
    chart = individuals([300.0] * 20, least_sigma=0.05).level
    assert (chart.low, chart.high) == pytest.approx((299.85, 300.15))
    assert signals([300.0, 300.1, 300.0], chart) == ()


def test_a_baseline_takes_twenty_runs_on_five_days() -> None:
    assert baseline_known([Reading(run / 4, 1.0) for run in range(20)])
    assert not baseline_known([Reading(run / 5, 1.0) for run in range(20)])
    assert not baseline_known([Reading(float(run), 1.0) for run in range(19)])


# -- rules ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.1, 3.1, 0.2], [(Rule.BEYOND_3_SIGMA, 1)]),
        ([2.1, 0, 2.1], [(Rule.TWO_OF_3_BEYOND_2_SIGMA, 2)]),
        ([2.1, 0, 0, 2.1], []),
        ([2.1, -2.1], []),
        ([1.1, 1.2, -0.5, 1.2, 1.1], [(Rule.FOUR_OF_5_BEYOND_1_SIGMA, 4)]),
        ([0.1, 0.3, 0.2, 0.4, 0.1, 0.3, 0.2, 0.1], [(Rule.EIGHT_ON_ONE_SIDE, 7)]),
        ([0.1, 0.3, 0.2, 0.4, 0.1, 0.3, 0.2], []),
        ([-1.0, -0.6, -0.2, 0.2, 0.6, 0.9], [(Rule.SIX_RISING_OR_FALLING, 5)]),
        ([-1.0, -0.6, -0.2, 0.2, 0.2, 0.6], []),
    ],
)
def test_a_rule_speaks_at_the_value_that_completes_it(
    values: list[float], expected: list[tuple[Rule, int]], side: int
) -> None:
    found = signals([side * value for value in values], UNIT)
    assert [(signal.rule, signal.at) for signal in found] == expected


def test_the_rules_alarm_on_noise_as_often_as_arithmetic_says() -> None:
    # Of normal values 2 · 0.00135 lie beyond 3 sigmas. At 2 sigmas the last and one of the two before it do so
    # with 2 p (1 - (1 - p)²), p = 0.02275; at 1 sigma the last and three of the four before it with
    # 2 p (4 p³ (1 - p) + p⁴), p = 0.15866. On one side: 2 / 2⁸. In order: 2 / 6!.
    values = np.random.default_rng(8).standard_normal(20_000).tolist()
    found = signals(values, UNIT)
    rates = {
        Rule.BEYOND_3_SIGMA: 0.00270,
        Rule.TWO_OF_3_BEYOND_2_SIGMA: 0.00205,
        Rule.FOUR_OF_5_BEYOND_1_SIGMA: 0.00447,
        Rule.EIGHT_ON_ONE_SIDE: 0.00781,
        Rule.SIX_RISING_OR_FALLING: 0.00278,
    }
    for rule, rate in rates.items():
        expected = rate * len(values)
        # Neighbouring alarms come together: three times the sigma of Poisson's law, and that doubled.
        assert sum(signal.rule is rule for signal in found) == pytest.approx(expected, abs=6 * sqrt(expected))


# -- EWMA -----------------------------------------------------------------------------------------------------


def test_the_moving_average_is_that_of_the_handbook() -> None:
    points = ewma(DRIFT, 50, 2.0539, weight=0.3, width=3)
    assert [point.value for point in points] == pytest.approx(AVERAGED, abs=0.006)
    # The handbook prints the limits of the steady state, 52.5884 and 47.4115.
    assert (points[-1].high, points[-1].low) == pytest.approx((52.5884, 47.4115), abs=2e-4)
    assert not any(point.outside for point in points)


def test_its_limits_open_with_the_number_of_values() -> None:
    first, second = ewma([50, 50], 50, 2.0, weight=0.2, width=3)
    # The first average is 0.2 of one value, the second 0.2 of one and 0.16 of another.
    assert first.high - 50 == pytest.approx(3 * 2 * 0.2)
    assert second.high - 50 == pytest.approx(3 * 2 * sqrt(0.2**2 + 0.16**2))


def test_a_drift_that_no_single_value_shows_leaves_the_average_s_limits() -> None:
    drift = [1.2 if run % 2 else 0.8 for run in range(12)]
    assert all(signal.rule is not Rule.BEYOND_3_SIGMA for signal in signals(drift, UNIT))
    assert ewma(drift, 0, 1)[-1].outside


# -- line and forecast ----------------------------------------------------------------------------------------


def test_the_slope_and_its_interval_are_those_of_sen() -> None:
    fitted = line([Reading(day, value) for day, value in SEN])
    assert fitted is not None
    assert (fitted.slope, fitted.slope_low, fitted.slope_high) == pytest.approx((4, 26 / 7, 35 / 8))
    assert fitted.level == 6  # of 5, 7, 7, 4, 5, 7, 6


def test_two_wild_runs_do_not_turn_the_line() -> None:
    values = [0.1 * day for day in range(20)]
    values[4], values[17] = 9.0, -5.0
    fitted = line(series(values))
    assert fitted is not None
    assert fitted.slope == pytest.approx(0.1)
    assert fitted.sigma == pytest.approx(0, abs=1e-9)


def test_a_steady_drift_tells_the_day_on_which_it_leaves() -> None:
    # From 1.0 by 0.05 a day, alternating by 0.02 to either side: a sigma of 1.4826 · 0.02 = 0.02965. The line
    # and twice that meet 3.0 on day (3 - 1 - 0.0593) / 0.05 = 38.8.
    found = forecast(series([1 + 0.05 * day + 0.02 * (-1) ** day for day in range(20)]), None, 3.0)
    assert found is not None
    assert found.day == pytest.approx(38.8, abs=0.2)
    assert found.soonest is not None and found.latest is not None
    assert found.soonest <= found.day <= found.latest
    assert found.latest - found.soonest < 4


def test_a_falling_measure_leaves_at_its_lower_end() -> None:
    found = forecast(series([0.3 - 0.002 * day for day in range(20)]), 0.2, 0.4)
    assert found is not None
    assert found.day == pytest.approx(50)


def test_the_true_day_lies_within_the_interval_nineteen_times_of_twenty() -> None:
    # The line reaches 3 - 2 sigma on day (2 - 0.2) / 0.05 = 36.
    within = 0
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(0, 0.1, 20)
        found = forecast(series([1 + 0.05 * day + float(noise[day]) for day in range(20)]), None, 3.0)
        assert found is not None
        low, high = found.soonest, found.latest
        within += low is not None and high is not None and low <= 36 <= high
    # 95 expected of the slope alone, with a sigma of 2.2; what is not known of level and sigma costs some.
    assert within >= 80


def test_without_a_proved_drift_there_is_no_latest_day() -> None:
    values = [1 + 0.1 * (-1) ** (day // 2) for day in range(20)]
    found = forecast(series(values), 0.5, 1.5)
    assert found is not None
    assert found.latest is None


def test_a_measure_that_stands_still_or_goes_inwards_never_leaves() -> None:
    still = forecast(series([1.0] * 20), 0.0, 2.0)
    inwards = forecast(series([1 + 0.05 * day for day in range(20)]), 0.5, None)
    assert still is not None and inwards is not None
    assert (still.day, still.soonest, still.latest) == (inwards.day, inwards.soonest, inwards.latest)
    assert still.day is None


def test_what_is_outside_already_leaves_today() -> None:
    found = forecast(series([5.0] * 10), None, 3.0)
    assert found is not None
    assert (found.day, found.soonest, found.latest) == (9, 9, 9)


def test_nothing_is_said_of_more_than_a_year_ahead() -> None:
    found = forecast(series([1 + 0.001 * day for day in range(20)]), None, 2.0)
    assert found is not None
    assert found.day is None


def test_five_days_are_too_few_for_a_line() -> None:
    assert forecast(series([1.0, 2, 3, 4, 5]), None, 9.0) is None
    assert line([Reading(day // 4, float(day)) for day in range(20)]) is None
