"""What a supervisor or a technician signs: opening a locked device for a time, releasing it after repair."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.model.calibration import LONGEST_OVERRIDE
from station.model.officer import Officer, Right
from ui.widgets.button import Button
from ui.widgets.words import label
from ui.wording.people import signed_by
from ui.wording.translate import number

_WIDTH_PX = 520
_LONGEST_TEXT = 200
MOST_HOURS = LONGEST_OVERRIDE // timedelta(hours=1)
_USUAL_HOURS = 2


class SignedDialog(QDialog):
    """Asks for some texts, and for hours where they count; it can be signed when nothing is left empty.

    Whoever is at work by an account is not asked for a name: it is the account's, or a second person's.
    """

    signed = Signal(list, int)
    """Who signs ("" where an account does), the texts in their order, the hours (0 where none are asked)."""

    def __init__(self, over: QWidget, officer: Officer | None, right: Right) -> None:
        """Lie over this widget; `officer` is at work by an account, `right` is what it takes to sign."""
        super().__init__(over)
        self.fields: list[QLineEdit] = []
        self._officer, self._right = officer, right
        self._asks_hours = False

    def ask(self, title: str, told: str, name: str, asked: Sequence[str], take: str, *, hours: bool) -> None:
        """Ask for these texts and, where it counts, a `name`; `take` is what the button says that signs."""
        self._asks_hours = hours
        if self._officer is None:
            asked = (name, *asked)
        elif self._right not in self._officer.rights:
            take = self.tr("Go on")
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
        if self._officer is not None:
            column.addWidget(label(signed_by(self._officer, self._right), "quiet", wrap=True))
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
            texts = texts if self._officer is None else ["", *texts]
            self.accept()
            self.signed.emit(texts, int(self.hours.currentData()) if self._asks_hours else 0)


class LeaveDialog(SignedDialog):
    """A supervisor opens a locked device for a time: who, why, for how many hours."""

    def __init__(self, over: QWidget, device: str, officer: Officer | None) -> None:
        """Ask for this device, by its name; `officer` is at work by an account."""
        super().__init__(over, officer, Right.OPEN_LOCKED)
        self.ask(
            self.tr("Open for a time: {device}").format(device=device),
            self.tr("Every picture of that time carries this mark. The device locks again by itself."),
            self.tr("Supervisor's name"),
            (self.tr("Reason"),),
            self.tr("Open the device"),
            hours=True,
        )


class ReleaseDialog(SignedDialog):
    """A technician releases a device that failed twice: who, what the cause was, what was done."""

    def __init__(self, over: QWidget, device: str, officer: Officer | None) -> None:
        """Ask for this device, by its name; `officer` is at work by an account."""
        super().__init__(over, officer, Right.RELEASE)
        self.ask(
            self.tr("Release after repair: {device}").format(device=device),
            self.tr("The device failed twice. Once its cause is mended, it can be calibrated again."),
            self.tr("Technician's name"),
            (self.tr("Cause that was found"), self.tr("What was done")),
            self.tr("Release the device"),
            hours=False,
        )


def _field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setMaxLength(_LONGEST_TEXT)
    made.setAccessibleName(name)
    return made
