"""A device and how it stands, small enough for the top bar."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from station.flow.views import DeviceState, DeviceView
from ui.theme import Measure, as_role
from ui.widgets.button import RowButton
from ui.widgets.words import IconView, label
from ui.wording import calibration_signs
from ui.wording.calibration_states import chip, state
from ui.wording.errors import word_code
from ui.wording.names import Mark, mark, name


class DeviceChip(RowButton):
    """Kind and state of one device; its name and what is wrong stand in the tooltip."""

    asked = Signal(str)
    """The id of the device that was pressed."""

    def __init__(self, device: DeviceView) -> None:
        """Show the device."""
        super().__init__("chip")
        self.device: DeviceView = device
        self._close = False
        self._shown = mark(device.state)
        self._kind = IconView(device.info.kind.value, "text")
        self._state_icon = IconView("busy", "quiet", 16)
        self._state = label("")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 16, 0)
        row.setSpacing(8)
        for part in (self._kind, self._state_icon, self._state):
            row.addWidget(part)
        self._state.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedHeight(Measure.TOUCH)
        self.clicked.connect(lambda: self.asked.emit(self.device.info.id))
        self.show_device(device)

    def set_close(self, close: bool) -> None:
        """Leave out the word where room is short and all is well: icons, tooltip and name say it."""
        self._close = close
        self._show_word()

    def _show_word(self) -> None:
        works = self.device.state in (DeviceState.READY, DeviceState.BUSY)
        self._state.setHidden(self._close and works and self._shown.tone not in ("look", "not_good"))
        self.updateGeometry()

    def _mark(self) -> Mark:
        """Return how the device stands; its calibration is told of a device that could be used."""
        device = self.device
        proved = None
        if device.state in (DeviceState.READY, DeviceState.BUSY):
            noticed, now = bool(device.signs), datetime.now().astimezone()
            proved = chip(device.standing, locked=device.locked, noticed=noticed, now=now)
        busy = device.state is DeviceState.BUSY and proved is not None and proved.tone == "accent"
        return mark(device.state) if proved is None or busy else proved

    def show_device(self, device: DeviceView) -> None:
        """Show this device, or the same one as it is now."""
        self.device = device
        shown, kind = self._mark(), name(device.info.kind)
        self._shown = shown
        self._kind.show_icon(device.info.kind.value, "text")
        self._state_icon.show_icon(shown.icon, shown.tone)
        self._state.setText(shown.word)
        as_role(self, "chip", shown.tone if shown.tone in ("look", "not_good") else "")
        told = [f"{kind}: {device.info.name}"]
        if device.info.simulated:
            told.append(self.tr("Simulated, no real device"))
        told.append(shown.word)
        if device.standing is not None:
            told.append(state(device.standing, needed=device.locked, now=datetime.now().astimezone()).word)
        told += [f"{said.what} {said.do}" for said in map(calibration_signs.word, device.signs)]
        if device.error:
            message = word_code(device.error)
            told.append(f"{message.what} {message.do} ({message.code})")
        self.setToolTip("\n".join(told))
        self.setAccessibleName(". ".join(told))
        self._show_word()
