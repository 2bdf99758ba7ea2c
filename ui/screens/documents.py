"""Documents: the category's checklist, each item scanned and judged page by page."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout

from station.flow.events import Event, Job, JobEnded
from station.flow.station import Station
from station.flow.views import ItemView, PageView, VisitView
from station.model.capability import Source
from station.model.checklist import ItemState
from station.model.quality import Status
from station.model.record import Attachment, AttachmentKind
from station.model.visit import Step
from ui.actions import Actions, Command
from ui.screens.checklist import ChecklistColumn
from ui.screens.commands import Commands
from ui.screens.documents_bar import SCANS, DocumentsBar, Looked
from ui.screens.documents_offer import Todo, is_blank, needs_eye, next_question, next_todo
from ui.screens.documents_stage import DocumentsStage
from ui.screens.documents_whys import Whys
from ui.screens.page_moves import PageMoves, documents_of
from ui.screens.paperwork import Paperwork
from ui.screens.scan_watch import FOLLOWED, ScanWatch
from ui.screens.screen import Offer, Screen
from ui.wording.remarks import reason

_REST_MS = 600
"""A page that is looked at so long while others come in is brought whole; before, its small picture does."""

_ONCE = (Command.ANSWER_YES, Command.ANSWER_NO, Command.STRAIGHTEN, Command.CROP, Command.PAIR_PAGES)
"""Commands that take themselves back when given twice: a key that is held down gives them once."""


class DocumentsScreen(Screen):
    """The item and the page that the officer looks at, and the next thing that is missing.

    Both are found anew with every `VisitChanged`. A page that comes from the scanner that the officer follows
    is turned to by itself, until the officer turns to another one.
    """

    step = Step.DOCUMENTS
    hears_always = FOLLOWED
    works_beside = frozenset({Job.SCAN, Job.EXPORT})

    def __init__(self, station: Station, actions: Actions) -> None:
        """Build the widgets; no item is chosen."""
        super().__init__(station, actions)
        self._item = self._page = ""
        self._place = 0
        self._undoing = False
        self._after_no = ""
        self.checklist = ChecklistColumn()
        self.stage = stage = DocumentsStage(station, actions)
        self.sheet, self.strip, self.verdict = stage.sheet, stage.strip, stage.verdict
        self.scans = ScanWatch(station, stage.stopped)
        self.paperwork = Paperwork(station, self)
        self._bar = DocumentsBar(self, actions, stage, self.scans)
        self._bar.go.triggered.connect(self._do_next)
        self._bar.remove_blank.triggered.connect(lambda: station.drop([self._page]))
        self._moves = PageMoves(self, station, self.checklist, stage.move_to)
        self._whys = Whys(self, station, self.verdict.reasons)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._bring_whole)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.checklist)
        columns.addWidget(stage, 1)
        self._commands = Commands(self, actions, self._does())
        for command in _ONCE:
            actions[command].setAutoRepeat(False)
        self._connect()

    def _does(self) -> dict[Command, Callable[[], object]]:
        station, paperwork = self.station, self.paperwork
        return {
            **{command: partial(self._scan, source) for command, source in SCANS.items()},
            **self.stage.tools.does,
            Command.CONTINUE_SCAN: lambda: self.scans.go_on(self._item),
            Command.LEAVE_STOPPED: self._leave_stopped,
            Command.RESCAN_PAGE: lambda: self._scan(None, self._page),
            Command.UNDO: self._take_back,
            Command.KEEP_PAGE: self._ask_about_page,
            Command.SET_ASIDE: self._ask_about_page,
            Command.NOT_BROUGHT: self._turn_not_brought,
            Command.ANSWER_YES: lambda: self._answer(True),
            Command.ANSWER_NO: lambda: self._answer(False),
            Command.MOVE_UP: partial(self._carry, -1),
            Command.MOVE_DOWN: partial(self._carry, 1),
            Command.SAVE_ITEM: lambda: paperwork.save([self._item]),
            Command.SAVE_RECORD: lambda: paperwork.save([]),
            Command.PRINT_CHECKLIST: partial(self._print, paperwork.print_checklist),
            Command.PRINT_SEPARATORS: partial(self._print, paperwork.print_separators),
            Command.NEXT_STEP: lambda: station.enter(Step.REVIEW),
        }

    def _connect(self) -> None:
        station, strip, stage = self.station, self.strip, self.stage
        self.checklist.chosen.connect(self._turn_to)
        self.checklist.answered.connect(self._give)
        strip.chosen.connect(self._look_at)
        strip.removal_wanted.connect(stage.tools.drop)
        strip.turn_wanted.connect(station.turn)
        strip.move_wanted.connect(lambda ids, place: station.move(ids, self._item, place))
        strip.selection_changed.connect(lambda _: self.offer_changed.emit())
        stage.tools.move_asked.connect(self._ask_where_to)
        stage.move_to.closed.connect(lambda: self.checklist.focus_on(self._item))
        stage.verdict.reasons.changed.connect(self._reasons_changed)
        self.scans.came.connect(self._render)
        self.scans.ended.connect(self._settle)
        self.paperwork.closed.connect(self.offer_changed)

    # -- what comes in ----------------------------------------------------------------------------------------

    def show_visit(self, visit: VisitView | None) -> None:
        """Show the documents of this visit, and turn to a page that just came."""
        before = self.visit
        super().show_visit(visit)
        self._moves.show_visit(visit)
        if visit is None or before is None or before.visit_id != visit.visit_id:
            self._begin(visit)
        else:
            self._compare(documents_of(before), documents_of(visit))
        if visit is not None and self._selected() is None:
            first = next_todo(visit, None).item or (visit.items[0] if visit.items else None)
            self._item = first.item.id if first else ""
        self._render()

    def _begin(self, visit: VisitView | None) -> None:
        self._item = self._page = self._after_no = ""
        self._undoing = False
        self.scans.begin(visit.visit_id if visit else "")
        self._rest.stop()
        self.verdict.clear()
        self.sheet.show_page(None)

    def _compare(self, before: dict[str, Attachment], now: dict[str, Attachment]) -> None:
        """Turn to what just came from the scanner that is followed, was carried along or was taken back."""
        followed = self.scans.took([page for word, page in now.items() if word not in before])
        changed = [page for page in now.values() if _place_of(before.get(page.id)) != _place_of(page)]
        if followed:
            self._see(followed[-1])
        elif self._undoing and changed:
            self._see(changed[0])
            self._undoing = False
        elif (carried := self._moves.arrived(now)) is not None:
            self._see(carried)
        selected = self._selected()
        if self._after_no and selected and selected.state is ItemState.NOT_NEEDED:
            self._item, self._page, self._after_no = self._after_no, "", ""
            self.checklist.focus_on(self._item)

    def _see(self, page: Attachment) -> None:
        self._item, self._page = page.item, page.id
        self.verdict.reasons.give_up()

    def hear(self, event: Event) -> None:
        """Follow the scanners."""
        self.scans.hear(event)

    def tells(self, event: JobEnded) -> bool:
        """Say in place what stopped a scan that can go on."""
        return self.scans.says(event)

    def enter(self) -> None:
        """Begin with what is next."""
        self._commands.take()
        following = next_todo(self.visit, None).item if self.visit else None
        if following is not None and not self._pages():
            self._item = following.item.id
        self._render()
        self.checklist.focus_on(self._item)

    def leave(self) -> None:
        """Forget the open questions."""
        self._commands.release()
        self.stage.move_to.hide()
        self.verdict.reasons.give_up()

    # -- what is shown ----------------------------------------------------------------------------------------

    def _selected(self) -> ItemView | None:
        items = self.visit.items if self.visit else ()
        return next((view for view in items if view.item.id == self._item), None)

    def _pages(self) -> tuple[PageView, ...]:
        documents = self.visit.of_kind(AttachmentKind.DOCUMENT) if self.visit else ()
        return tuple(page for page in documents if page.attachment.item == self._item)

    def _shown(self, pages: Sequence[PageView]) -> PageView | None:
        """Return the page that is looked at: the one turned to, else a flagged one, else that in its place."""
        chosen = [page for page in pages if page.attachment.id == self._page]
        near = pages[min(self._place, len(pages) - 1) :]
        return next(iter([*chosen, *filter(needs_eye, pages), *near]), None)

    def _render(self) -> None:
        visit, stage, selected, pages = self.visit, self.stage, self._selected(), self._pages()
        page = self._shown(pages)
        self._page = page.attachment.id if page else ""
        self._place = pages.index(page) if page in pages else 0
        self.checklist.show_items(
            visit.items if visit else (),
            self._item,
            unverified=visit is not None and visit.checklist_unverified,
        )
        coming = self.scans.coming.of(self._item)
        self.strip.set_pages(pages, coming)
        self.strip.select(self._page)
        stage.show_cards(len(pages) + len(coming))
        stage.tools.show_page(page, pages)
        stage.head.show_item(selected, page, pages)
        self.sheet.say(self._what_next(selected))
        self._show_page(page, selected.item.title if selected else "")

    def _show_page(self, page: PageView | None, title: str) -> None:
        """Show a page; while others come in its small picture does, until the eye rests on it."""
        newest = self.scans.newest
        self._rest.stop()
        self._show_verdict(page if newest is None else None)
        if newest is not None:
            self.stage.head.show_coming()
            self.sheet.show_still(newest, title)
        elif page is not None and self.scans.follows and self.sheet.wanted != page.attachment.id:
            self.sheet.show_still(page.thumbnail, title)
            self._rest.start()
        else:
            self.sheet.show_page(page, title)

    def _show_verdict(self, page: PageView | None) -> None:
        coming = self.scans.newest is not None
        judged, none = self.tr("The page is being judged and stored."), self.stage.no_verdict
        self.verdict.quality.set_empty_text(judged if coming else none)
        report = page.attachment.report if page else None
        if page is not None and report is not None and is_blank(page):
            # Of an empty page hardly anything can be judged: that it is empty is to stand first.
            told = tuple(f for f in report.findings if f.status is not Status.NOT_ASSESSED)
            report = replace(report, findings=told)
        self.verdict.quality.show_report(report)

    def _bring_whole(self) -> None:
        page = self._shown(self._pages())
        if page is not None and self.scans.newest is None:
            self.sheet.show_page(page, self.sheet.accessibleName())

    def _settle(self) -> None:
        """After a scan look at the first page that is flagged, else stay at the last."""
        page = next(filter(needs_eye, self._pages()), None)
        self._page = page.attachment.id if page else self._page
        self._render()

    def _what_next(self, selected: ItemView | None) -> str:
        if selected is None:
            return self.tr("No checklist fits this application. Go on to the review.")
        if selected.state is ItemState.NOT_BROUGHT:
            return self.tr("Not brought: {reason}").format(reason=reason(selected.reason))
        if selected.state is ItemState.UNDECIDED and selected.question is not None:
            return self.tr("Answer first, by Y or N:\n\n{question}").format(
                question=selected.question.question.text
            )
        if selected.state is ItemState.NOT_NEEDED:
            return self.tr("Not needed:\n\n{title}").format(title=selected.item.title)
        text = self.tr("Lay this on the glass and scan it, or put all its pages into the feeder:\n\n{title}")
        if selected.sources and not {Source.FEEDER, Source.DUPLEX} & set(selected.sources):
            text = self.tr("Lay this on the glass and scan it:\n\n{title}")
        return text.format(title=selected.item.title)

    # -- what can be done -------------------------------------------------------------------------------------

    def offer(self) -> Offer:
        """Offer to continue, to mend a flagged page, to answer, to scan what is missing, then to go on."""
        self._commands.allow()
        if self.visit is None or self.visit.sealed:
            return Offer(None)
        reasons = self.verdict.reasons
        if reasons.asking:
            return Offer(reasons.take, reasons.hint)
        pages = self._pages()
        looked = Looked(self.visit, self._selected(), self._shown(pages), pages)
        usable = self._bar.usable(looked)
        usable |= {Command.MOVE_UP} if pages and self.checklist.neighbour(self._item, -1) else set()
        usable |= {Command.MOVE_DOWN} if pages and self.checklist.neighbour(self._item, 1) else set()
        self._commands.allow(*usable)
        return self._bar.offer(looked)

    def scanning_action(self) -> QAction | None:
        """A key on a scanner does what the large button does when that scans, else it scans a page."""
        return None if self.verdict.reasons.asking else self._bar.scanning_action()

    # -- what is done -----------------------------------------------------------------------------------------

    def _do_next(self) -> None:
        todo, following = self._bar.next.todo, self._bar.next.item
        if following is None:
            return
        source = self._bar.source_for(following)
        self._turn_to(following.item.id)
        if todo is Todo.SCAN:
            self.scans.scan(following.item.id, source)
            self.offer_changed.emit()

    def _turn_to(self, item: str) -> None:
        self.verdict.reasons.give_up()
        self.scans.look_away()
        self._item, self._page, self._place = item, "", 0
        self._changed()
        self.checklist.focus_on(item)

    def _look_at(self, attachment_id: str) -> None:
        self.verdict.reasons.give_up()
        self.scans.look_away()
        self._page = attachment_id
        self._changed()

    def _scan(self, source: Source | None, replacing: str = "") -> None:
        if not replacing:
            self.scans.source = source
        self.scans.scan(self._item, source, replacing)
        self.offer_changed.emit()

    def _leave_stopped(self) -> None:
        self.stage.stopped.hide()
        self.offer_changed.emit()

    def _take_back(self) -> None:
        self._undoing = True
        self.station.undo()

    def _answer(self, answer: bool) -> None:
        """Answer the question of the item; given twice, an answer is taken back."""
        selected = self._selected()
        asked = selected.question if selected else None
        if asked is not None:
            self._give(asked.question.id, None if asked.answer is answer else answer)

    def _give(self, question: str, answer: bool | None) -> None:
        """Give an answer; after a no to the item that is looked at the next question comes."""
        selected = self._selected()
        asked = selected.question if selected else None
        if answer is False and asked is not None and asked.question.id == question:
            self._after_no = next_question(self.visit.items if self.visit else (), self._item)
        self.station.answer(question, answer)

    def _carry(self, by: int) -> None:
        self._moves.carry(self.stage.tools.chosen, self._item, by)

    def _print(self, what: Callable[[VisitView], None]) -> None:
        if self.visit is not None:
            what(self.visit)

    def _turn_not_brought(self) -> None:
        if (selected := self._selected()) is not None:
            self.stage.move_to.hide()
            self._whys.turn_not_brought(selected)

    def _ask_about_page(self) -> None:
        self.stage.move_to.hide()
        if (page := self._shown(self._pages())) is not None:
            self._whys.ask_about(page)

    def _ask_where_to(self, ids: list[str]) -> None:
        self.verdict.reasons.give_up()
        self._moves.ask(ids, self._item)

    def _reasons_changed(self) -> None:
        if self.isVisible() and not self.verdict.reasons.asking:
            self.checklist.focus_on(self._item)
        self.offer_changed.emit()

    def _changed(self) -> None:
        self._render()
        self.offer_changed.emit()


def _place_of(page: Attachment | None) -> tuple[object, ...]:
    """Return what an undo may change of a page: that it is there, where it stands, how it is shown."""
    return (page.item, page.page, page.sheet, page.adjustment) if page else ()
