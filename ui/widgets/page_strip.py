"""The pages taken so far, as a row of small pictures: turned, moved and taken away."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QListView

from ui.theme import colour
from ui.widgets.page_card import SLOT
from ui.widgets.page_list import PAGES_MIME, dragged
from ui.widgets.page_row import PageRow

_RIM = 48
"""So near to an end, in pixels, a dragged page lets the row move on, the nearer the faster."""

_DRIFT_MS = 25

_PLAIN, _SHIFT, _CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


class PageStrip(PageRow):
    """A row of pages in which nothing is changed, only asked for.

    Delete asks to take the chosen pages away, Ctrl+Left and Ctrl+Right to move them by one place, R and Shift+R
    to turn them. Dragging asks to move them too, and carries their ids out (`PAGES_MIME`).
    """

    removal_wanted = Signal(list)
    """The attachments that the officer wants to take away."""

    move_wanted = Signal(list, int)
    """Attachments, and the place among this strip's other pages, from 0, where they shall stand."""

    turn_wanted = Signal(list, int)
    """Attachments, and by how many degrees clockwise they shall be turned."""

    def __init__(self, name: str) -> None:
        """Start empty; `name` is what screen readers call the row."""
        super().__init__(name)
        self._gap = -1
        self.setDragDropMode(QListView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self._pointer = QPoint()
        self._drift = QTimer(self, interval=_DRIFT_MS)
        self._drift.timeout.connect(self._move_on)

    # -- what is asked for ------------------------------------------------------------------------------------

    def ask_removal(self) -> None:
        """Ask to take the chosen pages away."""
        if ids := self.selected_ids:
            self.removal_wanted.emit(ids)

    def ask_turn(self, degrees: int) -> None:
        """Ask to turn the chosen pages clockwise."""
        if ids := self.selected_ids:
            self.turn_wanted.emit(ids, degrees)

    def ask_move(self, by: int) -> None:
        """Ask to move the chosen pages by one place: -1 forward, 1 back. A sheet is one place."""
        rows = self.selection.rows
        if not rows:
            return
        gap = rows[0] - 1 if by < 0 else rows[-1] + 2
        if by < 0 and self.pages.joined(gap - 1):
            gap -= 1
        if by > 0 and self.pages.joined(gap - 1):
            gap += 1
        self._ask_place(rows, gap)

    def _ask_place(self, rows: Sequence[int], gap: int) -> None:
        """Ask to move rows before the row `gap`, unless they stand there."""
        order = [row for row in range(self.count()) if row not in rows]
        place = sum(row < gap for row in order)
        if [*order[:place], *rows, *order[place:]] != list(range(self.count())):
            self.move_wanted.emit([self.pages.cards[row].id for row in rows], place)

    def event(self, event: QEvent) -> bool:
        """Keep our keys from the window's commands of the same key: here they mean all chosen pages."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _asked(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask by key; the rest moves and chooses."""
        if ask := _asked(event):
            ask(self)
        else:
            super().keyPressEvent(event)

    # -- dragging ---------------------------------------------------------------------------------------------

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Carry the chosen pages; the first of them hangs at the pointer, with how many they are."""
        rows = self.selection.rows
        if not rows:
            return
        drag = QDrag(self)
        drag.setMimeData(self.pages.mimeData([self.pages.index(row) for row in rows]))
        drag.setPixmap(self.painter.bundle(rows, self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(16, 16))
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take our own pages only."""
        self._hover(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the pages would stand; near an end the row moves on."""
        self._hover(event)
        if self._gap < 0 or self._beyond_rim() == 0:
            self._drift.stop()
        elif not self._drift.isActive():
            self._drift.start()

    def _beyond_rim(self) -> int:
        """How far the pointer is within the rim: below 0 at the left end, above 0 at the right one."""
        across, width = self._pointer.x(), self.viewport().width()
        return min(0, across - _RIM) + max(0, across - width + _RIM)

    def _move_on(self) -> None:
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() + self._beyond_rim() // 2)
        self._gap = self._gap_at(self._pointer)
        self.viewport().update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget where they would have stood."""
        self._end_hover()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask to move the pages here."""
        rows = self._own_rows(event)
        self._end_hover()
        if rows:
            event.acceptProposedAction()
            self._ask_place(rows, self._gap_at(event.position().toPoint()))

    def _hover(self, event: QDragMoveEvent) -> None:
        self._pointer = event.position().toPoint()
        gap = self._gap_at(self._pointer) if self._own_rows(event) else -1
        if gap != self._gap:
            self._gap = gap
            self.viewport().update()
        if gap >= 0:
            event.acceptProposedAction()
        else:
            event.ignore()

    def _end_hover(self) -> None:
        self._gap = -1
        self._drift.stop()
        self.viewport().update()

    def _own_rows(self, event: QDropEvent) -> list[int]:
        """The rows of what is dragged, nothing when any of it is not from here."""
        ids = dragged(event.mimeData()) if event.mimeData().hasFormat(PAGES_MIME) else []
        rows = [self.pages.row_of(one) for one in ids]
        return [] if -1 in rows else sorted(self.pages.with_other_sides(rows))

    def _gap_at(self, point: QPoint) -> int:
        """Return the row before which a drop here puts pages; never between the sides of a sheet."""
        across = point.x() + self.horizontalOffset()
        gap = min(self.count(), max(0, round(across / SLOT.width())))
        if self.pages.joined(gap - 1):
            gap += 1 if across > gap * SLOT.width() else -1
        return gap

    # -- drawing ----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cards, and the line at which a dragged page would stand."""
        super().paintEvent(event)
        if self._gap >= 0:
            across = max(1, self._gap * SLOT.width() - self.horizontalOffset() - 1)
            line = QRect(across, 4, 3, SLOT.height() - 8)
            QPainter(self.viewport()).fillRect(line, colour("accent"))


def _asked(event: QKeyEvent) -> Callable[[PageStrip], None] | None:
    """Return what a key asks of the strip."""
    return _KEYS.get((Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier))


_KEYS: dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[PageStrip], None]] = {
    (Qt.Key.Key_Delete, _PLAIN): PageStrip.ask_removal,
    (Qt.Key.Key_Backspace, _PLAIN): PageStrip.ask_removal,
    (Qt.Key.Key_Left, _CTRL): lambda strip: strip.ask_move(-1),
    (Qt.Key.Key_Right, _CTRL): lambda strip: strip.ask_move(1),
    (Qt.Key.Key_R, _PLAIN): lambda strip: strip.ask_turn(90),
    (Qt.Key.Key_R, _SHIFT): lambda strip: strip.ask_turn(-90),
}
