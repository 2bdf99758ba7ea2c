"""The one field of the desk: a name, a number, or what a hand scanner types."""

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit

from ui.theme import as_role, icon

PAUSE_MS = 150
"""A hand scanner types a whole number faster than this."""


class SearchBox(QLineEdit):
    """Asks while the officer types, and at once on Enter; Escape empties it."""

    asked = Signal(str)
    """The text so far, after a short pause; "" when emptied."""

    entered = Signal(str)
    """The text that was closed with Enter; it is not asked for again."""

    def __init__(self, placeholder: str) -> None:
        """Start empty; the placeholder says what can be searched for."""
        super().__init__()
        as_role(self, "search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self._glass = self.addAction(icon("search", "quiet"), QLineEdit.ActionPosition.LeadingPosition)
        self._glass.setProperty("icon_name", "search")
        self._glass.setProperty("icon_tone", "quiet")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self.asked.emit(self.text().strip()))
        self.textChanged.connect(lambda: self._pause.start())
        self.returnPressed.connect(self._enter)

    def _enter(self) -> None:
        self._pause.stop()
        if text := self.text().strip():
            self.entered.emit(text)

    def event(self, event: QEvent) -> bool:
        """Leave Space to the primary action while the field is empty."""
        ours = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and not self.text()
        if ours and event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field on Escape."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)
