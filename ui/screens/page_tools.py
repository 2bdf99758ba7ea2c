"""What can be done with the page that is looked at and with those that are chosen; originals stay untouched."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QVBoxLayout

from station.flow.station import Station
from station.flow.views import PageView
from ui.actions import Actions, Command
from ui.theme import as_role
from ui.widgets.button import ActionButton
from ui.widgets.page_strip import PageStrip
from ui.widgets.words import rule
from ui.wording.translate import number

_TURNS = (Command.TURN_LEFT, Command.TURN_RIGHT)
_SHAPES = (Command.STRAIGHTEN, Command.CROP)
_PLACES = (Command.PAIR_PAGES, Command.MOVE_PAGES)


class PageTools(QFrame):
    """A column of tools. Turning, moving and removing mean all chosen pages, the rest the page looked at."""

    move_asked = Signal(list)
    """Attachments for which an item is to be chosen."""

    def __init__(self, station: Station, actions: Actions, strip: PageStrip) -> None:
        """Build the column; no page is looked at."""
        super().__init__()
        as_role(self, "tools")
        self._station, self._actions, self._strip = station, actions, strip
        self._page: PageView | None = None
        self._pages: tuple[PageView, ...] = ()
        self._shapes: dict[Command, _Toggle] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 6, 8)
        column.setSpacing(2)
        for group in (_TURNS, _SHAPES, _PLACES):
            if group is not _TURNS:
                column.addWidget(rule())
            for command in group:
                button = (_Toggle if command in _SHAPES else ActionButton)(actions[command], "icon")
                if isinstance(button, _Toggle):
                    self._shapes[command] = button
                column.addWidget(button)
        column.addStretch(1)

    @property
    def does(self) -> dict[Command, Callable[[], object]]:
        """What each command does."""
        return {
            Command.TURN_LEFT: lambda: self._station.turn(self.chosen, -90),
            Command.TURN_RIGHT: lambda: self._station.turn(self.chosen, 90),
            Command.STRAIGHTEN: self._turn_straight,
            Command.CROP: self._turn_crop,
            Command.PAIR_PAGES: self._turn_pair,
            Command.MOVE_PAGES: lambda: self.move_asked.emit(self.chosen),
            Command.DROP_PAGE: lambda: self.drop(self.chosen),
            Command.PREVIOUS_PAGE: lambda: self._look(-1),
            Command.FOLLOWING_PAGE: lambda: self._look(1),
        }

    @property
    def chosen(self) -> list[str]:
        """The pages that are chosen, at least the one that is looked at."""
        chosen = self._strip.selected_ids
        if self._page is not None and self._page.attachment.id not in chosen:
            return [self._page.attachment.id]
        return chosen

    def show_page(self, page: PageView | None, pages: Sequence[PageView]) -> None:
        """Take the page that is looked at, and all of its item."""
        self._page, self._pages = page, tuple(pages)

    def usable(self) -> set[Command]:
        """Return what can be done now; texts and states of the tools follow."""
        page = self._page
        self._name_removal()
        self._name_pairing()
        if page is None:
            for toggle in self._shapes.values():
                toggle.setChecked(False)
            return set()
        usable = {*_TURNS, *_SHAPES, Command.MOVE_PAGES, Command.DROP_PAGE}
        if self._sides(page) or self._can_pair():
            usable.add(Command.PAIR_PAGES)
        place = self._place(page)
        usable |= {Command.PREVIOUS_PAGE} if place > 0 else set()
        usable |= {Command.FOLLOWING_PAGE} if place < len(self._pages) - 1 else set()
        self._show_shape(page)
        return usable

    def drop(self, ids: Sequence[str]) -> None:
        """Take pages away; of one sheet only the side that is looked at, for its back is often blank."""
        page = self._page
        if page is not None and set(ids) <= {side.attachment.id for side in self._sides(page)}:
            ids = [page.attachment.id]
        if ids:
            self._station.drop(ids)

    # -- texts and states -------------------------------------------------------------------------------------

    def _show_shape(self, page: PageView) -> None:
        adjustment = page.attachment.adjustment
        straight, crop = self._actions[Command.STRAIGHTEN], self._actions[Command.CROP]
        straight.setToolTip(
            self.tr("Straightened by {degrees}°. Show it as it lay").format(
                degrees=number(abs(adjustment.skew), 1)
            )
            if adjustment.skew
            else self.tr("Straighten the page")
        )
        crop.setToolTip(
            self.tr("The page is cut out. Show all that was scanned")
            if adjustment.cuts
            else self.tr("Cut the page out of its surroundings")
        )
        self._shapes[Command.STRAIGHTEN].setChecked(bool(adjustment.skew))
        self._shapes[Command.CROP].setChecked(adjustment.cuts)

    def _name_removal(self) -> None:
        count = len(self.chosen)
        one_sheet = self._page is not None and count == len(self._sides(self._page))
        several = self.tr("Remove the chosen pages: {count}").format(count=count)
        text = self.tr("Remove this page") if count <= 1 or one_sheet else several
        self._say(Command.DROP_PAGE, text)

    def _name_pairing(self) -> None:
        joined = self._page is not None and bool(self._sides(self._page))
        join = self.tr("Join the two chosen pages as front and back")
        self._say(Command.PAIR_PAGES, self.tr("Part front and back") if joined else join)

    def _say(self, command: Command, text: str) -> None:
        self._actions[command].setText(text)
        self._actions[command].setToolTip(text)

    # -- what is done -----------------------------------------------------------------------------------------

    def _sides(self, page: PageView) -> list[PageView]:
        """Return both sides of the page's sheet, nothing when it has only one."""
        sheet = page.attachment.sheet
        sides = [one for one in self._pages if sheet and one.attachment.sheet == sheet]
        return sides if len(sides) > 1 else []

    def _can_pair(self) -> bool:
        chosen = [page for page in self._pages if page.attachment.id in self.chosen]
        return len(chosen) == 2 and not any(self._sides(page) for page in chosen)

    def _turn_pair(self) -> None:
        if self._page is not None and self._sides(self._page):
            self._station.part(self._page.attachment.id)
        elif self._can_pair():
            self._station.pair(self.chosen)

    def _turn_straight(self) -> None:
        if self._page is not None:
            attachment = self._page.attachment
            self._station.straighten(attachment.id, on=not attachment.adjustment.skew)

    def _turn_crop(self) -> None:
        if self._page is not None:
            attachment = self._page.attachment
            self._station.crop(attachment.id, on=not attachment.adjustment.cuts)

    def _place(self, page: PageView) -> int:
        ids = [one.attachment.id for one in self._pages]
        return ids.index(page.attachment.id) if page.attachment.id in ids else -1

    def _look(self, by: int) -> None:
        place = self._place(self._page) + by if self._page is not None else -1
        if 0 <= place < len(self._pages):
            self._strip.chosen.emit(self._pages[place].attachment.id)


class _Toggle(ActionButton):
    """A tool that shows whether it is on; only the page says so, never the press."""

    def __init__(self, action: QAction, role: str) -> None:
        super().__init__(action, role)
        self.setCheckable(True)

    def nextCheckState(self) -> None:
        """Stay as it is."""
