"""The strip of pages by hand: dragged, dropped, tapped, slid."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest

from tests.strip import (
    PATIENCE_MS,
    heard,
    pages,
    shown_strip,
    with_sheets,
)
from ui.widgets.page_list import PAGES_MIME
from ui.widgets.page_strip import PageStrip


@pytest.fixture
def strip(qtbot: Any, qapp: Any) -> Iterator[PageStrip]:
    yield from shown_strip(qtbot, qapp)


@pytest.fixture
def sheets(strip: PageStrip) -> PageStrip:
    return with_sheets(strip)


SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def carried(*ids: str) -> QMimeData:
    made = QMimeData()
    made.setData(PAGES_MIME, json.dumps(ids).encode())
    return made


def drop(strip: PageStrip, what: QMimeData, before_row: int, beside: float = 0.0) -> bool:
    """Drop at the left edge of a row, `beside` to the right of it; tell whether it was taken."""
    place = QPointF(strip.visualRect(strip.model().index(before_row, 0)).topLeft()) + QPointF(beside, 40)
    move = Qt.DropAction.MoveAction
    hand = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    strip.dragMoveEvent(QDragMoveEvent(place.toPoint(), move, what, *hand))
    event = QDropEvent(place, move, what, *hand)
    event.ignore()
    strip.dropEvent(event)
    return event.isAccepted()


def test_dragged_pages_carry_their_ids_out(sheets: PageStrip) -> None:
    sheets.select("front")
    rows = [sheets.model().index(row, 0) for row in sheets.selection.rows]
    made = sheets.model().mimeData(rows)
    assert made.formats() == ["application/x-visa-station-pages"]
    assert json.loads(made.data(PAGES_MIME).data()) == ["front", "back"]


@pytest.mark.parametrize(
    ("ids", "before", "asked"),
    [
        (["p5"], 0, [(["p5"], 0)]),
        (["p1"], 3, [(["p1"], 2)]),  # among p2 p3 p4 p5 p6: behind p2 and p3
        (["p2", "p4"], 5, [(["p2", "p4"], 3)]),  # among p1 p3 p5 p6: behind p1, p3 and p5
        (["p2"], 1, []),
        (["p2"], 2, []),
    ],
)
def test_pages_dropped_inside_ask_to_stand_there(
    strip: PageStrip, ids: list[str], before: int, asked: list[tuple[list[str], int]]
) -> None:
    strip.set_pages(pages(6))
    moves = heard(strip.move_wanted)
    assert drop(strip, carried(*ids), before)
    assert moves == asked


def test_nothing_is_dropped_between_the_sides_of_a_sheet(sheets: PageStrip) -> None:
    moves = heard(sheets.move_wanted)
    drop(sheets, carried("two"), 2, beside=-10)
    drop(sheets, carried("one"), 2, beside=10)
    drop(sheets, carried("recto"), 0)
    assert moves == [(["two"], 1), (["one"], 2), (["recto", "verso"], 0)]


def test_pages_of_elsewhere_and_other_things_are_not_taken(strip: PageStrip) -> None:
    strip.set_pages(pages(3))
    moves = heard(strip.move_wanted)
    text = QMimeData()
    text.setText("p1")
    assert not drop(strip, carried("p1", "another"), 0)
    assert not drop(strip, text, 0)
    assert moves == []


def test_the_line_where_a_page_would_stand_is_drawn_and_goes(strip: PageStrip) -> None:
    strip.set_pages(pages(3))
    at = strip.visualRect(strip.model().index(1, 0)).topLeft() + QPoint(2, 40)
    hand = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    before = strip.viewport().grab().toImage()
    what = carried("p3")
    strip.dragMoveEvent(QDragMoveEvent(at, Qt.DropAction.MoveAction, what, *hand))
    assert strip.viewport().grab().toImage() != before
    drop(strip, carried("p1"), 0)
    assert strip.viewport().grab().toImage() == before


def test_the_row_moves_on_while_a_page_is_held_at_its_end(strip: PageStrip, qtbot: Any) -> None:
    strip.set_pages(pages(40))
    strip.grab()
    bar, what = strip.horizontalScrollBar(), carried("p1")
    at = QPoint(strip.viewport().width() - 4, 40)
    hand = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    strip.dragMoveEvent(QDragMoveEvent(at, Qt.DropAction.MoveAction, what, *hand))
    qtbot.waitUntil(lambda: bar.value() == bar.maximum(), timeout=PATIENCE_MS)
    moves = heard(strip.move_wanted)
    strip.dropEvent(QDropEvent(QPointF(at), Qt.DropAction.MoveAction, what, *hand))
    assert moves == [(["p1"], 39)]


def test_a_press_beside_the_pages_lets_nothing_go(strip: PageStrip) -> None:
    strip.set_pages(pages(2))
    strip.select("p2")
    at = QPoint(strip.viewport().width() - 4, 40)
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert strip.selected_ids == ["p2"]


def finger(strip: PageStrip) -> Callable[[str, QPoint], None]:
    """A finger on the strip: `press`, `move` and `release` at points of the viewport."""
    device = QTest.createTouchDevice()

    def act(what: str, at: QPoint) -> None:
        events = QTest.touchEvent(strip.viewport(), device)
        getattr(events, what)(0, at, strip.viewport())
        events.commit()

    return act


def test_a_tap_chooses_and_a_sliding_finger_does_not(strip: PageStrip) -> None:
    strip.set_pages(pages(40))
    strip.select("p1")
    turned, moves = heard(strip.chosen), heard(strip.move_wanted)
    act = finger(strip)
    at = strip.visualRect(strip.model().index(4, 0)).center()
    act("press", at)
    for step in range(1, 9):
        act("move", at - QPoint(40 * step, 0))
    act("release", at - QPoint(320, 0))
    assert turned == moves == []
    strip.horizontalScrollBar().setValue(0)
    at = strip.visualRect(strip.model().index(2, 0)).center()
    act("press", at)
    act("release", at)
    assert turned == [("p3",)]
    assert strip.selected_ids == ["p3"]


def test_a_finger_that_rests_adds_a_page(strip: PageStrip, qtbot: Any) -> None:
    strip.set_pages(pages(5))
    strip.select("p1")
    act = finger(strip)
    at = strip.visualRect(strip.model().index(3, 0)).center()
    act("press", at)
    qtbot.waitUntil(lambda: strip.selected_ids == ["p1", "p4"], timeout=PATIENCE_MS)
    act("release", at)
    assert strip.selected_ids == ["p1", "p4"]
