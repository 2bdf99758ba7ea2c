"""The window on a station that only notes what is asked of it, for tests of the calibration's screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QWidget

from station.flow.calibration_views import CalibrationsChanged
from station.flow.events import DevicesChanged, Event, Listed, Opened
from station.flow.options import Options
from station.flow.station import Station
from tests.calibrated import FakeStation
from tests.window import PATIENCE_MS, swept_here
from ui.actions import Command
from ui.app import make_application
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.screens.calibration import CalibrationScreen
from ui.widgets.notice import NoticeBanner
from ui.widgets.primary_bar import PrimaryBar

PROFILES = (("fadgi_2016_3", "FADGI 2016, three stars"),)


@dataclass
class Mode:
    """The window on a station that only notes what is asked of it."""

    window: MainWindow
    station: FakeStation
    qtbot: Any

    @property
    def screen(self) -> CalibrationScreen:
        """The calibration, which is in front."""
        assert isinstance(self.window.screen_shown, CalibrationScreen)
        return self.window.screen_shown

    def say(self, *events: Event) -> None:
        """Post what a station says."""
        for event in events:
            self.window._hear(event)

    def do(self, command: Command) -> None:
        """Give a command."""
        self.window.actions_by_command[command].trigger()

    def press(self, key: Qt.Key) -> None:
        """Press a key where the focus is."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key)

    def has_focus(self, name: str) -> bool:
        """Tell whether the keyboard is on what bears this name."""
        focused = QApplication.focusWidget()
        return focused is not None and focused.accessibleName() == name

    def shows(self, page: QWidget) -> bool:
        """Tell whether this page of the calibration is in front."""
        return self.screen._pages.currentWidget() is page

    @property
    def primary(self) -> str:
        """What the large button says."""
        bar = self.window.findChild(PrimaryBar)
        assert bar is not None
        shown = bar.primary
        return shown.accessibleName() if not shown.isHidden() else ""

    @property
    def told(self) -> str:
        """What the banner says."""
        banner = self.window.findChild(NoticeBanner)
        return banner.accessibleName() if banner is not None and banner.isVisible() else ""

    def go(self, *devices: Any) -> CalibrationScreen:
        """Open the calibration with these devices; the choice stays with the officer."""
        self.do(Command.CALIBRATE)
        screen = self.screen
        screen._fresh = False
        self.say(CalibrationsChanged(devices, PROFILES))
        return screen


@contextmanager
def mode_on(qtbot: Any) -> Iterator[Mode]:
    """Open the window; it shows the desk."""
    make_application([], "light")
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    with swept_here():
        station = FakeStation()
        window = MainWindow(cast(Station, station), Bridge(), Options())
        window.resize(1366, 768)
        window.show()
        with qtbot.waitActive(window, timeout=PATIENCE_MS):
            window.activateWindow()
        made = Mode(window, station, qtbot)
        made.say(Opened("SQLite", False), DevicesChanged(()), Listed("", ()))
        try:
            yield made
        finally:
            QLocale.setDefault(before)
            window.close()
            qtbot.waitUntil(lambda: window.closed, timeout=PATIENCE_MS)
            window.deleteLater()
