"""Why a page is kept below its limits, and why an item was not brought: the officer's coded reasons."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from station.flow.station import Station
from station.flow.views import ItemView
from station.model.checklist import ItemState
from station.model.record import Override, OverrideNote
from ui.screens.reasons import ReasonsPanel
from ui.wording.remarks import KEEP_REASONS, WAIVE_REASONS

_BEST_OF_SEVERAL = "best_of_several"
"""The one reason of `KEEP_REASONS` that cannot be seen on the page."""


class Whys(QObject):
    """Asks in the panel above the verdict and hands the answer to the station."""

    def __init__(self, parent: QObject, station: Station, panel: ReasonsPanel) -> None:
        """Ask nothing yet."""
        super().__init__(parent)
        self._station, self._panel = station, panel
        self._take: Callable[[str, str], object] = lambda _code, _note: None
        panel.chosen.connect(lambda code, note: self._take(code, note))

    def ask_why_kept(self, attachment_id: str) -> None:
        """Ask why this page is kept."""

        def keep(code: str, note: str) -> None:
            kind = Override.WITHOUT_REASON if code == _BEST_OF_SEVERAL else Override.OBVIOUS
            self._station.keep(attachment_id, OverrideNote(kind, code, note))

        self._take = keep
        self._panel.ask(self.tr("Why is this page kept?"), self.tr("Keep this page"), KEEP_REASONS)

    def turn_not_brought(self, view: ItemView) -> None:
        """Ask why an item was not brought, or take back that it was not."""
        if view.state is ItemState.NOT_BROUGHT:
            self._station.claim_item(view.item.id)
            return
        self._take = lambda code, _note: self._station.waive_item(view.item.id, code)
        title = self.tr("Why is this not here? {item}").format(item=view.item.title)
        self._panel.ask(title, self.tr("Note as not brought"), WAIVE_REASONS, note=False)
