"""The cross-check: what the paper says beside what the application says, field by field."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from station.model.document import FieldMatch, Match, PartialDate
from ui.theme import Measure, Tone, colour, icon
from ui.wording.names import field_name, mark
from ui.wording.remarks import rule
from ui.wording.translate import UNKNOWN, date

_EXPLAINED = Qt.ItemDataRole.UserRole
"""A sentence follows in the next row."""

_NAME_PX = 128
"""Names of fields may wrap: numbers beside them must not be cut off."""


class FieldTable(QTableWidget):
    """One row a field: name, on the paper, in the record, how they agree; the rule by which stands below."""

    def __init__(self) -> None:
        """Start without rows."""
        super().__init__(0, 4)
        self._match: Match | None = None
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
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.setColumnWidth(0, _NAME_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().setMinimumSectionSize(Measure.TOUCH)
        self.setItemDelegate(_Cell(self))
        head.sectionResized.connect(self.resizeRowsToContents)

    def show_match(self, match: Match | None) -> None:
        """Show a comparison, or none."""
        self._match = match
        fields = match.fields if match else ()
        self.clearSpans()
        self.setRowCount(sum(2 if compared.rule else 1 for compared in fields))
        row = 0
        for compared in fields:
            self._fill(row, compared)
            row += 1
            if compared.rule:
                self._explain(row, rule(compared.rule))
                row += 1

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icons anew when the scheme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._match is not None:
            self.show_match(self._match)

    def _fill(self, row: int, compared: FieldMatch) -> None:
        shown = mark(compared.agreement)
        tone: Tone = shown.tone
        printed, recorded = (_written(compared.name, text) for text in (compared.printed, compared.recorded))
        texts = (field_name(compared.name), printed, recorded, shown.word)
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column == 0:
                item.setForeground(colour("quiet"))
            if column == 3:
                item.setIcon(icon(shown.icon, tone))
            if tone in ("look", "not_good") and column in (1, 2):
                item.setFont(strong)
            item.setData(_EXPLAINED, bool(compared.rule))
            self.setItem(row, column, item)

    def _explain(self, row: int, sentence: str) -> None:
        """Say by which rule the row above stands so, across the columns: in one of them it would be a tower."""
        room, item = QTableWidgetItem(), QTableWidgetItem(sentence)
        item.setForeground(colour("quiet"))
        item.setTextAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSpan(row, 1, 1, 3)
        for column, cell in enumerate((room, item)):
            cell.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.setItem(row, column, cell)


class _Cell(QStyledItemDelegate):
    """Asks for the height that the wrapped words need; Qt's own hint forgets the padding of the stylesheet."""

    def __init__(self, table: QTableWidget) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        table, column = self._table, index.column()
        across = range(1, 4) if table.columnSpan(index.row(), column) > 1 else (column,)
        beside = 32 + (Measure.ICON + 8 if column == 3 else 0)
        width = sum(table.columnWidth(one) for one in across) - beside
        room = QRect(0, 0, max(48, width), 4096)
        words = option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap.value, str(index.data() or ""))
        return QSize(hint.width(), words.height() + 18)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw no line between a field and its explanation."""
        super().paint(painter, option, index)
        if index.data(_EXPLAINED):
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)
            line = QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1)
            painter.fillRect(line, colour("accent_soft" if chosen else "surface"))


def _written(field: str, text: str) -> str:
    """Write a value as people do: dates with the month as a word."""
    if field.endswith("_date") and text:
        return date(PartialDate.parse(text))
    return text or UNKNOWN
