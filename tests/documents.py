"""The documents screen on a simulated scanner, as the tests work it."""

from typing import Any

from station.model.checklist import ItemState
from station.model.record import AttachmentKind
from station.model.specimen import Flaw, Paper, PaperKind
from station.model.visit import Step
from tests.kiosk import ANNA
from tests.window import Seat
from ui.actions import Command
from ui.screens.checklist_row import ItemRow
from ui.screens.documents import DocumentsScreen

DPI = 200
"""Below 190 dpi a page is refused, from 250 on it is good; between them it will do and is judged quickly."""


def go(at: Seat, number: str = ANNA.application_number) -> DocumentsScreen:
    """Open a visit and go to its documents."""
    at.open(number)
    at.kiosk.station.enter(Step.DOCUMENTS)
    at.until_step(Step.DOCUMENTS)
    assert isinstance(at.screen, DocumentsScreen)
    return at.screen


def lay(at: Seat, sheets: int = 1, flaw: Flaw | None = None) -> None:
    """Lay forms out."""
    paper = Paper(PaperKind.FORM, at.kiosk.visit.record, (flaw,) if flaw else (), "Form")
    at.kiosk.simulated.props.lay((paper,) * sheets)


def pages(at: Seat, item: str = "") -> list[Any]:
    """The documents on the record, of one item or of all."""
    documents = at.kiosk.visit.record.of_kind(AttachmentKind.DOCUMENT)
    return [document for document in documents if item in ("", document.item)]


def scan(at: Seat, command: Command, count: int) -> None:
    """Give a command and wait until this many pages are shown and something can be done again."""
    at.until(at.window.actions_by_command[command].isEnabled)
    at.do(command)
    at.until(lambda: len(pages(at)) == count and at.window.primary_now is not None)


def next_text(at: Seat) -> str:
    return at.window.primary_now.text() if at.window.primary_now else ""


def state(at: Seat, item: str) -> ItemState:
    return next(view.state for view in at.kiosk.visit.items if view.item.id == item)


def turn_to(at: Seat, item: str) -> DocumentsScreen:
    """Choose an item as a press on its row does."""
    assert isinstance(at.screen, DocumentsScreen)
    at.screen.checklist.chosen.emit(item)
    return at.screen


def row(screen: DocumentsScreen, item: str) -> ItemRow:
    return next(one for one in screen.checklist.findChildren(ItemRow) if one.item_id == item)


def feed(at: Seat, sheets: int) -> list[str]:
    """Feed a pile to the chosen item and return the ids of its pages once they are shown."""
    before = len(pages(at))
    lay(at, sheets)
    at.until(at.window.actions_by_command[Command.SCAN_FEEDER].isEnabled)
    at.do(Command.SCAN_FEEDER)
    assert isinstance(at.screen, DocumentsScreen)
    scans = at.screen.scans
    at.until(lambda: len(pages(at)) == before + sheets and not scans.scanners.running)
    return [one.id for one in pages(at)][before:]


def ids(at: Seat, item: str) -> list[str]:
    return [page.attachment.id for page in at.kiosk.visit.pages if page.attachment.item == item]
