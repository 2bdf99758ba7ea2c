"""Asks why, in place: coded reasons to pick from and room for a note. Nothing is closed off meanwhile."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from station.model.overrides import OTHER
from ui.theme import Measure, as_role
from ui.widgets.button import Button, RowButton
from ui.widgets.words import label
from ui.wording.remarks import reason

NOTE_LENGTH = 200


class ReasonsPanel(QFrame):
    """Hidden until `ask`; then the officer picks one reason, may add a note, and takes it.

    The panel has no button that ends it: while `asking` holds the screen offers `take` as its primary action.
    The figures 1 to 9 pick a reason, Escape gives up.
    """

    chosen = Signal(str, str)
    """The coded reason and the note ("" for none). The panel is hidden by then."""

    changed = Signal()
    """The panel opened, closed, or `take` changed: connect it to the screen's `offer_changed`."""

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        as_role(self, "banner", "look")
        self.take = QAction(self)
        self.take.setProperty("icon_name", "good")
        self.take.triggered.connect(self._taken)
        self._codes: tuple[str, ...] = ()
        self._chips: list[Button] = []
        self._title = label("", "heading", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._note = QLineEdit()
        self._note.setMaxLength(NOTE_LENGTH)
        self._note.setPlaceholderText(self.tr("Note, if something is to be added"))
        self._note.setAccessibleName(self._note.placeholderText())
        self._note.returnPressed.connect(self.take.trigger)
        self._note.textChanged.connect(self._settle)
        back = Button(self.tr("Back"), "icon", "close")
        back.clicked.connect(self.give_up)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addLayout(self._rows)
        column.addWidget(self._note)
        self.hide()

    @property
    def asking(self) -> bool:
        """A question is open."""
        return not self.isHidden()

    @property
    def reason(self) -> str:
        """The code of the reason that is picked, or ""."""
        picked = [code for code, chip in zip(self._codes, self._chips, strict=True) if chip.isChecked()]
        return picked[0] if picked else ""

    @property
    def hint(self) -> str:
        """What a resting `take` waits for, to stand beside it in the bar."""
        if self._wants_note:
            return self.tr("Write a note: another reason says nothing without one.")
        return "" if self.reason else self.tr("Pick a reason first.")

    @property
    def _wants_note(self) -> bool:
        return self.reason == OTHER and not self._note.isHidden() and not self._note.text().strip()

    def ask(self, title: str, take: str, reasons: Sequence[str], *, note: bool = True) -> None:
        """Ask for one of these coded reasons; `take` is what the button that ends it says."""
        self.clear()
        self._title.setText(title)
        self.take.setText(take)
        self._codes = tuple(reasons)
        for number, code in enumerate(self._codes, 1):
            self._rows.addWidget(self._chip(number, code))
        self._note.setVisible(note)
        self.setAccessibleName(title)
        self.show()
        if self._chips:
            self._chips[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def give_up(self) -> None:
        """Close without an answer."""
        if self.asking:
            self.clear()
            self.changed.emit()

    def clear(self) -> None:
        """Hide and forget question, reason and note."""
        self.hide()
        self._note.clear()
        self.take.setEnabled(False)
        for chip in self._chips:
            self._rows.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips, self._codes = [], ()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pick by figure, give up by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            return
        figure = event.text()
        if figure.isdecimal() and 0 < int(figure) <= len(self._chips):
            self._chips[int(figure) - 1].click()
            return
        super().keyPressEvent(event)

    def _chip(self, number: int, code: str) -> Button:
        said = reason(code)
        chip = RowButton("reason")
        words = QHBoxLayout(chip)
        words.setContentsMargins(12, 4, 12, 4)
        words.setSpacing(12)
        for text, stretch in ((str(number), 0), (said, 1)):
            word = label(text, wrap=bool(stretch))
            word.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(word, stretch)
        chip.setMinimumHeight(Measure.TOUCH)
        chip.setAccessibleName(said)
        chip.setCheckable(True)
        chip.clicked.connect(lambda: self._pick(chip))
        self._chips.append(chip)
        return chip

    def _pick(self, picked: Button) -> None:
        for chip in self._chips:
            chip.setChecked(chip is picked)
        self._settle()
        if self._wants_note:
            self._note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self) -> None:
        """Let the answer be taken once it says enough."""
        if self.asking:
            self.take.setEnabled(bool(self.reason) and not self._wants_note)
            self.changed.emit()

    def _taken(self) -> None:
        code, note = self.reason, self._note.text().strip()
        if code and not self._wants_note:
            self.clear()
            self.chosen.emit(code, note)
            self.changed.emit()
