"""What a supervisor or a technician signs with a name: opening a locked device for a time, releasing it."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.model.calibration import LONGEST_OVERRIDE
from ui.widgets.button import Button
from ui.widgets.words import label
from ui.wording.translate import number

_WIDTH_PX = 520
_LONGEST_TEXT = 200
MOST_HOURS = LONGEST_OVERRIDE // timedelta(hours=1)
_USUAL_HOURS = 2


class SignedDialog(QDialog):
    """Asks for some texts, and for hours where they count; it can be signed when nothing is left empty."""

    signed = Signal(list, int)
    """The texts in their order, and the hours (0 where none were asked)."""

    def __init__(self, over: QWidget) -> None:
        """Lie over this widget; `ask` says what for."""
        super().__init__(over)
        self.fields: list[QLineEdit] = []
        self._asks_hours = False

    def ask(self, title: str, told: str, asked: Sequence[str], take: str, *, hours: bool) -> None:
        """Ask for these texts; `take` is what the button says that signs."""
        self._asks_hours = hours
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(_WIDTH_PX)
        self.fields = [_field(text) for text in asked]
        self.hours = QComboBox()
        for count in range(1, MOST_HOURS + 1):
            self.hours.addItem(number(count), count)
        self.hours.setCurrentIndex(self.hours.findData(_USUAL_HOURS))
        self.hours.setAccessibleName(self.tr("Hours"))
        self.take = Button(take, "primary")
        self.take.setAutoDefault(False)
        back = Button(self.tr("Cancel"), "", "close")
        back.setAutoDefault(False)
        back.clicked.connect(self.reject)
        self.take.clicked.connect(self._sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addWidget(label(title, "title", wrap=True))
        column.addWidget(label(told, "quiet", wrap=True))
        column.addSpacing(8)
        for text, field in zip(asked, self.fields, strict=True):
            column.addWidget(label(text, "caption"))
            column.addWidget(field)
            field.textChanged.connect(self._look)
            field.returnPressed.connect(self._go_on)
        if hours:
            column.addWidget(label(self.tr("Hours"), "caption"))
            column.addWidget(self.hours)
        self.hours.setVisible(hours)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(back)
        row.addWidget(self.take)
        column.addSpacing(16)
        column.addLayout(row)
        self._look()
        self.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _look(self) -> None:
        self.take.setEnabled(all(field.text().strip() for field in self.fields))

    def _go_on(self) -> None:
        """Go to the first field that is empty; sign when none is."""
        empty = next((field for field in self.fields if not field.text().strip()), None)
        if empty is None:
            self._sign()
        else:
            empty.setFocus(Qt.FocusReason.TabFocusReason)

    def _sign(self) -> None:
        if self.take.isEnabled():
            texts = [field.text().strip() for field in self.fields]
            self.accept()
            self.signed.emit(texts, int(self.hours.currentData()) if self._asks_hours else 0)


class LeaveDialog(SignedDialog):
    """A supervisor opens a locked device for a time: who, why, for how many hours."""

    def __init__(self, over: QWidget, device: str) -> None:
        """Ask for this device, by its name."""
        super().__init__(over)
        self.ask(
            self.tr("Open for a time: {device}").format(device=device),
            self.tr("Every picture of that time carries this mark. The device locks again by itself."),
            (self.tr("Supervisor's name"), self.tr("Reason")),
            self.tr("Open the device"),
            hours=True,
        )


class ReleaseDialog(SignedDialog):
    """A technician releases a device that failed twice: who, what the cause was, what was done."""

    def __init__(self, over: QWidget, device: str) -> None:
        """Ask for this device, by its name."""
        super().__init__(over)
        self.ask(
            self.tr("Release after repair: {device}").format(device=device),
            self.tr("The device failed twice. Once its cause is mended, it can be calibrated again."),
            (self.tr("Technician's name"), self.tr("Cause that was found"), self.tr("What was done")),
            self.tr("Release the device"),
            hours=False,
        )


def _field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setMaxLength(_LONGEST_TEXT)
    made.setAccessibleName(name)
    return made
