"""The words of the calibration's screen: every state, every moment, every doubt in one plain sentence."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QLocale

from station.errors import CalibrationLocked
from station.flow.calibration_views import BoardSeen
from station.model.calibration import OPEN, Reason, Standing, State
from station.model.calibration_chart import DriftChart, DriftPoint
from station.model.quality import Finding, Limit, Status
from ui.wording import calibration, calibration_board, calibration_states
from ui.wording.calibration_drift import forecast
from ui.wording.errors import word

HERE = datetime.now().astimezone().tzinfo
NOW = datetime(2026, 11, 22, 8, 10, tzinfo=HERE)  # a Sunday


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_for_a_lock_is_said_on_the_device_and_in_the_refusal(reason: Reason) -> None:
    locked = Standing(State.FAILED if "failed" in reason else State.EXPIRED, reason)
    shown = calibration_states.state(locked, needed=True, now=NOW)
    assert shown.word.endswith(".") and shown.icon == "lock"
    refused = word(CalibrationLocked(device="x", state="expired", reason=reason.value))
    assert refused.why.endswith(".") and refused.why != word(CalibrationLocked()).why


def test_what_is_good_says_until_when_as_one_says_it() -> None:
    ends = {
        datetime(2026, 11, 23, tzinfo=HERE): "the end of today",
        datetime(2026, 11, 22, 17, 5, tzinfo=HERE): "today 17:05",
        datetime(2026, 11, 23, 8, 10, tzinfo=HERE): "tomorrow 08:10",
        datetime(2026, 11, 27, 8, 10, tzinfo=HERE): "Friday 08:10",
        datetime(2026, 12, 4, 8, 10, tzinfo=HERE): "4 Dec 2026, 08:10",
    }
    for end, said in ends.items():
        shown = calibration_states.state(Standing(State.VALID, None, end), needed=True, now=NOW)
        assert shown.word == f"Good until {said}." and shown.tone == "good"


def test_a_day_ahead_is_said_without_alarm_and_by_its_reason() -> None:
    tomorrow = NOW + timedelta(days=1)
    for reason, said in (
        (Reason.TIME, "before then"),
        (Reason.TARGET, "get a new one"),
        (Reason.SCANS, "87 more"),
    ):
        standing = Standing(State.DUE_SOON, reason, tomorrow, 87)
        shown = calibration_states.state(standing, needed=True, now=NOW)
        assert said in shown.word and shown.tone == "accent"
        assert standing.state in OPEN
        chip = calibration_states.chip(standing, locked=False, noticed=False, now=NOW)
        assert chip is not None and chip.tone == "accent"


def test_a_figure_is_written_with_its_uncertainty_rounded_up() -> None:
    finding = Finding("resolution_x", Status.PASS, 300.24, "ppi", limit=Limit(297, 303))
    for spread, said in ((0.5, "300.2 ± 0.5 ppi"), (0.51, "300.2 ± 0.6 ppi"), (0.01, "300.24 ± 0.01 ppi")):
        assert calibration.value_with(finding, spread) == said
    assert calibration.value_with(finding, None) == "300.2 ppi"
    assert calibration.shortly(replace(finding, raw=None, reason="no_reference")) == "needs a measured target"


def test_edges_are_named_by_their_square_and_side() -> None:
    assert calibration.title("sfr50_x_top_left_right") == "Sharpness across (SFR50), top left, right edge"
    assert calibration.title("sfr10_y_white_bottom") == "Fine detail along (SFR10), white square, lower edge"


def test_a_forecast_says_days_and_their_uncertainty_or_that_there_is_none() -> None:
    points = tuple(DriftPoint(NOW - timedelta(days=day), 0.3, True) for day in range(8, 0, -1))
    chart = DriftChart("sfr50_x", "cy/px", points, tolerance_low=0.2)
    days = [NOW + timedelta(days=day) for day in (19, 12, 31)]
    sure = replace(chart, leaves=days[0], soonest=days[1], latest=days[2])
    assert forecast(sure, NOW) == (
        "Will leave its tolerance in about 19 days (between 4 Dec 2026 and 23 Dec 2026)."
    )
    assert "from 4 Dec 2026 on, if at all" in forecast(replace(sure, latest=None), NOW)
    assert "May leave" in forecast(replace(sure, leaves=None, latest=None), NOW)
    assert "No trend" in forecast(chart, NOW)
    assert "Too few" in forecast(replace(chart, points=points[:3]), NOW)
    assert "no tolerance" in forecast(replace(chart, tolerance_low=None), NOW)


def test_the_board_is_sent_where_most_of_the_field_is_empty() -> None:
    right = BoardSeen("c", ((0, 0), (2, 2), (3, 3)))
    assert calibration_board.do_now(right).word == "Hold the board at the lower right of the picture."
    assert calibration_board.still_to_come(BoardSeen("c", ((0, 0),), (2, 1), 3, 20)) == (
        "Views taken: 3 of 20",
        "Parts of the picture still empty: 1 of 16",
        "Leaning views still to come: 2 to and fro, 1 sideways",
    )


def test_a_moment_of_another_zone_is_said_in_this_one() -> None:
    far = timezone(timedelta(hours=13))
    end = datetime(2026, 11, 27, 8, 10, tzinfo=HERE)
    assert calibration_states.when(end.astimezone(far), NOW) == "Friday 08:10"
