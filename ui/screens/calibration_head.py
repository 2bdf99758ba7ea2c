"""The line above each page of the calibration: the way back, what the page is, and one sentence."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Tone
from ui.widgets.button import Button
from ui.widgets.words import IconView, label


class CalibrationHead(QWidget):
    """An icon or a way back, a title and a sentence."""

    back_wanted = Signal()

    def __init__(self, icon: str, title: str, *, back: str = "") -> None:
        """Show an icon and a title; `back` names where the way back leads, "" when there is none."""
        super().__init__()
        self._icon = IconView(icon, "text", 32)
        self._title = label(title, "title", wrap=True)
        self._told = label("", "quiet", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._told)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 16)
        row.setSpacing(16)
        if back:
            button = Button(back, "icon", "back")
            button.clicked.connect(self.back_wanted)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        self.say("")

    def say(self, told: str) -> None:
        """Say this sentence."""
        self._told.setText(told)
        self._told.setVisible(bool(told))

    def name(self, title: str) -> None:
        """Name the page anew."""
        self._title.setText(title)

    def show_icon(self, icon: str, tone: Tone) -> None:
        """Show another icon."""
        self._icon.show_icon(icon, tone)
