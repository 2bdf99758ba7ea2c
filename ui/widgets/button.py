"""Buttons that the keyboard reaches too: Enter presses what has the focus, Space stays the primary action's."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton

from ui.theme import Measure, Tone, as_role, colour, set_icon

_INK: dict[str, Tone] = {"primary": "on_accent", "quiet": "accent", "danger": "not_good"}
_FACELESS = ("icon", "tool")
"""Roles that show their icon only."""


class Button(QPushButton):
    """A button in a role of the theme: "" (secondary), primary, quiet, danger, icon or tool."""

    def __init__(self, text: str = "", role: str = "", icon: str = "") -> None:
        """Show `text`; an icon button says it to screen readers and in its tooltip."""
        super().__init__("" if role in _FACELESS else text)
        self._role = role
        as_role(self, role)
        self.setAccessibleName(text.replace("&", ""))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a press leaves the field that a hand scanner types into
        if role in _FACELESS:
            self.setToolTip(text)
        if icon:
            set_icon(self, icon, _INK.get(role, "text"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the focus ring inside a filled button, where a ring of its own colour would not be seen."""
        super().paintEvent(event)
        if self._role == "primary" and self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("on_accent"), Measure.RING))
            painter.drawRoundedRect(self.rect().adjusted(5, 5, -5, -5), 5, 5)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button as Space does elsewhere."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)


class ActionButton(Button):
    """A button that shows one action and follows it: text, icon, whether it can be had now."""

    def __init__(self, action: QAction, role: str = "") -> None:
        """Show `action`; pressing triggers it."""
        super().__init__(action.text(), role, str(action.property("icon_name") or ""))
        self.action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self.action
        if self._role not in _FACELESS:
            self.setText(action.text())
        self.setAccessibleName(action.text().replace("&", ""))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        told = action.toolTip().replace("&", "")
        self.setToolTip(f"{told} ({keys})" if keys else told)
        self.setEnabled(action.isEnabled())
        if self.parentWidget() is not None or not action.isVisible():
            self.setVisible(action.isVisible())  # without a parent it would open as a window


class RowButton(Button):
    """A button whose face is a layout of words and icons; it is as large as they need."""

    def __init__(self, role: str) -> None:
        """Start empty; the maker sets a layout."""
        super().__init__(role=role)

    def sizeHint(self) -> QSize:
        """As large as the layout wants."""
        layout = self.layout()
        return layout.totalSizeHint() if layout else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As large as the layout needs."""
        layout = self.layout()
        return layout.totalMinimumSize() if layout else super().minimumSizeHint()

    def nextCheckState(self) -> None:
        """Stay as it is: what is chosen is decided by the visit, not by the press."""
