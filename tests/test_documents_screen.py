"""Documents: the checklist worked page by page, by keys, on a simulated scanner."""

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from station.errors import RecordNotFound, StorageDamaged
from station.flow.views import PageView
from station.model.checklist import ItemState
from station.model.image import PictureRef, Pixels
from station.model.record import Attachment, AttachmentKind, Override, Provenance
from station.model.specimen import Fault, FaultKind, Flaw, Paper, PaperKind
from station.model.visit import Step
from tests.kiosk import ANNA, BORIS, TODAY
from tests.window import PATIENCE_MS, Seat, window_on
from ui.actions import Command
from ui.screens.documents import DocumentsScreen
from ui.screens.sheet import Sheet

NEEDED = ("consent", "application_form", "passport_copy", "financial_support")
"""What resources/checklists/visitor.toml marks as mandatory, in its order."""

DPI = 200
"""Below 190 dpi a page is refused, from 250 on it is good; between them it will do and is judged quickly."""


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path, scan_dpi=DPI, practice=False) as seat:
        yield seat


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


def test_space_scans_one_needed_item_after_the_other_and_then_goes_on(at: Seat) -> None:
    screen = go(at)
    lay(at)
    assert "Draft list" in at.texts()
    for number, item in enumerate(NEEDED, 1):
        title = next(view.item.title for view in at.kiosk.visit.items if view.item.id == item)
        at.until(lambda title=title: next_text(at).startswith(f"Scan: {title[:20]}"))
        at.press(Qt.Key.Key_Space)
        at.until(lambda number=number: len(pages(at)) == number and at.window.primary_now is not None)
        assert [one.item for one in pages(at)] == list(NEEDED[:number])
        assert screen.sheet.wanted == pages(at)[-1].id, "the page that came is the one that is shown"
    assert "4 of 4 needed are done" in at.texts()
    at.until_offered(Command.NEXT_STEP)
    at.press(Qt.Key.Key_Space)
    at.until_step(Step.REVIEW)


def test_a_blurred_page_is_scanned_again_in_its_place_or_kept_or_removed(at: Seat) -> None:
    screen = go(at)
    lay(at, flaw=Flaw.BLURRED)
    at.until(lambda: bool(next_text(at)))
    at.press(Qt.Key.Key_Space)
    at.until_offered(Command.RESCAN_PAGE)
    (bad,) = pages(at)
    assert at.kiosk.visit.items[0].state is ItemState.ATTENTION
    scan(at, Command.RESCAN_PAGE, 1)  # as blurred as before
    (again,) = pages(at)
    assert again.id != bad.id and again.page == bad.page == 1
    at.do(Command.KEEP_PAGE)
    at.press(Qt.Key.Key_3)
    at.until(lambda: at.window.primary_now is screen.verdict.reasons.take)
    at.press(Qt.Key.Key_Space)
    at.until(lambda: pages(at)[0].override is not None and next_text(at).startswith("Scan: "))
    assert (pages(at)[0].override.kind, pages(at)[0].override.reason) == (
        Override.WITHOUT_REASON, "best_of_several",
    )  # fmt: skip
    at.press(Qt.Key.Key_Delete)
    at.until(lambda: pages(at) == [] and screen.undo.isVisible() and not screen.sheet.holds_picture)
    at.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    at.until(lambda: screen.sheet.wanted == again.id and not screen.undo.isVisible())
    assert [one.id for one in pages(at)] == [again.id]


def test_a_jam_keeps_the_page_before_it_and_the_feeder_goes_on(at: Seat) -> None:
    screen = go(at)
    lay(at, sheets=3)
    at.kiosk.simulated.props.trouble("simulated:scanner", Fault(FaultKind.JAM, at=2))
    scan(at, Command.SCAN_FEEDER, 1)
    at.until(lambda: "feeder stopped" in at.told())
    assert not screen.strip.isVisible(), "one page needs no row"
    lay(at, sheets=2)
    scan(at, Command.SCAN_FEEDER, 3)
    assert [one.page for one in pages(at, "consent")] == [1, 2, 3]
    assert screen.strip.isVisible() and screen.strip.count() == 3
    at.until(lambda: next_text(at).startswith("Scan: Application form"))


def test_what_was_not_brought_is_noted_with_a_reason_and_taken_back(at: Seat) -> None:
    screen = go(at)
    at.until(lambda: bool(next_text(at)))
    at.do(Command.NOT_BROUGHT)
    at.press(Qt.Key.Key_1)
    at.until(lambda: at.window.primary_now is screen.verdict.reasons.take)
    at.press(Qt.Key.Key_Space)
    at.until(lambda: at.kiosk.visit.items[0].state is ItemState.NOT_BROUGHT)
    assert at.kiosk.visit.items[0].reason == "waiver_signed"
    at.until(lambda: at.window.actions_by_command[Command.NOT_BROUGHT].text() == "It was brought")
    at.do(Command.NOT_BROUGHT)
    at.until(lambda: at.kiosk.visit.items[0].state is ItemState.MISSING)


def test_the_next_applicant_finds_an_empty_checklist(at: Seat) -> None:
    screen = go(at)
    lay(at)
    scan(at, Command.SCAN_PAGE, 1)
    at.do(Command.LEAVE)
    at.until_step(None)
    assert not screen.sheet.holds_picture
    assert screen.strip.count() == 0
    go(at, BORIS.application_number)
    assert screen.sheet.wanted == ""
    assert "0 of 5 needed are done" in at.texts()


# -- the sheet -------------------------------------------------------------------------------------------------


class Archive:
    """Answers for pictures when the test says so."""

    def __init__(self) -> None:
        self.asked: dict[str, Future[Pixels]] = {}

    def picture(self, attachment_id: str, longest_px: int) -> Future[Pixels]:
        return self.asked.setdefault(attachment_id, Future())


def page(attachment_id: str) -> PageView:
    """A page on a record, 80 x 60 as a thumbnail."""
    origin = Provenance("d", "d", None, "simulated", "{}", "0", "officer", TODAY, True)
    ref = PictureRef("0" * 64, "image/png", 1, 1, 1)
    return PageView(
        Attachment(attachment_id, AttachmentKind.DOCUMENT, ref, origin), np.zeros((60, 80, 3), np.uint8)
    )


def shown(sheet: Sheet) -> int:
    """How wide the picture is that the sheet holds, 0 for none."""
    return sheet._picture.image.width() if sheet._picture else 0


def test_a_picture_that_comes_after_the_officer_turned_away_is_dropped(qtbot: Any) -> None:
    archive = Archive()
    sheet = Sheet(archive)  # type: ignore[arg-type]
    qtbot.addWidget(sheet)
    sheet.show_page(page("first"))
    assert shown(sheet) == 80, "the thumbnail stands in"
    sheet.show_page(page("second"))
    archive.asked["first"].set_result(np.zeros((30, 300, 3), np.uint8))
    archive.asked["second"].set_result(np.zeros((40, 400, 3), np.uint8))
    qtbot.waitUntil(lambda: not sheet.loading, timeout=PATIENCE_MS)
    assert shown(sheet) == 400


def test_a_damaged_picture_is_said_and_one_that_is_gone_is_not(qtbot: Any) -> None:
    archive = Archive()
    sheet = Sheet(archive)  # type: ignore[arg-type]
    qtbot.addWidget(sheet)
    sheet.show_page(page("gone"))
    archive.asked["gone"].set_exception(RecordNotFound(attachment="gone"))
    qtbot.waitUntil(lambda: not sheet.loading, timeout=PATIENCE_MS)
    assert sheet.holds_picture
    sheet.show_page(page("torn"))
    archive.asked["torn"].set_exception(StorageDamaged(what="picture"))
    qtbot.waitUntil(lambda: not sheet.loading, timeout=PATIENCE_MS)
    assert not sheet.holds_picture
    assert "not what was written" in sheet._empty_text
