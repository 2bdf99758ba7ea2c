"""Overrides on the screens: first in the review, marked at the desk, given in Identify and Documents."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from station.flow.events import Listed, PortraitJudged, VisitChanged
from station.model.record import AttachmentKind, Override, OverrideNote
from station.model.specimen import Flaw, PaperKind, Sitter
from station.model.visit import Step
from tests.kiosk import ANNA, BORIS
from tests.window import Seat, window_on
from ui.actions import Command
from ui.screens.desk import DeskScreen
from ui.screens.documents import DocumentsScreen
from ui.screens.identify import IdentifyScreen
from ui.screens.reasons import ReasonsPanel
from ui.screens.review import ReviewScreen
from ui.wording.names import name

CONTROL = Qt.KeyboardModifier.ControlModifier
CHILD = OverrideNote(Override.OBVIOUS, "small_child", note="Asleep", second="Rosa Lindqvist")


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path, practice=False, scan_dpi=300) as seat:
        yield seat


def go(at: Seat, step: Step) -> Any:
    at.kiosk.station.enter(step)
    at.until_step(step)
    return at.screen


def keep_a_portrait(at: Seat) -> None:
    """Keep a portrait of an empty chair."""
    kiosk, station = at.kiosk, at.kiosk.station
    kiosk.simulated.props.seat(Sitter(present=False))
    kiosk.do(station.take_still, PortraitJudged, lambda event: event.candidate)
    kiosk.do(lambda: station.accept_still(CHILD), VisitChanged)


def test_the_review_shows_every_override_before_anything_else(at: Seat) -> None:
    at.open(ANNA.application_number)
    screen = go(at, Step.REVIEW)
    assert isinstance(screen, ReviewScreen)
    at.until(lambda: "No overrides" in at.texts())
    keep_a_portrait(at)
    at.until(lambda: "Overrides: 1" in at.texts())
    (row,) = screen.overrides.rows
    heights = [part.mapTo(screen, part.rect().topLeft()).y() for part in (screen.overrides, screen.points)]
    assert heights == sorted(heights)
    said = row.accessibleName()
    for part in ("Portrait", name(Override.OBVIOUS), "small child", "“Asleep”", "officer", "Rosa Lindqvist"):
        assert part in said
    assert row.view.thumbnail is not None
    at.qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    at.until_step(Step.PORTRAIT)


def test_nothing_of_one_applicants_overrides_is_left_for_the_next(at: Seat) -> None:
    at.open(ANNA.application_number)
    keep_a_portrait(at)
    screen = go(at, Step.REVIEW)
    at.until(lambda: len(screen.overrides.rows) == 1)
    at.kiosk.do(at.kiosk.station.leave, Listed)
    at.open(BORIS.application_number)
    screen = go(at, Step.REVIEW)
    at.until(lambda: "No overrides" in at.texts())
    assert screen.overrides.rows == () and "Asleep" not in at.texts()


def test_the_desk_marks_records_with_overrides_and_shows_only_those_on_demand(at: Seat) -> None:
    desk = at.screen
    assert isinstance(desk, DeskScreen)
    at.press(Qt.Key.Key_O, CONTROL)
    at.until(lambda: "No overrides today" in at.texts())
    at.press(Qt.Key.Key_O, CONTROL)
    at.until(lambda: desk.table.isVisible())
    assert desk.table.isColumnHidden(5)
    at.open(ANNA.application_number)
    keep_a_portrait(at)
    at.kiosk.do(at.kiosk.station.leave, Listed)
    at.until_step(None)
    at.until(lambda: not desk.table.isColumnHidden(5))
    assert shown(desk) == {ANNA.application_number: "1", BORIS.application_number: None}
    assert desk.search.hasFocus()
    at.press(Qt.Key.Key_O, CONTROL)
    at.until(lambda: shown(desk) == {ANNA.application_number: "1"})
    assert desk.filter.isChecked()
    at.type("ivanov")  # a search is about everybody again
    at.until(lambda: shown(desk).keys() == {BORIS.application_number})
    assert not desk.filter.isChecked()


def shown(desk: DeskScreen) -> dict[str, object]:
    """The mark of each record in the list, by application number."""
    model = desk.table.model()
    rows = [[model.index(row, column).data() for column in (1, 5)] for row in range(model.rowCount())]
    return {str(number): mark for number, mark in rows if number}


def test_a_page_that_measured_well_is_set_aside_by_keys_and_brought_back(at: Seat) -> None:
    at.open(ANNA.application_number)
    screen = go(at, Step.DOCUMENTS)
    assert isinstance(screen, DocumentsScreen)
    item = at.kiosk.visit.items[0].item
    at.kiosk.scan(AttachmentKind.DOCUMENT, PaperKind.FORM, item=item.id, title=item.title)
    at.until(lambda: at.window.actions_by_command[Command.SET_ASIDE].isEnabled())
    assert not at.window.actions_by_command[Command.KEEP_PAGE].isEnabled()
    at.press(Qt.Key.Key_K, CONTROL)
    at.until(lambda: screen.verdict.reasons.asking)
    say_another_reason(at, screen.verdict.reasons, "A coffee stain")
    at.until(lambda: at.kiosk.visit.pages == () and len(at.kiosk.visit.overrides) == 1)
    assert at.kiosk.visit.overrides[0].note.note == "A coffee stain"
    at.until(lambda: at.window.actions_by_command[Command.UNDO].isEnabled())
    at.press(Qt.Key.Key_Z, CONTROL)
    at.until(lambda: len(at.kiosk.visit.pages) == 1 and at.kiosk.visit.overrides == ())


def test_a_letter_that_measured_badly_is_kept_in_identify(at: Seat) -> None:
    at.open(ANNA.application_number)
    screen = at.screen
    assert isinstance(screen, IdentifyScreen)
    at.kiosk.scan(AttachmentKind.LETTER, PaperKind.LETTER, flaws=(Flaw.BLURRED,))
    at.until(lambda: at.window.actions_by_command[Command.KEEP_PAGE].isEnabled())
    at.do(Command.KEEP_PAGE)
    at.until(lambda: screen.reasons.asking)
    at.press(Qt.Key.Key_1)
    at.until(lambda: at.window.primary_now is screen.reasons.take)
    at.press(Qt.Key.Key_Space)
    at.until(lambda: len(at.kiosk.visit.overrides) == 1)
    assert at.kiosk.visit.overrides[0].picture is AttachmentKind.LETTER
    at.until(lambda: "Kept" in at.texts())


def say_another_reason(at: Seat, panel: ReasonsPanel, note: str) -> None:
    """Pick the last reason, which is not taken before a note stands there."""
    at.press(Qt.Key.Key_5)
    at.until(lambda: panel.reason == "other" and not panel.take.isEnabled())
    assert "note" in panel.hint and QApplication.focusWidget() is not None
    at.type(note)
    assert panel.take.isEnabled()
    at.type("\n")
