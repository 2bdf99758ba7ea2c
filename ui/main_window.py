"""The one window: it hands the station's events to the screens and the officer's commands to the station."""

import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from station.errors import WrongApplicant
from station.flow.calibration_views import BoardSeen, CalibrationAt, CalibrationWritten
from station.flow.events import (
    ButtonPressed,
    DevicesChanged,
    Event,
    FilesWritten,
    JobEnded,
    JobProgress,
    JobStarted,
    Listed,
    LiveJudged,
    LiveRead,
    Notice,
    Opened,
    PageComing,
    SelfTested,
    Trouble,
    VisitChanged,
)
from station.flow.options import FitOut, Options
from station.flow.station import Station
from station.flow.views import DeviceState, DeviceView, VisitView
from station.model.visit import Step
from ui.actions import Actions, Command
from ui.app import Sweep, make_application
from ui.bridge import Bridge
from ui.screens.calibration import CalibrationScreen
from ui.screens.desk import DeskScreen
from ui.screens.documents import DocumentsScreen
from ui.screens.front import Front
from ui.screens.identify import IdentifyScreen
from ui.screens.jobs import Jobs
from ui.screens.portrait import PortraitScreen
from ui.screens.review import ReviewScreen
from ui.screens.screen import Offer, Screen
from ui.screens.stage import Stage
from ui.screens.telling import Telling
from ui.theme import Scheme, other_scheme
from ui.wedge import Wedge
from ui.wording.calibration_states import waits as calibration_waits
from ui.wording.errors import word, word_code

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 1280, 720

_STEPS = {
    Command.STEP_IDENTIFY: Step.IDENTIFY,
    Command.STEP_PORTRAIT: Step.PORTRAIT,
    Command.STEP_DOCUMENTS: Step.DOCUMENTS,
    Command.STEP_REVIEW: Step.REVIEW,
}
_NO_ANSWER = (
    DevicesChanged, LiveJudged, LiveRead, JobProgress, PageComing, CalibrationAt, BoardSeen, SelfTested,
)  # fmt: skip
"""Events that come by themselves: they never arm a primary action that was used up."""


class MainWindow(QMainWindow):
    """Shows what the station says and hands commands on; it decides nothing about a visit.

    Runs on the GUI thread; events come through the bridge.
    """

    _shut_down = Signal()

    def __init__(self, station: Station, bridge: Bridge, options: Options) -> None:
        """Build all screens behind a curtain that the station's `Opened` draws."""
        super().__init__()
        self.closed = False
        self.actions_by_command = Actions(self)
        self._station = station
        self._bridge = bridge
        self._options = options
        self._visit: VisitView | None = None
        self._devices: tuple[DeviceView, ...] = ()
        self._jobs = Jobs()
        self._offered: Offer | None = None
        self._opened = self._stuck = self._closing = False
        steps = (IdentifyScreen, PortraitScreen, DocumentsScreen, ReviewScreen)
        self._desk = DeskScreen(station, self.actions_by_command, options.station)
        self._calibration = CalibrationScreen(station, self.actions_by_command)
        self._screens: tuple[Screen, ...] = (
            self._desk,
            self._calibration,
            *(step(station, self.actions_by_command) for step in steps),
        )
        self._stage = Stage(self._screens, self.actions_by_command)
        self._telling = Telling(self._stage)
        self._who, self._rail, self._bar = self._stage.who, self._stage.rail, self._stage.bar
        self.front = Front(self._stage, station.people, bridge, self.actions_by_command, options)
        self.setCentralWidget(self.front)
        self.setWindowTitle(self.tr("Visa Station"))
        self.setMinimumSize(LEAST_WIDTH_PX, LEAST_HEIGHT_PX)
        self._who.show_officer("" if options.sign_in else options.officer)
        for command in (Command.CALIBRATE, Command.FIND_DEVICES, Command.SCHEME, Command.HELP):
            self._who.add_tool(self.actions_by_command[command])
        self._connect()
        self._wait()
        app = QApplication.instance()
        if options.keys.begin and app is not None:
            wedge = Wedge(options.keys, self)
            wedge.taken.connect(lambda text, whole: station.take_keys(text, whole=whole))
            app.installEventFilter(wedge)

    def start(self) -> None:
        """Open store and devices; again after trouble at the start."""
        self._stuck = False
        self._wait()
        self._station.start()

    @property
    def screen_shown(self) -> Screen | None:
        """The screen in front, or None while the curtain hangs before it."""
        return self._stage.shown

    @property
    def primary_now(self) -> QAction | None:
        """The primary action if a press would do something now."""
        return self._bar.armed

    def _connect(self) -> None:
        station = self._station
        self._bridge.happened.connect(self._hear)
        self._shut_down.connect(self._end, Qt.ConnectionType.QueuedConnection)
        self._handlers: dict[type[object], Callable[[Any], None]] = {
            Opened: self._opened_now,
            DevicesChanged: self._devices_changed,
            VisitChanged: self._visit_changed,
            JobStarted: self._job_started,
            JobProgress: self._job_progress,
            JobEnded: self._job_ended,
            Notice: self._telling.notice,
            Trouble: self._trouble,
            SelfTested: self._who.show_self_test,
            Listed: self._telling.listed,
            FilesWritten: self._telling.files_written,
            CalibrationWritten: self._telling.files_written,
            ButtonPressed: self._button_pressed,
        }
        for screen in self._screens:
            screen.offer_changed.connect(self._offer)
        self._rail.step_chosen.connect(station.enter)
        self._who.device_asked.connect(self._device_asked)
        self._bar.cancel_wanted.connect(station.cancel_job)
        self._stage.keys.close_wanted.connect(self._toggle_keys)
        commands: dict[Command, Callable[[], object]] = {
            Command.TRY_AGAIN: self.start,
            Command.LEAVE: station.leave,
            Command.CANCEL: self._cancel,
            Command.CALIBRATE: self._calibrate,
            Command.TO_DESK: lambda: self._go_to(self._desk),
            Command.FIND_DEVICES: station.find_devices,
            Command.SCHEME: other_scheme,
            Command.HELP: self._toggle_keys,
            **{command: partial(station.enter, step) for command, step in _STEPS.items()},
        }
        for command, do in commands.items():
            action = self.actions_by_command[command]
            action.triggered.connect(lambda _=False, do=do: do())
            self.addAction(action)

    # -- events -----------------------------------------------------------------------------------------------

    @Slot(object)
    def _hear(self, event: Event) -> None:
        if self._closing or self.front.swallows(event):
            return
        handler = self._handlers.get(type(event))
        if handler is not None:
            handler(event)
        shown = self._stage.shown
        for screen in self._screens:
            in_front = screen is shown and not isinstance(event, VisitChanged)
            if in_front or isinstance(event, screen.hears_always):
                screen.hear(event)
        self._offer(answered=not isinstance(event, _NO_ANSWER))

    def _opened_now(self, event: Opened) -> None:
        self._opened, self._stuck = True, False
        self._who.show_notices(event.notices)
        self._nobody()
        self._stage.show_screen(self._desk)

    def _devices_changed(self, event: DevicesChanged) -> None:
        self._devices = event.devices
        self._who.show_devices(event.devices)
        self._show_marks()

    def _visit_changed(self, event: VisitChanged) -> None:
        visit, before = event.visit, self._visit
        self._visit = visit
        if _place(visit) != _place(before):
            self._stage.hush()
        self._rail.setVisible(visit is not None and not visit.sealed)
        self._rail.set_steps(visit.steps if visit else ())
        self._show_marks()
        for screen in self._screens:
            screen.show_visit(visit)
        step = visit.step if visit else None
        self._stage.show_screen(next(screen for screen in self._screens if screen.step is step))
        if visit is None:
            self._jobs.clear()
            self._nobody()
        else:
            self._who.show_visit(visit)

    def _job_started(self, event: JobStarted) -> None:
        self._stage.hush()
        self._jobs.started(event)

    def _job_progress(self, event: JobProgress) -> None:
        self._jobs.progressed(event)

    def _job_ended(self, event: JobEnded) -> None:
        self._jobs.ended(event)
        shown = self._stage.shown
        on_screen = isinstance(event.error, WrongApplicant) and self._visit and self._visit.stranger
        if event.error is not None and not on_screen and not (shown and shown.tells(event)):
            self._telling.say(word(event.error), "not_good")

    def _button_pressed(self, event: ButtonPressed) -> None:
        """Do what a press of the scan command would, on the scanner whose key was pressed."""
        action = self._stage.shown.scanning_action() if self._stage.shown is not None else None
        if action is not None:
            self._station.choose(event.device.id)
            action.trigger()

    def _trouble(self, event: Trouble) -> None:
        message = word(event.error)
        if self._opened:
            self._telling.say(message, "not_good")
        else:
            self._stuck = True
            more = (message.why, message.do, message.detail, message.code)
            self._stage.draw_curtain(message.what, "\n".join(part for part in more if part))

    # -- showing ----------------------------------------------------------------------------------------------

    def _wait(self) -> None:
        title, text = self.tr("The station is getting ready"), self.tr("Store and devices are being opened.")
        self._stage.draw_curtain(title, text)
        self._who.show_record(None, self.tr("Visa Station"))
        self._offer()

    def _nobody(self) -> None:
        calibrates = self._stage.shown is self._calibration
        text = self.tr("Calibration") if calibrates else self.tr("No visit in hand")
        self._who.show_record(None, text)

    def _show_marks(self) -> None:
        visit = self._visit
        simulated = any(view.chosen and view.info.simulated for view in self._devices)
        self._who.show_marks(
            rehearsal=visit.rehearsal if visit else self._options.rehearsal,
            simulated=visit.simulated if visit else simulated,
        )

    # -- what can be done -------------------------------------------------------------------------------------

    def _offer(self, *, answered: bool = False) -> None:
        """Ask the screen what can be done; an action that was used up is armed anew by an answer only."""
        visit, actions, shown = self._visit, self.actions_by_command, self._stage.shown
        if self.front.covers:
            return
        progress = self._jobs.progress(self._devices)
        open_visit = visit is not None and not visit.sealed
        actions[Command.TRY_AGAIN].setEnabled(self._stuck)
        actions[Command.LEAVE].setEnabled(visit is not None)
        actions[Command.CALIBRATE].setEnabled(self._opened and shown is not self._calibration)
        actions[Command.TO_DESK].setEnabled(shown is self._calibration and progress is None)
        actions[Command.CANCEL].setEnabled(progress is not None or self._stage.keys.isVisible())
        for command in _STEPS:
            actions[command].setEnabled(open_visit)
        if progress is None:
            self._bar.hide_progress()
        else:
            self._bar.show_progress(progress.text, progress.done, progress.total)
        if not self._jobs.kinds <= (shown.works_beside if shown else frozenset()):
            offer = Offer(None, "" if progress else self.tr("One moment"))
        elif shown is not None:
            offer = shown.offer()
        else:
            offer = Offer(actions[Command.TRY_AGAIN] if self._stuck else None)
        if answered or offer != self._offered:
            self._offered = offer
            self._bar.set_secondary(offer.secondary)
            self._bar.offer(offer.primary, offer.hint)

    def _cancel(self) -> None:
        if self._stage.keys.isVisible():
            self._toggle_keys()
        else:
            self._station.cancel_job()

    def _toggle_keys(self) -> None:
        self._stage.keys.toggle()
        self._offer()

    def _device_asked(self, device_id: str) -> None:
        """Choose a device that works; of another say what is wrong and look for it."""
        view = next((view for view in self._devices if view.info.id == device_id), None)
        if view is None:
            return
        if view.locked:
            self._calibrate(device_id)
        elif view.error:
            self._telling.say(word_code(view.error), "not_good")
        if view.state in (DeviceState.LOST, DeviceState.FAILED):
            self._station.find_devices()
        elif not view.locked:
            self._station.choose(device_id)

    def _calibrate(self, device_id: str = "") -> None:
        """Go to the calibration, of this device if one is named; it never runs beside a visit."""
        if self._visit is not None:
            view = next((view for view in self._devices if view.info.id == device_id), None)
            self._telling.say(calibration_waits(view.standing if view else None), "look")
            return
        self._calibration.begin(device_id)
        self._go_to(self._calibration)

    def _go_to(self, screen: Screen) -> None:
        self._stage.hush()
        self._stage.show_screen(screen)
        self._nobody()
        self._offer(answered=True)

    # -- the end ----------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the devices back first, without freezing; the window closes when that has ended."""
        if self.closed:
            event.accept()
            return
        event.ignore()
        if not self._closing:
            self._closing, self._stuck = True, False
            self._jobs.clear()
            self._stage.hush()
            self._stage.draw_curtain(
                self.tr("The station is closing"),
                self.tr("Devices are given back. An open visit waits at the desk."),
            )
            self._nobody()
            self._offer()
            threading.Thread(target=self._shut, name="closing").start()

    def _shut(self) -> None:
        self._station.close()
        self._shut_down.emit()

    @Slot()
    def _end(self) -> None:
        self.closed = True
        self.close()


def make_window(fit_out: Callable[[], FitOut], options: Options) -> MainWindow:
    """Return the window with its station behind it; `start` opens the store."""
    bridge = Bridge()
    return MainWindow(Station(fit_out, options, bridge.post), bridge, options)


def run_window(fit_out: Callable[[], FitOut], options: Options, scheme: Scheme, *, kiosk: bool) -> int:
    """Open the window, full screen on a kiosk, stay until it is closed, and return the exit status."""
    app = make_application(sys.argv, scheme)
    sweep = Sweep(app)
    window = make_window(fit_out, options)
    memory = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "visa-station", "window")
    if kiosk:
        window.showFullScreen()
    else:
        place = memory.value("geometry")
        if not (isinstance(place, QByteArray) and window.restoreGeometry(place)):
            window.setWindowState(Qt.WindowState.WindowMaximized)
        window.show()
    for screen in window.findChildren(Screen):
        screen.remember(memory)
    QTimer.singleShot(0, window.start)  # the first picture of the window comes before store and drivers
    status = app.exec()
    sweep.stop()
    if not kiosk:
        memory.setValue("geometry", window.saveGeometry())
    return status


def _place(visit: VisitView | None) -> tuple[str, Step] | None:
    return (visit.visit_id, visit.step) if visit else None
