"""The panel at the right of a screen: as wide as on every screen, and it scrolls down where it must."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.theme import Measure, as_role


def side_panel(inner: QWidget) -> QFrame:
    """Return the panel with this inside."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inner)
    panel = as_role(QFrame(), "right")
    panel.setFixedWidth(Measure.PANEL)
    room = QVBoxLayout(panel)
    room.setContentsMargins(1, 0, 0, 0)
    room.addWidget(scroll)
    return panel
