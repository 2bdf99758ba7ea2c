"""Portrait: live, still, on the record; worked by keys on a simulated camera."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from drivers.simulated.props import SCANNER_ID
from station.flow.events import JobEnded, JobStarted
from station.model.document import PartialDate
from station.model.quality import Verdict
from station.model.record import AttachmentKind, Override
from station.model.specimen import Fault, FaultKind, Paper, PaperKind, Sitter
from station.model.visit import Step
from tests.kiosk import ANNA, BORIS
from tests.window import Seat, window_on
from ui.actions import Command
from ui.screens.portrait import PortraitScreen

CAMERA = "simulated:camera"
CHILD = replace(ANNA, birth_date=PartialDate(2020, 5, 1))


@pytest.fixture
def at(qtbot: Any, tmp_path: Path) -> Iterator[Seat]:
    with window_on(qtbot, tmp_path, scan_dpi=75) as seat:
        yield seat


def go(at: Seat, number: str = ANNA.application_number, *, takes_itself: bool = False) -> PortraitScreen:
    """Open a visit and go to its portrait, which is taken by hand."""
    at.window.actions_by_command[Command.TAKES_ITSELF].setChecked(takes_itself)
    at.open(number)
    at.kiosk.station.enter(Step.PORTRAIT)
    at.until_step(Step.PORTRAIT)
    assert isinstance(at.screen, PortraitScreen)
    return at.screen


def judged(screen: PortraitScreen) -> bool:
    """A live judgement is on the screen."""
    seen = screen.view.isVisible() and screen.view.frame_number > 0
    return seen and not screen.verdict.quality._head.isHidden()


def take(at: Seat, then: Command) -> None:
    """Take a still and wait for what is offered then."""
    at.until_offered(Command.TAKE_STILL)
    at.press(Qt.Key.Key_Space)
    at.until_offered(then)


def portraits(at: Seat) -> list[Any]:
    return list(at.kiosk.visit.record.of_kind(AttachmentKind.PORTRAIT))


def test_space_alone_takes_a_good_portrait_uses_it_and_goes_on(at: Seat) -> None:
    screen = go(at)
    at.until(lambda: judged(screen))
    assert "All is well" in screen.guidance.text
    take(at, Command.ACCEPT_STILL)
    assert screen.still.isVisible() and screen.still.holds_picture
    assert screen.still.crop.isVisible() and screen.still.photo.holds_photo
    assert "Attempt 1 of 3" in at.texts()
    assert portraits(at) == []
    at.press(Qt.Key.Key_Space)
    at.until_offered(Command.NEXT_STEP)
    assert [portrait.override for portrait in portraits(at)] == [None]
    assert "on the record" in screen.guidance.text
    at.press(Qt.Key.Key_F7)  # take it again, and leave the first one where it is
    at.until(lambda: judged(screen))
    at.press(Qt.Key.Key_F8)
    at.until_step(Step.DOCUMENTS)
    assert len(portraits(at)) == 1


def test_a_dark_portrait_is_taken_again_and_kept_with_a_reason_at_last(qtbot: Any, tmp_path: Path) -> None:
    with window_on(qtbot, tmp_path, practice=False) as at:
        keep_a_dark_one(at)


def keep_a_dark_one(at: Seat) -> None:
    screen = go(at)
    at.kiosk.simulated.props.seat(Sitter(light=0.3))
    at.until(lambda: "dark" in screen.guidance.text)
    for _attempt in (1, 2):
        take(at, Command.RETAKE)
        assert "below its limits" in screen.guidance.text
        at.press(Qt.Key.Key_Space)
    take(at, Command.KEEP_PAGE)
    assert "best of 3 attempts" in screen.guidance.text
    at.press(Qt.Key.Key_Space)
    reasons = screen.verdict.reasons
    assert reasons.asking
    assert at.window.primary_now is None, "no reason is picked yet"
    at.press(Qt.Key.Key_1)
    at.until(lambda: at.window.primary_now is reasons.take)
    at.press(Qt.Key.Key_Space)
    at.until_offered(Command.NEXT_STEP)
    (portrait,) = portraits(at)
    assert portrait.report.verdict is Verdict.FAIL
    assert (portrait.override.kind, portrait.override.reason) == (Override.OBVIOUS, "medical")
    assert "A medical reason." in screen.guidance.text


def test_the_portrait_takes_itself_when_all_is_well(at: Seat) -> None:
    screen = go(at, takes_itself=True)
    at.until_offered(Command.ACCEPT_STILL)
    assert screen.still.holds_picture and portraits(at) == []


def test_a_portrait_that_measures_well_can_be_kept_as_not_good(at: Seat) -> None:
    screen = go(at)
    take(at, Command.ACCEPT_STILL)
    at.do(Command.KEEP_PAGE)
    at.until(lambda: screen.verdict.reasons.asking)
    at.press(Qt.Key.Key_4)
    at.press(Qt.Key.Key_Return)  # another reason says nothing without a note
    assert screen.verdict.reasons.asking and not screen.verdict.reasons.take.isEnabled()
    at.type("Looks away\n")
    at.until_offered(Command.NEXT_STEP)
    (portrait,) = portraits(at)
    note = portrait.override
    assert (note.kind, note.reason, note.note) == (Override.REFUSED, "other", "Looks away")


def test_the_live_picture_comes_back_with_its_camera(at: Seat) -> None:
    screen = go(at)
    at.until(lambda: judged(screen))
    at.kiosk.simulated.props.plug(CAMERA, connected=False)
    at.until(lambda: "No live picture" in at.texts() and not screen.view.isVisible())
    assert at.window.primary_now is not None and at.window.primary_now.text() == "Try again"
    at.kiosk.simulated.props.plug(CAMERA, connected=True)
    at.until(lambda: judged(screen))
    at.until_offered(Command.TAKE_STILL)


def test_nothing_of_one_applicant_is_there_for_the_next(at: Seat) -> None:
    screen = go(at)
    take(at, Command.ACCEPT_STILL)
    at.do(Command.LEAVE)
    at.until_step(None)
    assert not screen.still.holds_picture
    assert at.pictures() == []
    assert screen.view.frame_number == 0
    assert screen.verdict.quality._head.isHidden()
    assert go(at, BORIS.application_number) is screen
    at.until_offered(Command.TAKE_STILL)
    assert not screen.still.holds_picture


def test_no_portrait_is_asked_of_a_child_and_the_camera_rests(qtbot: Any, tmp_path: Path) -> None:
    with window_on(qtbot, tmp_path, records=(CHILD,)) as at:
        screen = go(at)
        at.until_offered(Command.NEXT_STEP)
        assert "No portrait is asked for at this age" in at.texts()
        assert not screen.view.isVisible()
        at.do(Command.TAKE_STILL)  # but it may be taken
        at.until(lambda: judged(screen))


def test_the_portrait_is_taken_while_a_scanner_is_still_at_work(at: Seat) -> None:
    screen = go(at)
    at.kiosk.simulated.props.trouble(SCANNER_ID, Fault(FaultKind.HANG))
    at.kiosk.simulated.props.lay((Paper(PaperKind.FORM, at.kiosk.visit.record),))
    item = at.kiosk.visit.items[0].item.id
    at.kiosk.do(lambda: at.kiosk.station.scan(AttachmentKind.DOCUMENT, item=item), JobStarted)
    at.until(lambda: judged(screen))
    take(at, Command.ACCEPT_STILL)
    at.press(Qt.Key.Key_Space)
    at.until(lambda: len(portraits(at)) == 1)
    at.kiosk.do(at.kiosk.station.cancel_job, JobEnded)
