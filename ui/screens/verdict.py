"""The right side of a step with pictures: what was measured, and above it the question why one is kept."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station.flow.views import PageView
from ui.screens.reasons import ReasonsPanel
from ui.theme import Measure, Tone
from ui.widgets.quality_panel import QualityPanel
from ui.wording.names import mark
from ui.wording.remarks import reason
from ui.wording.translate import UNKNOWN

_BOTH_PX = 800
"""From this height on the findings stay in sight below a question."""


class VerdictColumn(QWidget):
    """The findings of the picture in the middle; a question for a reason opens above them."""

    def __init__(self, empty_text: str = "", *, folds: bool = False) -> None:
        """Show `empty_text` until a report comes; `folds` puts away the lines that need no hand."""
        super().__init__()
        self.setFixedWidth(Measure.PANEL)
        self.reasons = ReasonsPanel()
        self.quality = QualityPanel(empty_text, folds=folds)
        self._room = QWidget()
        room = QVBoxLayout(self._room)
        room.setContentsMargins(12, 12, 12, 12)
        room.addWidget(self.reasons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._room)
        column.addWidget(self.quality, 1)
        column.addStretch(0)
        self.reasons.changed.connect(self._make_room)
        self._make_room()

    def clear(self) -> None:
        """Forget question and report."""
        self.reasons.clear()
        self.quality.show_report(None)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show both where both can be read."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self._room.setVisible(self.reasons.asking)
        self.quality.setVisible(not self.reasons.asking or self.height() >= _BOTH_PX)


def standing(page: PageView | None) -> tuple[str, Tone, str]:
    """Return icon, tone and words for how a picture stands."""
    if page is None:
        return "to_do", "quiet", UNKNOWN
    override, report = page.attachment.override, page.attachment.report
    if override is not None:
        return "overridden", "look", reason(override.reason)
    if report is None:
        return "not_assessed", "quiet", UNKNOWN
    shown = mark(report.verdict)
    return shown.icon, shown.tone, shown.word
