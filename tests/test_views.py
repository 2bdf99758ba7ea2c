"""Pictures on the screen, live and still."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from station.flow.latest import Latest, LiveFrame
from station.model.quality import Region
from ui.pictures import Picture, to_pixmap
from ui.theme import apply_theme
from ui.widgets.live_view import LiveView
from ui.widgets.picture_view import ZOOM_MAX, PictureView

GLARE = Region(0.2, 0.7, 0.5, 0.1)
PATIENCE_MS = 30_000


@pytest.fixture(autouse=True)
def _dressed(qapp):
    apply_theme(qapp, "light")


def shown(qtbot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget, timeout=PATIENCE_MS):
        widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow, timeout=PATIENCE_MS)
    return widget


def flat(width: int, height: int, level: int = 128) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


# -- pictures ------------------------------------------------------------------------------------------------


def test_an_image_borrows_the_memory_of_the_pixels_and_keeps_their_order():
    pixels = flat(5, 3, 0)
    pixels[1, 2] = (10, 20, 30)
    picture = Picture(pixels)
    assert picture.image.pixelColor(2, 1).getRgb()[:3] == (10, 20, 30)
    pixels[1, 2] = (40, 50, 60)
    assert picture.image.pixelColor(2, 1).getRgb()[:3] == (40, 50, 60)


def test_read_only_and_grey_and_cut_out_pixels_are_shown(qapp):
    frame = flat(9, 7)
    frame.setflags(write=False)
    assert Picture(frame).image.pixelColor(0, 0).red() == 128
    assert to_pixmap(np.full((4, 5), 7, np.uint8)).toImage().pixelColor(1, 1).getRgb()[:3] == (7, 7, 7)
    assert to_pixmap(frame[1:5, 2:6]).size().toTuple() == (4, 4)


# -- live view -----------------------------------------------------------------------------------------------


def live(number: int, visit_id: str = "v1", level: int = 200) -> LiveFrame:
    return LiveFrame(visit_id, number, time.monotonic(), flat(160, 90, level))


def test_the_live_view_shows_the_newest_frame_of_its_own_visit_only(qtbot):
    view, box = LiveView("Waiting"), Latest()
    view.resize(320, 180)
    shown(qtbot, view)
    view.watch(box, "v1")
    box.put(live(1, "another"))
    view.refresh()
    assert view.frame_number == 0
    box.put(live(2))
    box.put(live(3))
    qtbot.waitUntil(lambda: view.frame_number == 3, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: view.painted == 1, timeout=PATIENCE_MS)
    assert len(view.ages_ms) == 1
    assert view.grab().toImage().pixelColor(160, 90).red() == 200


def test_a_new_visit_forgets_the_picture_at_once(qtbot):
    view, box = LiveView("Waiting"), Latest()
    view.resize(320, 180)
    shown(qtbot, view)
    view.watch(box, "v1")
    box.put(live(1, level=255))
    qtbot.waitUntil(lambda: view.painted == 1, timeout=PATIENCE_MS)
    view.watch(box, "v2")
    box.put(live(2, "v1", 255))
    view.refresh()
    assert view.frame_number == 0
    assert view.grab().toImage().pixelColor(5, 90).red() < 255


def test_the_live_view_asks_for_frames_of_its_own_size(qtbot):
    view = LiveView()
    asked: list[tuple[int, int]] = []
    view.size_wanted.connect(lambda width, height: asked.append((width, height)))
    view.resize(640, 360)
    shown(qtbot, view)
    view.watch(Latest(), "v1")
    assert asked[-1] == (640, 360)


# -- picture view --------------------------------------------------------------------------------------------


def test_a_picture_can_be_looked_at_closely_by_keys(qtbot):
    view = PictureView("Nothing yet")
    view.resize(400, 400)
    shown(qtbot, view)
    view.show_picture(flat(200, 100), "Letter, page 1")
    view.point_at(GLARE)
    view.setFocus()
    for _ in range(30):
        QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom == ZOOM_MAX
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.zoom == 1
    assert view.accessibleName() == "Letter, page 1"
    view.show_picture(None)
    assert not view.grab().isNull()


def test_zooming_at_a_point_keeps_it_in_place(qtbot):
    view = PictureView()
    view.resize(432, 432)
    qtbot.addWidget(view)
    pixels = flat(400, 400, 0)
    pixels[100:104, 100:104] = 255
    view.show_picture(pixels)
    # 16 px margin, scale 1: the mark lies at 116..120 of the widget, and stays under the pointer.
    view._zoom_by(4.0, view.rect().topLeft() + QPoint(118, 118))
    assert view.grab().toImage().pixelColor(118, 118).red() == 255
