"""Whose papers are these: letter and passport, held against the application field by field."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.events import Event, JobEnded, Notice, Trouble
from station.flow.station import Station
from station.flow.views import VisitView
from station.model.document import Agreement, Match, Mrz
from station.model.record import AttachmentKind
from station.model.visit import Step
from ui.actions import Actions, Command
from ui.screens.commands import Commands
from ui.screens.paper_tabs import PaperTabs
from ui.screens.printed_lines import SIZES, PrintedLines, lines_wanted
from ui.screens.reasons import ReasonsPanel
from ui.screens.screen import Offer, Screen
from ui.theme import Tone, as_role
from ui.widgets.field_table import FieldTable
from ui.widgets.words import IconView, Pill, label
from ui.wording.names import mark
from ui.wording.remarks import MATCH_REASONS, mrz_remark

_WORST_FIRST = (
    Agreement.DIFFERENT,
    Agreement.EXPIRED,
    Agreement.MISREAD,
    Agreement.CHANGED,
    Agreement.EXPIRING,
    Agreement.SAME,
    Agreement.SAME_BY_RULE,
    Agreement.NOT_COMPARABLE,
)
_MOST_REMARKS = 3
LEAST_SIDE_PX = 600
"""The comparison has four columns of words."""


@dataclass(frozen=True, slots=True)
class _Told:
    """What stands at the head of the comparison."""

    icon: str
    tone: Tone
    title: str
    text: str


class IdentifyScreen(Screen):
    """Pictures left, the comparison right; below it room for the lines that a reader or the officer types."""

    step = Step.IDENTIFY

    def __init__(self, station: Station, actions: Actions) -> None:
        """Build the widgets; nothing of a visit is there yet."""
        super().__init__(station, actions)
        self._going_on = False
        self._commands = Commands(
            self,
            actions,
            {
                Command.SCAN_LETTER: lambda: station.scan(AttachmentKind.LETTER),
                Command.SCAN_PASSPORT: lambda: station.scan(AttachmentKind.PASSPORT_PAGE),
                Command.CONFIRM_MATCH: self._confirm_or_ask,
                Command.TYPE_MRZ: self._to_entry,
                Command.NEXT_STEP: lambda: station.enter(Step.PORTRAIT),
            },
        )
        self.papers = PaperTabs(station)
        self.table = FieldTable()
        self.entry = PrintedLines()
        self.reasons = ReasonsPanel()
        self._build()
        self.entry.entered.connect(station.submit)
        self.entry.textChanged.connect(self._count)
        self.reasons.changed.connect(self._reasons_changed)
        self.reasons.chosen.connect(lambda code, _note: self._go(code))
        self._count()

    # -- what comes in ----------------------------------------------------------------------------------------

    def show_visit(self, visit: VisitView | None) -> None:
        """Show this visit; once the officer's word is stored the next step is entered."""
        before = self.visit
        super().show_visit(visit)
        if visit is None or before is None or visit.visit_id != before.visit_id:
            self._forget()
        self.papers.show_visit(visit)
        self.table.show_match(_worth_showing(visit) if visit else None)
        self._show_head()
        self._show_zone(before)
        if visit is not None and visit.matched and self._going_on:
            self._going_on = False
            self.station.enter(Step.PORTRAIT)

    def hear(self, event: Event) -> None:
        """What was asked for was not done: it can be asked for again."""
        if isinstance(event, Trouble | Notice) or (isinstance(event, JobEnded) and event.error):
            self._going_on = False
            self.entry.take_again()

    def enter(self) -> None:
        """Let a reader type."""
        self._commands.take()
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Ask for no reason any more."""
        self._commands.release()
        self.reasons.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send what is typed anywhere on the screen where it belongs."""
        text = event.text()
        if text.strip() and text.isprintable() and not self.reasons.asking:
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)
            self.entry.insertPlainText(text.upper())
            return
        super().keyPressEvent(event)

    # -- what can be done -------------------------------------------------------------------------------------

    def offer(self) -> Offer:
        """Offer the one right thing: what is missing first, then the officer's word."""
        visit, can = self.visit, self._commands
        if visit is None or visit.sealed or self.reasons.asking:
            can.allow()
            asking = self.reasons.asking
            return Offer(self.reasons.take, self.reasons.hint) if asking else Offer(None)
        papers = (Command.SCAN_LETTER, Command.SCAN_PASSPORT, Command.TYPE_MRZ)
        letter, passport = can[Command.SCAN_LETTER], can[Command.SCAN_PASSPORT]
        leave = self.actions_of_window[Command.LEAVE]
        if _stops(visit):
            can.allow(*papers)
            return Offer(leave, "", (letter, passport))
        word = Command.NEXT_STEP if visit.matched else Command.CONFIRM_MATCH
        can.allow(*papers, word)
        missing = [
            action
            for action, kind in ((letter, AttachmentKind.LETTER), (passport, AttachmentKind.PASSPORT_PAGE))
            if not visit.of_kind(kind)
        ]
        primary = missing[0] if missing and not visit.matched else can[word]
        others = tuple(action for action in (letter, passport, can[word], leave) if action is not primary)
        return Offer(primary, "", others)

    def _confirm_or_ask(self) -> None:
        visit = self.visit
        if visit is None:
            return
        if _mrz(visit) is not None and not (visit.match and visit.match.needs_eye):
            self._go("")
            return
        title = self.tr("Why do you confirm?")
        self.reasons.ask(title, self.tr("Confirm with this reason"), MATCH_REASONS, note=False)

    def _go(self, reason: str) -> None:
        self._going_on = True
        self.station.confirm_match(reason)

    def _reasons_changed(self) -> None:
        asking = self.reasons.asking
        self._zone.setVisible(not asking)
        if not asking and self.isVisible():
            self._to_entry()
        self.offer_changed.emit()

    def _to_entry(self) -> None:
        self.entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.entry.selectAll()

    # -- what is shown ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        side = as_role(QFrame(), "right")
        side.setMinimumWidth(LEAST_SIDE_PX)
        self._icon = IconView("info", "quiet", 32)
        self._title = label("", "title", wrap=True)
        self._text = label("", "quiet", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        column = QVBoxLayout(side)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self._build_zone())
        column.addWidget(self.reasons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.papers, 1)
        row.addWidget(side, 1)

    def _build_zone(self) -> QWidget:
        self._zone = QWidget()
        self._read = Pill(mark(Agreement.SAME))
        self._counted = label("", "caption")
        self._remarks = label("", "caption", "look", wrap=True)
        name = self.tr("Printed lines, or the letter's number")
        self.entry.setAccessibleName(name)
        top = QHBoxLayout()
        top.addWidget(label(name, "strong"), 1)
        top.addWidget(self._read)
        column = QVBoxLayout(self._zone)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.entry)
        column.addWidget(self._counted)
        column.addWidget(self._remarks)
        return self._zone

    def _forget(self) -> None:
        self._going_on = False
        self.entry.show_lines(())
        self.reasons.clear()
        self._zone.show()

    def _show_head(self) -> None:
        told = self._told()
        self._icon.show_icon(told.icon, told.tone)
        self._title.setText(told.title)
        as_role(self._title, "title", told.tone if told.tone != "quiet" else "")
        self._text.setText(told.text)

    def _told(self) -> _Told:
        visit = self.visit
        if visit is None:
            return _Told("info", "quiet", "", "")
        fields = visit.match.fields if visit.match else ()
        looks = sum(field.agreement in _WORST_FIRST[:4] for field in fields)
        if _stops(visit):
            text = self.tr("Put the visit aside, and give the papers back to their owner.")
            return _Told("not_good", "not_good", self.tr("These papers are another person's"), text)
        if visit.matched:
            text = self.tr("Papers, person and application were confirmed as one.")
            return _Told("good", "good", self.tr("Confirmed"), text)
        if not visit.of_kind(AttachmentKind.LETTER):
            text = self.tr("Lay it on the glass with the printed side down.")
            return _Told("letter", "accent", self.tr("The letter comes first"), text)
        if not visit.of_kind(AttachmentKind.PASSPORT_PAGE):
            text = self.tr("Lay the page with the photograph on the glass.")
            return _Told("passport", "accent", self.tr("Now the passport"), text)
        if _mrz(visit) is None:
            text = self.tr("Type the lines at the foot of the page or swipe them, or confirm with a reason.")
            return _Told("keyboard", "accent", self.tr("The printed lines are missing"), text)
        if looks:
            text = self.tr("Compare them with the passport. You can go on with a reason.")
            return _Told("look", "look", self.tr("Fields to look at: {count}").format(count=looks), text)
        text = self.tr("Compare the person with the photograph, then confirm.")
        return _Told("good", "good", self.tr("Papers and record agree"), text)

    def _show_zone(self, before: VisitView | None) -> None:
        """Show the lines as they were taken; a number that was taken leaves the room empty again."""
        mrz, old = _mrz(self.visit), _mrz(before)
        lines = mrz.lines if mrz else ()
        handed_on = self.entry.was_handed_on and self.entry.lines != lines
        if handed_on or lines != (old.lines if old else ()):
            self.entry.show_lines(lines)
        self._read.setVisible(mrz is not None)
        if mrz is not None:
            self._read.show_mark(mark(mrz.status))
        said = [mrz_remark(remark) for remark in mrz.remarks[:_MOST_REMARKS]] if mrz else []
        self._remarks.setText("\n".join(said))
        self._remarks.setVisible(bool(said))

    def _count(self) -> None:
        """Say how long the lines are: one character too few is hard to see."""
        lines = self.entry.lines
        wanted = lines_wanted(lines)
        if wanted == 1:
            self._counted.setText(self.tr("Enter ends a line. Capitals come by themselves."))
            return
        length = min(SIZES, key=lambda size: (SIZES[size] != wanted, abs(size - len(lines[0]))))
        told = [
            self.tr("Line {number}: {length} of {whole}").format(number=number, length=len(line), whole=length)
            for number, line in enumerate(lines, 1)
        ]
        self._counted.setText("  ·  ".join(told))


def _mrz(visit: VisitView | None) -> Mrz | None:
    return visit.passport.mrz if visit and visit.passport else None


def _stops(visit: VisitView) -> bool:
    return visit.match is not None and visit.match.stops


def _worth_showing(visit: VisitView) -> Match | None:
    """Return the comparison with what needs a look first; what no paper has told yet is left out."""
    if visit.match is None:
        return None
    fields = visit.match.fields
    if _mrz(visit) is None:
        fields = tuple(field for field in fields if field.printed)
    return Match(tuple(sorted(fields, key=lambda field: _WORST_FIRST.index(field.agreement))))
