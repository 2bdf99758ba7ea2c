"""A framed panel with room around it, to lie above the verdict without touching its edges."""

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.theme import Measure, as_role


def banner(panel: QWidget, tone: str = "") -> QVBoxLayout:
    """Put a frame in this tone into an empty panel and return the column inside it."""
    panel.setFixedWidth(Measure.PANEL)
    frame = as_role(QFrame(), "banner", tone)
    room = QVBoxLayout(panel)
    room.setContentsMargins(12, 12, 12, 0)
    room.addWidget(frame)
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 16, 16, 12)
    column.setSpacing(8)
    return column
