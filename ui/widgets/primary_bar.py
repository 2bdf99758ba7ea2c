"""The bottom of the window: the one primary action, always in the same place and on Space."""

from collections.abc import Sequence

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from ui.theme import Measure, as_role, set_icon
from ui.widgets.button import ActionButton, Button
from ui.widgets.words import label

SETTLE_MS = 300
"""The second press of a double press comes sooner; a press that is meant, on a button just changed, later."""


class PrimaryBar(QFrame):
    """One primary action at the right, smaller ones at the left, progress with a way out between them.

    A press uses the primary action up: it does nothing more until the screen calls `offer` again, and what is
    offered then rests for `SETTLE_MS`, so a double press does one thing, and does it once. The bar owns the
    Space key; the action must not have it as its own shortcut.
    """

    cancel_wanted = Signal()

    def __init__(self) -> None:
        """Start with nothing to offer."""
        super().__init__()
        as_role(self, "bottom")
        self.setFixedHeight(Measure.BOTTOM_BAR)
        self._action: QAction | None = None
        self._armed = False
        self._pressed = QElapsedTimer()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._arm)
        self._secondary: list[ActionButton] = []
        self._primary = Button("", "primary")
        self._primary.clicked.connect(self._press)
        place = self._primary.sizePolicy()
        place.setRetainSizeWhenHidden(True)  # a second click must not meet another button
        self._primary.setSizePolicy(place)
        self._shortcut = QShortcut(QKeySequence(Qt.Key.Key_Space), self, self._press)
        self._shortcut.setAutoRepeat(False)
        self._progress = _Progress()
        self._progress.cancel.clicked.connect(self.cancel_wanted)
        self._hint = label("", "quiet", wrap=True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._left = QHBoxLayout()
        self._left.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(16)
        row.addLayout(self._left)
        row.addStretch(1)
        row.addWidget(self._progress)
        row.addWidget(self._hint, 2)
        row.addWidget(self._primary)
        self.offer(None)

    def offer(self, action: QAction | None, hint: str = "") -> None:
        """Offer an action and arm it, or none; `hint` says why it cannot be had now, or what it waits for."""
        if self._action is not None and self._action is not action:
            self._action.changed.disconnect(self._follow)
        if action is not None and self._action is not action:
            action.changed.connect(self._follow)
        rest_ms = SETTLE_MS - self._pressed.elapsed() if self._pressed.isValid() else 0
        self._action, self._armed = action, action is not None and rest_ms <= 0
        self._settle.stop()
        if action is not None and rest_ms > 0:
            self._settle.start(rest_ms)
        self._hint.setText(hint)
        self._follow()

    def set_secondary(self, actions: Sequence[QAction]) -> None:
        """Show these smaller actions, from left to right."""
        if [button.action for button in self._secondary] == list(actions):
            return
        for old in self._secondary:
            self._left.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._secondary = [
            ActionButton(action, str(action.property("button_role") or "")) for action in actions
        ]
        for button in self._secondary:
            self._left.addWidget(button)

    def show_progress(self, text: str, done: int = 0, total: int = 0) -> None:
        """Show that work goes on; `total` 0 means that nobody knows how long. It can be cancelled."""
        self._progress.show_progress(text, done, total)
        self._hint.hide()

    def hide_progress(self) -> None:
        """Work is over."""
        self._progress.hide()
        self._hint.show()

    @property
    def armed(self) -> QAction | None:
        """The primary action when a press would trigger it now."""
        action = self._action
        return action if self._armed and action is not None and action.isEnabled() else None

    @property
    def primary(self) -> QWidget:
        """The primary button, for the focus order."""
        return self._primary

    def _press(self) -> None:
        action = self._action
        if not self._armed or action is None or not action.isEnabled():
            return
        self._armed = False
        self._pressed.start()
        self._follow()
        action.trigger()

    def _arm(self) -> None:
        self._armed = True
        self._follow()

    def _follow(self) -> None:
        action = self._action
        self._primary.setVisible(action is not None)
        if action is None:
            return
        self._primary.setText(action.text())
        self._primary.setAccessibleName(action.text().replace("&", ""))
        self._primary.setToolTip(self.tr("Space"))
        if name := action.property("icon_name"):
            set_icon(self._primary, name, "on_accent")
        self._primary.setEnabled(self._armed and action.isEnabled())


class _Progress(QWidget):
    """What is going on, how far it is, and a button that ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.cancel = Button(self.tr("Cancel"), "", "close")
        self._text: QLabel = label("")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setMinimumWidth(240)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(column)
        row.addWidget(self.cancel)
        self.hide()

    def show_progress(self, text: str, done: int, total: int) -> None:
        self._text.setText(text)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.setAccessibleName(text)
        self.show()
