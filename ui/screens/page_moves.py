"""Pages on their way from one item to another: dropped, carried by keys, or sent where the officer says."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject

from station.flow.station import Station
from station.flow.views import VisitView
from station.model.record import Attachment, AttachmentKind
from ui.screens.checklist import ChecklistColumn
from ui.screens.move_to import MoveTo


class PageMoves(QObject):
    """Asks the station to move pages behind those of another item; both sides of a sheet go together."""

    def __init__(self, parent: QObject, station: Station, checklist: ChecklistColumn, ask: MoveTo) -> None:
        """Nothing is on its way."""
        super().__init__(parent)
        self._station, self._checklist, self._ask = station, checklist, ask
        self._visit: VisitView | None = None
        self._asked: list[str] = []
        self._carried: tuple[str, str] | None = None
        checklist.dropped.connect(self.send)
        ask.chosen.connect(lambda item: self.send(self._asked, item))

    def show_visit(self, visit: VisitView | None) -> None:
        """Take the visit as it is now."""
        if visit is None or self._visit is None or visit.visit_id != self._visit.visit_id:
            self._carried, self._asked = None, []
            self._ask.hide()
        self._visit = visit

    def send(self, ids: Sequence[str], item: str) -> None:
        """Move pages behind those of an item; what stands there already is left as it is."""
        pages = documents_of(self._visit)
        moving = [one for one in ids if one in pages and pages[one].item != item]
        if moving:
            self._station.move(moving, item, sum(page.item == item for page in pages.values()))

    def carry(self, ids: Sequence[str], item: str, by: int) -> None:
        """Move pages to the item above (-1) or below (1) theirs; they are looked at there."""
        target = self._checklist.neighbour(item, by)
        if target and ids:
            self._carried = (ids[0], target)
            self.send(ids, target)

    def ask(self, ids: Sequence[str], item: str) -> None:
        """Ask where pages of this item belong."""
        self._asked = list(ids)
        others = [view for view in self._visit.items if view.item.id != item] if self._visit else []
        several = self.tr("Move the chosen pages ({count}) to").format(count=len(ids))
        self._ask.ask(several if len(ids) > 1 else self.tr("Move this page to"), others)

    def arrived(self, pages: Mapping[str, Attachment]) -> Attachment | None:
        """Return the page that was carried once it stands where it was carried to."""
        page = pages.get(self._carried[0]) if self._carried else None
        if page is None or self._carried is None or page.item != self._carried[1]:
            return None
        self._carried = None
        return page


def documents_of(visit: VisitView | None) -> dict[str, Attachment]:
    """Return the documents on the record by their ids."""
    return {page.id: page for page in visit.record.of_kind(AttachmentKind.DOCUMENT)} if visit else {}
