"""What came of a list of expected applications: counts, and every line that was not taken."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QListWidget, QVBoxLayout

from station.flow.events import ImportEnded
from ui.theme import Measure, as_role
from ui.widgets.button import ActionButton, Button
from ui.widgets.words import label
from ui.wording.remarks import problem

MOST_LINES = 500
"""More refused lines than this are counted and not listed: the file as a whole is wrong then."""


class ImportOutcome(QFrame):
    """Stands beside the list until it is closed. Hidden at first."""

    closed = Signal()

    def __init__(self, take_good: QAction) -> None:
        """Offer `take_good` while a list was refused for some of its lines."""
        super().__init__()
        as_role(self, "right")
        self.setFixedWidth(Measure.PANEL)
        self._title = label("", "title", wrap=True)
        self._told = label("", "quiet", wrap=True)
        self._lines = QListWidget()
        self._lines.setAccessibleName(self.tr("Lines that were not taken"))
        self._lines.setWordWrap(True)
        self._lines.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self._lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._take = ActionButton(take_good)
        close = Button(self.tr("Close"), "", "close")
        close.clicked.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 24, 20, 16)
        column.setSpacing(12)
        for part in (self._title, self._told):
            column.addWidget(part)
        column.addWidget(self._lines, 1)
        column.addStretch(0)
        column.addWidget(self._take)
        column.addWidget(close)
        self.hide()

    @property
    def lines(self) -> list[str]:
        """What stands in the list of lines that were not taken."""
        return [self._lines.item(row).text() for row in range(self._lines.count())]

    def show_outcome(self, event: ImportEnded) -> None:
        """Show what came of an import."""
        refused, taken = event.refused, event.imported
        if taken is None:
            self._title.setText(self.tr("The list was not taken"))
            self._told.setText(
                self.tr("Lines that cannot be taken: {count}. Nothing changed.").format(count=len(refused))
            )
        else:
            self._title.setText(self.tr("The list was taken"))
            told = self.tr("New: {added}\nUpdated: {updated}\nUnchanged: {unchanged}").format(
                added=taken.added, updated=taken.updated, unchanged=taken.unchanged
            )
            if refused:
                told += "\n" + self.tr("Not taken: {count}").format(count=len(refused))
            self._told.setText(told)
        self._lines.clear()
        self._lines.addItems([problem(line) for line in refused[:MOST_LINES]])
        self._lines.setVisible(bool(refused))
        self.show()
