"""One item of the checklist: how it stands, its question where it hangs on one, and pages dropped onto it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station.flow.views import ItemView, QuestionView
from station.model.checklist import ItemState
from ui.theme import as_role
from ui.widgets.button import Button, RowButton
from ui.widgets.page_list import PAGES_MIME, dragged
from ui.widgets.words import IconView, label
from ui.wording.names import Mark, mark
from ui.wording.remarks import reason
from ui.wording.translate import QT_TRANSLATE_NOOP, filled

_INDENT = 44
"""Where the words of a row begin, behind its icon."""


class ItemRow(QWidget):
    """A row that is chosen by a press, answers its question, and takes dragged pages."""

    chosen = Signal(str)
    """The id of the item: the officer turns to it."""

    answered = Signal(str, object)
    """The id of a question and the answer; None takes it back."""

    dropped = Signal(list, str)
    """Attachments that were dropped here, and the item."""

    hovered = Signal()
    """Pages are dragged over this row."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.view: ItemView | None = None
        self.button = _Face()
        self.button.clicked.connect(lambda: self.chosen.emit(self.item_id))
        self.question = _Ask()
        self.question.answered.connect(self._answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button)
        column.addWidget(self.question)
        self.setAcceptDrops(True)

    @property
    def item_id(self) -> str:
        """The item that is shown, "" while there is none."""
        return self.view.item.id if self.view else ""

    def show_item(self, view: ItemView, *, selected: bool) -> None:
        """Show an item; what is shown already is left as it is."""
        if view != self.view or selected != self.button.isChecked():
            self.view = view
            self.button.show_item(view, selected=selected)
            self.question.show_question(view, selected=selected)
            self.updateGeometry()

    def _answer(self, answer: bool) -> None:
        asked = self.view.question if self.view else None
        if asked is not None:
            self.answered.emit(asked.question.id, None if asked.answer is answer else answer)

    # -- pages that are dragged here --------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Light up under pages of ours."""
        if event.mimeData().hasFormat(PAGES_MIME):
            as_role(self.button, "item", "accent")
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Say that pages hang over this row."""
        event.acceptProposedAction()
        self.hovered.emit()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Be as before."""
        as_role(self.button, "item")

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask to move the pages here."""
        as_role(self.button, "item")
        event.acceptProposedAction()
        self.dropped.emit(dragged(event.mimeData()), self.item_id)


class _Face(RowButton):
    """What can be pressed of a row: icon, title, and how the item stands."""

    def __init__(self) -> None:
        super().__init__("item")
        self.setCheckable(True)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)  # as high as its words, however they are broken
        self.setSizePolicy(policy)
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
        text.addStretch(1)
        for part in (self._title, self._state):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_item(self, view: ItemView, *, selected: bool) -> None:
        self.setChecked(selected)
        shown = standing_of(view)
        self._icon.show_icon(shown.icon, shown.tone)
        self._title.setText(view.item.title)
        asked = view.question if view.state is ItemState.UNDECIDED else None
        self._state.setText(asked.question.text if asked else shown.word)
        as_role(self._state, "caption", shown.tone if shown.tone in ("look", "not_good") else "")
        self.setAccessibleName(f"{view.item.title}. {shown.word}")
        self.updateGeometry()


class _Ask(QWidget):
    """The question that an item hangs on; shown while it is open, and while its item is chosen."""

    answered = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._text = label("", "caption", wrap=True)
        self._hint = label("", "caption", "accent", wrap=True)
        self.yes, self.no = Button(self.tr("Yes"), "answer"), Button(self.tr("No"), "answer")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button, answer in ((self.yes, True), (self.no, False)):
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, answer=answer: self.answered.emit(answer))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_INDENT, 0, 8, 8)
        column.setSpacing(4)
        column.addWidget(self._text)
        column.addWidget(self._hint)
        column.addLayout(buttons)

    def show_question(self, view: ItemView, *, selected: bool) -> None:
        asked = view.question
        self.setVisible(asked is not None and (selected or view.state is ItemState.UNDECIDED))
        if asked is None:
            return
        self._text.setText(asked.question.text)
        self._text.setVisible(view.state is not ItemState.UNDECIDED)
        hint = suggestion(asked)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        again = self.tr("Press again to take the answer back")
        for button, word, key, answer in (
            (self.yes, self.tr("Yes"), "Y", True),
            (self.no, self.tr("No"), "N", False),
        ):
            button.setChecked(asked.answer is answer)
            button.setText(f"{word}  ({key})" if selected else word)
            button.setToolTip(again if asked.answer is answer else "")
            button.setAccessibleName(f"{asked.question.text} {word}")


def suggestion(asked: QuestionView) -> str:
    """Return what the record says to an open question, in words; it never answers it."""
    if asked.answer is not None or asked.suggested is None or asked.age is None:
        return ""
    yes = QT_TRANSLATE_NOOP("Checklist", "The record says {age} years, so yes?")
    no = QT_TRANSLATE_NOOP("Checklist", "The record says {age} years, so no?")
    return filled("Checklist", yes if asked.suggested else no, {"age": asked.age})


def standing_of(view: ItemView) -> Mark:
    """Return how an item stands, in words: whether it is needed, what is there, why it is not."""
    shown = mark(view.state)
    told, facts = "{state}", {"state": shown.word, "pages": view.pages, "wanted": view.item.pages_min}
    if view.state is ItemState.MISSING and view.item.waiver:
        told = QT_TRANSLATE_NOOP("Checklist", "To be signed: something needed was not brought")
        shown = Mark("edit", shown.word, "look")
    elif view.state is ItemState.MISSING:
        needed = QT_TRANSLATE_NOOP("Checklist", "Needed, missing")
        told = needed if view.needed else QT_TRANSLATE_NOOP("Checklist", "If it applies")
    elif view.state is ItemState.TOO_FEW:
        told = QT_TRANSLATE_NOOP("Checklist", "Pages: {pages} of {wanted}")
    elif view.state is ItemState.NOT_BROUGHT:
        why = f"{shown.word}. {reason(view.reason)}"
        if not view.pages:
            return Mark(shown.icon, why, shown.tone)
        told, facts["state"] = QT_TRANSLATE_NOOP("Checklist", "{state} Pages: {pages}"), why
    elif view.pages:
        told = QT_TRANSLATE_NOOP("Checklist", "{state}, pages: {pages}")
    words = filled("Checklist", told, facts) if told != "{state}" else shown.word
    return Mark(shown.icon, words, shown.tone)
