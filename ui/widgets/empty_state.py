"""What stands where nothing is yet: it says what comes next."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.widgets.button import ActionButton
from ui.widgets.words import IconView, label

_TEXT_PX = 480


class EmptyState(QWidget):
    """An icon, a heading, a sentence and at most one action."""

    def __init__(self, icon: str, title: str, text: str, action: QAction | None = None) -> None:
        """Show them in the middle."""
        super().__init__()
        self._title = label(title, "heading", wrap=True)
        self._text = label(text, "quiet", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconView(icon, "quiet", 48), 0, middle)
        column.addSpacing(8)
        for part in (self._title, self._text):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setFixedWidth(_TEXT_PX)
            line = QHBoxLayout()  # aligned by itself a wrapped text would get the height of fewer lines
            line.addStretch(1)
            line.addWidget(part)
            line.addStretch(1)
            column.addLayout(line)
        if action is not None:
            column.addSpacing(8)
            column.addWidget(ActionButton(action), 0, middle)
        column.addStretch(1)

    def say(self, title: str, text: str) -> None:
        """Say something else."""
        self._title.setText(title)
        self._text.setText(text)
