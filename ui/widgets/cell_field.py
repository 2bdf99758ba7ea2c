"""A field of fixed cells that is typed over: each character stands under the one that it was read from."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontDatabase,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyleOptionFrame

from ui.theme import Measure, colour

FILLER = "<"
LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<")
"""What a zone may hold (ICAO 9303-3, 4.3)."""

_FIXED = QFontDatabase.SystemFont.FixedFont


class CellField(QLineEdit):
    """As many characters stand there as before: typing replaces, Delete leaves a filler, Backspace takes back.

    The character that is typed over next is selected. Space stays the primary action's: no zone has a blank.
    """

    refused = Signal(str)
    """A character was typed that no zone has."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._was = ""
        self._left, self._pitch = 0.0, 16.0
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setInputMethodHints(Qt.InputMethodHint.ImhUppercaseOnly | Qt.InputMethodHint.ImhNoPredictiveText)

    @property
    def changed(self) -> bool:
        """Another text stands there than at first."""
        return self.text() != self._was

    def show_text(self, text: str, at: int = 0) -> None:
        """Show the cells as they were read; the one at `at` is typed over first."""
        self._was = text
        self.setText(text)
        self._go(at)

    def set_pitch(self, left_px: float, pitch_px: float) -> None:
        """Let the first cell begin at `left_px`, each so wide."""
        self._left, self._pitch = left_px, pitch_px
        self.update()

    @property
    def place(self) -> int:
        """The cell that is typed over next, from 0."""
        return self.selectionStart() if self.hasSelectedText() else max(0, self.cursorPosition() - 1)

    # -- hands ------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Leave Space to the primary action."""
        ours = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if ours and event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Type over, or move; everything else is not for this field."""
        key, text = event.key(), event.text()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        moves = {
            Qt.Key.Key_Left: self.place - 1,
            Qt.Key.Key_Right: self.place + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self.text()) - 1,
        }
        if key in moves:
            self._go(moves[Qt.Key(key)])
        elif key == Qt.Key.Key_Backspace:
            self._take_back()
        elif key == Qt.Key.Key_Delete:
            self._write(FILLER)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._write(QApplication.clipboard().text())
        elif plain and text.strip() and text.isprintable():
            self._write(text)
        else:
            event.ignore()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take what a touch keyboard sends as if it were typed."""
        self._write(event.commitString())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the cell that is pressed."""
        self._go(int((event.position().x() - self._left) // self._pitch))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select one cell only."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select one cell only."""

    def focusInEvent(self, event: object) -> None:
        """Select the cell that is typed over, not the whole text."""
        at = self.place
        super().focusInEvent(event)  # type: ignore[arg-type]
        self._go(at)

    def _write(self, text: str) -> None:
        for sign in "".join(text.split()).upper():
            if sign not in LETTERS:
                self.refused.emit(sign)
                return
            at = self.place
            self.setSelection(at, 1)
            self.insert(sign)
            self._go(at + 1)

    def _take_back(self) -> None:
        """Bring back what was read: in this cell when it was typed over, else in the one before."""
        at = self.place
        if self.text()[at : at + 1] == self._was[at : at + 1]:
            at = max(0, at - 1)
        self.setSelection(at, 1)
        self.insert(self._was[at : at + 1])
        self._go(at)

    def _go(self, at: int) -> None:
        self.setSelection(max(0, min(at, len(self.text()) - 1)), 1)
        self.update()

    # -- eyes -------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each character in the middle of its cell; changed ones stand out."""
        painter = QPainter(self)
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        font = QFontDatabase.systemFont(_FIXED)
        font.setPixelSize(max(12, min(22, int(self._pitch * 1.45))))
        here = self.place if self.hasFocus() else -1
        for at, sign in enumerate(self.text()):
            cell = QRectF(self._left + at * self._pitch, 6, self._pitch, self.height() - 12)
            changed = sign != self._was[at : at + 1]
            font.setBold(changed)
            painter.setFont(font)
            ink = "on_accent" if at == here else "accent" if changed else "text"
            if at == here:
                painter.fillRect(cell, colour("accent"))
            elif changed:
                painter.setPen(QPen(colour("accent"), Measure.RING))
                painter.drawLine(cell.bottomLeft(), cell.bottomRight())
            painter.setPen(colour(ink))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter.value, sign)
