"""What stands first in the review: every picture that an officer decided on against its measures."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.views import OverrideView, VisitView
from station.model.record import AttachmentKind
from ui.screens.cards import Card, Thumb, seen_through
from ui.theme import as_role
from ui.widgets.button import RowButton
from ui.widgets.words import IconView, label
from ui.wording.names import name
from ui.wording.remarks import reason
from ui.wording.translate import moment

_THUMB_PX = QSize(56, 72)
_TWO_COLUMNS_PX = 840
"""From this width on two stand beside each other."""


class OverridesCard(Card):
    """Each override with its picture, kind, reason and people; a press goes to the step where it is mended."""

    def __init__(self) -> None:
        """Say that there is none."""
        super().__init__("")
        self.rows: tuple[OverrideRow, ...] = ()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._columns = 0
        self.body.addLayout(self._grid)

    def show_visit(self, visit: VisitView | None) -> None:
        """Show the overrides of this visit, or one quiet line when there is none."""
        for row in self.rows:
            self._grid.removeWidget(row)
            row.hide()
            row.deleteLater()
        views = visit.overrides if visit is not None else ()
        titles = {view.item.id: view.item.title for view in visit.items} if visit is not None else {}
        self.rows = tuple(OverrideRow(view, titles.get(view.item, "")) for view in views)
        self._columns = 0
        self._lay()
        none, some = self.tr("No overrides"), self.tr("Overrides: {count}").format(count=len(views))
        self.title.setText(some if views else none)
        as_role(self.title, "heading" if views else "quiet")
        as_role(self, "banner" if views else "surface", "look" if views else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put two beside each other where there is room."""
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        columns = 2 if self.width() >= _TWO_COLUMNS_PX else 1
        if columns != self._columns:
            self._columns = columns
            for number, row in enumerate(self.rows):
                self._grid.addWidget(row, number // columns, number % columns)
            self._grid.setColumnStretch(0, 1)
            self._grid.setColumnStretch(1, columns - 1)


class OverrideRow(RowButton):
    """One override."""

    def __init__(self, view: OverrideView, item_title: str) -> None:
        """Show it; `item_title` is the checklist item of a document."""
        super().__init__("finding")
        self.view = view
        what = self._what(item_title)
        kind, why = name(view.note.kind), reason(view.note.reason)
        text = QVBoxLayout()
        text.setSpacing(2)
        for words in (
            label(what, "strong", wrap=True), label(kind, "caption", "look", wrap=True),
            label(self._why(why), wrap=True), label(self._who(), "caption", wrap=True),
        ):  # fmt: skip
            text.addWidget(seen_through(words))
        text.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._picture(), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        row.addWidget(IconView("next", "quiet", 16))
        self.setAccessibleName(f"{what}. {kind}. {self._why(why)} {self._who()}")

    def _picture(self) -> QWidget:
        thumb = Thumb(self.view.thumbnail, _THUMB_PX)
        thumb.setFixedWidth(_THUMB_PX.width())
        return thumb

    def _what(self, item_title: str) -> str:
        view = self.view
        what = name(view.picture)
        if view.picture is AttachmentKind.DOCUMENT:
            what = self.tr("{item}, page {page}").format(item=item_title or what, page=view.page)
        return what if view.on_record else self.tr("{picture}, set aside").format(picture=what)

    def _why(self, why: str) -> str:
        """Return the reason, and the officer's own words behind it."""
        return f"{why} “{self.view.note.note}”" if self.view.note.note else why

    def _who(self) -> str:
        note = self.view.note
        who = self.tr("{officer}, {time}").format(officer=note.by, time=moment(note.at)) if note.at else note.by
        if not note.second:
            return who
        signed = self.tr("Second person: {name}").format(name=note.second)
        return f"{who}  ·  {signed}" + (f" “{note.second_note}”" if note.second_note else "")
