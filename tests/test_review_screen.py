"""Review: what is open leads to its step; the seal comes when nothing is; then the next applicant."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from station.flow.events import PortraitJudged, VisitChanged
from station.flow.rehearsed import printed_lines
from station.model.record import AttachmentKind, Override, OverrideNote, RecordState
from station.model.specimen import PaperKind
from station.model.visit import Step
from tests.kiosk import ANNA
from tests.window import Seat, window_on
from ui.actions import Command
from ui.screens.cards import PictureCard, PointRow
from ui.screens.review import ReviewScreen

NOTE = OverrideNote(Override.OBVIOUS, "original_is_so")


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path, practice=False, scan_dpi=300) as seat:
        yield seat


def go(at: Seat) -> ReviewScreen:
    """Go to the review of the visit in hand."""
    at.kiosk.station.enter(Step.REVIEW)
    at.until_step(Step.REVIEW)
    assert isinstance(at.screen, ReviewScreen)
    return at.screen


def complete(at: Seat) -> None:
    """Do everything that the seal asks for, past the screens."""
    kiosk, station = at.kiosk, at.kiosk.station
    kiosk.scan(AttachmentKind.LETTER, PaperKind.LETTER)
    kiosk.scan(AttachmentKind.PASSPORT_PAGE, PaperKind.PASSPORT)
    kiosk.do(lambda: station.submit("\n".join(printed_lines(kiosk.visit.record))), VisitChanged)
    kiosk.do(station.confirm_match, VisitChanged)
    kiosk.do(station.take_still, PortraitJudged, lambda event: event.candidate is not None)
    kiosk.do(lambda: station.accept_still(NOTE), VisitChanged)
    for view in kiosk.visit.items:
        if view.item.mandatory:
            kiosk.scan(AttachmentKind.DOCUMENT, PaperKind.FORM, item=view.item.id, title=view.item.title)


def points(at: Seat) -> list[str]:
    """The open points as they are read, from top to bottom."""
    return [row.accessibleName() for row in at.window.findChildren(PointRow) if row.isVisible()]


def press(at: Seat, button: QPushButton) -> None:
    at.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_every_open_point_leads_to_the_step_where_it_is_mended(at: Seat) -> None:
    at.open(ANNA.application_number)
    go(at)
    assert not at.window.actions_by_command[Command.SEAL].isEnabled()
    at.until(lambda: len(points(at)) == len(at.kiosk.visit.open_points) > 5)
    assert at.window.primary_now is not None and at.window.primary_now.text() == "Go to: Identify"
    portrait = next(row for row in at.window.findChildren(PointRow) if "portrait" in row.accessibleName())
    press(at, portrait)
    at.until_step(Step.PORTRAIT)
    go(at)
    card = next(c for c in at.window.findChildren(PictureCard) if c.accessibleName().startswith("Letter"))
    press(at, card)
    at.until_step(Step.IDENTIFY)
    go(at)
    at.press(Qt.Key.Key_Space)  # the first thing that is missing
    at.until_step(Step.IDENTIFY)


def test_a_complete_visit_is_sealed_with_space_and_the_next_one_may_come(at: Seat) -> None:
    at.open(ANNA.application_number)
    complete(at)
    page = at.kiosk.visit.of_kind(AttachmentKind.DOCUMENT)[0].attachment
    at.kiosk.do(lambda: at.kiosk.station.keep(page.id, NOTE), VisitChanged)
    go(at)
    at.until_offered(Command.SEAL)
    assert "Ready for the seal" in at.texts()
    at.until(lambda: points(at) == [])
    assert "Overrides: 2" in at.texts()  # portrait and page were kept with a reason
    at.press(Qt.Key.Key_Space)
    at.press(Qt.Key.Key_Space)  # a second press in the same moment
    at.until_offered(Command.NEXT_APPLICANT)
    assert at.kiosk.visit.sealed
    assert at.kiosk.visit.record.state is RecordState.SEALED
    assert points(at) == []
    at.press(Qt.Key.Key_Space)
    at.until_step(None)
    assert ANNA.surname.upper() not in at.texts()
