"""Why a page is kept or set aside, and why an item was not brought: the officer's coded reasons."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from station.flow.station import Station
from station.flow.views import ItemView, PageView
from station.model.checklist import ItemState
from ui.screens.against_measures import note_on, question_on
from ui.screens.reasons import ReasonsPanel
from ui.wording.remarks import WAIVE_REASONS


class Whys(QObject):
    """Asks in the panel above the verdict and hands the answer to the station."""

    def __init__(self, parent: QObject, station: Station, panel: ReasonsPanel) -> None:
        """Ask nothing yet."""
        super().__init__(parent)
        self._station, self._panel = station, panel
        self._take: Callable[[str, str], object] = lambda _code, _note: None
        panel.chosen.connect(lambda code, note: self._take(code, note))

    def ask_about(self, page: PageView) -> None:
        """Ask why this page is kept, or set aside."""
        asked = question_on(page.attachment)

        def decide(code: str, note: str) -> None:
            self._station.keep(page.attachment.id, note_on(page.attachment, code, note))

        self._take = decide
        self._panel.ask(asked.title, asked.take, asked.codes)

    def turn_not_brought(self, view: ItemView) -> None:
        """Ask why an item was not brought, or take back that it was not."""
        if view.state is ItemState.NOT_BROUGHT:
            self._station.claim_item(view.item.id)
            return
        self._take = lambda code, _note: self._station.waive_item(view.item.id, code)
        title = self.tr("Why is this not here? {item}").format(item=view.item.title)
        self._panel.ask(title, self.tr("Note as not brought"), WAIVE_REASONS, note=False)
