"""The line above a page: which item it belongs to, how it stands, and what can be done with it as a whole."""

from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from station.flow.views import ItemView, PageView
from ui.actions import Actions, Command
from ui.screens.checklist_row import standing_of
from ui.screens.documents_offer import is_blank
from ui.screens.verdict import standing
from ui.screens.word_buttons import WordButtons
from ui.theme import Tone, as_role
from ui.widgets.button import ActionButton, Button
from ui.widgets.words import ElidedLabel, IconView

_FILES = (Command.SAVE_ITEM, Command.SAVE_RECORD, Command.PRINT_CHECKLIST, Command.PRINT_SEPARATORS)


class DocumentsHead(QFrame):
    """Icon, title and state at the left; at the right "not brought", tools of the page, files and prints."""

    def __init__(self, actions: Actions) -> None:
        """Start without an item."""
        super().__init__()
        as_role(self, "plain")
        self.setFixedHeight(64)
        self._icon = IconView("to_do", "quiet", 24)
        self._title = ElidedLabel("", "heading")
        self._state = ElidedLabel("", "quiet")
        self._word = WordButtons(actions)
        again, drop = (
            ActionButton(actions[command], "icon") for command in (Command.RESCAN_PAGE, Command.DROP_PAGE)
        )
        self._tools = _group((again, self._word, drop))
        self._not_brought = _group([ActionButton(actions[Command.NOT_BROUGHT])])
        self.menu = QMenu(self)
        for command in _FILES:
            self.menu.addAction(actions[command])
        more = Button(self.tr("Files and prints"), "icon", "more")
        more.clicked.connect(lambda: self.menu.popup(more.mapToGlobal(more.rect().bottomLeft())))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._state)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(4)
        row.addWidget(self._icon)
        row.addSpacing(8)
        row.addLayout(words, 1)
        for widget in (self._not_brought, self._tools, more):
            row.addWidget(widget)

    def show_item(self, view: ItemView | None, page: PageView | None, pages: Sequence[PageView]) -> None:
        """Show an item, and the page of it that is looked at."""
        self._title.setText(view.item.title if view else "")
        icon, tone, told = self._told(view, page)
        if page is not None and len(pages) > 1:
            place = self.tr("page {number} of {all}").format(number=pages.index(page) + 1, all=len(pages))
            told = f"{told}  ·  {place}"
        self._say(icon, tone, told)
        self._tools.setVisible(page is not None)
        self._word.show_picture(page.attachment if page is not None else None)

    def show_coming(self) -> None:
        """Say that the page that is seen is not on the record yet."""
        self._say("busy", "accent", self.tr("Being judged and stored"))

    def show_not_brought(self, offered: bool) -> None:
        """Offer to note the item as not brought, or to take that back."""
        self._not_brought.setVisible(offered)

    def _told(self, view: ItemView | None, page: PageView | None) -> tuple[str, Tone, str]:
        if page is not None and is_blank(page):
            return "look", "look", self.tr("Looks blank")
        if page is not None:
            return standing(page)
        if view is None:
            return "to_do", "quiet", ""
        shown = standing_of(view)
        return shown.icon, shown.tone, shown.word

    def _say(self, icon: str, tone: Tone, told: str) -> None:
        self._icon.show_icon(icon, tone)
        self._state.setText(told)


def _group(buttons: Iterable[QWidget]) -> QWidget:
    """Return buttons side by side, to be shown and hidden together."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for button in buttons:
        row.addWidget(button)
    return made
