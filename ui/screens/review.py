"""Review: everything of the visit on one page, what is open first; then the seal."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from station.flow.station import Station
from station.flow.views import OpenPoint, VisitView
from station.model.checklist import ItemState
from station.model.document import FieldMatch
from station.model.record import AttachmentKind
from station.model.visit import Step
from ui.actions import Actions, Command
from ui.screens.cards import Card, ItemLine, PictureCard, PointRow
from ui.screens.commands import Commands
from ui.screens.override_rows import OverridesCard
from ui.screens.screen import Offer, Screen
from ui.theme import as_role
from ui.widgets.words import IconView, label
from ui.wording.names import Mark, MarkTone, field_name, mark, name
from ui.wording.remarks import open_point

_PICTURES = {
    AttachmentKind.PORTRAIT: Step.PORTRAIT,
    AttachmentKind.PHOTO: Step.PORTRAIT,
    AttachmentKind.LETTER: Step.IDENTIFY,
    AttachmentKind.PASSPORT_PAGE: Step.IDENTIFY,
}


_OVERRIDDEN = "picture_overridden"
"""The points that stand above all others, each with its picture."""


class ReviewScreen(Screen):
    """Nothing is decided here but the seal: every line leads to the step where it is mended."""

    step = Step.REVIEW

    def __init__(self, station: Station, actions: Actions) -> None:
        """Build the page and the calm one that follows the seal."""
        super().__init__(station, actions)
        self._sealing = self._in_front = False
        self._mend = QAction(self)
        self._mend.setProperty("icon_name", "next")
        self._mend.triggered.connect(self._go_and_mend)
        self._commands = Commands(
            self, actions, {Command.SEAL: self._seal, Command.NEXT_APPLICANT: station.leave}
        )
        self._icon = IconView("review", "quiet", 40)
        self._title = label("", "title", wrap=True)
        self._told = label("", "quiet", wrap=True)
        self.overrides = OverridesCard()
        self.points = Card(self.tr("Before the seal"))
        self._items = Card(self.tr("Documents"))
        self._pictures = Card(self.tr("Pictures"))
        self._match = Card(self.tr("Papers, person and record"))
        self._answers = Card(self.tr("Questions of the checklist"))
        self._sealed = _SealedPage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._page())
        self._stack.addWidget(self._sealed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _page(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._told)
        head.addLayout(words, 1)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, cards in (
            (left, (self.points, self._items)),
            (right, (self._pictures, self._match, self._answers)),
        ):
            side.setSpacing(16)
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        inner = QWidget()
        page = QVBoxLayout(inner)
        page.setContentsMargins(24, 20, 24, 20)
        page.setSpacing(20)
        page.addWidget(self.overrides)
        page.addLayout(head)
        page.addLayout(columns)
        page.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("Everything of this visit"))
        scroll.setWidget(inner)
        return scroll

    # -- what is shown ----------------------------------------------------------------------------------------

    def show_visit(self, visit: VisitView | None) -> None:
        """Show everything anew; while another screen is in front only forget what was shown."""
        before = self.visit
        super().show_visit(visit)
        self._sealing = False
        another = visit is None or before is None or before.visit_id != visit.visit_id
        if self._in_front or another:
            self._show(visit if self._in_front else None)

    def _show(self, visit: VisitView | None) -> None:
        for card in (self.points, self._items, self._pictures, self._match, self._answers):
            card.empty()
        self.overrides.show_visit(visit)
        for row in self.overrides.rows:
            row.clicked.connect(self._goes_to(row.view.step))
        self._sealed.show_visit(visit if visit and visit.sealed else None)
        if visit is None:
            for text in (self._title, self._told):
                text.clear()
            return
        self._stack.setCurrentIndex(1 if visit.sealed else 0)
        self._show_head(visit)
        self._show_points(visit)
        self._show_pictures(visit)
        self._show_match(visit)
        self._show_items(visit)
        self._show_answers(visit)

    def enter(self) -> None:
        """Listen to the seal, and show the visit as it is now."""
        self._commands.take()
        self._in_front = True
        self._show(self.visit)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Listen no more."""
        self._commands.release()
        self._in_front = False

    def _show_head(self, visit: VisitView) -> None:
        blocking = sum(point.blocks for point in visit.open_points)
        if blocking:
            self._icon.show_icon("not_good", "not_good")
            self._title.setText(self.tr("Not ready for the seal: {count} to do").format(count=blocking))
            self._told.setText(self.tr("What is missing stands first. A press leads to where it is mended."))
        else:
            self._icon.show_icon("good", "good")
            self._title.setText(self.tr("Ready for the seal"))
            self._told.setText(
                self.tr("Look over the page once more, together with the person. The seal is final.")
            )

    def _show_points(self, visit: VisitView) -> None:
        points = [point for point in visit.open_points if point.code != _OVERRIDDEN]
        for point in points:
            row = PointRow(point)
            row.clicked.connect(self._goes_to(point.step))
            self.points.body.addWidget(row)
        if not points:
            self.points.body.addWidget(label(self.tr("Nothing is open."), "quiet"))

    def _show_pictures(self, visit: VisitView) -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        for kind, step in _PICTURES.items():
            pages = visit.of_kind(kind)
            card = PictureCard(name(kind), pages[-1] if pages else None)
            card.clicked.connect(self._goes_to(step))
            line.addWidget(card, 1, Qt.AlignmentFlag.AlignTop)
        self._pictures.body.addWidget(row)

    def _show_match(self, visit: VisitView) -> None:
        fields = visit.match.fields if visit.match else ()
        told = self.tr("Confirmed by the officer.") if visit.matched else self.tr("Not confirmed yet.")
        icon: MarkTone = "good" if visit.matched else "not_good"
        self._match.body.addWidget(_line(Mark(icon, told, icon)))
        words = Counter(mark(compared.agreement).word for compared in fields)
        if words:
            counted = ", ".join(f"{word}: {count}" for word, count in words.most_common())
            told = self.tr("Fields compared. {counted}").format(counted=counted)
            self._match.body.addWidget(label(told, "quiet", wrap=True))
        for compared in fields:
            if _for_the_eye(compared):
                self._match.body.addWidget(_difference(compared))

    def _show_items(self, visit: VisitView) -> None:
        documents = visit.of_kind(AttachmentKind.DOCUMENT)
        for view in visit.items:
            if view.state is ItemState.NOT_NEEDED:
                continue
            pages = tuple(page for page in documents if page.attachment.item == view.item.id)
            self._items.body.addWidget(ItemLine(view, pages))
        if left_out := sum(view.state is ItemState.NOT_NEEDED for view in visit.items):
            told = self.tr("Not needed: {count}").format(count=left_out)
            self._items.body.addWidget(label(told, "quiet"))
        if visit.checklist_unverified:
            note = self.tr("Draft list: hold it against the official one.")
            self._items.body.addWidget(label(note, "caption", "look", wrap=True))

    def _show_answers(self, visit: VisitView) -> None:
        """Show what the officer answered: which items are needed hangs on it."""
        answered = [asked for asked in visit.questions if asked.answer is not None]
        self._answers.setVisible(bool(answered))
        for asked in answered:
            told = self.tr("{question} Yes.") if asked.answer else self.tr("{question} No.")
            text = told.format(question=asked.question.text)
            self._answers.body.addWidget(label(text, wrap=True))

    # -- what can be done -------------------------------------------------------------------------------------

    def offer(self) -> Offer:
        """Offer the seal, or the way to what keeps from it."""
        visit, actions = self.visit, self.actions_of_window
        self._commands.allow()
        if visit is None or self._sealing:
            return Offer(None)
        if visit.sealed:
            self._commands.allow(Command.NEXT_APPLICANT)
            return Offer(actions[Command.NEXT_APPLICANT])
        if visit.can_seal:
            self._commands.allow(Command.SEAL)
            return Offer(actions[Command.SEAL])
        first = _first_blocking(visit)
        if first is None:
            return Offer(None)
        self._mend.setText(self.tr("Go to: {step}").format(step=name(first.step)))
        return Offer(self._mend, open_point(first))

    def _seal(self) -> None:
        self._sealing = True
        self.station.seal()
        self.offer_changed.emit()

    def _go_and_mend(self) -> None:
        first = _first_blocking(self.visit) if self.visit else None
        if first is not None:
            self.station.enter(first.step)

    def _goes_to(self, step: Step) -> Callable[[], None]:
        return lambda: self.station.enter(step)


class _SealedPage(QWidget):
    """All is done: calm, large, and who it was."""

    def __init__(self) -> None:
        super().__init__()
        self._who = label("", "heading", wrap=True)
        self._number = label("", "quiet", wrap=True)
        surface = as_role(QFrame(), "surface")
        surface.setFixedWidth(640)
        column = QVBoxLayout(surface)
        column.setContentsMargins(48, 48, 48, 48)
        column.setSpacing(12)
        middle = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(IconView("seal", "good", 72), 0, middle)
        column.addSpacing(8)
        told = label(self.tr("The seal closes this visit for good. Hand all papers back."), "quiet", wrap=True)
        self._overrides = label("", "", "look", wrap=True)
        for text in (label(self.tr("Sealed"), "figure"), self._who, self._number, told, self._overrides):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(text)
        row = QHBoxLayout(self)
        row.addWidget(surface, 0, Qt.AlignmentFlag.AlignCenter)

    def show_visit(self, visit: VisitView | None) -> None:
        self._who.setText(visit.record.name if visit else "")
        self._number.setText(visit.record.application_number if visit else "")
        count = len(visit.overrides) if visit else 0
        self._overrides.setText(self.tr("Overrides: {count}").format(count=count))
        self._overrides.setVisible(bool(count))


def _first_blocking(visit: VisitView) -> OpenPoint | None:
    """Return what keeps from the seal, in the order of the steps."""
    order = list(Step)
    blocking = [point for point in visit.open_points if point.blocks]
    return min(blocking, key=lambda point: order.index(point.step), default=None)


def _for_the_eye(compared: FieldMatch) -> bool:
    return mark(compared.agreement).tone in ("look", "not_good")


def _difference(compared: FieldMatch) -> QWidget:
    shown = mark(compared.agreement)
    return _line(Mark(shown.icon, f"{field_name(compared.name)}: {shown.word}", shown.tone))


def _line(shown: Mark) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 2, 0, 2)
    row.setSpacing(12)
    row.addWidget(IconView(shown.icon, shown.tone))
    row.addWidget(label(shown.word, wrap=True), 1)
    return made
