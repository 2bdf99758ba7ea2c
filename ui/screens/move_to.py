"""Asks where pages belong, in place: a list of items that letters narrow. Nothing is closed off meanwhile."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from station.flow.views import ItemView
from ui.screens.framed import banner
from ui.widgets.button import Button
from ui.widgets.words import label

_ID = Qt.ItemDataRole.UserRole
_ROWS_PX = 44 * 6
_ALONG = (Qt.Key.Key_Up, Qt.Key.Key_Down)


class MoveTo(QWidget):
    """Hidden until `ask`. Letters narrow the list, Up and Down walk it, Enter moves, Escape gives up."""

    chosen = Signal(str)
    """The item that the officer chose. The panel is hidden by then."""

    closed = Signal()
    """The panel was given up, or has done its work."""

    def __init__(self) -> None:
        """Start hidden."""
        super().__init__()
        self._title = label("", "heading", wrap=True)
        back = Button(self.tr("Back"), "icon", "close")
        back.clicked.connect(self.give_up)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Letters of the item"))
        self._search.setAccessibleName(self._search.placeholderText())
        self._search.textChanged.connect(self._narrow)
        self._search.returnPressed.connect(self._take)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Items of the checklist"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(_ROWS_PX)
        self.list.itemClicked.connect(lambda _: self._take())
        column = banner(self)
        column.addLayout(head)
        column.addWidget(self._search)
        column.addWidget(self.list)
        self.hide()

    @property
    def asking(self) -> bool:
        """The question is open."""
        return not self.isHidden()

    def ask(self, title: str, items: Sequence[ItemView]) -> None:
        """Ask for one of these items."""
        self.list.clear()
        for view in items:
            row = QListWidgetItem(view.item.title)
            row.setData(_ID, view.item.id)
            self.list.addItem(row)
        self._title.setText(title)
        self.setAccessibleName(title)
        self._search.clear()
        self._narrow("")
        self.show()
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)

    def give_up(self) -> None:
        """Close without an answer."""
        if self.asking:
            self.hide()
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window's command of the same key."""
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk the list while the letters have the focus; give up by Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
        elif event.key() in _ALONG:
            self._walk(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _narrow(self, text: str) -> None:
        """Show the items that hold each of the words; the first of them is chosen."""
        words = text.casefold().split()
        for row in self._rows():
            row.setHidden(not all(word in row.text().casefold() for word in words))
        seen = [row for row in self._rows() if not row.isHidden()]
        self.list.setCurrentItem(seen[0] if seen else None)  # type: ignore[arg-type]  # None is "no item"

    def _walk(self, by: int) -> None:
        seen = [row for row in self._rows() if not row.isHidden()]
        now = self.list.currentItem()
        if now in seen:
            self.list.setCurrentItem(seen[min(len(seen) - 1, max(0, seen.index(now) + by))])

    def _rows(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _take(self) -> None:
        row = self.list.currentItem()
        if row in self._rows() and not row.isHidden():
            self.hide()
            self.chosen.emit(row.data(_ID))
            self.closed.emit()
