"""The pages taken so far, as a row of small pictures: looked through and chosen."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QInputDevice,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QListView, QScroller, QScrollerProperties, QWidget

from station.flow.views import PageView
from station.model.image import Pixels
from ui.theme import as_role
from ui.widgets.page_card import SLOT, CardPainter
from ui.widgets.page_list import CARD, Card, PageList, SheetSelection
from ui.widgets.words import label

_HEAD = 24
_BAR = 16
_HOLD_MS = 600
"""A finger that rests so long on a page adds it to what is chosen, or takes it out."""

_CHOOSE = SheetSelection.SelectionFlag.ClearAndSelect


class PageRow(QListView):
    """Pages in their order, each with its number and its verdict.

    Left, Right, Home and End move, Shift chooses on the way, Ctrl+A chooses all. Both sides of a sheet are
    chosen together. While pages come, the newest stays in sight unless the officer looks at others.
    """

    chosen = Signal(str)
    """The attachment that the officer turned to."""

    selection_changed = Signal(list)
    """The attachments that are chosen now, in their order."""

    def __init__(self, name: str) -> None:
        """Start empty; `name` is what screen readers call the row."""
        super().__init__()
        as_role(self, "strip")
        self.setAccessibleName(name)
        self.pages = PageList(self)
        self.painter = CardPainter(self.pages, self)
        self._settling = False
        self._finger: QPoint | None = None
        self._hold = QTimer(self, singleShot=True, interval=_HOLD_MS)
        self._hold.timeout.connect(self._held)
        self.setModel(self.pages)
        self.selection = SheetSelection(self.pages, self)
        self.setSelectionModel(self.selection)
        self.selection.currentChanged.connect(self._turned)
        self.selection.selectionChanged.connect(self._picked)
        self.setItemDelegate(self.painter)
        self._lay_out()
        self._build_head()
        self._show_counts()

    def _lay_out(self) -> None:
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setFixedHeight(_HEAD + SLOT.height() + _BAR + 4)
        self.setMouseTracking(True)
        calm = QScrollerProperties()
        calm.setScrollMetric(
            QScrollerProperties.ScrollMetric.HorizontalOvershootPolicy,
            QScrollerProperties.OvershootPolicy.OvershootAlwaysOff,
        )
        calm.setScrollMetric(QScrollerProperties.ScrollMetric.DecelerationFactor, 0.5)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        QScroller.scroller(self.viewport()).setScrollerProperties(calm)
        self.horizontalScrollBar().valueChanged.connect(self._forget_finger)

    def _build_head(self) -> None:
        self._head = QWidget(self)
        self._head.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._all, self._storing = label("", "caption"), label("", "caption")
        self._several = label("", "caption", "accent")
        row = QHBoxLayout(self._head)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(16)
        row.addWidget(self._all)
        row.addWidget(self._storing)
        row.addStretch(1)
        row.addWidget(self._several)
        self.setViewportMargins(0, _HEAD, 0, 0)

    # -- what is shown ----------------------------------------------------------------------------------------

    def set_pages(self, pages: Sequence[PageView], coming: Sequence[Pixels] = ()) -> None:
        """Show these pages, and behind them those that are still being stored.

        What is chosen stays chosen while it is there, and the row stays where it was scrolled to.
        """
        before, follows = self.selected_ids, self._follows_newest()
        newest = self.pages.cards[-1].key if self.pages.cards else None
        self._settling = True
        cards = [Card(page.thumbnail, page) for page in pages] + [Card(one) for one in coming]
        moved = self.pages.set_cards(cards)
        self.selection.complete()
        self._settling = False
        self.painter.keep_only_what_is_shown()
        self.viewport().update()
        if moved and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
        elif follows and cards and cards[-1].key != newest and (newest is not None or coming):
            self.scrollTo(self.pages.index(len(cards) - 1))
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().maximum())
        self._show_counts()
        if self.selected_ids != before:
            self.selection_changed.emit(self.selected_ids)

    def count(self) -> int:
        """Return how many pages there are; what is being stored is not counted."""
        return len(self.pages.ids)

    @property
    def chosen_id(self) -> str:
        """The attachment that is looked at, or ""."""
        card: Card | None = self.currentIndex().data(CARD)
        return card.id if card else ""

    @property
    def selected_ids(self) -> list[str]:
        """The attachments that are chosen, in their order."""
        return [self.pages.cards[row].id for row in self.selection.rows]

    def select(self, attachment_id: str) -> None:
        """Turn to a page, and choose it alone; nothing happens when it is looked at already or is not there."""
        row = self.pages.row_of(attachment_id)
        if row >= 0 and attachment_id != self.chosen_id:
            self._settling = True
            self.selection.setCurrentIndex(self.pages.index(row), _CHOOSE)
            self._settling = False
            self._show_counts()
            self.selection_changed.emit(self.selected_ids)

    def _follows_newest(self) -> bool:
        """Tell whether the officer looks at the end of the row."""
        bar, pages = self.horizontalScrollBar(), self.pages.ids
        return bar.value() >= bar.maximum() - SLOT.width() // 2 and self.chosen_id in ("", *pages[-1:])

    def _show_counts(self) -> None:
        pages, several = self.count(), len(self.selection.rows)
        storing = len(self.pages.cards) - pages
        self._all.setText(self.tr("Pages: {count}").format(count=pages))
        self._storing.setText(self.tr("Being stored: {count}").format(count=storing))
        self._several.setText(self.tr("Chosen: {count}").format(count=several))
        self._storing.setVisible(storing > 0)
        self._several.setVisible(several > 1)

    def _turned(self, now: QModelIndex) -> None:
        self.viewport().update()
        if not self._settling and now.isValid():
            self.chosen.emit(self.chosen_id)

    def _picked(self, _now: QItemSelection, _before: QItemSelection) -> None:
        if not self._settling:
            self._show_counts()
            self.selection_changed.emit(self.selected_ids)

    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a page into sight, and the other side of its sheet where both have room."""
        for row in self.pages.with_other_sides({index.row()}) if index.isValid() else ():
            super().scrollTo(self.pages.index(row), hint)
        super().scrollTo(index, hint)

    def keyboardSearch(self, search: str) -> None:
        """Look for nothing: pages have no names, and a reader may type while the focus is here."""

    def moveCursor(self, action: QListView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Move along the row of what is on the record."""
        row, last = self.currentIndex().row(), self.count() - 1
        at_once = max(1, self.viewport().width() // SLOT.width() - 1)
        steps = {
            QListView.CursorAction.MoveHome: -row,
            QListView.CursorAction.MoveEnd: last - row,
            QListView.CursorAction.MoveLeft: -1,
            QListView.CursorAction.MoveRight: 1,
            QListView.CursorAction.MovePrevious: -1,
            QListView.CursorAction.MoveNext: 1,
            QListView.CursorAction.MovePageUp: -at_once,
            QListView.CursorAction.MovePageDown: at_once,
        }
        return self.pages.index(min(last, max(0, row + steps.get(action, 0))))

    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> SheetSelection.SelectionFlag:
        """Keep what is chosen when the empty room beside the pages is pressed."""
        return (
            super().selectionCommand(index, event) if index.isValid() else SheetSelection.SelectionFlag.NoUpdate
        )

    # -- by finger: it moves the row, a tap chooses, a rest adds -----------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold with the mouse; a finger may be about to move the row."""
        if _by_finger(event):
            self._finger = event.position().toPoint()
            self._hold.start()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag with the mouse."""
        if not _by_finger(event):
            super().mouseMoveEvent(event)
        elif self._finger is not None:
            moved = event.position().toPoint() - self._finger
            if moved.manhattanLength() > QApplication.startDragDistance():
                self._forget_finger()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; a finger that neither moved nor rested chooses."""
        if not _by_finger(event):
            super().mouseReleaseEvent(event)
        elif self._finger is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._at_finger(_CHOOSE)

    def _held(self) -> None:
        self._at_finger(SheetSelection.SelectionFlag.Toggle)

    def _at_finger(self, command: SheetSelection.SelectionFlag) -> None:
        index = QModelIndex() if self._finger is None else self.indexAt(self._finger)
        self._forget_finger()
        if self.pages.flags(index) & Qt.ItemFlag.ItemIsSelectable:
            self.selection.setCurrentIndex(index, command)

    def _forget_finger(self) -> None:
        self._finger = None
        self._hold.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the head over the row."""
        super().resizeEvent(event)
        self._head.setGeometry(0, 0, self.width(), _HEAD)


def _by_finger(event: QMouseEvent) -> bool:
    return event.pointingDevice().type() == QInputDevice.DeviceType.TouchScreen
