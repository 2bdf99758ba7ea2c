"""The pages of a strip as a model: which they are, how they stand, and how they travel when dragged."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from station.flow.views import PageView, StepState
from station.model.image import Pixels
from ui.wording.names import Mark, mark

PAGES_MIME = "application/x-visa-station-pages"
"""The type of dragged pages: a JSON list of attachment ids, in their order."""

CARD = Qt.ItemDataRole.UserRole
"""The role under which the `Card` of a row is found."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """What one place of the strip shows; `page` is None while it is still being stored."""

    thumbnail: Pixels = field(repr=False)
    page: PageView | None = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """The attachment's id, "" while there is none."""
        return self.page.attachment.id if self.page else ""

    @property
    def key(self) -> object:
        """What stays the same while the page stays the same."""
        return self.id or id(self.thumbnail)

    @property
    def sheet(self) -> str:
        """The word that both sides of one sheet share, or ""."""
        return self.page.attachment.sheet if self.page else ""

    @property
    def back(self) -> bool:
        """The second side of a sheet."""
        return self.page is not None and bool(self.sheet) and self.page.attachment.back

    def shows_as(self, other: "Card") -> bool:
        """Tell whether both look the same."""
        if self.thumbnail is not other.thumbnail or (self.page is None) != (other.page is None):
            return False
        return self.page is None or other.page is None or self.page.attachment == other.page.attachment


def verdict(card: Card) -> Mark | None:
    """Return how a page was judged and whether it was kept with a reason; None when it was not judged."""
    report = card.page.attachment.report if card.page else None
    if card.page is None or report is None:
        return None
    shown = mark(report.verdict)
    if card.page.attachment.override is None:
        return shown
    return Mark("overridden", f"{shown.word}. {mark(StepState.OVERRIDDEN).word}", "look")


class PageList(QAbstractListModel):
    """The cards in their order: pages on the record first, then those that are being stored."""

    def __init__(self, parent: QObject) -> None:
        """Start empty."""
        super().__init__(parent)
        self.cards: list[Card] = []

    def set_cards(self, cards: Sequence[Card]) -> bool:
        """Show these cards; only what differs is told to the view. Return whether any changed its place."""
        keys = {card.key for card in cards}
        if not any(card.key in keys for card in self.cards):
            if self.cards or cards:
                self.beginResetModel()
                self.cards = list(cards)
                self.endResetModel()
            return False
        for row in reversed(range(len(self.cards))):
            if self.cards[row].key not in keys:
                self.beginRemoveRows(_NOWHERE, row, row)
                del self.cards[row]
                self.endRemoveRows()
        moved = [self._put(row, card) for row, card in enumerate(cards)]
        return any(moved)

    def _put(self, row: int, card: Card) -> bool:
        """Let a card stand at a row, all before it being right. Return whether it had another place."""
        at = next((n for n in range(row, len(self.cards)) if self.cards[n].key == card.key), None)
        if at is None:
            self.beginInsertRows(_NOWHERE, row, row)
            self.cards.insert(row, card)
            self.endInsertRows()
            return False
        if at != row:
            self.beginMoveRows(_NOWHERE, at, at, _NOWHERE, row)
            self.cards.insert(row, self.cards.pop(at))
            self.endMoveRows()
        if not self.cards[row].shows_as(card):
            self.cards[row] = card
            self.dataChanged.emit(self.index(row), self.index(row))
        self.cards[row] = card
        return at != row

    @property
    def ids(self) -> list[str]:
        """The attachments on the record, in their order."""
        return [card.id for card in self.cards if card.page]

    def row_of(self, attachment_id: str) -> int:
        """Return the row of an attachment, -1 when it is not here."""
        return next((row for row, card in enumerate(self.cards) if card.page and card.id == attachment_id), -1)

    def joined(self, row: int) -> bool:
        """Tell whether a row and the next one are the two sides of one sheet."""
        if not 0 <= row < len(self.cards) - 1:
            return False
        return bool(self.cards[row].sheet) and self.cards[row].sheet == self.cards[row + 1].sheet

    def with_other_sides(self, rows: Iterable[int]) -> set[int]:
        """Return rows and those that hold the other sides of their sheets."""
        known = set(rows)
        sheets = {self.cards[row].sheet for row in known} - {""}
        return known | {row for row, card in enumerate(self.cards) if card.sheet in sheets}

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many cards there are."""
        return 0 if parent.isValid() else len(self.cards)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let pages be chosen and dragged; what is being stored can only be seen."""
        if not index.isValid() or self.cards[index.row()].page is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a card, its number, or what it is in words."""
        if not index.isValid():
            return None
        if role == CARD:
            return self.cards[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._told(index.row())
        return None

    def _told(self, row: int) -> str:
        card = self.cards[row]
        side = self.tr("Page {number}, back") if card.back else self.tr("Page {number}")
        shown = verdict(card)
        state = shown.word if shown else ""
        if card.page is None:
            state = self.tr("Is being stored")
        return ", ".join(filter(None, (side.format(number=row + 1), state)))

    def mimeTypes(self) -> list[str]:
        """Return the one type that pages are dragged as."""
        return [PAGES_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Return the ids of these pages, in their order."""
        carried = QMimeData()
        ids = [self.cards[row].id for row in sorted(index.row() for index in indexes)]
        carried.setData(PAGES_MIME, QByteArray(json.dumps(ids).encode()))
        return carried

    def supportedDropActions(self) -> Qt.DropAction:
        """Pages are moved, never doubled."""
        return Qt.DropAction.MoveAction


class SheetSelection(QItemSelectionModel):
    """Chooses and lets go of both sides of a sheet together."""

    def __init__(self, pages: PageList, parent: QObject) -> None:
        """Choose among these pages."""
        super().__init__(pages, parent)
        self._pages = pages

    @property
    def rows(self) -> list[int]:
        """The chosen rows, in their order."""
        return sorted(index.row() for index in self.selectedIndexes())

    def select(self, chosen: Index | QItemSelection, command: QItemSelectionModel.SelectionFlag) -> None:
        """Do what is commanded to both sides of each sheet."""
        whole = QItemSelection()
        if isinstance(chosen, QItemSelection):
            whole.merge(chosen, QItemSelectionModel.SelectionFlag.Select)
        elif chosen.isValid():
            whole.select(self._pages.index(chosen.row()), self._pages.index(chosen.row()))
        rows = {index.row() for index in whole.indexes()}
        for row in self._pages.with_other_sides(rows) - rows:
            side = QItemSelection(self._pages.index(row), self._pages.index(row))
            whole.merge(side, QItemSelectionModel.SelectionFlag.Select)
        super().select(whole, command)

    def complete(self) -> None:
        """Choose the other sides too, after pages were joined."""
        for row in self._pages.with_other_sides(self.rows) - set(self.rows):
            super().select(self._pages.index(row), QItemSelectionModel.SelectionFlag.Select)


def dragged(carried: QMimeData) -> list[str]:
    """Return the attachment ids of dragged pages, nothing when it is something else."""
    return [str(one) for one in json.loads(bytes(carried.data(PAGES_MIME).data()) or b"[]")]
