"""A card in the middle of an empty window: how every screen looks that lets somebody in."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.flow.events import SignInRefused
from ui.theme import Measure, as_role
from ui.widgets.button import Button
from ui.widgets.secret_field import SecretField
from ui.widgets.words import IconView, label
from ui.wording.people import refusal

CARD_PX = 440
_SECOND_MS = 1000

NEW_PASSWORD = frozenset({"new_password", "short", "long", "name", "same"})
"""Refusals of those whose password was given to them for once: they give one of their own."""


class NameField(QWidget):
    """Somebody's name. The station offers no list: who works here is nobody's business who stands before it."""

    entered = Signal()
    changed = Signal()

    def __init__(self, name: str, longest: int) -> None:
        """Start empty."""
        super().__init__()
        self.line = QLineEdit()
        self.line.setMaxLength(longest)
        self.line.setMinimumHeight(Measure.TOUCH)
        self.line.setAccessibleName(name)
        self.line.returnPressed.connect(self.entered)
        self.line.textChanged.connect(lambda _: self.changed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label(name, "caption"))
        column.addWidget(self.line)

    @property
    def text(self) -> str:
        """What is typed, without spaces around it."""
        return self.line.text().strip()

    def clear(self) -> None:
        """Forget what was typed."""
        self.line.clear()


Field = NameField | SecretField


class Refusal(QFrame):
    """Why nobody was let in; a wait counts down and ends by itself."""

    over = Signal()
    """The wait is over."""

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        self._text = label("", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        self._icon = IconView("look", "look")
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self._event = SignInRefused("")
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(self._count)
        self.hide()

    @property
    def waits(self) -> bool:
        """The next attempt is not taken yet."""
        return self._timer.isActive()

    @property
    def text(self) -> str:
        """What is said, "" when nothing is."""
        return "" if self.isHidden() else self._text.text()

    def show_refusal(self, event: SignInRefused) -> None:
        """Say why, and count the seconds."""
        self._event = event
        self.say(refusal(event))
        if event.seconds:
            self._timer.start()
        else:
            self._timer.stop()

    def say(self, text: str, tone: Literal["look", "good"] = "look") -> None:
        """Say something; "good" is for what was done."""
        as_role(self, "banner", tone)
        self._icon.show_icon(tone, tone)
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()

    def quiet(self) -> None:
        """Say nothing any more."""
        self._timer.stop()
        self.hide()

    def _count(self) -> None:
        left = self._event.seconds - 1
        self._event = SignInRefused(self._event.reason, left)
        if left > 0:
            self.say(refusal(self._event))
        else:
            self.quiet()
            self.over.emit()


class Card(QFrame):
    """Title, a quiet line, fields, a refusal and one button; Enter goes on to the next empty field."""

    given = Signal()
    """All fields are filled and the button was pressed."""

    def __init__(self, icon: str, title: str, told: str, fields: Sequence[Field], take: str) -> None:
        """Lay them out; `take` is what the button says."""
        super().__init__()
        as_role(self, "surface")
        self.setFixedWidth(CARD_PX)
        self.fields = tuple(fields)
        self.refusal = Refusal()
        self.take = Button(take, "primary")
        self._title, self._told = label(title, "title", wrap=True), label(told, "quiet", wrap=True)
        self._asked = False
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconView(icon, "accent", 32), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(32, 32, 32, 32)
        self.column.setSpacing(16)
        self.column.addLayout(head)
        self.column.addWidget(self._told)
        for field in self.fields:
            self.column.addWidget(field)
            field.entered.connect(self._go_on)
            field.changed.connect(self._changed)
        self.column.addWidget(self.refusal)
        self.column.addWidget(self.take)
        self.take.clicked.connect(self._give)
        self.refusal.over.connect(self._look)
        self._look()

    def tell(self, title: str, told: str) -> None:
        """Say something else above the fields."""
        self._title.setText(title)
        self._told.setText(told)
        self._told.setVisible(bool(told))

    def clear(self) -> None:
        """Forget everything that was typed."""
        for field in self.fields:
            field.clear()
        self.refusal.quiet()
        self.answered()

    def begin(self) -> None:
        """Put the cursor into the first field that is empty."""
        shown = [field for field in self.fields if not field.isHidden()]
        empty = next((field for field in shown if not field.text), shown[0])
        empty.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def answered(self) -> None:
        """The station answered what was given: it can be given again."""
        self._asked = False
        self._look()

    def refuse(self, event: SignInRefused) -> None:
        """Say why what was given did not do; secrets are typed anew."""
        self.refusal.show_refusal(event)
        self.answered()

    def _go_on(self) -> None:
        if any(not field.text for field in self.fields if not field.isHidden()):
            self.begin()
        else:
            self._give()

    def _give(self) -> None:
        if self.take.isEnabled():
            self._asked = True
            self._look()
            self.given.emit()

    def _changed(self) -> None:
        if not self.refusal.waits:
            self.refusal.quiet()
        self._look()

    def _look(self) -> None:
        filled = all(field.text for field in self.fields if not field.isHidden())
        self.take.setEnabled(filled and not self._asked and not self.refusal.waits)


def in_the_middle(screen: QWidget, *cards: QWidget) -> QVBoxLayout:
    """Put cards side by side in the middle of a screen, and hand the column around them back."""
    row = QHBoxLayout()
    row.setSpacing(24)
    row.addStretch(1)
    for card in cards:
        hung = QVBoxLayout()  # aligned by itself a card with wrapped text would get the height of fewer lines
        hung.addWidget(card)
        hung.addStretch(1)
        row.addLayout(hung)
    row.addStretch(1)
    column = QVBoxLayout(screen)
    column.setContentsMargins(24, 24, 24, 24)
    column.setSpacing(24)
    column.addStretch(1)
    column.addLayout(row)
    column.addStretch(1)
    return column
