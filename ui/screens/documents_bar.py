"""What can be done on the documents screen now, and what of it the bottom bar shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from station.flow.views import ItemView, PageView, Undoable, VisitView
from station.model.capability import Source
from station.model.checklist import ItemState
from station.model.record import AttachmentKind
from ui.actions import Actions, Command
from ui.screens.documents_offer import Next, Todo, next_todo
from ui.screens.documents_stage import DocumentsStage
from ui.screens.scan_watch import ScanWatch
from ui.screens.screen import Offer
from ui.screens.word_buttons import command_on
from ui.wording.names import name

SCANS: dict[Command, Source | None] = {
    Command.SCAN_PAGE: None,
    Command.SCAN_FEEDER: Source.FEEDER,
    Command.SCAN_DUPLEX: Source.DUPLEX,
}
"""Where each command takes paper from; None is the usual place of its kind."""

_CAN_LACK = (ItemState.MISSING, ItemState.TOO_FEW, ItemState.NOT_BROUGHT)

_SHORT, _SHORTER = 30, 16
"""Letters of an item's title that fit into the large button, and beside the progress of a scan."""


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What the officer looks at: an item, its pages, and one of them."""

    visit: VisitView
    item: ItemView | None
    page: PageView | None
    pages: Sequence[PageView]


class DocumentsBar(QObject):
    """Works out which commands can be had and which of them is the primary one."""

    def __init__(self, parent: QObject, actions: Actions, stage: DocumentsStage, scans: ScanWatch) -> None:
        """Offer nothing yet."""
        super().__init__(parent)
        self.next = Next(Todo.WAIT)
        self.go, self.remove_blank = QAction(parent), QAction(self.tr("Remove the blank page"), parent)
        self.remove_blank.setProperty("icon_name", "delete")
        self._actions, self._stage, self._scans = actions, stage, scans

    def usable(self, looked: Looked) -> set[Command]:
        """Return what can be done now; texts of the commands follow."""
        return {Command.NEXT_STEP, *self._stage.tools.usable(), *self._for_item(looked), *self._for_all(looked)}

    def offer(self, looked: Looked) -> Offer:
        """Return what the bottom bar shows."""
        scanners = self._scans.scanners
        self.next = next_todo(
            looked.visit,
            None if self._scans.follows else looked.page,
            stopped=self._stage.stopped.waiting and not scanners.asked,
            scanned_now=scanners.scanned_now,
        )
        actions, todo, following = self._actions, self.next.todo, self.next.item
        keep, drop, again = (
            actions[command] for command in (Command.KEEP_PAGE, Command.DROP_PAGE, Command.RESCAN_PAGE)
        )
        fixed = {
            Todo.CONTINUE: Offer(actions[Command.CONTINUE_SCAN], "", (actions[Command.LEAVE_STOPPED],)),
            Todo.REMOVE_BLANK: Offer(self.remove_blank, "", (keep, again)),
            Todo.SCAN_AGAIN: Offer(again, "", (keep, drop)),
        }
        if todo in fixed:
            return fixed[todo]
        which = scanners.free if scanners.running else scanners.offered
        had = which(looked.item.sources) if looked.item else frozenset()
        side = tuple(actions[c] for c, source in SCANS.items() if had and (source is None or source in had))
        if following is None:
            return Offer(actions[Command.NEXT_STEP] if todo is Todo.GO_ON else None, "", side)
        if todo is Todo.ANSWER and following is looked.item:
            return Offer(None, self.tr("Answer the question: Y is yes, N is no."), side)
        self._name_next(following)
        source = self.source_for(following) if todo is Todo.SCAN else None
        return Offer(self.go, name(source) if source else "", side)

    def source_for(self, following: ItemView) -> Source | None:
        """Return where the officer took paper from last, if this item's may lie there."""
        free = self._scans.scanners.free(following.sources)
        return self._scans.source if self._scans.source in free else None

    def scanning_action(self) -> QAction | None:
        """Return the primary action when it scans, else the one for a page; None while none can be had."""
        again, on = self._actions[Command.RESCAN_PAGE], self._actions[Command.CONTINUE_SCAN]
        by_todo = {Todo.SCAN: self.go, Todo.SCAN_AGAIN: again, Todo.CONTINUE: on}
        wanted = by_todo.get(self.next.todo, self._actions[Command.SCAN_PAGE])
        return wanted if wanted.isEnabled() else None

    def _for_item(self, looked: Looked) -> set[Command]:
        item = looked.item
        free = self._scans.scanners.free(item.sources) if item else frozenset()
        usable = {command for command, source in SCANS.items() if free and (source is None or source in free)}
        if looked.pages:
            usable.add(Command.SAVE_ITEM)
            usable |= {Command.RESCAN_PAGE} if free else set()
        if looked.page is not None:
            usable.add(command_on(looked.page.attachment))
        if item is not None and item.state in _CAN_LACK:
            usable.add(Command.NOT_BROUGHT)
        if item is not None and item.question is not None:
            usable |= {Command.ANSWER_YES, Command.ANSWER_NO}
        brought = item is None or item.state is not ItemState.NOT_BROUGHT
        text = self.tr("Not brought") if brought else self.tr("It was brought")
        self._actions[Command.NOT_BROUGHT].setText(text)
        self._stage.head.show_not_brought(Command.NOT_BROUGHT in usable)
        return usable

    def _for_all(self, looked: Looked) -> set[Command]:
        visit, usable = looked.visit, set()
        if visit.checklist is not None:
            usable |= {Command.PRINT_CHECKLIST, Command.PRINT_SEPARATORS}
        if visit.of_kind(AttachmentKind.DOCUMENT):
            usable.add(Command.SAVE_RECORD)
        if visit.undoable is not Undoable.NOTHING:
            usable.add(Command.UNDO)
        if self._stage.stopped.waiting and not self._scans.scanners.asked:
            usable |= {Command.CONTINUE_SCAN, Command.LEAVE_STOPPED}
        self._actions[Command.UNDO].setText(name(visit.undoable))
        self._stage.show_undo(Command.UNDO in usable)
        return usable

    def _name_next(self, following: ItemView) -> None:
        title = following.item.title
        room = _SHORTER if self._scans.scanners.running else _SHORT
        short = title if len(title) <= room else title[: room - 1].rstrip(" ,") + "…"
        texts = {
            Todo.LOOK: (self.tr("Look at: {title}"), "look"),
            Todo.ANSWER: (self.tr("Answer: {title}"), "info"),
            Todo.SCAN: (self.tr("Scan: {title}"), "scanner"),
        }
        text, icon = texts[self.next.todo]
        self.go.setText(text.format(title=short).replace("&", "&&"))
        self.go.setProperty("icon_name", icon)
        free = self._scans.scanners.free(following.sources)
        self.go.setEnabled(self.next.todo is not Todo.SCAN or bool(free))
