"""Leaves for locked devices in the window: nobody types who they are, and a second person signs beside."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel

from drivers.simulated.props import SCANNER_ID
from station.model.swipe import Framing
from tests.peopled import ODA, ROSA, SECRETS, TOM
from tests.test_front import Chair, chair
from ui.actions import Command
from ui.screens.calibration import CalibrationScreen
from ui.screens.calibration_leave import SignedDialog
from ui.wedge import Wedge


def test_an_officer_asks_for_a_leave_and_a_supervisor_signs_on_the_calibration_screen(
    qtbot: Any, tmp_path: Path
):
    reads = Framing(b"~", b"\r")
    with chair(qtbot, tmp_path, ROSA, ODA, TOM, locks=frozenset({"scanner", "simulated"}), keys=reads) as seat:
        seat.sign_in(ODA)
        seat.until_at_work()
        screen = on_the_calibration(seat)
        for answer in ("declined", "signed"):
            seat.do(Command.OPEN_FOR_TIME)
            ask = seat.window.findChildren(SignedDialog)[-1]
            assert [field.accessibleName() for field in ask.fields] == ["Reason"]
            assert "A second person signs it next: Supervisor." in words_of(ask)
            seat.until(ask.fields[0].hasFocus)
            seat.type("the target is in the other room\n")
            seat.until(lambda: seat.front._dialog)
            dialog = seat.front._dialog
            assert dialog is not None
            assert not dialog.reason.isVisible()
            assert "Hours: 2" in words_of(dialog) and "in the other room" in words_of(dialog)
            seat.until(dialog.name.line.hasFocus)
            if answer == "declined":
                seat.press(Qt.Key.Key_Escape)
                seat.until(lambda: not seat.front._dialog)
                assert not opened_by(screen)
                continue
            seat.type("~no passport of anybody here\n")  # what is swiped now is no name and no password
            seat.until(lambda: not seat.window.findChildren(Wedge)[0].holds)
            assert dialog.name.text == ""
            seat.type(f"{TOM}\n{SECRETS[TOM]}\n")
            seat.until(lambda d=dialog: d.card.refusal.text)
            assert dialog.card.refusal.text == "This account may not sign this. Who may: Supervisor."
            dialog.name.clear()
            seat.write(dialog.name.line, ROSA)
            seat.write(dialog.password.line, SECRETS[ROSA])
            seat.type("\n")
        seat.until(lambda: opened_by(screen))
        assert opened_by(screen) == {ROSA}
        seat.until(lambda: not seat.front._dialog)
        assert seat.front._session.officer.name == ODA
        assert SECRETS[ROSA] not in seat.entries()
        seat.until(seat.window.isActiveWindow)
        seat.lock()


def test_a_supervisor_at_work_opens_a_device_in_their_own_name(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ROSA, locks=frozenset({"scanner", "simulated"})) as seat:
        seat.sign_in(ROSA)
        seat.until_at_work()
        screen = on_the_calibration(seat)
        seat.do(Command.OPEN_FOR_TIME)
        ask = seat.window.findChildren(SignedDialog)[-1]
        assert f"It is signed in your name: {ROSA}." in words_of(ask)
        assert ask.take.text() == "Open the device"
        seat.until(ask.fields[0].hasFocus)
        seat.type("the target is in the other room\n")
        seat.until(lambda: opened_by(screen))
        assert opened_by(screen) == {ROSA}
        assert seat.front._dialog is None


def test_who_returns_from_the_lock_to_the_desk_is_not_told_of_the_calibration(qtbot: Any, tmp_path: Path):
    with chair(qtbot, tmp_path, ROSA, locks=frozenset({"scanner", "simulated"})) as seat:
        seat.sign_in(ROSA)
        seat.until_at_work()
        on_the_calibration(seat)
        assert "Calibration" in seat.texts()
        seat.lock()
        seat.kiosk.station.people.sign_in(ROSA, SECRETS[ROSA])
        seat.until_at_work()
        assert seat.screen is seat.window._desk
        assert seat.window._who._name.text() == "No visit in hand"


def on_the_calibration(seat: Chair) -> CalibrationScreen:
    """Go to the calibration and choose the locked scanner."""
    seat.do(Command.CALIBRATE)
    screen = seat.screen
    assert isinstance(screen, CalibrationScreen)
    screen._fresh = False
    seat.until(lambda: screen._known)
    screen._show(screen.devices)
    screen.devices.choose(SCANNER_ID)
    seat.until(lambda: seat.window.actions_by_command[Command.OPEN_FOR_TIME].isEnabled())
    return screen


def opened_by(screen: CalibrationScreen) -> set[str]:
    """Return who opened a device for a time."""
    return {one.standing.override.by for one in screen._known or () if one.standing.override}


def words_of(dialog: QDialog) -> str:
    """Return everything that a dialog says."""
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))
