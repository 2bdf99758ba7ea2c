"""Documents: the category's checklist, each item scanned and judged page by page."""

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station.flow.events import DevicesChanged, Event, Job, JobEnded, Trouble
from station.flow.station import Station
from station.flow.views import ItemView, PageView, VisitView
from station.model.capability import DeviceKind, ScannerCapabilities, Source
from station.model.checklist import ItemState
from station.model.quality import Verdict
from station.model.record import AttachmentKind, Override, OverrideNote
from station.model.visit import Step
from ui.actions import Actions, Command
from ui.screens.checklist import ChecklistColumn
from ui.screens.commands import Commands
from ui.screens.screen import Offer, Screen
from ui.screens.sheet import Sheet
from ui.screens.verdict import VerdictColumn, standing
from ui.theme import as_role
from ui.widgets.button import ActionButton
from ui.widgets.page_strip import PageStrip
from ui.widgets.words import ElidedLabel, IconView, label
from ui.wording.names import mark
from ui.wording.remarks import KEEP_REASONS, WAIVE_REASONS, reason

_BEST_OF_SEVERAL = "best_of_several"
"""The one reason of `KEEP_REASONS` that cannot be seen on the page."""

_SHORT = 30
"""Letters of an item's title that fit into the large button."""


class DocumentsScreen(Screen):
    """The item and the page that the officer looks at, and the next thing that is missing.

    Both are found anew with every `VisitChanged`: a page that just came is turned to by itself.
    """

    step = Step.DOCUMENTS

    def __init__(self, station: Station, actions: Actions) -> None:
        """Build the widgets; no item is chosen."""
        super().__init__(station, actions)
        self._item = ""
        self._page = ""
        self._dropped: list[str] = []
        self._waiving = self._scanning = False
        self._source: Source | None = None
        self._feeder = True
        self._next = QAction(self)
        self._next.triggered.connect(self._go_on_with_next)
        self._commands = Commands(
            self,
            actions,
            {
                Command.SCAN_PAGE: self._scan,
                Command.SCAN_FEEDER: lambda: self._scan(Source.FEEDER),
                Command.RESCAN_PAGE: self._scan_again,
                Command.DROP_PAGE: self._drop,
                Command.RESTORE_PAGE: station.restore,
                Command.KEEP_PAGE: self._ask_why_kept,
                Command.NOT_BROUGHT: self._turn_not_brought,
                Command.NEXT_STEP: lambda: station.enter(Step.REVIEW),
            },
        )
        self._build()

    def _build(self) -> None:
        actions = self.actions_of_window
        self.checklist = ChecklistColumn()
        self.checklist.chosen.connect(self._turn_to)
        self._icon = IconView("to_do", "quiet", 24)
        self._title = ElidedLabel("", "heading")
        self._state = ElidedLabel("", "quiet")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._state)
        head = as_role(QFrame(), "plain")
        head.setFixedHeight(64)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        self._tools = [
            ActionButton(actions[command], "icon")
            for command in (Command.RESCAN_PAGE, Command.KEEP_PAGE, Command.DROP_PAGE)
        ]
        for tool in self._tools:
            row.addWidget(tool)
        self.sheet = Sheet(self.station)
        self.strip = PageStrip(self.tr("Pages of this item"))
        self.strip.chosen.connect(self._look_at)
        self.strip.removal_wanted.connect(self._drop)
        self.undo = QWidget()
        undo = QHBoxLayout(self.undo)
        undo.setContentsMargins(16, 4, 16, 4)
        undo.addWidget(label(self.tr("A page was removed."), "quiet"))
        undo.addWidget(ActionButton(actions[Command.RESTORE_PAGE], "quiet"))
        undo.addStretch(1)
        self.verdict = VerdictColumn(self.tr("The verdict on a page stands here as soon as it is scanned."))
        self.verdict.quality.region_asked.connect(self.sheet.point_at)
        self.verdict.reasons.changed.connect(self._reasons_changed)
        self.verdict.reasons.chosen.connect(self._answered)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addWidget(head)
        centre.addWidget(self.sheet, 1)
        centre.addWidget(self.undo)
        centre.addWidget(self.strip)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.checklist)
        columns.addLayout(centre, 1)
        columns.addWidget(self.verdict)

    # -- what comes in ----------------------------------------------------------------------------------------

    def show_visit(self, visit: VisitView | None) -> None:
        """Show the documents of this visit, and turn to a page that just came."""
        before = self.visit
        super().show_visit(visit)
        if visit is None or before is None or before.visit_id != visit.visit_id:
            self._item = self._page = ""
            self._dropped, self._source, self._scanning = [], None, False
            self.verdict.clear()
            self.sheet.show_page(None)
        else:
            self._compare(_documents(before), _documents(visit))
        if visit is not None and not self._known(self._item):
            first = self._next_item() or (visit.items[0] if visit.items else None)
            self._item = first.item.id if first else ""
        self._render()

    def _compare(self, before: dict[str, str], now: dict[str, str]) -> None:
        """Turn to a page that just came; remember one that was taken away and not replaced."""
        new = [attachment for attachment in now if attachment not in before]
        if new:
            self._item, self._page = now[new[-1]], new[-1]
            self.verdict.reasons.give_up()
        else:
            self._dropped += [attachment for attachment in before if attachment not in now]
        self._dropped = [attachment for attachment in self._dropped if attachment not in now]

    def hear(self, event: Event) -> None:
        """Follow the scanner."""
        if isinstance(event, Trouble) or (isinstance(event, JobEnded) and event.job is Job.SCAN):
            self._scanning = False
        if isinstance(event, DevicesChanged):
            able = [
                view.capabilities
                for view in event.devices
                if view.info.kind is DeviceKind.SCANNER and view.chosen
            ]
            sources = able[0].sources if able and isinstance(able[0], ScannerCapabilities) else None
            self._feeder = sources is None or Source.FEEDER in sources

    def enter(self) -> None:
        """Begin with what is missing."""
        self._commands.take()
        missing = self._next_item()
        if missing is not None and not self._pages():
            self._item = missing.item.id
        self._render()
        self.checklist.focus_on(self._item)

    def leave(self) -> None:
        """Forget the open question."""
        self._commands.release()
        self._scanning = False
        self.verdict.reasons.give_up()

    # -- what is shown ----------------------------------------------------------------------------------------

    def _known(self, item: str) -> bool:
        return self.visit is not None and any(view.item.id == item for view in self.visit.items)

    def _selected(self) -> ItemView | None:
        items = self.visit.items if self.visit else ()
        return next((view for view in items if view.item.id == self._item), None)

    def _next_item(self) -> ItemView | None:
        """Return what keeps from going on: an item with a bad page, then the first needed one that lacks."""
        items = self.visit.items if self.visit else ()
        bad = [view for view in items if view.state is ItemState.ATTENTION]
        missing = [view for view in items if view.state is ItemState.MISSING and view.item.mandatory]
        return next(iter(bad + missing), None)

    def _pages(self) -> tuple[PageView, ...]:
        documents = self.visit.of_kind(AttachmentKind.DOCUMENT) if self.visit else ()
        return tuple(page for page in documents if page.attachment.item == self._item)

    def _shown(self) -> PageView | None:
        """Return the page that is looked at: the one turned to, else the worst, else the first."""
        pages = self._pages()
        chosen = [page for page in pages if page.attachment.id == self._page]
        return next(iter([*chosen, *(page for page in pages if _bad(page)), *pages]), None)

    def _render(self) -> None:
        visit, selected, page, pages = self.visit, self._selected(), self._shown(), self._pages()
        self.checklist.show_items(
            visit.items if visit else (),
            self._item,
            unverified=visit is not None and visit.checklist_unverified,
        )
        self._page = page.attachment.id if page else ""
        self.strip.set_pages(pages)
        self.strip.select(self._page)
        self.strip.setVisible(len(pages) > 1)
        self.undo.setVisible(bool(self._dropped))
        self.sheet.say(self._what_next(selected))
        name = selected.item.title if selected else ""
        self.sheet.show_page(page, name)
        self.verdict.quality.show_report(page.attachment.report if page else None)
        self._title.setText(name)
        if page is not None:
            icon, tone, told = standing(page)
            place = self.tr("page {number} of {all}").format(number=pages.index(page) + 1, all=len(pages))
            self._state.setText(f"{told}  ·  {place}" if len(pages) > 1 else told)
        else:
            shown = mark(selected.state) if selected else mark(ItemState.MISSING)
            icon, tone = shown.icon, shown.tone
            self._state.setText(shown.word if selected else "")
        self._icon.show_icon(icon, tone)

    def _what_next(self, selected: ItemView | None) -> str:
        if selected is None:
            return self.tr("No checklist fits this application. Go on to the review.")
        if selected.state is ItemState.NOT_BROUGHT:
            return self.tr("Not brought: {reason}").format(reason=reason(selected.reason))
        text = self.tr("Lay this on the glass and scan it, or put all its pages into the feeder:\n\n{title}")
        return text.format(title=selected.item.title)

    # -- what can be done -------------------------------------------------------------------------------------

    def offer(self) -> Offer:
        """Offer to mend a bad page, then to scan what is missing, then to go on."""
        visit, page, selected = self.visit, self._shown(), self._selected()
        self._commands.allow()
        if visit is None or visit.sealed or self._scanning:
            return Offer(None)
        reasons = self.verdict.reasons
        if reasons.asking:
            return Offer(reasons.take, reasons.hint)
        actions, usable = self.actions_of_window, {Command.NEXT_STEP}
        if selected is not None:
            usable |= {Command.SCAN_PAGE} | ({Command.SCAN_FEEDER} if self._feeder else set())
        if selected is not None and not selected.pages:
            usable.add(Command.NOT_BROUGHT)
        if page is not None:
            usable |= {Command.RESCAN_PAGE, Command.DROP_PAGE, Command.KEEP_PAGE}
        if self._dropped:
            usable.add(Command.RESTORE_PAGE)
        brought = selected is None or selected.state is not ItemState.NOT_BROUGHT
        actions[Command.NOT_BROUGHT].setText(self.tr("Not brought") if brought else self.tr("It was brought"))
        self._commands.allow(*usable)
        if page is not None and _bad(page):
            return Offer(
                actions[Command.RESCAN_PAGE], "", (actions[Command.KEEP_PAGE], actions[Command.DROP_PAGE])
            )
        side = (Command.SCAN_PAGE, Command.SCAN_FEEDER, Command.NOT_BROUGHT)
        secondary = tuple(actions[command] for command in side if command in usable)
        following = self._next_item()
        if following is None:
            return Offer(actions[Command.NEXT_STEP], "", secondary)
        self._name_next(following)
        fed = self._source is Source.FEEDER and following.state is ItemState.MISSING
        return Offer(self._next, self.tr("From the feeder") if fed else "", secondary)

    def _name_next(self, following: ItemView) -> None:
        title = following.item.title
        short = title if len(title) <= _SHORT else title[: _SHORT - 1].rstrip(" ,") + "…"
        look = following.state is ItemState.ATTENTION
        text = self.tr("Look at: {title}") if look else self.tr("Scan: {title}")
        self._next.setText(text.format(title=short).replace("&", "&&"))
        self._next.setProperty("icon_name", "look" if look else "scanner")

    def _go_on_with_next(self) -> None:
        following = self._next_item()
        if following is None:
            return
        self._turn_to(following.item.id)
        if following.state is ItemState.MISSING:
            self._scan(self._source)

    def _turn_to(self, item: str) -> None:
        self.verdict.reasons.give_up()
        self._item, self._page = item, ""
        self._changed()
        self.checklist.focus_on(item)

    def _look_at(self, attachment_id: str) -> None:
        self.verdict.reasons.give_up()
        self._page = attachment_id
        self._changed()

    def _scan(self, source: Source | None = None) -> None:
        self._source = source
        self._start(source)

    def _scan_again(self) -> None:
        self._start(None, self._page)

    def _start(self, source: Source | None, replacing: str = "") -> None:
        if not self._scanning:
            self._scanning = True
            self.station.scan(AttachmentKind.DOCUMENT, item=self._item, source=source, replacing=replacing)
            self.offer_changed.emit()

    def _drop(self, attachment_id: str = "") -> None:
        if gone := attachment_id or self._page:
            self.station.drop(gone)

    def _ask_why_kept(self) -> None:
        self._waiving = False
        self.verdict.reasons.ask(self.tr("Why is this page kept?"), self.tr("Keep this page"), KEEP_REASONS)

    def _turn_not_brought(self) -> None:
        selected = self._selected()
        if selected is None:
            return
        if selected.state is ItemState.NOT_BROUGHT:
            self.station.claim_item(self._item)
            return
        self._waiving = True
        title = self.tr("Why is this not here? {item}").format(item=selected.item.title)
        self.verdict.reasons.ask(title, self.tr("Note as not brought"), WAIVE_REASONS, note=False)

    def _answered(self, code: str, note: str) -> None:
        if self._waiving:
            self.station.waive_item(self._item, code)
        elif self._page:
            kind = Override.WITHOUT_REASON if code == _BEST_OF_SEVERAL else Override.OBVIOUS
            self.station.keep(self._page, OverrideNote(kind, code, note))

    def _reasons_changed(self) -> None:
        if self.isVisible() and not self.verdict.reasons.asking:
            self.checklist.focus_on(self._item)
        self.offer_changed.emit()

    def _changed(self) -> None:
        self._render()
        self.offer_changed.emit()


def _documents(visit: VisitView) -> dict[str, str]:
    """Return the documents on the record: attachment and item."""
    return {a.id: a.item for a in visit.record.of_kind(AttachmentKind.DOCUMENT)}


def _bad(page: PageView) -> bool:
    report = page.attachment.report
    return report is not None and report.verdict is Verdict.FAIL and page.attachment.override is None
