"""The calibration on the screen with a whole station behind it: a locked scanner is proved and scans again."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from drivers.simulated.props import SCANNER_ID
from station.flow import calibration_work, standings
from station.model.degradation import Degradation
from tests.kiosk import ANNA
from tests.window import Seat, window_on
from ui.actions import Command
from ui.screens.calibration import CalibrationScreen
from ui.widgets.device_chip import DeviceChip

WORN = Degradation(scale=(0.06, 0.0))
"""Six in a hundred too fine along the sensor line: no profile lets that pass."""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the resolution costs a quarter of the time."""
    monkeypatch.setattr(calibration_work, "DPI", 150)
    monkeypatch.setattr(standings, "LOOK_S", 0.0)


def scan(at: Seat) -> CalibrationScreen:
    """Scan the target by Space alone and wait for the result."""
    at.until_offered(Command.SCAN_TARGET)
    assert isinstance(at.screen, CalibrationScreen)
    screen, before = at.screen, at.screen.result.kept
    at.press(Qt.Key.Key_Space)
    at.until(lambda: screen.result.kept is not before and screen.result.isVisible())
    return screen


def test_a_locked_scanner_is_refused_fails_is_cleaned_passes_and_scans(qtbot: Any, tmp_path: Path) -> None:
    locks = frozenset({"scanner", "simulated"})
    with window_on(qtbot, tmp_path, scan_dpi=75, locks=locks) as at:
        chip = next(c for c in at.window.findChildren(DeviceChip) if c.device.info.id == SCANNER_ID)
        at.until(lambda: chip.device.locked)
        assert "Needs calibration" in chip.accessibleName()
        at.open(ANNA.application_number)
        at.do(Command.SCAN_PAPERS)
        at.until(lambda: "must be calibrated" in at.told() and "CA-003" in at.told())
        at.do(Command.CALIBRATE)
        assert "Put the visit aside first" in at.told()
        at.do(Command.LEAVE)
        at.until_step(None)
        at.kiosk.simulated.props.wear(SCANNER_ID, WORN)
        at.do(Command.CALIBRATE)
        screen = scan(at)
        assert screen.result.verdict.startswith("Not good Resolution across")
        at.kiosk.simulated.props.wear(SCANNER_ID, None)
        at.until(lambda: at.window.primary_now is screen.offers.next)
        at.press(Qt.Key.Key_Space)
        assert scan(at).result.verdict.startswith("Good ")
        at.until(lambda: not chip.device.locked and "Needs calibration" not in chip.accessibleName())
        at.until(lambda: screen.result.has_before)
        at.until_offered(Command.TO_DESK)
        at.press(Qt.Key.Key_Space)
        at.until_step(None)
        at.until(lambda: not isinstance(at.screen, CalibrationScreen))
