"""The list of the desk: applications in sections, interrupted visits first."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from station.flow.listing import Listing
from station.model.document import PartialDate
from station.model.record import RecordState
from ui.theme import Measure, Tone, colour, icon
from ui.wording.names import category, name
from ui.wording.translate import UNKNOWN, date

Index = QModelIndex | QPersistentModelIndex

ROW_PX, SECTION_PX = 48, 40
_SHARES = (32, 13, 11, 12, 10, 8, 22)
"""Of the columns in the width; what is hidden leaves its share to the others."""

_NARROW_PX = 1100
_LATER = (3, 4)
"""Passport and category give way where there is little room."""

_OVERRIDES = 5
"""The column that is there when a record in the list has overrides."""

_STATES: dict[RecordState, tuple[str, Tone]] = {
    RecordState.EXPECTED: ("to_do", "quiet"),
    RecordState.IN_PROGRESS: ("busy", "accent"),
    RecordState.SEALED: ("seal", "good"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the applications under it."""

    title: str
    listings: tuple[Listing, ...]


class ListingTable(QTableView):
    """One row an application. Up from the first row leaves for the search box, and so does any letter.

    Enter and a double click open a row.
    """

    opened = Signal()
    """The row that is chosen is wanted."""

    picked = Signal()
    """Another row is chosen, or none."""

    left_upwards = Signal()
    typed = Signal(str)
    """Text that was typed here and belongs into the search box."""

    def __init__(self, kiosk: str) -> None:
        """Start empty; `kiosk` is this station's own name, so that visits elsewhere can be told apart."""
        super().__init__()
        self._model = _Rows(self, kiosk)
        self.setModel(self._model)
        self.setAccessibleName(self.tr("Applications"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(Measure.ICON, Measure.ICON))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_PX)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setStretchLastSection(True)
        self.doubleClicked.connect(lambda _: self.opened.emit())
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit())

    @property
    def chosen(self) -> Listing | None:
        """The application whose row is chosen."""
        rows = self.selectionModel().selectedRows()
        return self._model.listing(rows[0].row()) if rows else None

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these; a row that stays and was chosen stays chosen."""
        before = self.chosen
        self.clearSpans()
        self._model.show_sections(sections)
        for row in range(self._model.rowCount()):
            listing = self._model.listing(row)
            self.setRowHeight(row, ROW_PX if listing else SECTION_PX)
            if listing is None:
                self.setSpan(row, 0, 1, len(_SHARES))
            elif before is not None and listing.record_id == before.record_id:
                self.selectRow(row)
        self._share_out()
        self.picked.emit()

    def choose_first(self) -> bool:
        """Choose the first application; False when there is none."""
        for row in range(self._model.rowCount()):
            if self._model.listing(row) is not None:
                self.selectRow(row)
                return True
        return False

    def choose_none(self) -> None:
        """Choose no row."""
        self.clearSelection()
        self.selectionModel().clearCurrentIndex()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open by Enter; hand letters and the way up to the search box."""
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key == Qt.Key.Key_Up and self.currentIndex().row() <= self._model.first:
            self.left_upwards.emit()
        elif text.isprintable() and text.strip():
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width out."""
        super().resizeEvent(event)
        self._share_out()

    def _share_out(self) -> None:
        hidden = {
            *(_LATER if self.width() < _NARROW_PX else ()),
            *(() if self._model.overridden else (_OVERRIDES,)),
        }
        for column in range(len(_SHARES)):
            self.setColumnHidden(column, column in hidden)
        shown = {column: share for column, share in enumerate(_SHARES) if column not in hidden}
        for column, share in shown.items():
            self.setColumnWidth(column, self.viewport().width() * share // sum(shown.values()))

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icons anew when the scheme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()


class _Rows(QAbstractTableModel):
    """Listings and headings as rows; a heading is a row without a listing."""

    def __init__(self, table: ListingTable, kiosk: str) -> None:
        super().__init__(table)
        self._kiosk = kiosk
        self._rows: list[Listing | str] = []
        self._heads = (
            self.tr("Name"), self.tr("Application"), self.tr("Born"), self.tr("Passport"), self.tr("Category"),
            self.tr("Overrides"), self.tr("State"),
        )  # fmt: skip
        self._strong = QFont(table.font())
        self._strong.setWeight(QFont.Weight.DemiBold)

    @property
    def first(self) -> int:
        """The row of the first listing, -1 without one."""
        return next((row for row, entry in enumerate(self._rows) if isinstance(entry, Listing)), -1)

    @property
    def overridden(self) -> bool:
        """A record in the list has overrides."""
        return any(isinstance(entry, Listing) and entry.overrides for entry in self._rows)

    def show_sections(self, sections: Sequence[Section]) -> None:
        self.beginResetModel()
        self._rows = []
        for part in sections:
            if part.listings:
                self._rows += (part.title, *part.listings)
        self.endResetModel()

    def listing(self, row: int) -> Listing | None:
        entry = self._rows[row]
        return entry if isinstance(entry, Listing) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  the signature is Qt's
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        across = orientation is Qt.Orientation.Horizontal
        return self._heads[section] if across and role == Qt.ItemDataRole.DisplayRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.listing(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = 0) -> object:
        entry, column = self._rows[index.row()], index.column()
        if isinstance(entry, str):
            shown = {Qt.ItemDataRole.DisplayRole: entry, Qt.ItemDataRole.ForegroundRole: colour("quiet")}
            return shown.get(Qt.ItemDataRole(role)) if column == 0 else None
        last = column == len(self._heads) - 1
        if role == Qt.ItemDataRole.DisplayRole and column != _OVERRIDES:
            return self._text(entry, column)
        if role == Qt.ItemDataRole.FontRole and (column == 0 or (last and entry.visit_id)):
            return self._strong
        if column == _OVERRIDES:
            return self._mark(entry.overrides).get(Qt.ItemDataRole(role))
        if role == Qt.ItemDataRole.DecorationRole and last:
            return icon("next", "accent") if entry.visit_id else icon(*_STATES[entry.state])
        if role == Qt.ItemDataRole.ForegroundRole and last:
            return colour("accent" if entry.visit_id else "quiet")
        return None

    def _text(self, listing: Listing, column: int) -> str:
        born = date(PartialDate.parse(listing.birth_date)) if listing.birth_date else UNKNOWN
        texts = (
            listing.name, listing.application_number, born, listing.document_number or UNKNOWN,
            category(listing.category), "", self._state(listing),
        )  # fmt: skip
        return texts[column]

    def _mark(self, overrides: int) -> dict[Qt.ItemDataRole, object]:
        """Return the mark of a record with overrides, by roles; of one without, nothing."""
        told = self.tr("Overrides: {count}").format(count=overrides)
        return (
            {
                Qt.ItemDataRole.DisplayRole: str(overrides),
                Qt.ItemDataRole.DecorationRole: icon("overridden", "look"),
                Qt.ItemDataRole.ForegroundRole: colour("look"),
                Qt.ItemDataRole.FontRole: self._strong,
                Qt.ItemDataRole.ToolTipRole: told,
                Qt.ItemDataRole.AccessibleTextRole: told,
            }
            if overrides
            else {}
        )

    def _state(self, listing: Listing) -> str:
        if not listing.visit_id or listing.visit_step is None:
            return name(listing.state)
        step = name(listing.visit_step)
        if listing.visit_station in ("", self._kiosk):
            return self.tr("Resume at {step}").format(step=step)
        return self.tr("{step}, at {kiosk}").format(step=step, kiosk=listing.visit_station)
