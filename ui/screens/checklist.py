"""The category's checklist as the officer works through it: what is there, what is missing, what is needed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from station.flow.views import ItemView
from station.model.checklist import ItemState
from ui.theme import as_role
from ui.widgets.button import RowButton
from ui.widgets.words import IconView, label, rule
from ui.wording.names import Mark, mark
from ui.wording.remarks import reason
from ui.wording.translate import QT_TRANSLATE_NOOP, filled, translated

WIDTH_PX = 304


class ChecklistColumn(QFrame):
    """One row for each item. Up and Down move, Enter or a press turns to an item."""

    chosen = Signal(str)
    """The id of the item that the officer turns to."""

    def __init__(self) -> None:
        """Start without items."""
        super().__init__()
        as_role(self, "left")
        self.setFixedWidth(WIDTH_PX)
        self._rows: list[_ItemRow] = []
        self._count = label("", "heading", wrap=True)
        self._unverified = QWidget()
        note = QHBoxLayout(self._unverified)
        note.setContentsMargins(0, 0, 0, 0)
        note.setSpacing(8)
        note.addWidget(IconView("look", "look", 16), 0, Qt.AlignmentFlag.AlignTop)
        note.addWidget(label(self.tr("Draft list: hold it against the official one."), "caption", wrap=True), 1)
        head = QVBoxLayout()
        head.setContentsMargins(20, 20, 20, 16)
        head.setSpacing(6)
        head.addWidget(self._count)
        head.addWidget(self._unverified)
        inner = QWidget()
        self._lines = QVBoxLayout(inner)
        self._lines.setContentsMargins(8, 8, 8, 8)
        self._lines.setSpacing(2)
        self._lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        self._scroll = scroll
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(rule())
        column.addWidget(scroll, 1)

    def show_items(self, items: tuple[ItemView, ...], selected: str, *, unverified: bool) -> None:
        """Show these items, one of them selected; rows are used again, so the focus stays."""
        while len(self._rows) > len(items):
            row = self._rows.pop()
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(items):
            row = _ItemRow()
            row.clicked.connect(lambda _=False, row=row: self.chosen.emit(row.item_id))
            self._lines.insertWidget(len(self._rows), row)
            self._rows.append(row)
        for row, view in zip(self._rows, items, strict=True):
            row.show_item(view, selected=view.item.id == selected)
            if view.item.id == selected:
                self._scroll.ensureWidgetVisible(row)
        needed = [view for view in items if view.item.mandatory]
        done = sum(view.state in (ItemState.PRESENT, ItemState.NOT_BROUGHT) for view in needed)
        told = self.tr("{done} of {all} needed are done").format(done=done, all=len(needed))
        self._count.setText(told if items else self.tr("No checklist for this category"))
        self._unverified.setVisible(unverified)

    def focus_on(self, item: str) -> None:
        """Let the keyboard go on from this item."""
        for row in self._rows:
            if row.item_id == item:
                row.setFocus(Qt.FocusReason.OtherFocusReason)


class _ItemRow(RowButton):
    """An item: how it stands, its title, how many pages it has."""

    def __init__(self) -> None:
        super().__init__("step")
        self.item_id = ""
        self.setCheckable(True)
        self._icon = IconView("to_do", "quiet")
        self._title = label("", wrap=True)
        self._state = label("", "caption", wrap=True)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self._title)
        text.addWidget(self._state)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        for part in (self._title, self._state):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_item(self, view: ItemView, *, selected: bool) -> None:
        self.item_id = view.item.id
        self.setChecked(selected)
        shown = standing_of(view)
        self._icon.show_icon(shown.icon, shown.tone)
        self._title.setText(view.item.title)
        self._state.setText(shown.word)
        self.setAccessibleName(f"{view.item.title}. {shown.word}")
        self.updateGeometry()


def standing_of(view: ItemView) -> Mark:
    """Return how an item stands, in words: whether it is needed, what is there, why it is not."""
    shown = mark(view.state)
    if view.state is ItemState.MISSING:
        needed = QT_TRANSLATE_NOOP("Checklist", "Needed, missing")
        optional = QT_TRANSLATE_NOOP("Checklist", "If it applies")
        told = translated("Checklist", needed if view.item.mandatory else optional)
    elif view.state is ItemState.NOT_BROUGHT:
        told = f"{shown.word}. {reason(view.reason)}"
    else:
        told = filled(
            "Checklist",
            QT_TRANSLATE_NOOP("Checklist", "{state}, pages: {pages}"),
            {
                "state": shown.word,
                "pages": view.pages,
            },
        )
    return Mark(shown.icon, told, shown.tone)
