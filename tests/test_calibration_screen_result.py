"""The result of a calibration on the screen: verdict, figures, plots, comparison, report."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QTableWidget

from station.flow.calibration_views import (
    CalibrationsChanged,
    CalibrationWritten,
)
from station.model.calibration import Standing, State
from tests import calibrated
from tests.calibrated import SCANNER, SECOND
from tests.calibrated_screen import PROFILES, Mode, mode_on
from ui.actions import Command
from ui.screens.calibration_compare import _Value, differ


@pytest.fixture
def at(qtbot: Any) -> Iterator[Mode]:
    with mode_on(qtbot) as made:
        yield made


# -- the result ------------------------------------------------------------------------------------------------


def test_a_self_printed_target_is_told_aloud_and_what_needs_a_measured_one_says_so(at: Mode) -> None:
    screen = at.go(calibrated.device())
    at.say(calibrated.done(calibrated.good(2), baseline=True))
    assert at.shows(screen.result)
    assert re.match(r"Good All \d+ figures that count are within their limits. It qual", screen.result.verdict)
    assert "only geometry and relative sharpness are judged" in screen.result.verdict
    rows = {row.measure: row.accessibleName() for row in screen.result.figures.rows}
    assert "300.0 ± " in rows["resolution_x"] and "How many pixels" in rows["resolution_x"]
    assert "delta_e_mean" not in rows
    screen.result.figures._parts[2]._heading.click()  # type: ignore[union-attr]
    rows = {row.measure: row.accessibleName() for row in screen.result.figures.rows}
    assert "needs a measured target" in rows["delta_e_mean"]
    assert at.primary == "Calibrate this device" or at.primary == "Back to the desk"


def test_a_failure_names_figure_limit_and_remedy_first_and_leads_back_to_the_target(at: Mode) -> None:
    screen = at.go(calibrated.device())
    bad = calibrated.kept(3, values={"resolution_x": 320.0, "distortion": 4.2}, at=calibrated.NOW)
    at.say(calibrated.done(bad, calibrated.good(2)))
    assert screen.result.verdict.startswith("Not good Resolution across: 320.0 ppi. Limit: ")
    assert (
        "Check the resolution set in the driver" in screen.result.verdict
        and "1 more below." in screen.result.verdict
    )
    first = screen.result.figures.rows[0]
    assert first.measure == "resolution_x" and "Not good" in first.accessibleName()
    assert at.primary == "Calibrate again"
    at.do(Command.RUN_BEFORE)
    assert "Before: 300.0 ppi" in screen.result.figures.rows[0].accessibleName()
    at.do(Command.RUN_BEFORE)
    assert "Before" not in screen.result.figures.rows[0].accessibleName()


def test_after_a_good_one_the_next_device_that_needs_it_follows(at: Mode) -> None:
    done, waiting = calibrated.device(state=State.VALID, reason=None), calibrated.device(SECOND)
    at.go(done, waiting)
    at.say(calibrated.done(calibrated.good(2)))
    assert at.primary == f"Next: {SECOND.name}"
    at.say(CalibrationsChanged((done, replace(waiting, standing=Standing(State.VALID))), PROFILES))
    assert at.primary == "Back to the desk"


def test_a_figure_leads_to_its_plot_and_the_drift_says_when_it_leaves(at: Mode) -> None:
    screen = at.go(calibrated.device())
    at.say(calibrated.done(calibrated.good(2)))
    assert at.station.last("calibration_history") == (SCANNER.id,)
    days = calibrated.history()
    now = datetime.now(UTC)
    chart = replace(
        days.charts[0],
        leaves=now + timedelta(days=19),
        soonest=now + timedelta(days=12),
        latest=now + timedelta(days=31),
    )
    at.say(replace(days, charts=(chart,)))
    plots = screen.result.plots
    assert plots.drift.forecast.startswith("Will leave its tolerance in about 19 days (between ")
    row = next(row for row in screen.result.figures.rows if row.measure == "sfr50_x")
    row.click()
    assert plots.tabText(plots.currentIndex()) == "Sharpness" and plots.sharpness.sentence
    canvas = plots.sharpness.canvas
    assert (
        canvas is not None and canvas.panels[0].view.width() > 100
    )  # drawn at the first look, not at the second
    assert screen.result.has_before


def test_the_report_is_written_where_the_officer_says_and_can_be_shown(at: Mode, tmp_path: Path) -> None:
    screen = at.go(calibrated.device(last=calibrated.good(2)))
    at.do(Command.LAST_RESULT)
    assert at.shows(screen.result)
    screen.asking.save_into(tmp_path, calibrated.good(2).digest)
    assert at.station.last("write_calibration_report") == (calibrated.good(2).digest, tmp_path)
    at.say(CalibrationWritten((tmp_path / "report.pdf", tmp_path / "report.json")))
    assert "Files written: report.pdf, report.json." in at.told


def test_devices_are_compared_and_what_differs_stands_first_and_is_marked(at: Mode) -> None:
    screen = at.go(calibrated.device())
    at.do(Command.COMPARE_DEVICES)
    at.say(calibrated.compared())
    table = screen.compared.table
    assert table.columnCount() == 3 and _text(table, 0, 0) == "Sharpness across (SFR50)\ndiffers"
    assert "0.110" in _text(table, 0, 2)
    assert "differs" not in _text(table, 1, 0)


def test_figures_within_both_uncertainties_do_not_differ() -> None:
    finding = calibrated.kept().calibration.report.findings[0]
    near = [_Value(replace(finding, raw=300.0), 0.3), _Value(replace(finding, raw=300.49), 0.4)]
    far = [near[0], _Value(replace(finding, raw=300.51), 0.4)]  # hypot(0.3, 0.4) = 0.5
    assert not differ(near) and differ(far)


def _text(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    return item.text() if item is not None else ""
