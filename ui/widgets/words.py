"""Words and icons as small widgets that know their role."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from ui.theme import Measure, Tone, as_role, colour, paint_icon
from ui.wording.names import Mark


def label(text: str, role: str = "", tone: str = "", wrap: bool = False) -> QLabel:
    """Return plain text in a role of the theme; names and numbers are never taken for markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    return as_role(made, role, tone)


class ElidedLabel(QLabel):
    """One line that gives way: what does not fit ends in dots, and stands whole in the tooltip."""

    def __init__(self, text: str = "", role: str = "", least: float = 1.0) -> None:
        """Show `text` in a role of the theme; before it is cut, its letters become smaller, to this share."""
        super().__init__(text)
        self._least = least
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        as_role(self, role)

    def minimumSizeHint(self) -> QSize:
        """Ask for a few letters only."""
        return QSize(min(64, self.sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw as much as fits."""
        font, wanted = self.font(), self.fontMetrics().horizontalAdvance(self.text())
        share = max(self._least, min(1.0, self.width() / max(wanted, 1)))
        font.setPixelSize(int(font.pixelSize() * share))
        shown = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), self.alignment(), shown)


class IconView(QWidget):
    """A line icon that always has the colour of the scheme."""

    def __init__(self, name: str, tone: Tone = "text", size: int = Measure.ICON) -> None:
        """Show icon `name`, `size` pixels square."""
        super().__init__()
        self._name, self._tone = name, tone
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, tone: Tone) -> None:
        """Show another icon or tone."""
        if (name, tone) != (self._name, self._tone):
            self._name, self._tone = name, tone
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        paint_icon(QPainter(self), self._name, QRectF(self.rect()), colour(self._tone))


class Pill(QFrame):
    """A state in one word with its icon."""

    def __init__(self, mark: Mark) -> None:
        """Show the mark."""
        super().__init__()
        self._icon = IconView(mark.icon, mark.tone, 16)
        self._word = label(mark.word)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 12, 4)
        row.setSpacing(6)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(28)
        self.show_mark(mark)

    def show_mark(self, mark: Mark) -> None:
        """Show another state."""
        self._icon.show_icon(mark.icon, mark.tone)
        self._word.setText(mark.word)
        as_role(self._word, "", mark.tone)
        as_role(self, "pill", mark.tone)


def rule() -> QFrame:
    """Return a thin line between two things."""
    return as_role(QFrame(), "rule")
