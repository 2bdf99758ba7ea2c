"""The calibration on the screen: devices, the way through one, its result, who opens and releases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget

from station.errors import TargetRefused
from station.flow.calibration_views import (
    BoardSeen,
    CalibrationAt,
    CalibrationsChanged,
    Stage,
)
from station.flow.events import DevicesChanged, Job, JobEnded, JobStarted, Outcome
from station.flow.views import DeviceState, DeviceView
from station.model.calibration import Override, Proof, Reason, Standing, State
from station.model.target import TargetKind
from tests import calibrated
from tests.calibrated import CAMERA, SCANNER, SECOND
from tests.calibrated_screen import PROFILES, Mode, mode_on
from tests.window import PATIENCE_MS
from ui.actions import Command
from ui.screens.calibration import CalibrationScreen
from ui.screens.calibration_leave import SignedDialog
from ui.screens.desk import DeskScreen
from ui.widgets.device_chip import DeviceChip


@pytest.fixture
def at(qtbot: Any) -> Iterator[Mode]:
    with mode_on(qtbot) as made:
        yield made


# -- the way in and out ----------------------------------------------------------------------------------------


def test_the_one_device_that_needs_it_leads_straight_to_the_target_and_space_scans_it(at: Mode) -> None:
    at.do(Command.CALIBRATE)
    assert at.station.last("show_calibrations") == ()
    at.say(CalibrationsChanged((calibrated.device(CAMERA, State.VALID, None), calibrated.device()), PROFILES))
    assert at.shows(at.screen.prepare) and at.primary == "Scan the target"
    at.screen.prepare.take_reference(Path("T0001.txt"))
    at.qtbot.waitUntil(lambda: at.window.primary_now is not None, timeout=PATIENCE_MS)
    at.press(Qt.Key.Key_Space)
    assert at.station.last("calibrate") == (SCANNER.id, TargetKind.A4, Path("T0001.txt"), "")
    at.say(JobStarted(Job.CALIBRATION, "", SCANNER.id), CalibrationAt(SCANNER.id, Stage.MEASURING))
    assert at.shows(at.screen.running) and at.screen.running.title.text() == "Measuring"
    assert at.window.actions_by_command[Command.CANCEL].isEnabled()
    at.press(Qt.Key.Key_Escape)
    assert at.station.last("cancel_job") == ()
    at.say(JobEnded(Job.CALIBRATION, "", Outcome.CANCELLED, device=SCANNER.id))
    assert at.shows(at.screen.prepare) and at.told == ""
    at.press(Qt.Key.Key_Escape)
    assert at.shows(at.screen.devices)
    at.press(Qt.Key.Key_Escape)
    assert isinstance(at.window.screen_shown, DeskScreen)


def test_a_target_that_cannot_be_measured_is_told_and_the_page_stays_ready(at: Mode) -> None:
    at.go(calibrated.device())
    at.do(Command.CHOOSE_DEVICE)
    at.do(Command.SCAN_TARGET)
    at.say(JobStarted(Job.CALIBRATION, "", SCANNER.id))
    error = TargetRefused(reason="upside_down")
    at.say(JobEnded(Job.CALIBRATION, "", Outcome.FAILED, error=error, device=SCANNER.id))
    assert at.shows(at.screen.prepare) and at.primary == "Scan the target"
    assert "The target lies upside down." in at.told and "CA-001" in at.told


def test_a_locked_chip_says_so_and_leads_to_its_calibration(at: Mode) -> None:
    standing = Standing(State.FAILED, Reason.FAILED)
    soon = Standing(State.DUE_SOON, Reason.TIME, datetime.now(UTC) + timedelta(hours=20))
    views = (
        DeviceView(SCANNER, DeviceState.READY, True, standing=standing, locked=True, proof=Proof()),
        DeviceView(SECOND, DeviceState.READY, standing=soon),
    )
    at.say(DevicesChanged(views))
    locked, due = at.window.findChildren(DeviceChip)
    assert "Needs calibration" in locked.accessibleName() and locked.property("tone") == "not_good"
    assert "Calibrate soon" in due.accessibleName() and due.property("tone") == ""
    assert not locked._state.isHidden() and due._state.isHidden()
    at.qtbot.mouseClick(locked, Qt.MouseButton.LeftButton)
    ready = calibrated.device(SCANNER, State.FAILED, Reason.FAILED)
    at.say(CalibrationsChanged((calibrated.device(SECOND), ready), PROFILES))
    assert at.shows(at.screen.prepare)
    at.do(Command.SCAN_TARGET)
    assert at.station.last("calibrate")[0] == SCANNER.id
    assert not any(door == "choose" for door, _ in at.station.asked)
    at.press(Qt.Key.Key_Escape)
    asked = len(at.station.asked)
    at.qtbot.mouseClick(locked, Qt.MouseButton.LeftButton)
    assert ("show_calibrations", ()) in at.station.asked[asked:]


def test_a_device_without_power_is_not_offered_and_an_empty_list_says_what_comes_next(at: Mode) -> None:
    screen = at.go()
    assert screen.devices._empty.isVisible() and at.primary == ""
    at.say(CalibrationsChanged((calibrated.device(ready=False),), PROFILES))
    assert at.primary == "" and "Not connected now" in screen.devices.sentences[0]


# -- devices ---------------------------------------------------------------------------------------------------


def test_each_device_says_in_a_sentence_how_it_stands_and_what_was_noticed(at: Mode) -> None:
    now = datetime.now(UTC)
    leave = Override("S-2", "B. Okafor", "technician comes at noon", now, now + timedelta(hours=2))
    screen = at.go(
        calibrated.device(CAMERA, State.VALID, None, due=now + timedelta(days=3)),
        calibrated.device(SECOND, State.FAILED, Reason.FAILED_TWICE, override=leave),
        calibrated.device(signs=(calibrated.dirt(),)),
    )
    camera, second, scanner = screen.devices.sentences
    assert "Good until " in camera and "Never calibrated" in camera
    assert "Opened by B. Okafor until " in second and "technician comes at noon" in second
    assert "Must be calibrated: the day's check is missing." in scanner and "84 mm" in scanner
    assert screen.devices.chosen is not None and screen.devices.chosen.info == SCANNER
    at.qtbot.waitUntil(lambda: at.has_focus(scanner), timeout=PATIENCE_MS)
    at.press(Qt.Key.Key_Up)
    assert screen.devices.chosen.info == SECOND
    assert at.primary == "Release after repair"


def test_a_supervisor_opens_for_a_time_and_a_technician_releases_only_with_all_fields(at: Mode) -> None:
    screen = at.go(calibrated.device(SECOND, State.FAILED, Reason.FAILED_TWICE))
    assert "a technician must release it" in screen.devices.sentences[0]
    at.do(Command.OPEN_FOR_TIME)
    dialog = screen.findChild(SignedDialog)
    assert dialog is not None and not dialog.take.isEnabled()
    dialog.fields[0].setText("B. Okafor")
    dialog.fields[1].setText("   ")
    assert not dialog.take.isEnabled()
    dialog.fields[1].setText("Technician comes at noon")
    dialog.hours.setCurrentIndex(dialog.hours.count() - 1)
    dialog.take.click()
    assert at.station.last("allow_device") == (SECOND.id, "B. Okafor", "Technician comes at noon", 24)
    at.do(Command.RELEASE_DEVICE)
    release = screen.findChildren(SignedDialog)[-1]
    for field, text in zip(release.fields, ("C. Silva", "worn roller", "roller changed"), strict=True):
        assert not release.take.isEnabled()
        field.setText(text)
    release.take.click()
    assert at.station.last("release_device") == (SECOND.id, "C. Silva", "worn roller", "roller changed")


# -- the camera ------------------------------------------------------------------------------------------------


def test_the_camera_guides_the_board_step_by_step_and_ends_in_the_same_result(at: Mode) -> None:
    screen = at.go(calibrated.device(CAMERA))
    at.do(Command.CHOOSE_DEVICE)
    assert at.shows(screen.camera) and at.primary == "Start the camera"
    screen.camera._square.setValue(29.85)
    screen.offers.look.trigger()
    asked = at.station.last("calibrate_camera")
    assert (asked[0], asked[-1]) == (CAMERA.id, 29.85)
    cells = ((0, 3), (2, 0), (3, 0), (3, 1))
    for seen, said in (
        (BoardSeen(CAMERA.id, cells, (5, 5), 3, 20, "no_board"), "so that the camera sees it"),
        (BoardSeen(CAMERA.id, cells, (5, 5), 3, 20), "at the lower left"),
        (BoardSeen(CAMERA.id, (), (2, 0), 12, 20), "towards you, or away"),
        (BoardSeen(CAMERA.id, (), (0, 1), 18, 20), "left or the right side"),
        (BoardSeen(CAMERA.id, (), (0, 0), 20, 20, "portrait_place"), "applicant's face"),
        (BoardSeen(CAMERA.id, step="card", reason="not_even"), "fills the picture"),
        (BoardSeen(CAMERA.id, step="still", views=60, views_needed=60, complete=True), "Enough was seen"),
        (BoardSeen(CAMERA.id, step="still", reason="moving"), "Something moves"),
    ):
        at.say(seen)
        assert said in screen.camera.guidance.text
    at.say(BoardSeen(CAMERA.id, cells, (5, 5), 3, 20))
    assert screen.camera.lines[0] == "Views taken: 3 of 20"
    run = calibrated.good(4, device=CAMERA)
    at.say(calibrated.done(replace(run, calibration=replace(run.calibration, target="board"))))
    assert at.shows(screen.result) and not screen.camera.running
    plots = screen.result.plots
    assert [plots.tabText(n) for n in range(plots.count()) if plots.isTabVisible(n)] == ["Overview", "Drift"]
    assert "Target without measured values" not in screen.result.verdict


def test_leaving_the_camera_stops_it(at: Mode) -> None:
    screen = at.go(calibrated.device(CAMERA))
    at.do(Command.CHOOSE_DEVICE)
    screen.offers.look.trigger()
    at.say(JobStarted(Job.CALIBRATION, "", CAMERA.id))
    screen.camera._stop.click()
    assert at.station.last("stop_preview") == ()
    at.say(JobEnded(Job.CALIBRATION, "", Outcome.CANCELLED, device=CAMERA.id))
    assert at.shows(screen.camera) and at.primary == "Start the camera"
    at.press(Qt.Key.Key_Escape)
    assert at.shows(screen.devices)


def test_the_screen_lights_the_scene_as_asked_and_says_when_it_has(at: Mode) -> None:
    screen = at.go(calibrated.device(CAMERA))
    at.do(Command.CHOOSE_DEVICE)
    screen.offers.look.trigger()
    at.say(BoardSeen(CAMERA.id, step="still", reason="flash", flash=False))
    assert screen.camera._flash.isVisible()
    at.say(BoardSeen(CAMERA.id, step="still", reason="flash", flash=True))
    at.qtbot.waitUntil(lambda: ("flashed", ()) in at.station.asked, timeout=PATIENCE_MS)
    screen.camera._skip.click()
    assert at.station.last("skip_calibration_step") == ()
    at.say(BoardSeen(CAMERA.id, step="still", reason=""))
    assert not screen.camera._flash.isVisible()


# -- as every screen -------------------------------------------------------------------------------------------


def test_device_and_plot_are_remembered(at: Mode, tmp_path: Path) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    memory.setValue("calibration/device", SECOND.id)
    memory.setValue("calibration/tab", 3)
    screen = at.window.findChild(CalibrationScreen)
    assert screen is not None
    screen.remember(memory)
    at.go(*(calibrated.device(info, State.VALID, None) for info in (SCANNER, SECOND)))
    assert screen.devices.chosen is not None and screen.devices.chosen.info == SECOND
    assert screen.result.plots.currentIndex() == 3
    screen.devices.choose(SCANNER.id)
    at.do(Command.CHOOSE_DEVICE)
    screen.result.plots.setCurrentIndex(1)
    assert (memory.value("calibration/device"), memory.value("calibration/tab")) == (SCANNER.id, 1)


def test_on_every_page_what_takes_keys_has_a_name(at: Mode) -> None:
    screen = at.go(calibrated.device(last=calibrated.good(1)), calibrated.device(CAMERA))
    pages: list[list[str]] = [_nameless(at)]
    for command, event in (
        (Command.LAST_RESULT, calibrated.history()),
        (Command.COMPARE_DEVICES, calibrated.compared()),
        (Command.CHOOSE_DEVICE, None),
    ):
        screen._show(screen.devices)
        at.do(command)
        if event is not None:
            at.say(event)
        pages.append(_nameless(at))
        if at.shows(screen.result):
            for tab in range(screen.result.plots.count()):
                screen.result.plots.setCurrentIndex(tab)
                pages.append(_nameless(at))
    assert [nameless for nameless in pages if nameless] == []


def _nameless(at: Mode) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in at.window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not widget.accessibleName()
    ]
