"""A device and how it stands, small enough for the top bar."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from station.flow.views import DeviceState, DeviceView
from ui.theme import Measure, as_role
from ui.widgets.button import RowButton
from ui.widgets.words import IconView, label
from ui.wording.errors import word_code
from ui.wording.names import mark, name


class DeviceChip(RowButton):
    """Kind and state of one device; its name and what is wrong stand in the tooltip."""

    asked = Signal(str)
    """The id of the device that was pressed."""

    def __init__(self, device: DeviceView) -> None:
        """Show the device."""
        super().__init__("chip")
        self.device: DeviceView = device
        self._close = False
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
        well = self.device.state in (DeviceState.READY, DeviceState.BUSY)
        self._state.setHidden(self._close and well)
        self.updateGeometry()

    def show_device(self, device: DeviceView) -> None:
        """Show this device, or the same one as it is now."""
        self.device = device
        shown, kind = mark(device.state), name(device.info.kind)
        self._kind.show_icon(device.info.kind.value, "text")
        self._state_icon.show_icon(shown.icon, shown.tone)
        self._state.setText(shown.word)
        as_role(self, "chip", shown.tone if shown.tone in ("look", "not_good") else "")
        told = [f"{kind}: {device.info.name}"]
        if device.info.simulated:
            told.append(self.tr("Simulated, no real device"))
        told.append(shown.word)
        if device.error:
            message = word_code(device.error)
            told.append(f"{message.what} {message.do} ({message.code})")
        self.setToolTip("\n".join(told))
        self.setAccessibleName(". ".join(told))
        self._show_word()
