"""Documents: pages put where they belong, followed while scanners work, written to files and printed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from drivers.simulated.driver import DEVICES
from drivers.simulated.props import SCANNER_ID
from station.errors import PaperJam
from station.flow.events import (
    ButtonPressed,
    FilesWritten,
    Job,
    JobEnded,
    JobProgress,
    JobStarted,
    Outcome,
    PageComing,
)
from station.flow.ports import Exported
from station.model.checklist import ItemState
from station.model.visit import Step
from tests.documents import DPI, feed, go, ids, lay, next_text, pages, row
from tests.window import Seat, window_on
from ui.actions import Command
from ui.printing.canvas import Paper as PaperSize
from ui.screens.checklist_row import ItemRow
from ui.screens.documents import DocumentsScreen
from ui.screens.paperwork import checklist_of, separators_of
from ui.widgets.button import Button


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path, scan_dpi=DPI, practice=False) as seat:
        yield seat


# -- pages where they belong -----------------------------------------------------------------------------------


def test_chosen_pages_go_to_the_item_that_letters_find_and_come_back(at: Seat) -> None:
    screen = go(at)
    a, b, c = feed(at, 3)
    screen.strip.setFocus()
    at.press(Qt.Key.Key_Home)
    at.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    at.until(lambda: screen.strip.selected_ids == [a, b])
    at.press(Qt.Key.Key_M)
    assert screen.stage.move_to.asking and "(2)" in screen.stage.move_to.accessibleName()
    at.type("financ")
    at.press(Qt.Key.Key_Return)
    at.until(lambda: ids(at, "financial_support") == [a, b] and ids(at, "consent") == [c])
    assert not screen.stage.move_to.asking
    at.until(lambda: screen.stage.undo.isVisible())
    assert screen.stage.undo.accessibleName() == "Move the pages back"
    at.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    at.until(lambda: ids(at, "consent") == [a, b, c])


def test_escape_leaves_the_question_where_pages_belong(at: Seat) -> None:
    screen = go(at)
    (a,) = feed(at, 1)
    at.press(Qt.Key.Key_M)
    assert screen.stage.move_to.asking
    at.press(Qt.Key.Key_Escape)
    assert not screen.stage.move_to.asking
    assert ids(at, "consent") == [a]


def test_alt_and_an_arrow_carry_a_page_to_the_next_item_and_the_eye_goes_along(at: Seat) -> None:
    screen = go(at)
    a, b = feed(at, 2)
    at.press(Qt.Key.Key_PageDown)
    at.until(lambda: screen.sheet.wanted == b)
    order = [view.item.id for view in at.kiosk.visit.items if view.state is not ItemState.NOT_NEEDED]
    below = order[order.index("consent") + 1]
    at.press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    at.until(lambda: ids(at, below) == [b] and row(screen, below).button.isChecked())
    assert screen.sheet.wanted == b
    at.press(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    at.until(lambda: ids(at, "consent") == [a, b])


def test_pages_dropped_onto_an_item_move_there_and_the_item_lights_up_beneath_them(at: Seat) -> None:
    screen = go(at)
    a, b = feed(at, 2)
    carried = screen.strip.pages.mimeData([screen.strip.pages.index(1)])
    onto = row(screen, "financial_support")
    at_once = (QPoint(5, 5), Qt.DropAction.MoveAction, carried, Qt.MouseButton.LeftButton)
    onto.dragEnterEvent(QDragEnterEvent(*at_once, Qt.KeyboardModifier.NoModifier))
    assert onto.button.property("tone") == "accent"
    onto.dropEvent(
        QDropEvent(QPointF(5, 5), *at_once[1:], Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    assert onto.button.property("tone") == ""
    at.until(lambda: ids(at, "financial_support") == [b] and ids(at, "consent") == [a])
    at.until(lambda: screen.sheet.wanted == a)


def test_r_turns_and_p_joins_and_parts(at: Seat) -> None:
    screen = go(at)
    a, _ = feed(at, 2)
    at.press(Qt.Key.Key_PageUp)
    at.until(lambda: screen.sheet.wanted == a)
    at.press(Qt.Key.Key_R)
    at.until(lambda: pages(at)[0].adjustment.turn == 90)
    at.until(lambda: screen.stage.undo.accessibleName() == "Turn the page back")
    assert not at.window.actions_by_command[Command.PAIR_PAGES].isEnabled(), "one page has no other side"
    screen.strip.setFocus()
    screen.strip.selectAll()
    at.until(at.window.actions_by_command[Command.PAIR_PAGES].isEnabled)
    at.press(Qt.Key.Key_P)
    at.until(lambda: at.window.actions_by_command[Command.PAIR_PAGES].text() == "Part front and back")
    assert [one.back for one in pages(at)] == [False, True]
    at.press(Qt.Key.Key_P)
    at.until(lambda: [one.sheet for one in pages(at)] == ["", ""])


# -- while scanners work ---------------------------------------------------------------------------------------

OTHER = "other:scanner"
"""A second scanner, of which these tests tell the window only."""


def begin(at: Seat, item: str) -> DocumentsScreen:
    """Let a scan of an item's pages begin on the second scanner."""
    assert isinstance(at.screen, DocumentsScreen)
    at.screen.scans.begin(at.kiosk.visit.visit_id)
    at.screen.scans.scanners.ask(item)
    at.window._hear(JobStarted(Job.SCAN, at.kiosk.visit.visit_id, OTHER))
    return at.screen


def come(at: Seat, item: str, level: int = 200) -> None:
    small = np.full((40, 30, 3), level, np.uint8)
    at.window._hear(PageComing(at.kiosk.visit.visit_id, OTHER, item, small))


def test_pages_are_seen_as_they_come_and_forgotten_when_their_scan_ends(at: Seat) -> None:
    screen = go(at)
    begin(at, "consent")
    come(at, "consent", 10)
    come(at, "consent", 20)
    assert len(screen.strip.pages.cards) == 2 and screen.strip.count() == 0
    assert screen.sheet.holds_picture, "the newest is looked at"
    at.window._hear(PageComing("another visit", OTHER, "consent", np.zeros((4, 3, 3), np.uint8)))
    assert len(screen.strip.pages.cards) == 2, "a page of another visit is nobody's"
    ended = JobEnded(Job.SCAN, at.kiosk.visit.visit_id, Outcome.CANCELLED, device=OTHER)
    at.window._hear(ended)
    assert len(screen.strip.pages.cards) == 0
    assert not screen.sheet.holds_picture


def test_while_one_scanner_feeds_the_other_scans_another_item(at: Seat) -> None:
    screen = go(at)
    at.until(lambda: bool(next_text(at)))
    begin(at, "consent")
    at.window._hear(JobProgress(Job.SCAN, at.kiosk.visit.visit_id, 12, OTHER))
    assert "pages that are safe: 12" in at.texts()
    at.until(lambda: next_text(at).startswith("Scan: Application"))
    lay(at)
    at.press(Qt.Key.Key_Space)
    at.until(lambda: len(pages(at, "application_form")) == 1)
    at.until(lambda: screen.scans.scanners.running == {OTHER: "consent"})
    at.press(Qt.Key.Key_R)
    at.until(lambda: pages(at)[0].adjustment.turn == 90)


def test_what_comes_in_while_another_screen_is_in_front_is_there_afterwards(at: Seat) -> None:
    screen = go(at)
    lay(at, 3)
    at.until(at.window.actions_by_command[Command.SCAN_FEEDER].isEnabled)
    at.do(Command.SCAN_FEEDER)
    at.do(Command.STEP_REVIEW)
    at.until_step(Step.REVIEW)
    at.until(lambda: len(pages(at)) == 3 and not screen.scans.scanners.running)
    at.do(Command.STEP_DOCUMENTS)
    at.until_step(Step.DOCUMENTS)
    at.until(lambda: screen.strip.count() == 3 and len(screen.strip.pages.cards) == 3)


def test_a_page_that_the_officer_turned_to_stays_while_others_come(at: Seat) -> None:
    screen = go(at)
    a, _ = feed(at, 2)
    begin(at, "consent")
    screen.strip.chosen.emit(a)
    come(at, "consent")
    assert screen.sheet.wanted == a
    assert len(screen.strip.pages.cards) == 3


def test_a_key_on_the_scanner_does_what_the_large_button_would(at: Seat) -> None:
    go(at)
    lay(at)
    at.until(lambda: next_text(at).startswith("Scan: Consent"))
    at.window._hear(ButtonPressed(DEVICES[SCANNER_ID], "scan"))
    at.until(lambda: len(pages(at, "consent")) == 1)


def test_a_scan_that_another_screen_began_is_not_continued_here(at: Seat) -> None:
    screen = go(at)
    visit_id = at.kiosk.visit.visit_id
    at.window._hear(JobStarted(Job.SCAN, visit_id, OTHER))
    jam = JobEnded(Job.SCAN, visit_id, Outcome.FAILED, 1, PaperJam(kept=1), OTHER, can_go_on=True)
    at.window._hear(jam)
    assert not screen.stage.stopped.waiting
    assert "feeder stopped" in at.told(), "the window says it"


# -- files and prints ------------------------------------------------------------------------------------------


def test_files_that_were_written_are_told_in_one_line_with_a_way_to_them(at: Seat, tmp_path: Path) -> None:
    go(at)
    visit_id = at.kiosk.visit.visit_id
    at.window._hear(JobStarted(Job.EXPORT, visit_id))
    at.window._hear(JobProgress(Job.EXPORT, visit_id, 3, total=7))
    assert "Writing the file, page 3 of 7" in at.texts()
    assert next_text(at), "the screen is not locked meanwhile"
    at.window._hear(FilesWritten(visit_id, (Exported(tmp_path / "a.pdf", 7, 1000),)))
    at.window._hear(JobEnded(Job.EXPORT, visit_id, Outcome.COMPLETED, 7))
    assert "PDF files written: 1. Pages: 7." in at.told()
    assert any(one.text() == "Show the folder" and one.isVisible() for one in at.window.findChildren(Button))


def test_the_item_or_all_of_the_record_is_saved_where_the_officer_says(
    at: Seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = go(at)
    asked: list[tuple[Path, list[str]]] = []
    monkeypatch.setattr(at.kiosk.station, "export", lambda folder, items=(): asked.append((folder, [*items])))
    assert not at.window.actions_by_command[Command.SAVE_ITEM].isEnabled(), "nothing is there to save"
    feed(at, 1)
    for command in (Command.SAVE_ITEM, Command.SAVE_RECORD):
        at.until(at.window.actions_by_command[command].isEnabled)
        at.do(command)
        dialog = screen.findChild(QFileDialog)
        assert dialog is not None
        dialog.fileSelected.emit(str(tmp_path))
        dialog.close()
        at.until(lambda: screen.findChild(QFileDialog) is None)
    assert asked == [(tmp_path, ["consent"]), (tmp_path, [])]


def test_checklist_and_separator_sheets_have_pages_to_print(at: Seat) -> None:
    go(at)
    visit = at.kiosk.visit
    assert len(separators_of(visit)) == len(visit.items) + 1, "one for each item, one for the next whichever"
    assert len(checklist_of(visit, PaperSize.A4)) >= 1


def test_rows_stay_while_a_hundred_pages_come(at: Seat) -> None:
    screen = go(at)
    (a,) = feed(at, 1)
    rows = screen.checklist.findChildren(ItemRow)
    visit = at.kiosk.visit
    first = next(page for page in visit.pages if page.attachment.id == a)
    for count in range(2, 101):
        many = [
            replace(first, attachment=replace(first.attachment, id=f"p{number}", page=number))
            for number in range(1, count + 1)
        ]
        record = replace(visit.record, attachments=tuple(one.attachment for one in many))
        items = tuple(replace(v, pages=count) if v.item.id == "consent" else v for v in visit.items)
        screen.show_visit(replace(visit, record=record, pages=tuple(many), items=items))
    assert screen.strip.count() == 100
    assert screen.checklist.findChildren(ItemRow) == rows
    assert row(screen, "consent").button.accessibleName().endswith("pages: 100")
