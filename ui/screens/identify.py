"""Whose papers are these: letter and passport, held against the application field by field."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.confirming import reasons_for
from station.flow.events import Event, JobEnded, Notice, Trouble
from station.flow.station import Station
from station.flow.views import VisitView
from station.model.document import MrzStatus, ZonePart
from station.model.record import AttachmentKind
from station.model.visit import Step
from ui.actions import Actions, Command
from ui.screens.against_measures import note_on, question_on
from ui.screens.commands import Commands
from ui.screens.compared import cells_of, match_of, mrz_of, place_of, rows_of
from ui.screens.correction import CorrectionPanel
from ui.screens.identify_head import IdentifyHead, missing_of, stops
from ui.screens.paper_stage import PaperStage
from ui.screens.printed_lines import LinesEntry
from ui.screens.reasons import ReasonsPanel
from ui.screens.screen import Offer, Screen
from ui.screens.word_buttons import WordButtons, command_on
from ui.theme import as_role
from ui.widgets.button import ActionButton
from ui.widgets.field_table import FieldTable
from ui.widgets.words import label
from ui.wording.remarks import mrz_remark

LEAST_SIDE_PX = 680
"""The comparison has four columns of words, and names of 39 cells below them."""

_SCANS = {
    Command.SCAN_PAPERS: AttachmentKind.LETTER,
    Command.SCAN_LETTER: AttachmentKind.LETTER,
    Command.SCAN_PASSPORT: AttachmentKind.PASSPORT_PAGE,
}
"""The whole glass shows a letter, a passport page or both; the corner of it a passport alone."""

_MOST_REASONS = 6
_OF_THE_WHOLE = ("two_zones", "size_doubtful", "document_code_impossible", "french_layout", "name_malformed")
"""Remarks that no row of the table tells."""


class IdentifyScreen(Screen):
    """Pictures left, the comparison right; below it room to mend what was misread, or to type the lines."""

    step = Step.IDENTIFY

    def __init__(self, station: Station, actions: Actions) -> None:
        """Build the widgets; nothing of a visit is there yet."""
        super().__init__(station, actions)
        self._going_on = False
        self._typing = self._handed_on = False
        self._answer: Callable[[str, str], None] = lambda _code, _note: None
        self.stage = PaperStage(station)
        self.papers = self.stage.tabs
        self._commands = Commands(
            self,
            actions,
            {
                **{command: partial(station.scan, kind) for command, kind in _SCANS.items()},
                Command.CONFIRM_MATCH: self._confirm_or_ask,
                Command.CORRECT: self._mend,
                Command.TYPE_MRZ: self._to_entry,
                Command.READ_CAMERA: self.stage.turn_camera,
                Command.KEEP_PAGE: self._ask_about_paper,
                Command.SET_ASIDE: self._ask_about_paper,
                Command.NEXT_STEP: lambda: station.enter(Step.PORTRAIT),
            },
        )
        self._word = WordButtons(actions)
        self.papers.tools.addWidget(self._word)
        self.table = FieldTable()
        self.lines = LinesEntry()
        self.entry = self.lines.entry
        self.correction = CorrectionPanel()
        self.reasons = ReasonsPanel()
        self._build()
        self.stage.changed.connect(self._camera_turned)
        self.papers.turned.connect(self._paper_turned)
        self.entry.entered.connect(self._hand_on)
        self.entry.known.connect(self._put_entry_away)
        self.table.mend_wanted.connect(self._mend)
        self.table.itemSelectionChanged.connect(self._field_chosen)
        self.correction.saved.connect(self._save)
        self.correction.changed.connect(self._correction_changed)
        self.reasons.changed.connect(self._reasons_changed)
        self.reasons.chosen.connect(lambda code, note: self._answer(code, note))

    # -- what comes in ----------------------------------------------------------------------------------------

    def show_visit(self, visit: VisitView | None) -> None:
        """Show this visit; once the officer's word is stored the next step is entered."""
        before = self.visit
        super().show_visit(visit)
        if visit is None or before is None or visit.visit_id != before.visit_id:
            self._forget()
        self.stage.show_visit(visit)
        if mrz_of(before) is None or (visit and before and visit.stranger != before.stranger):
            self.table.clearSelection()
        self.table.show_rows(rows_of(visit) if visit else ())
        self._follow_correction()
        self._head.show_visit(self.visit, held=self.stage.reading)
        said = (
            [mrz_remark(one) for one in mrz.remarks if one.code in _OF_THE_WHOLE]
            if (mrz := mrz_of(visit))
            else []
        )
        self._remarks.setText("\n".join(said))
        self._show_lines(before)
        self._show_room()
        if visit is not None and visit.matched and self._going_on:
            self._going_on = False
            self.station.enter(Step.PORTRAIT)

    def hear(self, event: Event) -> None:
        """What was asked for was not done: it can be asked for again."""
        self.stage.hear(event)
        if isinstance(event, Trouble | Notice) or (isinstance(event, JobEnded) and event.error):
            self._going_on = self._handed_on = False
            self.entry.take_again()
            self.correction.take_again()

    def enter(self) -> None:
        """Let a reader type, or the arrow keys go through the fields."""
        self._commands.take()
        self._take_focus()

    def leave(self) -> None:
        """Ask for nothing any more."""
        self._commands.release()
        self.stage.rest()
        self.reasons.clear()
        self.correction.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Send what is typed anywhere on the screen where it belongs."""
        text = event.text()
        if text.strip() and text.isprintable() and not self._asking:
            self._typing = True
            self._show_room()
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)
            self.entry.insertPlainText(text.upper())
        elif event.key() == Qt.Key.Key_Escape and self._typing and not self._asking:
            self._put_entry_away()
        else:
            super().keyPressEvent(event)

    # -- what can be done -------------------------------------------------------------------------------------

    @property
    def _asking(self) -> bool:
        return self.reasons.asking or self.correction.mending

    def offer(self) -> Offer:
        """Offer the one right thing: what is missing first, then the officer's word."""
        visit, can = self.visit, self._commands
        if visit is None or visit.sealed or self._asking:
            can.allow()
            if self.correction.mending:
                return Offer(self.correction.take, self.correction.hint)
            return Offer(self.reasons.take, self.reasons.hint) if self.reasons.asking else Offer(None)
        missing = missing_of(visit)
        whole = Command.SCAN_PAPERS if len(missing) == 2 else Command.SCAN_LETTER
        scans = (whole, Command.SCAN_PASSPORT)
        mend = [Command.CORRECT] if self.table.chosen and self.table.chosen.can_mend else []
        paper = self.papers.shown
        mend += [command_on(paper)] if paper is not None and not self.stage.reading else []
        leave = self.actions_of_window[Command.LEAVE]
        if stops(visit):
            can.allow(*scans, Command.TYPE_MRZ, Command.READ_CAMERA, *mend)
            if not visit.stranger:
                return Offer(leave, "", tuple(can[command] for command in scans))
            again = whole if len(missing) == 2 else Command.SCAN_PASSPORT
            others = [can[command] for command in scans if command is not again]
            return Offer(can[again], "", (*others, can[Command.READ_CAMERA], leave))
        word = Command.NEXT_STEP if visit.matched else Command.CONFIRM_MATCH
        can.allow(*scans, Command.TYPE_MRZ, Command.READ_CAMERA, *mend, word)
        wanted = {1: _SCAN_OF[missing[0]], 2: whole}[len(missing)] if missing and not visit.matched else word
        others = [can[command] for command in (*scans, word) if command is not wanted]
        return Offer(can[wanted], "", (*others, can[Command.READ_CAMERA], leave))

    def _confirm_or_ask(self) -> None:
        visit = self.visit
        if visit is None:
            return
        mrz, match = mrz_of(visit), match_of(visit)
        if mrz is not None and mrz.status is MrzStatus.ACCEPTED and not match.needs_eye:
            self._go("")
            return
        self._answer = lambda code, _note: self._go(code)
        fitting = reasons_for(visit.match or match)[:_MOST_REASONS]
        self.reasons.ask(
            self.tr("Why do you confirm?"), self.tr("Confirm with this reason"), fitting, note=False
        )

    def _ask_about_paper(self) -> None:
        paper = self.papers.shown
        if paper is None or self._asking:
            return
        asked = question_on(paper)
        self._answer = lambda code, note: self.station.keep(paper.id, note_on(paper, code, note))
        self.reasons.ask(asked.title, asked.take, asked.codes)

    def _paper_turned(self) -> None:
        self._word.show_picture(self.papers.shown)
        self.offer_changed.emit()

    def _go(self, reason: str) -> None:
        self._going_on = True
        self.station.confirm_match(reason)

    def _reasons_changed(self) -> None:
        self._show_room()
        if not self.reasons.asking and self.isVisible():
            self._take_focus()
        self.offer_changed.emit()

    def _hand_on(self, text: str) -> None:
        self._handed_on = True
        self.station.submit(text)

    def _to_entry(self) -> None:
        self._typing = True
        self._show_room()
        self.entry.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.entry.selectAll()

    def _put_entry_away(self) -> None:
        self._typing = False
        self._show_room()
        self._take_focus()

    def _take_focus(self) -> None:
        """Give the keys to the fields when there are some to go through, else to a reader."""
        if self.lines.isHidden():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _camera_turned(self) -> None:
        self._head.show_visit(self.visit, held=self.stage.reading)
        if self.isVisible() and not self.stage.reading:
            self._take_focus()

    # -- mending a misread ------------------------------------------------------------------------------------

    def _mend(self) -> None:
        visit, row = self.visit, self.table.chosen
        cells = cells_of(visit, row.name) if visit and row and row.can_mend else None
        if visit is None or cells is None or self._asking:
            return
        self.papers.point_at(place_of(visit, cells.view), turn=True)
        self.correction.mend(cells.view, cells.start)

    def _save(self, part: ZonePart, text: str, reason: str) -> None:
        self.station.correct_mrz(part, text, reason)

    def _correction_changed(self) -> None:
        self._show_room()
        if not self.correction.mending and self.isVisible():
            self._take_focus()
        self.offer_changed.emit()

    def _follow_correction(self) -> None:
        """End the correction once its part has changed: by it, by another page, or because the visit ended."""
        panel, zone = self.correction, self.visit.zone if self.visit else ()
        stands = any(view.part == panel.part for view in zone)
        if panel.mending and (panel.waiting or not stands):
            panel.give_up()

    def _field_chosen(self) -> None:
        """Show on the page where the field stands, when the page is shown."""
        visit, row = self.visit, self.table.chosen
        cells = cells_of(visit, row.name) if visit and row else None
        self.papers.point_at(place_of(visit, cells.view) if visit and cells else None)
        self.offer_changed.emit()

    # -- what is shown ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        side = as_role(QFrame(), "right")
        side.setMinimumWidth(LEAST_SIDE_PX)
        self._head = IdentifyHead()
        column = QVBoxLayout(side)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._head)
        column.addWidget(self.table, 1)
        column.addWidget(self._build_tools())
        column.addStretch(0)
        for panel in (self.lines, self.correction, self.reasons):
            column.addWidget(panel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.stage, 1)
        row.addWidget(side, 1)

    def _build_tools(self) -> QWidget:
        """What can be done with the printed lines, beside them."""
        self._tools = QWidget()
        self._remarks = label("", "caption", "look", wrap=True)
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for command in (Command.CORRECT, Command.TYPE_MRZ):
            row.addWidget(ActionButton(self.actions_of_window[command]))
        row.addWidget(self._remarks, 1)
        return self._tools

    def _forget(self) -> None:
        self._going_on = self._typing = self._handed_on = False
        self.entry.show_lines(())
        self.reasons.clear()
        self.correction.clear()

    def _show_room(self) -> None:
        """Divide the room below the table: one thing at a time."""
        typing = self._typing or mrz_of(self.visit) is None
        self.table.setVisible(self.table.rowCount() > 0)
        if self.entry.hasFocus() and not typing:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)  # before the entry goes: Qt would pick another
        self.lines.setVisible(typing and not self._asking)
        mends = any(row.can_mend for row in self.table.rows)
        self._tools.setVisible(mends and not self._asking and not typing)

    def _show_lines(self, before: VisitView | None) -> None:
        """Show the lines as they were taken; a number that was taken leaves the room empty again."""
        mrz, old = mrz_of(self.visit), mrz_of(before)
        lines = mrz.lines if mrz else ()
        handed_on = self.entry.was_handed_on and self.entry.lines != lines
        if handed_on or lines != (old.lines if old else ()):
            self.entry.show_lines(lines)
            self._typing = False
        if self._handed_on:
            self._typing = self._handed_on = False


_SCAN_OF = {
    AttachmentKind.LETTER: Command.SCAN_LETTER,
    AttachmentKind.PASSPORT_PAGE: Command.SCAN_PASSPORT,
}
