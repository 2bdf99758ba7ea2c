"""What can be done on each page of the calibration."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from station.flow.calibration_views import DeviceCalibration
from station.model.calibration import Kept
from ui.actions import Actions, Command
from ui.screens.calibration_devices import is_blocked, must
from ui.screens.commands import Commands
from ui.screens.screen import Offer


class Offers(QObject):
    """Allows the commands of a page and says which of them comes first."""

    next_wanted = Signal(str)
    """The officer goes on with the device of this id."""

    look_wanted = Signal()
    """The officer starts the camera."""

    glass_wanted = Signal()
    """The officer has the empty glass scanned."""

    def __init__(self, actions: Actions, commands: Commands, parent: QObject) -> None:
        """Offer these commands; `next`, `look` and `glass` are those that have no key but Space."""
        super().__init__(parent)
        self._actions, self._commands = actions, commands
        self._following = ""
        self.next, self.look = QAction(self), QAction(self.tr("Start the camera"), self)
        self.next.setProperty("icon_name", "target")
        self.look.setProperty("icon_name", "camera")
        self.next.triggered.connect(lambda: self.next_wanted.emit(self._following))
        self.look.triggered.connect(self.look_wanted)
        self.glass = QAction(self)
        self.glass.setProperty("icon_name", "scanner")
        self.glass.triggered.connect(self.glass_wanted)

    def devices(self, chosen: DeviceCalibration | None) -> Offer:
        """Offer to calibrate the device that is chosen, or to release it."""
        actions = self._actions
        desk = actions[Command.TO_DESK]
        if chosen is None:
            return Offer(None, "", (desk,))
        can = [Command.COMPARE_DEVICES]
        beside = [desk, actions[Command.LAST_RESULT], actions[Command.COMPARE_DEVICES]]
        if chosen.last is not None:
            can.append(Command.LAST_RESULT)
        if chosen.has_glass:
            beside.append(actions[Command.CHECK_GLASS])
            can += [Command.CHECK_GLASS] if chosen.ready else []
        if must(chosen):
            can.append(Command.OPEN_FOR_TIME)
            beside.append(actions[Command.OPEN_FOR_TIME])
        if is_blocked(chosen):
            self._commands.allow(*can, Command.RELEASE_DEVICE)
            return Offer(actions[Command.RELEASE_DEVICE], self.tr("By a technician"), tuple(beside))
        if not chosen.ready:
            self._commands.allow(*can)
            return Offer(None, self.tr("It is not ready now: connect it, or wait a moment."), tuple(beside))
        self._commands.allow(*can, Command.CHOOSE_DEVICE)
        return Offer(actions[Command.CHOOSE_DEVICE], chosen.info.name, tuple(beside))

    def prepare(self) -> Offer:
        """Offer the scan."""
        self._commands.allow(Command.SCAN_TARGET, Command.PRINT_TARGET, Command.REFERENCE_FILE)
        return Offer(self._actions[Command.SCAN_TARGET], "", (self._actions[Command.TO_DESK],))

    def check(self, *, checked: bool, lost: bool) -> Offer:
        """Offer the scan of the empty glass, the first, another, or one that takes the place of a lost one."""
        self._commands.allow()
        again = self.tr("Check again") if checked else self.tr("Scan the empty glass")
        self.glass.setText(self.tr("Begin anew") if lost else again)
        return Offer(self.glass, "", (self._actions[Command.TO_DESK],))

    def camera(self, *, running: bool) -> Offer:
        """Offer the camera while it rests."""
        return Offer(None) if running else Offer(self.look, "", (self._actions[Command.TO_DESK],))

    def compared(self) -> Offer:
        """Offer the way back."""
        return Offer(None, "", (self._actions[Command.TO_DESK],))

    def result(self, kept: Kept | None, known: Sequence[DeviceCalibration], *, before: bool) -> Offer:
        """Offer what follows: the next device that needs it, the same one again, a release, or the desk."""
        if kept is None:
            return Offer(None)
        actions = self._actions
        can = (Command.SAVE_REPORT, *((Command.RUN_BEFORE,) if before else ()))
        self._commands.allow(*can)
        beside = (actions[Command.TO_DESK], actions[Command.SAVE_REPORT], actions[Command.RUN_BEFORE])
        here = next((one for one in known if one.info.id == kept.calibration.device), None)
        if here is not None and is_blocked(here):
            self._commands.allow(*can, Command.RELEASE_DEVICE)
            return Offer(actions[Command.RELEASE_DEVICE], self.tr("By a technician"), beside)
        following, text = here, self.tr("Calibrate again")
        if kept.calibration.passed:
            others = (one for one in known if one is not here and one.ready)
            following = next((one for one in others if must(one) and not is_blocked(one)), None)
            text = self.tr("Next: {device}").format(device=following.info.name if following else "")
        if following is None or not following.ready:
            return Offer(actions[Command.TO_DESK], "", beside[1:])
        self._following = following.info.id
        self.next.setText(text)
        return Offer(self.next, "", beside)
