"""The category's checklist as the officer works through it: what is there, what is missing, what is needed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from station.flow.views import ItemView
from station.model.checklist import ItemState
from ui.screens.checklist_row import ItemRow
from ui.screens.documents_offer import here, lacking, waits_for_answer
from ui.theme import as_role
from ui.widgets.button import Button
from ui.widgets.words import IconView, label, rule

WIDTH_PX = 304

_RIM = 40
"""So near to an end of the list, in pixels, dragged pages let it move on."""

_DRIFT_MS, _DRIFT_PX = 25, 8


class ChecklistColumn(QFrame):
    """One row for each item, those that are not needed folded away at the end.

    Up and Down move, Enter or a press turns to an item. Rows stay while their items do, so the focus stays too.
    """

    chosen = Signal(str)
    """The id of the item that the officer turns to."""

    answered = Signal(str, object)
    """The id of a question and the answer; None takes it back."""

    dropped = Signal(list, str)
    """Attachments that were dropped onto an item, and the item."""

    def __init__(self) -> None:
        """Start without items."""
        super().__init__()
        as_role(self, "left")
        self.setFixedWidth(WIDTH_PX)
        self._rows: dict[str, ItemRow] = {}
        self._order: list[str] = []
        self._apart = -1
        self._unfolded = False
        self._icon = IconView("to_do", "quiet", 24)
        self._count = label("", "heading", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._more = label("", "caption", "look", wrap=True)
        self._fold = Button("", "quiet")
        self._fold.clicked.connect(self._turn_fold)
        self._build()
        self._selected = ""
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self._bring_into_sight(self._selected))
        self._drift = QTimer(self, interval=_DRIFT_MS)
        self._drift.timeout.connect(self._move_on)

    def _build(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(12)
        title.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        title.addWidget(self._count, 1)
        self._unverified = QWidget()
        note = QHBoxLayout(self._unverified)
        note.setContentsMargins(0, 0, 0, 0)
        note.setSpacing(8)
        note.addWidget(IconView("look", "look", 16), 0, Qt.AlignmentFlag.AlignTop)
        note.addWidget(label(self.tr("Draft list: hold it against the official one."), "caption", wrap=True), 1)
        head = QVBoxLayout()
        head.setContentsMargins(20, 16, 20, 12)
        head.setSpacing(8)
        head.addLayout(title)
        head.addWidget(self._bar)
        head.addWidget(self._more)
        head.addWidget(self._unverified)
        inner = QWidget()
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(8, 8, 8, 8)
        self._lines.setSpacing(2)
        self._lines.addWidget(self._fold)
        self._lines.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(self._scroll, 1)

    # -- what is shown ----------------------------------------------------------------------------------------

    def show_items(self, items: tuple[ItemView, ...], selected: str, *, unverified: bool) -> None:
        """Show these items, one of them selected."""
        folded = [view for view in items if view.state is ItemState.NOT_NEEDED]
        shown = [view for view in items if view.state is not ItemState.NOT_NEEDED]
        if self._arrange([*shown, *folded], len(shown)) or selected != self._selected:
            self._selected = selected
            self._soon.start()  # rows have their places when all that is changed now is laid out
        for view in items:
            row = self._rows[view.item.id]
            row.show_item(view, selected=view.item.id == selected)
            row.setVisible(view in shown or self._unfolded or view.item.id == selected)
        self._show_fold()
        self._show_head(items)
        self._unverified.setVisible(unverified)

    def _arrange(self, items: Sequence[ItemView], apart: int) -> bool:
        """Let there be a row for each item, in this order, the fold before row `apart`; tell if that is new."""
        order = [view.item.id for view in items]
        if (order, apart) == (self._order, self._apart):
            return False
        for gone in self._rows.keys() - set(order):
            row = self._rows.pop(gone)
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        for item in order:
            if item not in self._rows:
                self._rows[item] = self._made()
        before: QWidget | None = None
        for place, widget in enumerate(self._column(order, apart)):
            self._lines.insertWidget(place, widget)
            if before is not None:
                self._tab_on(before, widget)
            before = widget
        self._order, self._apart = order, apart
        return True

    def _made(self) -> ItemRow:
        row = ItemRow()
        row.chosen.connect(self.chosen)
        row.answered.connect(self.answered)
        row.dropped.connect(self._dropped)
        row.hovered.connect(self._hovered)
        return row

    def _column(self, order: Sequence[str], apart: int) -> list[QWidget]:
        rows: list[QWidget] = [self._rows[item] for item in order]
        return [*rows[:apart], self._fold, *rows[apart:]]

    def _tab_on(self, before: QWidget, widget: QWidget) -> None:
        """Let the keyboard go through a row's parts, then on to the next."""
        last = before.question.no if isinstance(before, ItemRow) else before
        first = widget.button if isinstance(widget, ItemRow) else widget
        self.setTabOrder(last, first)
        if isinstance(widget, ItemRow):
            self.setTabOrder(widget.button, widget.question.yes)
            self.setTabOrder(widget.question.yes, widget.question.no)

    def _show_head(self, items: tuple[ItemView, ...]) -> None:
        done, needed = here(items)
        not_brought = sum(view.needed and view.state is ItemState.NOT_BROUGHT for view in items)
        to_answer, eye = sum(map(waits_for_answer, items)), sum(v.state is ItemState.ATTENTION for v in items)
        complete = bool(items) and not (lacking(items) or to_answer or eye)
        told = self.tr("{done} of {all} needed items are here").format(done=done, all=needed)
        every = self.tr("Complete: all {all} needed items are here").format(all=needed)
        as_far = self.tr("Complete, {done} of {all} needed items are here").format(done=done, all=needed)
        if complete:
            told = every if done == needed else as_far
        self._icon.show_icon("good" if complete else "documents", "good" if complete else "quiet")
        self._count.setText(told if items else self.tr("No checklist for this category"))
        as_role(self._count, "heading", "good" if complete else "")
        self._bar.setRange(0, max(needed, 1))
        self._bar.setValue(done)
        self._bar.setAccessibleName(told)
        self._bar.setVisible(bool(items))
        as_role(self._bar, "", "good" if complete else "")
        more = (
            (self.tr("Needs a look: {count}"), eye),
            (self.tr("To be answered: {count}"), to_answer),
            (self.tr("Not brought: {count}"), not_brought),
        )
        self._more.setText("  ·  ".join(text.format(count=count) for text, count in more if count))
        self._more.setVisible(any(count for _, count in more))

    # -- the way through it -----------------------------------------------------------------------------------

    def focus_on(self, item: str) -> None:
        """Let the keyboard go on from this item; it is brought into sight."""
        row = self._rows.get(item)
        if row is not None:
            row.button.setFocus(Qt.FocusReason.OtherFocusReason)
            self._bring_into_sight(item)

    def _bring_into_sight(self, item: str) -> None:
        """Scroll so that all of an item is seen, its question too."""
        row = self._rows.get(item)
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, 8)

    def neighbour(self, item: str, by: int) -> str:
        """Return the item above (-1) or below (1) as the list stands, "" at its end."""
        order = self._order[: self._apart]
        at = order.index(item) + by if item in order else -1
        return order[at] if 0 <= at < len(order) else ""

    def _turn_fold(self) -> None:
        self._unfolded = not self._unfolded
        for item in self._order[self._apart :]:
            row = self._rows[item]
            row.setVisible(self._unfolded or row.button.isChecked())
        self._show_fold()

    def _show_fold(self) -> None:
        count = len(self._order) - self._apart
        show, hide = self.tr("Not needed: {count}, show"), self.tr("Not needed: {count}, hide")
        self._fold.setText((hide if self._unfolded else show).format(count=count))
        self._fold.setAccessibleName(self._fold.text())
        self._fold.setVisible(count > 0)

    # -- pages that are dragged -------------------------------------------------------------------------------

    def _dropped(self, ids: list[str], item: str) -> None:
        self._drift.stop()
        self.dropped.emit(ids, item)

    def _hovered(self) -> None:
        """Move the list on while pages are held near one of its ends."""
        if self._beyond_rim() and not self._drift.isActive():
            self._drift.start()

    def _beyond_rim(self) -> int:
        """Return by how much the list is to move: below 0 upwards, 0 while the pages are not near an end."""
        viewport = self._scroll.viewport()
        at = viewport.mapFromGlobal(self.cursor().pos())
        if not viewport.rect().contains(at):
            return 0
        return _DRIFT_PX * ((at.y() > viewport.height() - _RIM) - (at.y() < _RIM))

    def _move_on(self) -> None:
        by, bar = self._beyond_rim(), self._scroll.verticalScrollBar()
        if by:
            bar.setValue(bar.value() + by)
        else:
            self._drift.stop()
