"""The middle and the right of the documents screen: a page, its tools, its row, its verdict, questions."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.station import Station
from ui.actions import Actions, Command
from ui.screens.documents_head import DocumentsHead
from ui.screens.move_to import MoveTo
from ui.screens.page_tools import PageTools
from ui.screens.sheet import Sheet
from ui.screens.stopped import StoppedPanel
from ui.screens.verdict import VerdictColumn
from ui.theme import Measure, as_role, set_icon
from ui.widgets.button import ActionButton
from ui.widgets.page_strip import PageStrip

_WIDE_PX = 640
"""From this width on there is room for words beside a page that stands upright."""

_HIGH_PX = 800
"""From this height on there is room for the row of pages, be it of one page only."""


class DocumentsStage(QWidget):
    """Head, tools, page and row in the middle; what was stopped, questions and the verdict at the right."""

    def __init__(self, station: Station, actions: Actions) -> None:
        """Lay everything out."""
        super().__init__()
        self.head = DocumentsHead(actions)
        self.sheet = Sheet(station)
        self.strip = PageStrip(self.tr("Pages of this item"))
        self.tools = PageTools(station, actions, self.strip)
        self.undo = _Undo(actions[Command.UNDO])
        self.stopped, self.move_to = StoppedPanel(), MoveTo()
        self.no_verdict = self.tr("The verdict on a page stands here as soon as it is scanned.")
        self.verdict = VerdictColumn(self.no_verdict)
        self._cards = 0
        page = QHBoxLayout()
        page.setSpacing(0)
        page.addWidget(self.tools)
        page.addLayout(self._with_undo(), 1)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addWidget(self.head)
        centre.addLayout(page, 1)
        centre.addWidget(self.strip)
        right = QVBoxLayout()
        right.setSpacing(0)
        for panel in (self.stopped, self.move_to):
            right.addWidget(panel)
        right.addWidget(self.verdict, 1)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addLayout(centre, 1)
        columns.addLayout(right)
        self.verdict.quality.region_asked.connect(self.sheet.point_at)

    def _with_undo(self) -> QGridLayout:
        """Let the way back lie over the lower left corner of the page: the page keeps its size."""
        self._way_back = room = QWidget()
        inner = QHBoxLayout(room)
        inner.setContentsMargins(8, 0, 0, 16)
        inner.addWidget(self.undo)
        over = QGridLayout()
        over.addWidget(self.sheet, 0, 0)
        over.addWidget(room, 0, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        return over

    def show_undo(self, there: bool) -> None:
        """Show the way back where there is something to take back."""
        self._way_back.setVisible(there)

    def show_cards(self, cards: int) -> None:
        """Show the row of pages where there is something to choose from, or room enough."""
        self._cards = cards
        self.strip.setVisible(cards > 1 or (cards > 0 and self.height() >= _HIGH_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find room for the row and for words, or save it."""
        self.show_cards(self._cards)
        self.undo.show_words(event.size().width() - Measure.PANEL >= _WIDE_PX)


class _Undo(ActionButton):
    """The way back: it says what it takes back, in its tooltip only where the page needs the room."""

    _words = True

    def __init__(self, action: QAction) -> None:
        super().__init__(action, "over")

    def show_words(self, words: bool) -> None:
        self._words = words
        self._follow()

    def _follow(self) -> None:
        super()._follow()
        as_role(self, "over" if self._words else "over_icon")
        if not self._words:
            self.setText("")
        set_icon(self, "undo")
