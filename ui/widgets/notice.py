"""A calm line across the screen that says what happened; the work goes on beneath it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout

from ui.theme import as_role
from ui.widgets.button import Button
from ui.widgets.words import IconView, label
from ui.wording.names import MarkTone
from ui.wording.translate import Message

_ICONS: dict[MarkTone, str] = {
    "accent": "info",
    "good": "good",
    "look": "look",
    "not_good": "not_good",
    "quiet": "info",
}


class NoticeBanner(QFrame):
    """Shows one message until it is dismissed or the next one comes; hidden when there is none."""

    dismissed = Signal()

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        self._icon = IconView("info", "accent", 24)
        self._what = label("", "strong", wrap=True)
        self._why = label("", wrap=True)
        self._code = label("", "caption")
        self._action: QAction | None = None
        self._do = Button(self.tr("Do it"), "quiet")
        self._do.clicked.connect(self._act)
        self._do.hide()
        self._close = Button(self.tr("Dismiss"), "icon", "close")
        self._close.clicked.connect(self._dismiss)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self._what)
        text.addWidget(self._why)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 8, 10)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addLayout(text, 1)
        row.addWidget(self._code)
        row.addWidget(self._do, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def say(self, message: Message, tone: MarkTone = "look", action: QAction | None = None) -> None:
        """Show a message in place of the one before; `action` is what can be done about it."""
        self._action = action
        self._do.setText(action.text() if action else "")
        self._do.setAccessibleName(self._do.text())
        self._do.setVisible(action is not None)
        self._icon.show_icon(_ICONS[tone], tone)
        self._what.setText(message.what)
        more = " ".join(part for part in (message.why, message.do, message.detail) if part)
        self._why.setText(more)
        self._why.setVisible(bool(more))
        self._code.setText(message.code)
        as_role(self, "banner", tone)
        self.setAccessibleName(message.text)
        self.show()

    def quiet(self) -> None:
        """Take the message away."""
        self.hide()

    def _act(self) -> None:
        if self._action is not None:
            self._action.trigger()

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
