"""The applicant's screen: a mirror and one sentence, nothing of the visit, and blank when that ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt

from station.flow.events import LiveJudged, PortraitJudged
from station.flow.views import Candidate, VisitView
from tests.portraits import CAPTURE, GOOD, HEAD, portrait_screen, still, visit
from ui.actions import Command
from ui.pictures import Picture
from ui.screens.applicant_view import ApplicantView
from ui.screens.portrait import PortraitScreen
from ui.wording.advice import Moment, to_applicant


@pytest.fixture
def screen(qtbot: Any) -> Iterator[PortraitScreen]:
    with portrait_screen(qtbot) as made:
        yield made


def opened(screen: PortraitScreen) -> ApplicantView:
    screen.actions_of_window[Command.APPLICANT_SCREEN].trigger()
    view = screen.applicant.view
    assert view is not None and view.isVisible()
    return view


def frame(screen: PortraitScreen, level: int = 200) -> None:
    screen.view.frame_shown.emit(Picture(np.full((90, 160, 3), level, np.uint8)))


def test_the_applicant_sees_a_mirror_and_one_sentence_and_takes_no_focus(screen: PortraitScreen) -> None:
    view = opened(screen)
    flags = view.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert view.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert view.lines == to_applicant(Moment.GREETING)
    pixels = np.zeros((90, 160, 3), np.uint8)
    pixels[:, :80, 0] = 255  # red lies at the left of the picture, so at the right of a mirror
    screen.view.frame_shown.emit(Picture(pixels))
    view.resize(800, 800)
    image = view.grab().toImage()
    assert image.pixelColor(520, 60).red() > 150 and image.pixelColor(280, 60).red() < 50


def test_the_applicant_is_thanked_and_sees_nothing_of_the_visit_afterwards(screen: PortraitScreen) -> None:
    view = opened(screen)
    frame(screen)
    assert view.holds_picture
    screen.hear(PortraitJudged("v1", still(), (still(),)))
    assert view.lines == to_applicant(Moment.TAKEN) and not view.holds_picture
    screen.leave()
    assert view.lines == () and not view.holds_picture
    blank = view.grab().toImage()
    colours = {blank.pixel(x, y) for x in range(0, blank.width(), 40) for y in range(0, blank.height(), 40)}
    assert len(colours) == 1, "a plain surface"


@pytest.mark.parametrize("following", [None, visit("v2")])
def test_the_mirror_is_empty_at_once_when_the_visit_ends_or_another_begins(
    screen: PortraitScreen, following: VisitView | None
) -> None:
    view = opened(screen)
    for _ in range(2):
        screen.hear(LiveJudged("v1", Candidate(CAPTURE, GOOD, head=HEAD), None, 0.5))
    frame(screen)
    screen.hear(PortraitJudged("v1", None, (still(),)))
    assert view.holds_picture and screen.attempts.isVisible()
    screen.show_visit(following)
    assert not view.holds_picture
    assert not screen.still.holds_picture
    assert screen.attempts._buttons == [] and screen.live.report is None
    assert view.lines == (() if following is None else to_applicant(Moment.GREETING))
    screen.hear(PortraitJudged("v1", still(), (still(),)))
    assert not screen.still.holds_picture, "what comes late is another visit's"


def test_the_applicants_window_closes_with_the_officers_and_by_its_own_button(screen: PortraitScreen) -> None:
    view, switch = opened(screen), screen.actions_of_window[Command.APPLICANT_SCREEN]
    view.close()
    assert not switch.isChecked()
    switch.trigger()
    assert view.isVisible()
    screen.window().hide()
    assert not view.isVisible() and not view.holds_picture


def test_the_switches_are_remembered(screen: PortraitScreen, tmp_path: Path) -> None:
    file = str(tmp_path / "window.ini")
    screen.remember(QSettings(file, QSettings.Format.IniFormat))
    switches = [screen.actions_of_window[c] for c in (Command.TAKES_ITSELF, Command.APPLICANT_SCREEN)]
    assert [switch.isChecked() for switch in switches] == [True, False]
    for switch in switches:
        switch.trigger()
    kept = QSettings(file, QSettings.Format.IniFormat)
    assert kept.value("portrait/takes_itself", type=bool) is False
    assert kept.value("portrait/applicant_screen", type=bool) is True
    screen.actions_of_window[Command.TAKES_ITSELF].setChecked(True)
    screen.remember(kept)
    assert not screen.actions_of_window[Command.TAKES_ITSELF].isChecked()
    assert screen.applicant.view is not None and screen.applicant.view.isVisible()
