"""The parts of the portrait's screen: guide, crop, photo, attempts and checks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from station.flow.events import DevicesChanged, LiveJudged, PortraitJudged
from station.flow.views import Candidate
from station.model.quality import Finding, Limit, QualityReport, Status, Verdict
from station.model.record import Override
from tests.portraits import (
    BAD,
    CAPTURE,
    CROP,
    GOOD,
    HEAD,
    PATIENCE_MS,
    finding,
    portrait_screen,
    report,
    still,
    told,
)
from ui.actions import Command
from ui.app import make_application
from ui.screens.portrait import PortraitScreen
from ui.screens.portrait_choice import choice_of, note_on, question_on, said_of
from ui.screens.steady import Steady
from ui.widgets.attempts import Attempts, verdict_on
from ui.widgets.crop_view import CropView
from ui.widgets.portrait_guide import EYE_BAND, PortraitGuide, target_on
from ui.widgets.quality_panel import FindingRow, QualityPanel
from ui.wording.advice import Moment, to_officer


@pytest.fixture
def screen(qtbot: Any) -> Iterator[PortraitScreen]:
    with portrait_screen(qtbot) as made:
        yield made


# -- the live picture ------------------------------------------------------------------------------------------


def test_the_target_keeps_the_guidelines_geometry_on_wide_and_on_upright_pictures() -> None:
    for place in (QRectF(0, 0, 1280, 720), QRectF(0, 0, 720, 1280)):
        target = target_on(place)
        frame = target.frame
        assert place.contains(frame)
        assert frame.width() / frame.height() == pytest.approx(3 / 4)
        assert EYE_BAND[0] <= (target.eyes - frame.top()) / frame.height() <= EYE_BAND[1]
        assert 0.60 <= target.head.height() / frame.height() <= 0.90  # TR-03121-3, 5.4
        assert 0.50 <= target.head.width() / frame.width() <= 0.75  # 5.3


def test_the_faces_corners_glide_and_leap_only_with_another_face() -> None:
    guide = PortraitGuide()
    guide.see(HEAD)
    guide.see(replace(HEAD, box=replace(HEAD.box, left=0.44)))
    lefts = []
    for _ in range(20):
        guide.follow()
        assert guide.box is not None
        lefts.append(guide.box.left())
    assert 0.40 < lefts[0] < 0.42 and lefts == sorted(lefts)
    assert lefts[-1] == pytest.approx(0.44, abs=0.001)
    guide.see(replace(HEAD, box=replace(HEAD.box, left=0.70)))
    assert guide.box is not None and guide.box.left() == 0.70
    guide.see(None)
    assert guide.box is None


def green(image: QImage, at: QPointF) -> bool:
    colour = image.pixelColor(at.toPoint())
    return colour.green() > colour.red() + 60


def test_the_oval_fills_clockwise_while_the_portrait_is_about_to_take_itself() -> None:
    image, place = QImage(640, 360, QImage.Format.Format_RGB32), QRectF(0, 0, 640, 360)
    head = target_on(place).head
    right, left = QPointF(head.right(), head.center().y()), QPointF(head.left(), head.center().y())
    seen = []
    for held in (0.0, 0.5, 1.0):
        image.fill(QColor("grey"))
        guide = PortraitGuide()
        guide.see(HEAD, (), held)
        painter = QPainter(image)
        guide(painter, place, QColor("white"))
        painter.end()
        seen.append((green(image, right), green(image, left)))
    assert seen == [(False, False), (True, False), (True, True)]


def test_each_verdict_that_holds_for_one_moment_only_is_left_out_and_holds_up_no_other() -> None:
    steady, good, bad = Steady(), Status.PASS, Status.FAIL
    first = [good, good, bad, good, bad, bad, bad, good, good]
    shown = [steady.settle(report(one, Status.WARN)).findings[0].status for one in first]
    assert shown == [good, good, good, good, good, bad, bad, bad, good]
    value = replace(report(good, Status.WARN), findings=(finding("m0", bad), Finding("m1", Status.WARN, 7.0)))
    assert [f.raw for f in steady.settle(value).findings] == [1.0, 7.0]


def test_one_sentence_stands_above_the_picture_and_the_switch_says_who_takes_it(screen: PortraitScreen) -> None:
    assert screen.guidance.text == to_officer(Moment.GREETING)
    assert told(screen).last("auto_capture") == (True,)
    too_far = Finding("inter_eye_distance", Status.FAIL, 80.0, "px", limit=Limit(low=120, fail_low=120))
    live = Candidate(CAPTURE, BAD, head=HEAD)
    screen.hear(LiveJudged("v1", live, too_far))
    assert screen.guidance.text == to_officer(too_far)
    for _ in range(2):
        screen.hear(LiveJudged("v1", replace(live, report=GOOD), None, 0.4))
    assert "takes itself" in screen.guidance.text
    screen.actions_of_window[Command.TAKES_ITSELF].trigger()
    assert told(screen).last("auto_capture") == (False,)
    assert screen.guidance.text == to_officer(Moment.WELL)
    screen.hear(LiveJudged("another", live, too_far))
    assert screen.guidance.text == to_officer(Moment.WELL), "that was another visit"


def test_without_models_the_screen_says_so_and_the_portrait_can_still_be_taken(screen: PortraitScreen) -> None:
    blind = replace(
        BAD, findings=tuple(replace(f, status=Status.NOT_ASSESSED, reason="no_models") for f in BAD.findings)
    )
    screen.hear(LiveJudged("v1", Candidate(CAPTURE, blind), blind.findings[0]))
    assert "not installed" in screen.guidance.text
    offer = screen.offer()
    assert offer.primary is screen.actions_of_window[Command.TAKE_STILL] and offer.primary.isEnabled()


def test_a_camera_that_is_away_is_said(screen: PortraitScreen) -> None:
    screen.hear(DevicesChanged(()))
    words = [label.text() for label in screen.findChildren(QLabel) if label.isVisible()]
    assert "No live picture" in words
    primary = screen.offer().primary
    assert primary is not None and primary.text() == "Try again"


# -- the still -------------------------------------------------------------------------------------------------


@pytest.fixture
def view(qtbot: Any) -> CropView:
    make_application([], "light")
    made = CropView()
    made.resize(600, 500)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made, timeout=PATIENCE_MS):
        made.show()
    made.show_candidate(still())
    return made


def at_crown(view: CropView) -> QPoint:
    """Where on the screen the crown line crosses the face's axis."""
    place = view._place()
    return QPointF(place.x() + 0.5 * place.width(), place.y() + view.crown * place.height()).toPoint()


def test_the_frame_is_shown_large_and_the_crown_is_drawn_by_hand(view: CropView, qtbot: Any) -> None:
    frame = view._frame(CROP)
    assert 0.75 * view.height() < frame.height() < view.height()
    assert frame.width() / frame.height() == pytest.approx(420 / 540)
    start, place = at_crown(view), view._place()
    assert start.y() == pytest.approx(place.y() + 0.14 * place.height(), abs=1)
    with qtbot.waitSignal(view.crown_moved, timeout=PATIENCE_MS) as moved:
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(view, start + QPoint(0, 20))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(0, 20))
    assert moved.args == [pytest.approx(0.14 + 20 / place.height(), abs=2 / place.height())]


def test_the_crown_is_moved_by_keys_within_reason(view: CropView, qtbot: Any) -> None:
    view.setFocus()
    with qtbot.waitSignal(view.crown_moved, timeout=PATIENCE_MS) as moved:
        for _ in range(4):
            QTest.keyClick(view, Qt.Key.Key_Up)
    assert moved.args == [pytest.approx(0.14 - 4 * 0.005)]
    for _ in range(200):
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert HEAD.crown_low < view.crown < HEAD.eyes[0][1], "the crown lies above the eyes"


def test_a_tilted_heads_crown_follows_the_tilted_axis(view: CropView) -> None:
    tilted = replace(HEAD, eyes=((0.45, 0.43), (0.55, 0.47)))
    roll = tilted.roll((1280, 720))
    assert roll > 5
    view.show_candidate(still(2, head=tilted, crop=replace(CROP, roll=roll)))
    crop = view._crop
    assert crop is not None
    place = view._place()
    across, down = tilted.on_axis(0.14, (1280, 720))
    spot = QPointF(place.x() + across * place.width(), place.y() + down * place.height())
    assert view._y_at(crop, tilted, spot) == pytest.approx(0.14, abs=0.002)
    eyes = view._on_axis(crop, tilted, 0.45)
    assert view._on_axis(crop, tilted, 0.14).x() == pytest.approx(eyes.x(), abs=0.5), "level in the photo"


def test_a_crown_that_was_moved_can_be_taken_back(screen: PortraitScreen) -> None:
    screen.hear(PortraitJudged("v1", still(), (still(),)))
    back = screen.still.photo.back
    assert not back.isEnabled()
    screen.still.crop.crown_moved.emit(0.12)
    assert told(screen).last("crop_still") == (0.12,)
    moved = still(crop=replace(CROP, crown=0.12, moved=True))
    screen.hear(PortraitJudged("v1", moved, (moved,)))
    assert screen.still.crop.crown == 0.12
    back.click()
    assert told(screen).last("crop_still") == (None,)


def test_attempts_are_chosen_by_figure_and_the_best_of_the_last_one_is_said(screen: PortraitScreen) -> None:
    one, two = still(1), still(2, BAD, best=False)
    screen.hear(PortraitJudged("v1", two, (one, two)))
    screen.offer()
    assert [b.accessibleName() for b in screen.attempts._buttons] == [
        "Attempt 1, Good, Best",
        "Attempt 2, Not good",
    ]
    assert screen.attempts.keys[0].isEnabled() and not screen.attempts.keys[2].isEnabled()
    QTest.keyClick(screen, Qt.Key.Key_1)
    assert told(screen).last("choose_attempt") == (1,)
    three = still(3, BAD, best=False)
    screen.hear(PortraitJudged("v1", one, (one, two, three)))
    assert "best of 3 attempts" in screen.guidance.text
    screen.hear(PortraitJudged("v1", None, (one, two, three)))  # given up: the attempts can still be had
    assert screen.attempts.isVisible() and screen.live.isVisible()


def test_figures_pick_a_reason_while_one_is_asked_for(screen: PortraitScreen) -> None:
    one, two = still(1, BAD), still(2, BAD, best=False)
    screen.hear(PortraitJudged("v1", one, (one, two)))
    screen.offer()
    screen.actions_of_window[Command.KEEP_PAGE].setEnabled(True)
    screen.actions_of_window[Command.KEEP_PAGE].trigger()
    screen.offer()
    assert screen.verdict.reasons.asking
    assert not any(key.isEnabled() for key in screen.attempts.keys)


def test_the_photos_verdict_counts_like_the_captures() -> None:
    small = still(1, GOOD, photo_report=replace(BAD, profile="photo"))
    assert verdict_on(small) is Verdict.FAIL
    assert choice_of(small, 2)[0] is Command.RETAKE
    assert choice_of(small, 3)[0] is Command.KEEP_PAGE, "the first of three may be the one proposed"
    assert choice_of(still(), 1)[0] is Command.ACCEPT_STILL
    assert "below its limits" in said_of(small, 1)
    assert "No photo" in said_of(still(crop=None, photo=None, photo_report=None), 1)


def test_an_override_is_of_one_of_three_kinds_and_the_question_names_what_is_below() -> None:
    title, reasons = question_on(still(1, BAD))
    assert "M0" in title and "M1" not in title
    assert "looks_good" in reasons
    assert note_on(still(1, BAD), "looks_good", "").kind is Override.WITHOUT_REASON
    assert note_on(still(1, BAD), "medical", "").kind is Override.OBVIOUS
    title, reasons = question_on(still())
    assert "measured well" in title and "looks_good" not in reasons
    assert note_on(still(), "other", "").kind is Override.REFUSED


# -- the checks ------------------------------------------------------------------------------------------------


def lines_of(panel: QualityPanel) -> list[str]:
    rows = [row for row in panel.findChildren(FindingRow) if not row.isHidden() and row.finding]
    return [row.finding.measure for row in sorted(rows, key=panel._lines.indexOf) if row.finding]


def test_what_needs_no_hand_folds_away_and_what_was_not_assessed_for_one_reason_is_said_once(
    qtbot: Any,
) -> None:
    make_application([], "light")
    panel = QualityPanel(folds=True)
    qtbot.addWidget(panel)
    none, least = Status.NOT_ASSESSED, {"required": False}
    findings = (
        *(finding(f"good{n}", Status.PASS) for n in range(20)),
        finding("warned", Status.WARN, **least),
        finding("failed", Status.FAIL),
        *(finding(f"blind{n}", none, reason="no_models") for n in range(3)),
        finding("unified", none, reason="no_engine", **least),
    )
    panel.show_report(QualityReport("portrait", findings))
    assert lines_of(panel) == ["failed", "blind0", "warned"]
    assert panel._fold.text() == "20 good, 3 not assessed"
    panel._fold.click()
    assert len(lines_of(panel)) == 26
    assert lines_of(panel)[:4] == ["failed", "blind0", "warned", "good0"]
    panel.show_report(GOOD)
    assert panel._fold.text() == "2 good"


def test_attempts_forget_their_pictures(qtbot: Any) -> None:
    make_application([], "light")
    strip = Attempts()
    qtbot.addWidget(strip)
    strip.show_attempts((still(1), still(2)), 2)
    small = strip._buttons[0]._picture
    strip.show_attempts(())
    assert strip.isHidden() and small.picture is None
