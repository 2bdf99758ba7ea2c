"""Hands and eyes of a rehearsal: keys and mouse for the real window, and what the station said."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from station.flow import rehearsed
from station.flow.events import (
    DevicesChanged,
    Event,
    JobEnded,
    LiveJudged,
    LiveRead,
    Notice,
    PortraitJudged,
    Trouble,
    VisitChanged,
)
from station.flow.options import FitOut, Options
from station.flow.station import Station
from station.flow.views import DeviceState, VisitView
from station.model.capability import DeviceKind
from station.model.quality import Verdict
from station.model.record import ApplicationRecord, AttachmentKind
from station.model.specimen import Flaw, Paper, PaperKind, Props, Sitter
from station.model.swipe import Swipe, SwipeKind
from station.model.visit import Step
from ui.actions import Command
from ui.bridge import Bridge
from ui.main_window import MainWindow
from ui.screens.sheet import Sheet
from ui.theme import RESOURCES
from ui.widgets.primary_bar import SETTLE_MS

DAY = RESOURCES / "rehearsals" / "day.csv"
PATIENCE_S = 120.0
"""Each wait ends as soon as what it waits for happens; this only bounds one that fails."""
REST_MS = SETTLE_MS + 100
"""A picture shows the primary action as it is once a double press is over."""
GLANCE_MS = 10


class NotReached(Exception):
    """A script waited for something that did not happen."""


@dataclass(slots=True)
class Heard:
    """What the station said, as far as a script can wait for it."""

    visit: VisitView | None = None
    ready: bool = False
    reader: bool = False
    scanner: bool = False
    live: bool = False
    candidate: bool = False
    codes: list[str] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        """Remember an event."""
        if isinstance(event, VisitChanged):
            self.visit = event.visit
        elif isinstance(event, DevicesChanged):
            self.ready = bool(event.devices) and all(d.state is DeviceState.READY for d in event.devices)
            self.reader = self.ready and any(d.info.kind is DeviceKind.READER for d in event.devices)
            self.scanner = self.ready and any(d.info.kind is DeviceKind.SCANNER for d in event.devices)
        elif isinstance(event, PortraitJudged):
            self.candidate, self.live = event.candidate is not None, False
        elif isinstance(event, LiveJudged | LiveRead):
            self.live = True
        elif isinstance(event, Notice):
            self.codes.append(event.code)
        error = event.error if isinstance(event, Trouble | JobEnded) else None
        if error is not None:
            self.codes.append(error.code)


class Player:
    """Hands and eyes of a rehearsal. All on the GUI thread but the fitting out."""

    def __init__(
        self, fit_out: Callable[[], FitOut], options: Options, number: str, screenshots: Path | None
    ) -> None:
        """Build the window; nothing is open yet."""
        self._fit_out, self._number, self._screenshots = fit_out, number, screenshots
        self._props: Props | None = None
        self._record: ApplicationRecord | None = None
        self.sealed = False
        self.heard = Heard()
        bridge = Bridge()
        self.window = MainWindow(Station(self._fitted, options, bridge.post), bridge, options)
        bridge.happened.connect(self._hear)

    def _fitted(self) -> FitOut:
        """Fit the station out and lay the applicant's papers ready; on the desk lane."""
        out = self._fit_out()
        self._props = out.props
        self._record = rehearsed.applicant(out.store.units, DAY, self._number)
        return out

    def _hear(self, event: Event) -> None:
        self.heard.hear(event)
        self.sealed = self.sealed or (self.heard.visit is not None and self.heard.visit.sealed)

    def open(self, width: int, height: int) -> None:
        """Show the window and open the station."""
        self.window.resize(width, height)
        self.window.show()
        self.window.activateWindow()
        self.window.start()

    def close(self) -> None:
        """Close window and station; pictures and records are safe by then."""
        self.window.close()
        while not self.window.closed:  # the station ends within its own limit
            _live_for(GLANCE_MS)
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    # -- what a step does -------------------------------------------------------------------------------------

    def lay(self, paper: PaperKind, sheets: int, title: str, flaws: tuple[Flaw, ...]) -> None:
        """Lay sheets out."""
        sheet = Paper(paper, self.record, flaws, title)
        self.props.lay((sheet,) * sheets)

    def hold(self, paper: PaperKind, flaws: tuple[Flaw, ...]) -> None:
        """Hold a paper before the camera."""
        self.props.show(Paper(paper, self.record, flaws))

    def seat(self, *sitters: Sitter) -> None:
        """Let somebody stand before the camera; what was judged before was somebody else."""
        self.props.seat(*sitters)
        self.heard.live = False

    def press(self, key: QKeySequence) -> None:
        """Press a key where the focus is."""
        self.heard.codes.clear()
        QTest.keySequence(self._focus(), key)

    def press_primary(self, offers: Command | None) -> None:
        """Press Space as soon as it would do something, or do this."""
        window = self.window
        wanted = window.actions_by_command[offers] if offers else None
        self.until(lambda: window.primary_now is not None and wanted in (None, window.primary_now), "offered")
        self.press(QKeySequence(Qt.Key.Key_Space))

    def press_command(self, command: Command) -> None:
        """Press a command's key as soon as the command can be had."""
        action = self.window.actions_by_command[command]
        self.until(action.isEnabled, "can be had")
        self.press(action.shortcut())

    def click(self, name: str) -> None:
        """Press the button whose name begins so."""
        self.until(lambda: self._button(name) is not None, "is there")
        if (button := self._button(name)) is not None:
            self.heard.codes.clear()
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type(self, *lines: str) -> None:
        """Type lines where the focus is, each closed by Enter."""
        self.heard.codes.clear()
        for line in lines:
            QTest.keyClicks(self._focus(), line)
            QTest.keyClick(self._focus(), Qt.Key.Key_Return)

    def swipe(self, *, passport: bool) -> None:
        """Pull the applicant's passport through the reader, or hold the code of the letter before it."""
        self.heard.codes.clear()
        lines = rehearsed.printed_lines(self.record) if passport else ()
        kind = SwipeKind.DOCUMENT if passport else SwipeKind.CODE
        self.props.swipe(Swipe(kind, lines, "" if passport else self.record.letter_number))

    def keep_picture(self, name: str) -> None:
        """Keep a picture of the window as it is once nothing is on its way any more."""
        if self._screenshots is not None:
            sheets = self.window.findChildren(Sheet)
            self._live_until(lambda: not any(sheet.loading and sheet.isVisible() for sheet in sheets))
            _live_for(REST_MS)
            self._screenshots.mkdir(parents=True, exist_ok=True)
            self.window.grab().save(str(self._screenshots / f"{name}.png"))

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Let the window live until this holds.

        Raises:
            NotReached: it did not within the limit.
        """
        if not self._live_until(holds):
            said = ", ".join(self.heard.codes) or "nothing"
            raise NotReached(f"not reached within {PATIENCE_S:.0f} s ({what}); the station said {said}")

    def _live_until(self, holds: Callable[[], object]) -> bool:
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > deadline:
                return False
            _live_for(GLANCE_MS)
        return True

    # -- what is there ----------------------------------------------------------------------------------------

    @property
    def record(self) -> ApplicationRecord:
        """The applicant; waits for the store."""
        self.until(lambda: self._record is not None, "store")
        if self._record is None:
            raise NotReached("no store")
        return self._record

    @property
    def props(self) -> Props:
        """The hand that lays papers out."""
        self.until(lambda: self._props is not None, "devices")
        if self._props is None:
            raise NotReached("no simulated devices")
        return self._props

    def stands_at(self, step: Step | None) -> bool:
        """Whether the screen of a step is shown, or the desk."""
        shown = self.window.screen_shown
        return shown is not None and shown.step is step

    def attached(self, kind: AttachmentKind) -> int:
        """How many pictures of a kind are on the record."""
        return len(self.heard.visit.record.of_kind(kind)) if self.heard.visit else 0

    def good_pages(self) -> int:
        """How many documents are on the record that are not below their limits."""
        documents = self.heard.visit.record.of_kind(AttachmentKind.DOCUMENT) if self.heard.visit else ()
        return sum(page.report is not None and page.report.verdict is not Verdict.FAIL for page in documents)

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window

    def _button(self, name: str) -> QPushButton | None:
        buttons = (b for b in self.window.findChildren(QPushButton) if b.isVisible() and b.isEnabled())
        return next((b for b in buttons if b.accessibleName().startswith(name)), None)


def _live_for(ms: int) -> None:
    """Let the window live; `QTest.qWait` would hold Python's lock, and the station would stand still."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
