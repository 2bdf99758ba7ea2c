"""All keys at a glance, laid over the window; the work goes on beneath."""

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.actions import LOOKS, Actions, Command
from ui.theme import as_role
from ui.widgets.button import Button
from ui.widgets.words import label

_COLUMNS = 3


class KeysSheet(QFrame):
    """Lists every command with its key in the middle of the widget that it lies over. Starts hidden."""

    close_wanted = Signal()

    def __init__(self, over: QWidget, actions: Actions) -> None:
        """Lie over this widget."""
        super().__init__(over)
        as_role(self, "surface")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        shown = [(self.tr("Space"), self.tr("The large button at the bottom right"))]
        shown += [
            (self.tr("Shift+arrow"), self.tr("Choose several pages of the row")),
            (self.tr("Ctrl+arrow"), self.tr("Move the chosen pages along the row")),
        ]
        shown += [
            (_written(actions[command]), actions[command].text()) for command in Command if LOOKS[command].key
        ]
        rows = -(-len(shown) // _COLUMNS)
        for at, (key, text) in enumerate(shown):
            column, row = divmod(at, rows)
            grid.addWidget(label(key, "strong"), row, 2 * column)
            grid.addWidget(label(text), row, 2 * column + 1)
        for column in range(_COLUMNS):
            grid.setColumnMinimumWidth(2 * column + 1, 256)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Keys"), "title"), 1)
        close = Button(self.tr("Close"), "icon", "close")
        close.clicked.connect(self.close_wanted)
        head.addWidget(close)
        column_box = QVBoxLayout(self)
        column_box.setContentsMargins(32, 24, 32, 24)
        column_box.setSpacing(16)
        column_box.addLayout(head)
        column_box.addLayout(grid)
        self._over = over
        over.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Show the sheet, or take it away."""
        self.setVisible(self.isHidden())
        if not self.isHidden():
            self._centre()
            self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._centre()
        return False

    def _centre(self) -> None:
        self.adjustSize()
        self.move(self._over.rect().center() - self.rect().center())


def _written(action: QAction) -> str:
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
