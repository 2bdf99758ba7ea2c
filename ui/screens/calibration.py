"""The calibration: which devices must be proved, the way through one calibration, and what it found."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from station.errors import StationError, StorageDamaged
from station.flow.calibration_views import (
    BoardSeen,
    CalibrationAt,
    CalibrationDone,
    CalibrationHistory,
    CalibrationsChanged,
    DeviceCalibration,
    DevicesCompared,
    GlassChecked,
    Stage,
)
from station.flow.events import (
    DevicesChanged,
    Event,
    Job,
    JobEnded,
    JobStarted,
    Outcome,
    SessionChanged,
    Trouble,
)
from station.flow.station import Station
from station.model.capability import DeviceKind
from ui.actions import Actions, Command
from ui.screens.calibration_asking import Asking
from ui.screens.calibration_camera import CameraPage
from ui.screens.calibration_compare import ComparePage
from ui.screens.calibration_devices import DevicesPage, first_of, is_blocked, must
from ui.screens.calibration_glass_check import GlassCheckPage
from ui.screens.calibration_offers import Offers
from ui.screens.calibration_prepare import PreparePage
from ui.screens.calibration_result import ResultPage
from ui.screens.calibration_running import RunningPage
from ui.screens.commands import Commands
from ui.screens.screen import Offer, Screen

_DEVICE, _TAB = "calibration/device", "calibration/tab"


class CalibrationScreen(Screen):
    """Shown while no visit is in hand. It has pages: devices, target, at work, result, comparison, camera.

    Escape goes one page back, from the devices to the desk.
    """

    hears_always = (DevicesChanged, CalibrationsChanged, JobStarted, JobEnded, SessionChanged)
    works_beside = frozenset({Job.EXPORT, Job.CALIBRATION})

    def __init__(self, station: Station, actions: Actions) -> None:
        """Start with nothing known of any device."""
        super().__init__(station, actions)
        self._known: tuple[DeviceCalibration, ...] | None = None
        self._asked = self._wanted = self._looked_at = ""
        self._fresh = False
        self._running = ""
        self._memory: QSettings | None = None
        self.asking = Asking(station, self)
        self.asking.closed.connect(self.offer_changed)
        self._commands = Commands(
            self,
            actions,
            {
                Command.CHOOSE_DEVICE: self._prepare_chosen,
                Command.SCAN_TARGET: self._scan,
                Command.LAST_RESULT: self._show_last,
                Command.COMPARE_DEVICES: self._compare,
                Command.CHECK_GLASS: self._prepare_glass,
                Command.OPEN_FOR_TIME: self._ask_leave,
                Command.RELEASE_DEVICE: self._ask_release,
                Command.SAVE_REPORT: self._save_report,
                Command.RUN_BEFORE: self._turn_before,
                Command.PRINT_TARGET: lambda: self.prepare.ask_target(),
                Command.REFERENCE_FILE: lambda: self.prepare.ask_reference(),
            },
        )
        actions[Command.RUN_BEFORE].setCheckable(True)
        self.offers = Offers(actions, self._commands, self)
        self.devices, self.prepare = DevicesPage(), PreparePage(station, actions)
        self.running, self.result = RunningPage(), ResultPage()
        self.compared, self.camera = ComparePage(), CameraPage(station)
        self.glass = GlassCheckPage()
        self._begun_on: QWidget = self.prepare
        self._pages = QStackedWidget()
        asked = (self.devices, self.prepare, self.camera, self.glass)
        for page in (*asked, self.running, self.result, self.compared):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self._connect()

    def _connect(self) -> None:
        self._heard: dict[type[object], Callable[[Any], None]] = {
            CalibrationsChanged: self._changed,
            JobStarted: self._started,
            CalibrationAt: self._at,
            CalibrationDone: self._done,
            JobEnded: self._ended,
            CalibrationHistory: self._history,
            DevicesCompared: self.compared.show_rows,
            GlassChecked: self._glass_checked,
            BoardSeen: self.camera.show_seen,
            DevicesChanged: lambda _: self._ask_again(),
            Trouble: lambda trouble: self._refused(trouble.error),
            SessionChanged: self._session_changed,
        }
        self.offers.next_wanted.connect(self._go_next)
        self.offers.look_wanted.connect(self._start_camera)
        self.offers.glass_wanted.connect(self._scan_glass)
        self.devices.picked.connect(self.offer_changed)
        self.devices.opened.connect(lambda: self._commands[Command.CHOOSE_DEVICE].trigger())
        self.prepare.changed.connect(self.offer_changed)
        for page in (self.prepare.head, self.result, self.compared, self.glass.head):
            page.back_wanted.connect(self._back)
        self.camera.back_wanted.connect(self._back)
        self.camera.changed.connect(self.offer_changed)
        self.result.plots.turned.connect(self._remember_tab)

    # -- called by the window ---------------------------------------------------------------------------------

    def begin(self, device_id: str = "") -> None:
        """Begin with this device, or with the one that needs it; the next answer decides."""
        self._asked, self._fresh = device_id, True
        if self.isVisible():
            self.station.show_calibrations()

    def enter(self) -> None:
        """Ask how the devices stand; a calibration that still runs is shown again."""
        self._commands.take()
        self._show(self.running if self._running else self.devices)
        self.station.show_calibrations()

    def leave(self) -> None:
        """Let go of commands and camera."""
        self._commands.release()
        self.camera.stop()

    def remember(self, memory: QSettings) -> None:
        """Begin with the device and the plot that were looked at last."""
        self._memory = memory
        self._wanted = str(memory.value(_DEVICE, ""))
        self.camera.remember(memory)
        tab = str(memory.value(_TAB, 0))
        self.result.plots.setCurrentIndex(int(tab) if tab.isdecimal() else 0)

    def hear(self, event: Event) -> None:
        """Follow the devices and the calibration that runs."""
        handler = self._heard.get(type(event))
        if handler is not None:
            handler(event)

    def offer(self) -> Offer:
        """Offer what comes next on the page that is shown."""
        self._commands.allow()
        page = self._pages.currentWidget()
        if page is self.devices:
            return self.offers.devices(self.devices.chosen)
        if page is self.prepare:
            return self.offers.prepare()
        if page is self.result:
            before = self.result.has_before
            return self.offers.result(self.result.kept, self._known or (), before=before)
        if page is self.glass:
            return self.offers.check(checked=self.glass.checked, lost=self.glass.lost)
        if page is self.camera:
            return self.offers.camera(running=self.camera.running)
        return self.offers.compared() if page is self.compared else Offer(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go one page back by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self._back()
            return
        super().keyPressEvent(event)

    # -- devices ----------------------------------------------------------------------------------------------

    def _ask_again(self) -> None:
        """Ask anew how the devices stand: one came, went, or was used."""
        if self.isVisible() and not self._running:
            self.station.show_calibrations()

    def _changed(self, event: CalibrationsChanged) -> None:
        self._known = event.devices
        self.prepare.show_profiles(event.profiles)
        self.devices.show_devices(event.devices, self._asked or self._wanted)
        if self._fresh and self.isVisible() and not self._running:
            self._fresh = False
            self._skip_choosing()
        if self.isVisible() and self._pages.currentWidget() is self.devices and not self.devices.holds_focus:
            self.devices.take_focus()
        self.offer_changed.emit()

    def _skip_choosing(self) -> None:
        """Go on to the target at once where one device was asked for, or one alone needs it."""
        known = {one.info.id: one for one in self._known or ()}
        needy = self._needy()
        if self._asked:
            self.devices.choose(self._asked)
        device = known.get(self._asked) or (needy[0] if len(needy) == 1 else None)
        self._asked = ""
        if device is not None and device.ready and not is_blocked(device):
            self._prepare(device)

    def _needy(self) -> list[DeviceCalibration]:
        """Return the devices that an officer must calibrate."""
        known = self._known or ()
        return [one for one in known if must(one) and not is_blocked(one)]

    def _prepare_chosen(self) -> None:
        if self.devices.chosen is not None:
            self._prepare(self.devices.chosen)

    def _prepare(self, device: DeviceCalibration) -> None:
        self._wanted = device.info.id
        if self._memory is not None:
            self._memory.setValue(_DEVICE, self._wanted)
        if device.info.kind is DeviceKind.CAMERA:
            self.camera.prepare(device.info.id, device.info.name)
            self._show(self.camera)
        else:
            self.prepare.show_device(device)
            self._show(self.prepare)

    def _go_next(self, device_id: str) -> None:
        device = next((one for one in self._known or () if one.info.id == device_id), None)
        if device is not None:
            self.devices.choose(device.info.id)
            self._prepare(device)

    # -- one calibration --------------------------------------------------------------------------------------

    def _scan(self) -> None:
        self._at(CalibrationAt(self._wanted, Stage.SCANNING))
        prepare = self.prepare
        self.station.calibrate(self._wanted, prepare.kind, prepare.reference, prepare.profile)

    def _start_camera(self) -> None:
        self.camera.start()
        self.offer_changed.emit()

    def _started(self, event: JobStarted) -> None:
        if event.job is Job.CALIBRATION:
            self._running = event.device

    def _at(self, event: CalibrationAt) -> None:
        self.camera.ended()
        if (page := self._pages.currentWidget()) in (self.prepare, self.camera, self.glass):
            self._begun_on = page
        self.running.say_stage(event.stage)
        self._show(self.running)

    def _done(self, event: CalibrationDone) -> None:
        self.camera.ended()
        self._result(event)

    def _result(self, done: CalibrationDone) -> None:
        self._lay_before(on=False)
        self.result.show_done(done)
        self._show(self.result)
        self.station.calibration_history(done.kept.calibration.device)

    def _ended(self, event: JobEnded) -> None:
        if event.job is not Job.CALIBRATION:
            return
        self._running = ""
        if event.outcome is not Outcome.COMPLETED:
            self._refused(event.error)

    def _refused(self, error: StationError | None) -> None:
        """Go back to where it began: the window says what was wrong."""
        if self._running:
            return
        self.camera.ended()
        if self._pages.currentWidget() is self.running:
            if self._begun_on is self.glass and isinstance(error, StorageDamaged):
                self.glass.show_lost()
            self._show(self._begun_on)
        self.offer_changed.emit()

    # -- the empty glass --------------------------------------------------------------------------------------

    def _prepare_glass(self) -> None:
        if self.devices.chosen is not None:
            self.glass.show_device(self.devices.chosen.info)
            self._show(self.glass)

    def _scan_glass(self) -> None:
        self._at(CalibrationAt(self.glass.device, Stage.SCANNING_GLASS))
        self.station.check_glass(self.glass.device, anew=self.glass.lost)

    def _glass_checked(self, event: GlassChecked) -> None:
        self.glass.show_checked(event)
        self._show(self.glass)

    # -- results ----------------------------------------------------------------------------------------------

    def _show_last(self) -> None:
        chosen = self.devices.chosen
        if chosen is not None and chosen.last is not None:
            self._result(CalibrationDone(chosen.last))

    def _session_changed(self, event: SessionChanged) -> None:
        self.asking.officer = event.officer

    def _history(self, event: CalibrationHistory) -> None:
        self.result.show_history(event)
        self.offer_changed.emit()

    def _compare(self) -> None:
        self._show(self.compared)
        self.station.compare_devices()

    def _turn_before(self) -> None:
        self._lay_before(on=self.actions_of_window[Command.RUN_BEFORE].isChecked())

    def _lay_before(self, *, on: bool) -> None:
        """Lay the run before beside the one that is shown, or take it away; the command says which."""
        action = self.actions_of_window[Command.RUN_BEFORE]
        action.setChecked(on)
        action.setText(self.tr("Hide the run before") if on else self.tr("Show the run before"))
        self.result.show_before(on=on)

    def _remember_tab(self, tab: int) -> None:
        if self._memory is not None:
            self._memory.setValue(_TAB, tab)

    def _save_report(self) -> None:
        if self.result.kept is not None:
            self.asking.save(self.result.kept.digest)

    # -- signed by somebody -----------------------------------------------------------------------------------

    def _ask_leave(self) -> None:
        if (device := self._here()) is not None:
            self.asking.leave(device.info)

    def _ask_release(self) -> None:
        if (device := self._here()) is not None:
            self.asking.release(device.info)

    def _here(self) -> DeviceCalibration | None:
        """Return the device that the page in front is about."""
        kept = self.result.kept if self._pages.currentWidget() is self.result else None
        if kept is None:
            return self.devices.chosen
        return next((one for one in self._known or () if one.info.id == kept.calibration.device), None)

    # -- pages ------------------------------------------------------------------------------------------------

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        if page is self.devices:
            self.devices.take_focus()
        elif page is not self.camera:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.offer_changed.emit()

    def _back(self) -> None:
        page = self._pages.currentWidget()
        if page is self.running:
            return
        if page is self.devices:
            self.actions_of_window[Command.TO_DESK].trigger()
            return
        if self.camera.running:
            self.camera.stop()
            return
        if self.devices.chosen is None and self._known:
            self.devices.choose(first_of(self._known, self._wanted))
        self._show(self.devices)
