"""The pages taken so far, as a row of small pictures."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from station.flow.views import PageView
from station.model.quality import QualityReport
from ui.pictures import to_pixmap
from ui.theme import Measure, Tone, colour, paint_icon
from ui.wording.names import Mark, mark

_CARD = QSize(120, 160)
_FOOT = 32
_ID, _PIXMAP, _MARK = (Qt.ItemDataRole.UserRole + n for n in range(3))

Index = QModelIndex | QPersistentModelIndex


class PageStrip(QListWidget):
    """Pages in their order, each with its number and its verdict.

    Left and Right move, Delete asks to take the page away; a screen confirms nothing here.
    """

    chosen = Signal(str)
    """The attachment that the officer turned to."""

    removal_wanted = Signal(str)
    """The attachment that the officer wants to take away."""

    def __init__(self, name: str) -> None:
        """Start empty; `name` is what screen readers call the row."""
        super().__init__()
        self.setProperty("role", "strip")
        self.setAccessibleName(name)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setSpacing(4)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Card(self))
        self.setFixedHeight(_CARD.height() + 32)
        self.setUniformItemSizes(True)
        self.currentItemChanged.connect(self._turned)

    def set_pages(self, pages: tuple[PageView, ...]) -> None:
        """Show these pages; the chosen one stays chosen while it is there."""
        keep = self.chosen_id
        self.blockSignals(True)
        self.clear()
        for number, page in enumerate(pages, 1):
            self.addItem(self._item(number, page))
        self.select(keep)
        self.blockSignals(False)

    @property
    def chosen_id(self) -> str:
        """The chosen attachment, or ""."""
        return str(self.currentItem().data(_ID)) if self.currentRow() >= 0 else ""

    def select(self, attachment_id: str) -> None:
        """Choose a page; nothing happens when it is not there."""
        for row in range(self.count()):
            if self.item(row).data(_ID) == attachment_id:
                self.setCurrentRow(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for removal by key."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.chosen_id:
            self.removal_wanted.emit(self.chosen_id)
            return
        super().keyPressEvent(event)

    def _item(self, number: int, page: PageView) -> QListWidgetItem:
        shown = _verdict(page.attachment.report, overridden=page.attachment.override is not None)
        item = QListWidgetItem(str(number))
        item.setSizeHint(_CARD)
        item.setData(_ID, page.attachment.id)
        item.setData(_PIXMAP, to_pixmap(page.thumbnail))
        item.setData(_MARK, shown)
        name = self.tr("Page {number}").format(number=number)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {shown.word}" if shown else name)
        item.setToolTip(f"{name}: {shown.word}" if shown else name)
        return item

    def _turned(self, now: QListWidgetItem | None) -> None:
        if now is not None:
            self.chosen.emit(now.data(_ID))


def _verdict(report: QualityReport | None, *, overridden: bool) -> Mark | None:
    if report is None:
        return None
    shown = mark(report.verdict)
    return Mark("overridden", shown.word, "look") if overridden else shown


class _Card(QStyledItemDelegate):
    """Draws one page: a sheet of paper, its number, its verdict."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return _CARD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect.adjusted(2, 2, -2, -2)
        state: QStyle.StateFlag = option.state
        picked = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(colour("accent" if picked else "line"), 2 if picked else 1))
        painter.setBrush(colour("accent_soft" if picked else "surface"))
        painter.drawRoundedRect(rect, Measure.CORNER, Measure.CORNER)
        _paint_sheet(painter, rect.adjusted(8, 8, -8, -_FOOT), index.data(_PIXMAP))
        foot = QRect(rect.left() + 10, rect.bottom() - _FOOT + 2, rect.width() - 20, _FOOT - 4)
        painter.setPen(colour("text"))
        painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(index.data()))
        shown: Mark | None = index.data(_MARK)
        if shown is not None:
            tone: Tone = shown.tone
            paint_icon(
                painter, shown.icon, QRectF(foot.right() - 20, foot.center().y() - 9, 20, 20), colour(tone)
            )
        painter.restore()


def _paint_sheet(painter: QPainter, room: QRect, pixmap: QPixmap) -> None:
    size = pixmap.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(room.topLeft(), size)
    place.moveCenter(room.center())
    painter.drawPixmap(place, pixmap)
    painter.setPen(QPen(colour("line"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place)
