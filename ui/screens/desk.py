"""The desk: who comes next. One search box, today's list, and the ways into a visit."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout

from station.flow.events import DevicesChanged, Event, ImportEnded, Listed
from station.flow.listing import Listing
from station.flow.station import Station
from station.flow.views import VisitView
from station.model.record import AttachmentKind, RecordState
from ui.actions import Actions, Command
from ui.screens.commands import Commands
from ui.screens.import_outcome import ImportOutcome
from ui.screens.listings import ListingTable, Section
from ui.screens.printed_lines import lines_wanted
from ui.screens.screen import Offer, Screen
from ui.theme import RESOURCES
from ui.widgets.button import ActionButton
from ui.widgets.empty_state import EmptyState
from ui.widgets.search_box import SearchBox

EXAMPLE_LIST = RESOURCES / "rehearsals" / "day.csv"
"""Invented people of a day; offered while the devices are simulated."""


class DeskScreen(Screen):
    """Shown while no visit is in hand. The search box has the focus: what a hand scanner types lands there."""

    def __init__(self, station: Station, actions: Actions, kiosk: str) -> None:
        """Start without a list; `kiosk` is this station's own name."""
        super().__init__(station, actions)
        self._listed: Listed | None = None
        self._simulated = False
        self._file: Path | None = None
        self._can_take_good = False
        self._held: tuple[str, ...] = ()
        self._filtered = False
        self._commands = Commands(
            self,
            actions,
            {
                Command.SCAN_PAPERS: lambda: station.scan(AttachmentKind.LETTER),
                Command.OPEN_RECORD: self._open,
                Command.WITH_OVERRIDES: self._turn_filter,
                Command.IMPORT: self._ask_for_list,
                Command.TAKE_GOOD_LINES: self._take_good_lines,
                Command.EXAMPLE_LIST: lambda: self.take_list(EXAMPLE_LIST),
            },
        )
        self.search = SearchBox(self.tr("Name, application number or passport number"))
        self.table = ListingTable(kiosk)
        self._none_yet = EmptyState("calendar", "", "", self._commands[Command.EXAMPLE_LIST])
        self._nothing = EmptyState(
            "search",
            self.tr("No application fits"),
            self.tr("Check the number, or search by the beginning of the name."),
        )
        self._no_overrides = EmptyState(
            "good",
            self.tr("No overrides today"),
            self.tr("No picture was decided on against its measures."),
        )
        self.filter = ActionButton(self._commands[Command.WITH_OVERRIDES])
        self.filter.setCheckable(True)
        self._pages = QStackedWidget()
        for page in (self.table, self._none_yet, self._nothing, self._no_overrides):
            self._pages.addWidget(page)
        self.outcome = ImportOutcome(self._commands[Command.TAKE_GOOD_LINES])
        self._build()
        self._connect()
        self._show_list()

    def show_visit(self, visit: VisitView | None) -> None:
        """Forget the search when a visit begins: the next applicant starts afresh."""
        if visit is not None and self.visit is None:
            self._listed = None
            self._filter(on=False)
            self._held = ()
            self.search.clear()
            self._close_outcome()
            self._show_list()
        super().show_visit(visit)

    def hear(self, event: Event) -> None:
        """Show answers to what stands in the box now, devices, and what came of an import."""
        if isinstance(event, Listed):
            asked = event.query.strip() == self.search.text().strip()
            if asked and event.overridden is self._filtered:
                self._listed = event
                self._show_list()
        elif isinstance(event, DevicesChanged):
            self._simulated = any(view.chosen and view.info.simulated for view in event.devices)
            self._show_list()
        elif isinstance(event, ImportEnded):
            self._filter(on=False)
            self._can_take_good = event.imported is None
            self.outcome.show_outcome(event)

    def enter(self) -> None:
        """Be ready for a name or a scan."""
        self._commands.take()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Let go of the commands."""
        self._commands.release()

    def offer(self) -> Offer:
        """Open the row that is chosen, else scan a letter; without a list, take one in."""
        chosen, practise = self.table.chosen, self._simulated and self._empty_day
        sealed = chosen is not None and chosen.state is RecordState.SEALED
        can = {
            Command.SCAN_PAPERS: True,
            Command.IMPORT: True,
            Command.WITH_OVERRIDES: True,
            Command.OPEN_RECORD: chosen is not None and not sealed,
            Command.TAKE_GOOD_LINES: self._can_take_good,
            Command.EXAMPLE_LIST: practise,
        }
        self._commands.allow(*(command for command, holds in can.items() if holds))
        for command in (Command.TAKE_GOOD_LINES, Command.EXAMPLE_LIST):
            self._commands[command].setVisible(can[command])
        scan, take_in = self._commands[Command.SCAN_PAPERS], self._commands[Command.IMPORT]
        if self._can_take_good:
            return Offer(self._commands[Command.TAKE_GOOD_LINES], "", (take_in,))
        if sealed:
            return Offer(None, self.tr("This application is sealed. Nothing is left to do."), (scan, take_in))
        if chosen is not None:
            return Offer(self._commands[Command.OPEN_RECORD], chosen.name, (scan, take_in))
        if self._empty_day:
            return Offer(take_in, "", (scan,))
        return Offer(scan, "", (take_in,))

    def take_list(self, path: Path) -> None:
        """Take in a file of expected applications."""
        self._file = path
        self._close_outcome()
        self.station.import_file(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Escape what came of an import."""
        if event.key() == Qt.Key.Key_Escape and not self.outcome.isHidden():
            self._close_outcome()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go down from the search box into the list."""
        down = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
        if down and event.type() == QEvent.Type.KeyPress and self.table.choose_first():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.search, 1)
        top.addWidget(self.filter)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(column, 1)
        row.addWidget(self.outcome)

    def _connect(self) -> None:
        self.search.installEventFilter(self)
        self.search.textEdited.connect(lambda _: self.table.choose_none())
        self.search.textChanged.connect(lambda text: self._filter(on=self._filtered and not text))
        self.search.asked.connect(self.station.search)
        self.search.entered.connect(self._submit)
        self.table.opened.connect(lambda: self._commands[Command.OPEN_RECORD].trigger())
        self.table.picked.connect(self.offer_changed)
        self.table.left_upwards.connect(self._back_to_search)
        self.table.typed.connect(self._type)
        self.outcome.closed.connect(self._close_outcome)

    @property
    def _empty_day(self) -> bool:
        """Nobody is expected, as far as today's list says."""
        listed = self._listed
        return listed is not None and not (listed.overridden or listed.query.strip() or listed.listings)

    def _show_list(self) -> None:
        listed = self._listed
        listings = listed.listings if listed else ()
        interrupted = tuple(one for one in listings if one.visit_id)
        others = tuple(one for one in listings if not one.visit_id)
        found = listed is not None and bool(listed.query.strip())
        overridden = listed is not None and listed.overridden
        rest = (
            self.tr("Found")
            if found
            else self.tr("Today, with overrides")
            if overridden
            else self.tr("Expected")
        )
        self.table.show_sections((Section(self.tr("Interrupted visits"), interrupted), Section(rest, others)))
        if self._empty_day:
            text = self.tr("Import the day's list, or scan a letter to begin.")
            if self._simulated:
                text = self.tr("Import the day's list. The devices are simulated: you can practise meanwhile.")
            self._none_yet.say(self.tr("Nobody is expected yet"), text)
            self._pages.setCurrentWidget(self._none_yet)
        else:
            none = self._no_overrides if overridden else self._nothing if found else self.table
            self._pages.setCurrentWidget(self.table if listings else none)

    def _turn_filter(self) -> None:
        """Show only what has overrides, or the whole list again; the box is empty then."""
        self._filter(on=not self._filtered)
        self.search.clear()
        if self._filtered:
            self.station.list_overridden()
        else:
            self.station.list_today()

    def _filter(self, *, on: bool) -> None:
        self._filtered = on
        self.filter.setChecked(on)

    def _submit(self, text: str) -> None:
        """Hand on what was closed with Enter; of a passport that a reader types line by line, all lines."""
        same_zone = bool(self._held) and abs(len(text) - len(self._held[0])) <= 1
        lines = (*self._held, text) if same_zone else (text,)
        if len(lines) < lines_wanted(lines):
            self._held = lines
            self.search.clear()
            return
        self._held = ()
        self.station.submit("\n".join(lines))

    def _open(self) -> None:
        chosen: Listing | None = self.table.chosen
        if chosen is None:
            return
        if chosen.visit_id:
            self.station.resume(chosen.visit_id)
        else:
            self.station.open_record(chosen.record_id)

    def _ask_for_list(self) -> None:
        dialog = QFileDialog(self, self.tr("Import the day's list"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Lists (*.csv *.json)"))
        dialog.fileSelected.connect(lambda name: self.take_list(Path(name)))
        dialog.finished.connect(lambda _: self.offer_changed.emit())
        dialog.open()

    def _take_good_lines(self) -> None:
        if self._file is not None:
            self._can_take_good = False
            self.station.import_file(self._file, keep_good=True)

    def _close_outcome(self) -> None:
        self._can_take_good = False
        self.outcome.hide()
        self.offer_changed.emit()

    def _back_to_search(self) -> None:
        self.table.choose_none()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _type(self, text: str) -> None:
        self._back_to_search()
        self.search.insert(text)
