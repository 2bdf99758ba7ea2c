"""The cross-check: what the paper says beside what the application says, field by field."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
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

_NAME_PX = 128
"""Names of fields may wrap: numbers beside them must not be cut off."""


class FieldTable(QTableWidget):
    """One row a field: name, on the paper, in the record, how they agree and by which rule."""

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
        self.setRowCount(len(fields))
        for row, compared in enumerate(fields):
            self._fill(row, compared)

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icons anew when the scheme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._match is not None:
            self.show_match(self._match)

    def _fill(self, row: int, compared: FieldMatch) -> None:
        shown = mark(compared.agreement)
        tone: Tone = shown.tone
        sentence = rule(compared.rule)
        told = f"{shown.word}\n{sentence}" if sentence else shown.word
        printed, recorded = (_written(compared.name, text) for text in (compared.printed, compared.recorded))
        texts = (field_name(compared.name), printed, recorded, told)
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column == 0:
                item.setForeground(colour("quiet"))
            if column == 3:
                item.setIcon(icon(shown.icon, tone))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, told.replace("\n", ". "))
            if tone in ("look", "not_good") and column in (1, 2):
                item.setFont(strong)
            self.setItem(row, column, item)


class _Cell(QStyledItemDelegate):
    """Asks for the height that the wrapped words need; Qt's own hint forgets the padding of the stylesheet."""

    def __init__(self, table: QTableWidget) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        beside = 32 + (Measure.ICON + 8 if index.column() == 3 else 0)
        room = QRect(0, 0, max(48, self._table.columnWidth(index.column()) - beside), 4096)
        words = option.fontMetrics.boundingRect(room, Qt.TextFlag.TextWordWrap.value, str(index.data()))
        return QSize(hint.width(), words.height() + 18)


def _written(field: str, text: str) -> str:
    """Write a value as people do: dates with the month as a word."""
    if field.endswith("_date") and text:
        return date(PartialDate.parse(text))
    return text or UNKNOWN
