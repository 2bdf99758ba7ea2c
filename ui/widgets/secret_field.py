"""A field for a password: hidden unless it is asked to show itself, and it says when Caps Lock is on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from station.model.officer import LEAST_CHARACTERS, SECRET_LENGTH, flaw_of_password
from ui.theme import Measure, Tone, as_role
from ui.widgets.button import Button
from ui.widgets.words import label


class _Line(QLineEdit):
    """Tells by the letters that are typed whether Caps Lock is on: Qt has no other way on every platform."""

    caps = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Look at the case of a letter before it is taken."""
        text = event.text()
        if event.key() == Qt.Key.Key_CapsLock:
            self.caps.emit(False)  # the next letter tells
        elif text.isalpha() and text.upper() != text.lower():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(text.isupper() != shifted)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say nothing of a field that nobody types into."""
        self.caps.emit(False)
        super().focusOutEvent(event)


class SecretField(QWidget):
    """A password or PIN with its name above, and beneath it what is to be known of it."""

    entered = Signal()
    changed = Signal()

    def __init__(self, name: str) -> None:
        """Start empty and hidden."""
        super().__init__()
        self.line = _Line()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setMaxLength(SECRET_LENGTH + 1)
        self.line.setMinimumHeight(Measure.TOUCH)
        self.line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.eye = Button(self.tr("Show what is typed"), "icon", "eye")
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self._show)
        self._name = label("", "caption")
        self._hint = label("", "caption", wrap=True)
        self.line.returnPressed.connect(self.entered)
        self.line.textChanged.connect(lambda _: self.changed.emit())
        self.line.caps.connect(self._caps)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(self.eye)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addLayout(row)
        column.addWidget(self._hint)
        self._capital = False
        self._said: tuple[str, Tone] = ("", "quiet")
        self.rename(name)
        self._tell()

    @property
    def text(self) -> str:
        """What is typed."""
        return self.line.text()

    @property
    def hint(self) -> str:
        """What is said beneath the field."""
        return self._hint.text()

    def rename(self, name: str) -> None:
        """Ask for something else."""
        self._name.setText(name)
        self.line.setAccessibleName(name)

    def clear(self) -> None:
        """Forget what was typed, and hide what comes next."""
        self.line.clear()
        self.eye.setChecked(False)

    def say(self, text: str, tone: Tone = "quiet") -> None:
        """Say something beneath the field; Caps Lock goes before it."""
        self._said = (text, tone)
        self._tell()

    def say_strength(self, owner: str) -> None:
        """Say how far a new password is from long enough."""
        flaw, typed = flaw_of_password(self.text, owner), len(self.text.strip())
        if not flaw:
            self.say(self.tr("Long enough."), "good")
        elif flaw == "name":
            self.say(self.tr("Little more than the name, or the same few signs."), "look")
        else:
            text = self.tr("{typed} of {least} characters, or 4 words.")
            self.say(text.format(typed=typed, least=LEAST_CHARACTERS))

    def _show(self, on: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    def _caps(self, on: bool) -> None:
        self._capital = on
        self._tell()

    def _tell(self) -> None:
        text, tone = (self.tr("Caps Lock is on."), "look") if self._capital else self._said
        self._hint.setText(text)
        as_role(self._hint, "caption", "" if tone == "quiet" else tone)
        self._hint.setVisible(bool(text))
