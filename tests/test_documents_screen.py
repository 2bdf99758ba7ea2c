"""Documents: the checklist worked page by page, by keys, on a simulated scanner."""

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from station.errors import RecordNotFound, StorageDamaged
from station.flow.events import (
    VisitChanged,
)
from station.flow.views import PageView
from station.model.checklist import ItemState
from station.model.image import PictureRef, Pixels
from station.model.record import Attachment, AttachmentKind, Override, Provenance
from station.model.specimen import Fault, FaultKind, Flaw
from station.model.visit import Step
from tests.documents import DPI, go, lay, next_text, pages, row, scan, state, turn_to
from tests.kiosk import BORIS, TODAY
from tests.window import PATIENCE_MS, Seat, window_on
from ui.actions import Command
from ui.screens.checklist_row import ItemRow
from ui.screens.sheet import Sheet
from ui.widgets.button import Button

NEEDED = ("consent", "application_form", "passport_copy", "financial_support")
"""What resources/checklists/visitor.toml marks as mandatory, in its order."""


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path, scan_dpi=DPI, practice=False) as seat:
        yield seat


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
    assert "Complete: all 4 needed items are here" in at.texts()
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
    at.until(lambda: pages(at) == [] and screen.stage.undo.isVisible() and not screen.sheet.holds_picture)
    at.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    at.until(lambda: screen.sheet.wanted == again.id)
    assert [one.id for one in pages(at)] == [again.id]


def test_a_jam_is_said_in_place_until_space_continues_behind_the_pages_that_are_safe(at: Seat) -> None:
    screen = go(at)
    lay(at, sheets=3)
    at.kiosk.simulated.props.trouble("simulated:scanner", Fault(FaultKind.JAM, at=2))
    at.until(at.window.actions_by_command[Command.SCAN_FEEDER].isEnabled)
    at.do(Command.SCAN_FEEDER)
    at.until_offered(Command.CONTINUE_SCAN)
    said = screen.stage.stopped.accessibleName()
    assert "feeder stopped" in said and "Pages that are safe: 1." in said
    assert at.told() == "", "it is said once"
    assert not screen.strip.isVisible(), "one page needs no row where the window is low"
    lay(at, sheets=2)
    at.press(Qt.Key.Key_Space)
    at.until(lambda: len(pages(at)) == 3 and not screen.scans.scanners.running)
    assert [one.page for one in pages(at, "consent")] == [1, 2, 3]
    assert screen.strip.isVisible() and screen.strip.count() == 3
    assert not screen.stage.stopped.waiting
    at.until(lambda: next_text(at).startswith("Scan: Application form"))


def test_an_empty_feeder_has_its_own_words_and_can_be_left_so(at: Seat) -> None:
    screen = go(at)
    at.kiosk.simulated.props.lay(())
    at.until(at.window.actions_by_command[Command.SCAN_FEEDER].isEnabled)
    at.do(Command.SCAN_FEEDER)
    at.until_offered(Command.CONTINUE_SCAN)
    assert "No paper lies in the feeder" in screen.stage.stopped.accessibleName()
    at.do(Command.LEAVE_STOPPED)
    at.until(lambda: next_text(at).startswith("Scan: Consent"))
    assert not screen.stage.stopped.waiting


def test_a_blank_back_is_flagged_and_goes_by_space_while_its_front_stays(at: Seat) -> None:
    screen = go(at)
    lay(at)
    at.until(at.window.actions_by_command[Command.SCAN_DUPLEX].isEnabled)
    at.do(Command.SCAN_DUPLEX)
    at.until(lambda: next_text(at) == "Remove the blank page")
    front, back = pages(at, "consent")
    assert screen.sheet.wanted == back.id and back.back and front.sheet == back.sheet
    assert "Looks blank" in at.texts()
    at.press(Qt.Key.Key_Space)
    at.until(lambda: [one.id for one in pages(at)] == [front.id])
    at.until(lambda: next_text(at).startswith("Scan: Application form"))


# -- questions and the waiver ----------------------------------------------------------------------------------


def test_y_and_n_answer_the_question_of_the_chosen_item_and_take_the_answer_back(at: Seat) -> None:
    screen = go(at, BORIS.application_number)
    turn_to(at, "caq")
    assert row(screen, "caq").question.isVisible()
    at.press(Qt.Key.Key_Y)
    at.until(lambda: state(at, "caq") is ItemState.MISSING and row(screen, "caq").question.yes.isChecked())
    at.press(Qt.Key.Key_Y)
    at.until(
        lambda: state(at, "caq") is ItemState.UNDECIDED and not row(screen, "caq").question.yes.isChecked()
    )


def test_after_a_no_the_item_folds_away_and_the_next_question_comes(at: Seat) -> None:
    screen = go(at, BORIS.application_number)
    turn_to(at, "caq")
    before = len([one for one in screen.checklist.findChildren(ItemRow) if one.isVisible()])
    at.press(Qt.Key.Key_N)
    at.until(lambda: row(screen, "study_plan").button.isChecked())
    assert not row(screen, "caq").isVisible()
    assert len([one for one in screen.checklist.findChildren(ItemRow) if one.isVisible()]) == before - 1
    fold = next(one for one in at.window.findChildren(Button) if one.text().startswith("Not needed: "))
    at.qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    assert row(screen, "caq").isVisible()


def test_what_was_not_brought_makes_the_waiver_needed_and_says_why(at: Seat) -> None:
    screen = go(at)
    assert not row(screen, "waiver").isVisible()
    for view in at.kiosk.visit.items:
        if view.needed:
            at.kiosk.station.waive_item(view.item.id, "will_be_sent")
    at.until(lambda: next_text(at).startswith("Scan: Waiver form"))
    assert row(screen, "waiver").isVisible()
    assert "something needed was not brought" in row(screen, "waiver").button.accessibleName()
    assert "Not brought: 4" in at.texts()


def test_too_few_pages_can_be_noted_as_not_brought(at: Seat) -> None:
    screen = go(at)
    at.kiosk.do(lambda: at.kiosk.station.answer("translation", True), VisitChanged)
    turn_to(at, "translations")
    lay(at)
    scan(at, Command.SCAN_PAGE, 1)
    at.until(lambda: row(screen, "translations").button.accessibleName().endswith("Pages: 1 of 2"))
    at.do(Command.NOT_BROUGHT)
    at.press(Qt.Key.Key_2)
    at.until(lambda: at.window.primary_now is screen.verdict.reasons.take)
    at.press(Qt.Key.Key_Space)
    at.until(lambda: state(at, "translations") is ItemState.NOT_BROUGHT)


# -- not brought, and the next applicant -----------------------------------------------------------------------


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
    assert "0 of 5 needed items are here" in at.texts()


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
