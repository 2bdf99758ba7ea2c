"""The cross-check: what the paper says beside what the application says, field by field, with its picture."""

from dataclasses import dataclass, field

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from station.model.document import FieldMatch, PartialDate
from ui.theme import Measure, colour, icon
from ui.widgets.cell_strip import UNDERLINE_PX, CellStrip
from ui.wording.names import Mark, field_name
from ui.wording.translate import UNKNOWN, date

STRIP_PX = 24
"""Height of a strip: characters as large as the words above them."""

_NAME_PX = 136
"""Names of fields may wrap: numbers beside them must not be cut off."""
_COMPARISON_PX = 184
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
_PAD_PX = 15
"""Where the words of a cell begin, by the padding of the stylesheet."""


@dataclass(frozen=True, slots=True, eq=False)
class FieldRow:
    """One field: the comparison, how it is shown, what is said about it, and the cells that it was read from.

    `can_mend` when the officer can correct what was read.
    """

    compared: FieldMatch
    mark: Mark
    said: str = field(default="", repr=False)
    strip: CellStrip | None = None
    can_mend: bool = False

    @property
    def name(self) -> str:
        """The field's name."""
        return self.compared.name

    @property
    def stands_out(self) -> bool:
        """The officer is to look at it because something differs."""
        return self.mark.tone in ("look", "not_good")


class FieldTable(QTableWidget):
    """One row a field: name, on the paper, in the record, how they agree. Below it picture and explanation.

    The keyboard goes from field to field; letters and digits are left to the screen, where a reader types.
    """

    mend_wanted = Signal()
    """Enter or a double click on the chosen field."""

    def __init__(self) -> None:
        """Start without rows."""
        super().__init__(0, 4)
        self.rows: tuple[FieldRow, ...] = ()
        """What is shown, from top to bottom."""
        self._of: list[FieldRow] = []
        self.setHorizontalHeaderLabels(
            [self.tr("Field"), self.tr("On the paper"), self.tr("In the record"), self.tr("Comparison")]
        )
        self.setAccessibleName(self.tr("Paper and record, field by field"))
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setIconSize(QSize(Measure.ICON, Measure.ICON))
        self.setWordWrap(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, _NAME_PX), (3, _COMPARISON_PX)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, width)
        # Left to itself the hidden heading of the lines would make each as high as a heading.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self._cells = _Cell(self)
        self.setItemDelegate(self._cells)
        head.sectionResized.connect(self._fit)

    @property
    def chosen(self) -> FieldRow | None:
        """The field that the officer chose."""
        lines = self.selectionModel().selectedRows()
        return self.row_at(lines[0].row()) if lines else None

    def row_at(self, line: int) -> FieldRow | None:
        """Return the field that this line belongs to, its own or the one with picture and explanation."""
        return self._of[line] if 0 <= line < len(self._of) else None

    def choose(self, name: str) -> None:
        """Choose a field by name, where it is shown."""
        names = [row.name for row in self._of]
        if name in names:
            self.setCurrentCell(names.index(name), 1)

    def show_rows(self, rows: tuple[FieldRow, ...]) -> None:
        """Show these fields; the chosen one stays chosen and in sight."""
        kept, scrolled = self.chosen, self.verticalScrollBar().value()
        self.rows, self._of = rows, []
        self.clearSpans()
        self.setRowCount(sum(2 if _has_more(row) else 1 for row in rows))
        for row in rows:
            self._fill(row)
            if _has_more(row):
                self._explain(row)
        self._fit()
        self.clearSelection()
        if kept is not None and any(row.name == kept.name for row in rows):
            self.choose(kept.name)
            self.verticalScrollBar().setValue(scrolled)
            return
        if rows and rows[0].can_mend:
            self.choose(rows[0].name)
        self.scrollToTop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the chosen field in sight."""
        super().resizeEvent(event)
        if self.chosen is not None:
            self.scrollTo(self.currentIndex())

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icons anew when the scheme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.rows:
            self.show_rows(self.rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks for a correction; what can be read is not searched for here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.mend_wanted.emit()
        elif event.text().strip() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the field that is pressed, also by its picture."""
        super().mousePressEvent(event)
        row = self.row_at(self.rowAt(round(event.position().y())))
        if row is not None:
            self.choose(row.name)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for a correction."""
        if self.row_at(self.rowAt(round(event.position().y()))) is not None:
            self.mend_wanted.emit()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Draw picture and explanation of the chosen field as chosen too."""
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def _fit(self) -> None:
        """Give each line the height that its words and pictures need at this width."""
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        for line in range(len(self._of)):
            hints = (self._cells.sizeHint(option, self.model().index(line, column)) for column in range(4))
            self.setRowHeight(line, max(hint.height() for hint in hints))

    def _fill(self, row: FieldRow) -> None:
        line, shown, compared = len(self._of), row.mark, row.compared
        self._of.append(row)
        printed, recorded = (_written(compared.name, text) for text in (compared.printed, compared.recorded))
        texts = (field_name(compared.name), printed, recorded, shown.word)
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column == 0:
                item.setForeground(colour("quiet"))
            if _has_more(row):
                item.setTextAlignment(Qt.AlignmentFlag.AlignTop)
            if column == 3:
                item.setIcon(icon(shown.icon, shown.tone))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{shown.word}. {row.said}".strip())
            if row.stands_out and column in (1, 2):
                item.setFont(strong)
            self.setItem(line, column, item)

    def _explain(self, row: FieldRow) -> None:
        """Say across the columns what is said of the field above: in one of them it would be a tower."""
        line = len(self._of)
        self._of.append(row)
        self.setSpan(line - 1, 0, 2, 1)
        self.setSpan(line, 1, 1, 3)
        for column, text in enumerate(("", row.said)):
            item = QTableWidgetItem(text)
            item.setForeground(colour("quiet"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)  # the arrow keys go past it
            self.setItem(line, column, item)


class _Cell(QStyledItemDelegate):
    """Asks for the height that wrapped words and pictures need, and draws the pictures."""

    def __init__(self, table: FieldTable) -> None:
        super().__init__(table)
        self._table = table

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Break a word that is longer than its column, rather than end it in dots."""
        super().initStyleOption(option, index)
        room = self._table.columnWidth(index.column()) - 2 * _PAD_PX - 2
        row = self._table.row_at(index.row())
        if row is not None and _has_more(row):
            option.decorationAlignment = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter
        option.text = _broken(option.text, room, option.fontMetrics)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        row, more = self._at(index)
        if row is None:
            return super().sizeHint(option, index)
        table, column = self._table, index.column()
        if more:
            width = sum(table.columnWidth(one) for one in range(1, 4)) - 2 * _PAD_PX
            words, strip = _height(row.said, width, option.fontMetrics), self._strip_height(row, width)
            return QSize(width, strip + words + (4 if words and strip else 0) + 12)
        if column == 0 and _has_more(row):
            return QSize(0, 0)  # it has the room of both lines
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        width = table.columnWidth(column) - 2 * _PAD_PX - (Measure.ICON + 8 if column == 3 else 0)
        words = _height(own.text, width, own.fontMetrics)
        single = words < 2 * own.fontMetrics.height()
        return QSize(
            width, words + (14 if single else 18) if _has_more(row) else max(words + 18, Measure.TOUCH)
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a field; its picture and explanation without a line between them."""
        row, more = self._at(index)
        if row is None:
            super().paint(painter, option, index)
            return
        chosen = self._table.chosen is row
        if more:
            self._paint_more(painter, option.rect, row, chosen, index)
            return
        super().paint(painter, option, index)
        if _has_more(row) and index.column():
            line = QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1)
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            painter.fillRect(line, colour("accent_soft" if chosen else "quiet_soft" if hovered else "surface"))

    def _paint_more(
        self,
        painter: QPainter,
        room: QRect,
        row: FieldRow,
        chosen: bool,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        painter.fillRect(room, colour("accent_soft" if chosen else "surface"))
        painter.fillRect(QRect(room.left(), room.bottom(), room.width(), 1), colour("line"))
        if index.column() == 1:
            inner = room.adjusted(_PAD_PX, 0, -_PAD_PX, 0)
            if row.strip is not None:
                wide, high = row.strip.size(STRIP_PX, inner.width())
                tone = row.mark.tone if row.stands_out else "look"
                row.strip.paint(painter, QRectF(inner.left(), inner.top(), wide, high), tone)
                inner.setTop(inner.top() + self._strip_height(row, inner.width()) + 4)
            painter.setPen(colour("quiet"))
            painter.setFont(self._table.font())
            painter.drawText(inner, Qt.TextFlag.TextWordWrap.value, row.said)
        painter.restore()

    def _at(self, index: QModelIndex | QPersistentModelIndex) -> tuple[FieldRow | None, bool]:
        """Return the field of a cell, and whether the cell is the one with picture and explanation."""
        row = self._table.row_at(index.row())
        return row, row is not None and index.row() > 0 and self._table.row_at(index.row() - 1) is row

    def _strip_height(self, row: FieldRow, width: int) -> int:
        if row.strip is None:
            return 0
        below = UNDERLINE_PX + 2 if row.strip.doubtful else 0
        return round(row.strip.size(STRIP_PX, width)[1]) + below


def _has_more(row: FieldRow) -> bool:
    return bool(row.said) or row.strip is not None


def _broken(text: str, width: int, metrics: QFontMetrics) -> str:
    """Return the text with places to break in words that are too long for a line."""
    words = text.split(" ")
    return " ".join(
        _MAY_BREAK.join(word) if metrics.horizontalAdvance(word) > width else word for word in words
    )


def _height(text: str, width: int, metrics: QFontMetrics) -> int:
    room = QRect(0, 0, width, 4096)
    return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap.value, text).height() if text else 0


def _written(field: str, text: str) -> str:
    """Write a value as people do: dates with the month as a word."""
    if field.endswith("_date") and text:
        return date(PartialDate.parse(text))
    return text or UNKNOWN
