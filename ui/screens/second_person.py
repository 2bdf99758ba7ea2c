"""Four eyes: a supervisor or a technician signs on the officer's screen, who stays signed in."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from station.flow.events import SecondPerson, SignInRefused
from station.flow.people import People
from station.model.officer import NAME_LENGTH
from ui.screens.door import CARD_PX, Card, NameField
from ui.widgets.button import Button
from ui.widgets.secret_field import SecretField
from ui.wording.people import SECOND

_REASON_LENGTH = 200
_MARGIN_PX = 24
_WIDTH_PX = CARD_PX + 2 * _MARGIN_PX


class SecondPersonDialog(QDialog):
    """Who signs, with what reason. What waits is done when they have signed, or never."""

    declined = Signal()

    def __init__(self, over: QWidget, people: People, asked: SecondPerson) -> None:
        """Lie over this window; `asked` says who is to sign what."""
        super().__init__(over)
        words = SECOND[asked.right].filled(asked.facts)
        self.setWindowTitle(words.title)
        self._people = people
        self.name = NameField(words.name, NAME_LENGTH)
        self.reason = NameField(words.saw, _REASON_LENGTH)
        self.password = SecretField(words.password)
        fields = (self.name, self.reason, self.password)
        self.card = Card("overridden", words.title, words.told, fields, self.tr("Sign"))
        self.reason.setVisible(bool(words.saw))
        back = Button(self.tr("Do without"), "quiet")
        back.clicked.connect(self.declined)
        self.card.column.addWidget(back)
        self.card.given.connect(self._sign)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[_MARGIN_PX] * 4)
        column.addWidget(self.card)
        self._fit()
        self.card.begin()

    def refuse(self, event: SignInRefused) -> None:
        """Say why this signature was not taken."""
        self.password.clear()
        self.card.refuse(event)
        self._fit()
        self.card.begin()

    def _fit(self) -> None:
        """Make room for all lines of what is said: a dialog by itself counts wrapped text as one."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedSize(_WIDTH_PX, layout.totalHeightForWidth(_WIDTH_PX))

    def reject(self) -> None:
        """Do without it: the question is settled by the station, which closes the dialog."""
        self.declined.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter to the fields."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def _sign(self) -> None:
        self._people.countersign(self.name.text, self.password.text, self.reason.text)
