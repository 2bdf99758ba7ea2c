"""The devices that can be calibrated, each with how it stands in one sentence."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station.flow.calibration_views import DeviceCalibration
from station.model.calibration import Reason, State
from ui.screens.calibration_head import CalibrationHead
from ui.theme import Measure, as_role
from ui.widgets.button import RowButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.words import IconView, label
from ui.wording import calibration_signs, calibration_states
from ui.wording.names import Mark, name

_WIDTH_PX = 960
"""Of the list: lines that run over the whole screen are not read."""

_MOVES: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}

_URGENT = (State.FAILED, State.NEVER, State.EXPIRED, State.DUE_SOON, State.VALID)


class DevicesPage(QWidget):
    """A list of cards; one is chosen. Up and Down move the choice."""

    picked = Signal()
    """Another device was chosen."""

    opened = Signal()
    """The chosen device was pressed twice."""

    def __init__(self) -> None:
        """Start without devices."""
        super().__init__()
        self._rows: dict[str, DeviceRow] = {}
        self.head = CalibrationHead("target", "")
        self._empty = EmptyState(
            "target",
            self.tr("No device to calibrate"),
            self.tr("Connect a scanner or a camera and look for devices. The list fills by itself."),
        )
        holder = QWidget()
        self._list = QVBoxLayout(holder)
        self._list.setContentsMargins(24, 0, 24, 24)
        self._list.setSpacing(12)
        self._list.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(holder)
        inner = QVBoxLayout()
        inner.setSpacing(0)
        for part, stretch in ((self.head, 0), (self._scroll, 1), (self._empty, 1)):
            inner.addWidget(part, stretch)
        middle = QWidget()
        middle.setMaximumWidth(_WIDTH_PX)
        middle.setLayout(inner)
        inner.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        self.show_devices(None, "")

    @property
    def chosen(self) -> DeviceCalibration | None:
        """The device that is chosen."""
        return next((row.device for row in self._rows.values() if row.isChecked()), None)

    @property
    def holds_focus(self) -> bool:
        """The keyboard is on one of the devices."""
        return any(row.hasFocus() for row in self._rows.values())

    @property
    def sentences(self) -> list[str]:
        """What is said of each device, from top to bottom."""
        return [row.accessibleName() for row in self._rows.values()]

    def show_devices(self, devices: Sequence[DeviceCalibration] | None, wanted: str) -> None:
        """Show these devices, None while nothing is known; `wanted` is chosen when nothing else asks for it."""
        before = self.chosen
        known = tuple(devices or ())
        if [one.info.id for one in known] != list(self._rows):
            self._make_rows(known)
        for one in known:
            self._rows[one.info.id].show_device(one)
        self._scroll.setVisible(bool(known))
        self._empty.setVisible(devices is not None and not known)
        kept = before.info.id if before is not None and before.info.id in self._rows else ""
        self.choose(kept or first_of(known, wanted))
        waiting = sum(must(one) for one in known)
        if waiting:
            told = self.tr("Devices to calibrate before they take pictures: {count}")
            self.head.name(told.format(count=waiting))
        else:
            self.head.name(self.tr("Nothing must be calibrated now") if known else "")
        self.head.setVisible(bool(known))

    def choose(self, device_id: str) -> None:
        """Choose this device, or none."""
        for known, row in self._rows.items():
            row.setChecked(known == device_id)
        self.picked.emit()

    def take_focus(self) -> None:
        """Put the keyboard on the chosen device."""
        for row in self._rows.values():
            if row.isChecked():
                row.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, by: int) -> None:
        """Move the choice up or down; it stays at the ends."""
        rows = list(self._rows.values())
        at = next((number for number, row in enumerate(rows) if row.isChecked()), 0)
        row = rows[min(max(at + by, 0), len(rows) - 1)]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(row)

    def _make_rows(self, devices: Sequence[DeviceCalibration]) -> None:
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = {}
        for at, one in enumerate(devices):
            row = self._rows[one.info.id] = DeviceRow(one)
            row.focused.connect(self.choose)
            row.opened.connect(self.opened)
            row.moved.connect(self._move)
            self._list.insertWidget(at, row)


class DeviceRow(RowButton):
    """One device: its name, how it stands, when it was calibrated last, and what was noticed since."""

    focused = Signal(str)
    opened = Signal()
    moved = Signal(int)

    def __init__(self, device: DeviceCalibration) -> None:
        """Show the device."""
        super().__init__("device")
        self.device = device
        self.setCheckable(True)
        self._kind = IconView(device.info.kind.value, "text", 28)
        self._name = label("", "heading", wrap=True)
        self._made_up = label(self.tr("Simulated"), "caption", "look")
        self._icon = IconView("good", "good")
        self._state = label("", "strong", wrap=True)
        self._last = label("", "caption", wrap=True)
        self._signs = QVBoxLayout()
        self._signs.setSpacing(4)
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(self._name, 1)
        title.addWidget(self._made_up)
        state = QHBoxLayout()
        state.setSpacing(8)
        state.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self._state, 1)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addLayout(title)
        words.addLayout(state)
        words.addWidget(self._last)
        words.addLayout(self._signs)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 16, 20, 16)
        row.setSpacing(20)
        row.addWidget(self._kind, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for part in (self._name, self._made_up, self._state, self._last):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumHeight(Measure.TOUCH)
        self.clicked.connect(lambda: self.focused.emit(self.device.info.id))
        self.show_device(device)

    def show_device(self, device: DeviceCalibration) -> None:
        """Show the device as it is now."""
        self.device = device
        shown = standing_of(device)
        self._name.setText(device.info.name)
        self._made_up.setVisible(device.info.simulated)
        self._icon.show_icon(shown.icon, shown.tone)
        self._state.setText(shown.word)
        as_role(self._state, "strong", shown.tone)
        last = calibration_states.last(device)
        self._last.setText(last if device.ready else f"{last}  ·  {self.tr('Not connected now')}")
        while (item := self._signs.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        noticed = [calibration_signs.word(sign) for sign in device.signs]
        for message in noticed:
            self._signs.addWidget(_noticed(f"{message.what} {message.do}"))
        told = (name(device.info.kind), device.info.name, shown.word, self._last.text())
        self.setAccessibleName(". ".join((*told, *(message.text for message in noticed))))
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go up and down the list by the arrows."""
        if event.key() in _MOVES:
            self.moved.emit(_MOVES[event.key()])
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose what the keyboard comes to."""
        super().focusInEvent(event)
        self.focused.emit(self.device.info.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go on with this device."""
        super().mouseDoubleClickEvent(event)
        self.opened.emit()


def standing_of(device: DeviceCalibration) -> Mark:
    """Return how a device stands now."""
    return calibration_states.state(device.standing, needed=device.needed, now=datetime.now().astimezone())


def urgency(device: DeviceCalibration) -> tuple[bool, bool, int, bool]:
    """Return what orders devices by what is to be done first: locked ones that the officer can calibrate."""
    hindered = is_blocked(device) or not device.ready
    return not must(device), hindered, _URGENT.index(device.standing.state), not device.signs


def must(device: DeviceCalibration) -> bool:
    """Tell whether the device is locked until it is calibrated."""
    return device.needed and device.standing.locked


def is_blocked(device: DeviceCalibration) -> bool:
    """Tell whether a technician must release the device before it is calibrated again."""
    return device.standing.reason is Reason.FAILED_TWICE and device.standing.state is State.FAILED


def first_of(devices: Sequence[DeviceCalibration], wanted: str) -> str:
    """Return the device to begin with: the one that needs it most, else `wanted`, else the first."""
    if not devices:
        return ""
    most = min(devices, key=urgency)
    asks = must(most) or (most.needed and most.standing.state is State.DUE_SOON)
    if asks or most.signs or wanted not in {one.info.id for one in devices}:
        return most.info.id
    return wanted


def _noticed(text: str) -> QWidget:
    made = QFrame()
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(IconView("look", "look"), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(label(text, wrap=True), 1)
    return made
