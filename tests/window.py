"""The whole window on a whole station with simulated devices, worked as an officer works it."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QTableWidget, QWidget

from station.flow.options import Options
from station.model.swipe import Framing
from station.model.visit import Step
from tests.kiosk import Kiosk, kiosk
from ui.actions import Command
from ui.app import make_application
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.screens.screen import Screen
from ui.widgets.notice import NoticeBanner
from ui.widgets.picture_view import PictureView

PATIENCE_MS = 60_000
"""Waits end as soon as what they wait for happens; this only bounds a test that fails."""


@dataclass
class Seat:
    """The officer's chair: the window, what lies behind it, and hands."""

    window: MainWindow
    kiosk: Kiosk
    qtbot: Any

    @property
    def screen(self) -> Screen | None:
        """The screen that is shown."""
        return self.window.screen_shown

    def until(self, holds: Callable[[], object]) -> None:
        """Let the window live until this holds."""
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)

    def until_step(self, step: Step | None) -> None:
        """Wait for the screen of a step, or for the desk."""
        self.until(lambda: self.screen is not None and self.screen.step is step)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def type(self, text: str) -> None:
        """Type a text where the focus is, as a hand scanner does, key by key."""
        for sign in text:
            target = QApplication.focusWidget() or self.window
            if sign == "\n":
                self.qtbot.keyClick(target, Qt.Key.Key_Return)
            else:
                self.qtbot.keyClicks(target, sign)

    def offered(self, command: Command) -> bool:
        """Whether this command is the armed primary action now."""
        return self.window.primary_now is self.window.actions_by_command[command]

    def until_offered(self, command: Command) -> None:
        """Wait until this command is the armed primary action."""
        self.until(lambda: self.offered(command))

    def do(self, command: Command) -> None:
        """Give a command as its button or its key would."""
        self.window.actions_by_command[command].trigger()

    def open(self, number: str) -> None:
        """Open the record of a number from the desk."""
        self.until_step(None)
        self.kiosk.station.submit(number)
        self.until_step(Step.IDENTIFY)

    def texts(self) -> str:
        """Everything that stands in labels of the window, shown or hidden."""
        return "\n".join(label.text() for label in self.window.findChildren(QLabel))

    def told(self) -> str:
        """What the banner says, "" when it is hidden."""
        banner = self.window.findChild(NoticeBanner)
        return banner.accessibleName() if banner is not None and banner.isVisible() else ""

    def entries(self) -> str:
        """Everything that stands in fields and in the comparison, shown or hidden."""
        fields = [field.text() for field in self.window.findChildren(QLineEdit)]
        fields += [field.toPlainText() for field in self.window.findChildren(QPlainTextEdit)]
        tables = self.window.findChildren(QTableWidget)
        fields += [table.item(row, 1).text() for table in tables for row in range(table.rowCount())]
        return "\n".join(fields)

    def pictures(self) -> list[str]:
        """The names of all pictures that some view still holds, shown or hidden."""
        held = [view.accessibleName() for view in self.window.findChildren(PictureView) if view.holds_picture]
        return held + [label.accessibleName() for label in self.window.findChildren(QLabel) if label.pixmap()]

    def focusable(self) -> list[QWidget]:
        """All widgets that the keyboard can reach now."""
        return [
            widget
            for widget in self.window.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        ]


@contextmanager
def swept_here() -> Iterator[None]:
    """Collect circular garbage on this thread only, before and after: see `ui.app.Sweep`.

    What is there before, modules most of all, is not looked through again each time.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        gc.enable()


@contextmanager
def window_on(qtbot: Any, folder: Path, *, size: tuple[int, int] = (1366, 768), **facts: Any) -> Iterator[Seat]:
    """Open the window on a station in a folder and wait for the desk; `facts` are those of `kiosk`."""
    make_application([], "light")
    bridge = Bridge()
    practice = {"practice": True, **facts}
    with swept_here(), kiosk(folder, ear=bridge.post, **practice) as at:
        window = MainWindow(at.station, bridge, Options(keys=facts.get("keys", Framing())))
        window.resize(*size)
        window.show()
        seat = Seat(window, at, qtbot)
        try:
            with qtbot.waitActive(window, timeout=PATIENCE_MS):
                window.activateWindow()
            at.ready()
            seat.until_step(None)
            yield seat
        finally:
            window.close()
            qtbot.waitUntil(lambda: window.closed, timeout=PATIENCE_MS)
            window.deleteLater()
