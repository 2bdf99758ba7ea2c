"""Room for what is printed for machines: the lines of a passport or the number of a letter, typed or swiped."""

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFontDatabase, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.words import label

SIZES = {30: 3, 36: 2, 44: 2}
"""Lines of a zone by characters in a line (ICAO 9303-4 to -7)."""

_FILLER = "<"


class PrintedLines(QPlainTextEdit):
    """Takes capitals only; Enter ends a line, and the last line of a zone, or a number, is handed on.

    A reader types like a keyboard and ends each line with Enter. No zone has a blank: Space stays the primary
    action's. The same text is handed on once, until it is changed.
    """

    entered = Signal(str)
    """A finished text: two or three lines, or one number."""

    known = Signal()
    """Enter on a text that was handed on before: nothing is new."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._handed_on = ""
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setInputMethodHints(Qt.InputMethodHint.ImhUppercaseOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self.setFixedHeight(3 * self.fontMetrics().lineSpacing() + 28)

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands here, without empty lines."""
        return tuple(line.strip() for line in self.toPlainText().splitlines() if line.strip())

    @property
    def was_handed_on(self) -> bool:
        """What stands here was handed on and not changed since."""
        return bool(self._handed_on) and "\n".join(self.lines) == self._handed_on

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show lines as they were taken, all selected: the next key begins anew."""
        if self.lines != lines:
            self.setPlainText("\n".join(lines))
        self._handed_on = "\n".join(lines)
        self.selectAll()

    def take_again(self) -> None:
        """Hand the same text on when Enter is pressed again: the last time it was not taken."""
        self._handed_on = ""

    def event(self, event: QEvent) -> bool:
        """Leave Space to the primary action."""
        ours = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if ours and event.type() == QEvent.Type.ShortcutOverride:
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write capitals, and see where Enter ends."""
        text = event.text()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end_line()
        elif event.key() == Qt.Key.Key_Space:
            event.ignore()
        elif plain and text.isprintable() and text:
            self.insertPlainText(text.upper())
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take what is pasted as if it were typed."""
        self.insertPlainText(source.text().upper().replace(" ", ""))

    def _end_line(self) -> None:
        text, wanted = "\n".join(self.lines), lines_wanted(self.lines)
        if text and text == self._handed_on:
            self.known.emit()
        if not text or text == self._handed_on:
            return
        if len(self.lines) < wanted:
            self.moveCursor(self.textCursor().MoveOperation.End)
            self.insertPlainText("\n")
            return
        self._handed_on = text
        self.entered.emit(text)


def lines_wanted(lines: tuple[str, ...]) -> int:
    """Return how many lines the zone has that begins so; 1 for a number, or a zone typed in one line."""
    if not lines or _FILLER not in "".join(lines) or len(lines[0]) > max(SIZES) + 1:
        return 1
    nearest = min(SIZES, key=lambda size: abs(size - len(lines[0])))
    return SIZES[nearest]


class LinesEntry(QWidget):
    """The room with its heading, and how long the lines are: one character too few is hard to see."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        name = self.tr("Printed lines, or the letter's number")
        self.entry = PrintedLines()
        self.entry.setAccessibleName(name)
        self._counted = label("", "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(name, "strong"))
        column.addWidget(self.entry)
        column.addWidget(self._counted)
        self.entry.textChanged.connect(self._count)
        self._count()

    def _count(self) -> None:
        lines = self.entry.lines
        wanted = lines_wanted(lines)
        if wanted == 1:
            self._counted.setText(self.tr("Enter ends a line. Capitals come by themselves."))
            return
        length = min(SIZES, key=lambda size: (SIZES[size] != wanted, abs(size - len(lines[0]))))
        told = [
            self.tr("Line {number}: {length} of {whole}").format(number=number, length=len(line), whole=length)
            for number, line in enumerate(lines, 1)
        ]
        self._counted.setText("  ·  ".join(told))
