"""The first start: the first supervisor and the first officer get their accounts, and the officer begins."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.errors import StationError
from station.flow.people import People
from station.model.officer import NAME_LENGTH, NewAccount, Role, flaw_of_password
from ui.screens.door import CARD_PX, NameField, Refusal
from ui.theme import as_role
from ui.widgets.button import Button
from ui.widgets.secret_field import SecretField
from ui.widgets.words import IconView, label
from ui.wording.errors import word
from ui.wording.people import about, role


class Newcomer(QFrame):
    """A name, and a password typed twice."""

    def __init__(self, of: Role) -> None:
        """Ask for the account of this role."""
        super().__init__()
        as_role(self, "surface")
        self.setFixedWidth(CARD_PX)
        self.of = of
        self.name = NameField(self.tr("Name"), NAME_LENGTH)
        self.password = SecretField(self.tr("Password"))
        self.again = SecretField(self.tr("The same password again"))
        self.fields = (self.name, self.password, self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(12)
        column.addWidget(label(role(of), "heading"))
        column.addWidget(label(about(of), "quiet", wrap=True))
        for field in self.fields:
            column.addWidget(field)
            field.changed.connect(self._look)
        self._look()

    @property
    def complete(self) -> bool:
        """Everything is there, and does."""
        fits = not flaw_of_password(self.password.text, self.name.text)
        return bool(self.name.text) and fits and self.password.text == self.again.text

    @property
    def account(self) -> NewAccount:
        """What was asked for."""
        return NewAccount(self.name.text, self.password.text, frozenset({self.of}))

    def _look(self) -> None:
        self.password.say_strength(self.name.text)
        again = self.again.text
        if again and not self.password.text.startswith(again):
            self.again.say(self.tr("This is another password."), "look")
        elif again and again == self.password.text:
            self.again.say(self.tr("The same."), "good")
        else:
            self.again.say("")


class FirstRunScreen(QWidget):
    """Nobody has an account yet, and there is no password to begin with."""

    def __init__(self, people: People, station: str) -> None:
        """Start empty; `station` is this station's own name."""
        super().__init__()
        self._people = people
        self.supervisor, self.officer = Newcomer(Role.SUPERVISOR), Newcomer(Role.OFFICER)
        self._fields = (*self.supervisor.fields, *self.officer.fields)
        self.refusal = Refusal()
        self.take = Button(self.tr("Make both accounts and begin"), "primary")
        self.take.clicked.connect(self._make)
        for field in self._fields:
            field.changed.connect(self._changed)
            field.entered.connect(self._go_on)
        self._build(station)
        self._asked = False
        self._look()

    def begin(self) -> None:
        """Take the keys."""
        self.supervisor.name.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Forget everything that was typed."""
        for field in self._fields:
            field.clear()
        self.refusal.quiet()
        self._asked = False
        self._look()

    def say(self, error: StationError) -> None:
        """Say why no account was made."""
        message = word(error)
        self.refusal.say(" ".join(part for part in (message.what, message.why, message.do) if part))
        self._asked = False
        self._look()

    def _build(self, station: str) -> None:
        told = self.tr(
            "Two people get an account now; the supervisor adds the others later. A password has 12 characters "
            "or more, or 4 words; nothing else is asked of it. The station has none to begin with."
        )
        head = QVBoxLayout()
        head.setSpacing(8)
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(IconView("people", "accent", 32))
        title.addWidget(label(self.tr("Who works at {station}?").format(station=station), "title"), 1)
        head.addLayout(title)
        head.addWidget(label(told, wrap=True))
        cards = QHBoxLayout()
        cards.setSpacing(24)
        cards.addWidget(self.supervisor)
        cards.addWidget(self.officer)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(16)
        middle.addStretch(1)
        middle.addLayout(head)
        middle.addLayout(cards)
        middle.addWidget(self.refusal)
        middle.addWidget(self.take)
        middle.addStretch(1)
        room = QWidget()
        room.setFixedWidth(2 * CARD_PX + 24)
        room.setLayout(middle)
        row = QHBoxLayout(self)
        row.addWidget(room, 0, Qt.AlignmentFlag.AlignHCenter)

    def _go_on(self) -> None:
        if self.take.isEnabled():
            self._make()
            return
        empty = next((field for field in self._fields if not field.text), None)
        if empty is not None:
            empty.line.setFocus(Qt.FocusReason.TabFocusReason)

    def _make(self) -> None:
        self._asked = True
        self._look()
        self._people.set_up(self.supervisor.account, self.officer.account)

    def _changed(self) -> None:
        self.refusal.quiet()
        self._look()

    def _look(self) -> None:
        self.take.setEnabled(self.supervisor.complete and self.officer.complete and not self._asked)
