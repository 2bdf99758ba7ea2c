"""The strip of pages: a hundred of them, walked, chosen, moved, turned and taken away, by keys."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from station.model.record import Override, OverrideNote
from tests.strip import (
    BLURRED,
    IN_SIGHT,
    PATIENCE_MS,
    heard,
    page,
    pages,
    picture,
    press,
    shown_strip,
    with_sheets,
    words,
)
from ui.widgets.page_strip import PageStrip


@pytest.fixture
def strip(qtbot: Any, qapp: Any) -> Iterator[PageStrip]:
    yield from shown_strip(qtbot, qapp)


@pytest.fixture
def sheets(strip: PageStrip) -> PageStrip:
    return with_sheets(strip)


SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier

# -- what is shown ---------------------------------------------------------------------------------------------


def test_of_a_hundred_pages_only_those_in_sight_are_drawn_and_each_once(strip: PageStrip, qtbot: Any) -> None:
    all_of_them = pages(100)
    strip.set_pages(all_of_them)
    qtbot.waitUntil(lambda: strip.painter.made > 0, timeout=PATIENCE_MS)
    strip.grab()
    made = strip.painter.made
    assert made <= IN_SIGHT
    strip.set_pages([*all_of_them, page("new")])
    strip.grab()
    assert strip.painter.made == made, "the new one is out of sight, the others are known"
    strip.set_pages([page("p1"), *all_of_them[1:]])
    strip.grab()
    assert strip.painter.made == made + 1, "another picture of the same page is drawn anew"


def test_a_new_page_changes_neither_what_is_chosen_nor_where_the_officer_looks(strip: PageStrip) -> None:
    strip.set_pages(pages(100))
    strip.select("p40")
    press(strip, Qt.Key.Key_Right, Qt.Key.Key_Right, held=SHIFT)
    seen = strip.horizontalScrollBar().value()
    assert seen > 0
    turned, picked = heard(strip.chosen), heard(strip.selection_changed)
    strip.set_pages(pages(101))
    strip.grab()
    assert strip.selected_ids == ["p40", "p41", "p42"]
    assert strip.chosen_id == "p42"
    assert strip.horizontalScrollBar().value() == seen
    assert turned == picked == []


def test_the_newest_page_stays_in_sight_while_the_officer_looks_at_the_end(strip: PageStrip) -> None:
    strip.set_pages(pages(30))
    strip.select("p30")
    bar = strip.horizontalScrollBar()
    strip.set_pages(pages(30), [picture()])
    assert bar.value() == bar.maximum()
    strip.set_pages(pages(31))
    assert strip.chosen_id == "p30"
    bar.setValue(0)
    strip.set_pages(pages(32))
    strip.grab()
    assert bar.value() == 0, "scrolled away"
    bar.setValue(bar.maximum())
    strip.set_pages(pages(32), [picture()])
    strip.grab()
    assert bar.value() < bar.maximum(), "another page than the last is looked at"


def test_a_page_that_is_being_stored_is_seen_at_the_end_and_makes_room_for_the_real_one(
    strip: PageStrip,
) -> None:
    first, second = picture(10), picture(20)
    strip.set_pages(pages(2), [first, second])
    strip.select("p2")
    assert strip.count() == 2 and strip.model().rowCount() == 4
    assert words(strip, 2) == "Page 3, Is being stored"
    press(strip, Qt.Key.Key_End, Qt.Key.Key_Right)
    assert strip.chosen_id == "p2", "it cannot be turned to"
    press(strip, Qt.Key.Key_A, held=CTRL)
    assert strip.selected_ids == ["p1", "p2"]
    strip.set_pages(pages(3), [second])
    assert [words(strip, row) for row in (2, 3)] == ["Page 3, Good", "Page 4, Is being stored"]
    assert strip.selected_ids == ["p1", "p2"]
    strip.set_pages(())
    assert (strip.count(), strip.chosen_id, strip.selected_ids) == (0, "", [])


def test_each_page_says_its_number_its_verdict_and_why_it_is_kept(strip: PageStrip) -> None:
    kept = OverrideNote(Override.OBVIOUS, "worn")
    strip.set_pages(
        [
            page("a"),
            page("b", BLURRED),
            page("c", BLURRED, override=kept),
            page("d", None, sheet="s"),
            page("e", sheet="s", back=True),
        ]
    )
    assert [words(strip, row) for row in range(5)] == [
        "Page 1, Good",
        "Page 2, Not good",
        "Page 3, Not good. Kept with a reason",
        "Page 4",
        "Page 5, back, Good",
    ]


def test_the_page_behind_one_that_was_taken_away_is_not_told_as_a_turn(strip: PageStrip) -> None:
    strip.set_pages(pages(3))
    strip.select("p2")
    turned = heard(strip.chosen)
    strip.set_pages([page("p1"), page("p3")])
    assert turned == []
    assert strip.chosen_id in ("p1", "p3")


# -- keys ------------------------------------------------------------------------------------------------------


def test_keys_walk_and_choose(strip: PageStrip) -> None:
    strip.set_pages(pages(100))
    strip.select("p1")
    turned, picked = heard(strip.chosen), heard(strip.selection_changed)
    press(strip, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Home)
    assert turned == [("p2",), ("p100",), ("p99",), ("p1",)]
    press(strip, Qt.Key.Key_Right, Qt.Key.Key_Right, held=SHIFT)
    assert strip.selected_ids == ["p1", "p2", "p3"]
    assert picked[-1] == (["p1", "p2", "p3"],)
    press(strip, Qt.Key.Key_End, held=SHIFT)
    assert len(strip.selected_ids) == 100
    press(strip, Qt.Key.Key_Left)
    assert strip.selected_ids == ["p99"]
    press(strip, Qt.Key.Key_A, held=CTRL)
    assert len(strip.selected_ids) == 100


def test_keys_ask_for_all_chosen_pages(strip: PageStrip) -> None:
    strip.set_pages(pages(6))
    strip.select("p2")
    press(strip, Qt.Key.Key_Right, held=SHIFT)
    gone, turns, moves = heard(strip.removal_wanted), heard(strip.turn_wanted), heard(strip.move_wanted)
    both = ["p2", "p3"]
    press(strip, Qt.Key.Key_Delete)
    press(strip, Qt.Key.Key_R)
    press(strip, Qt.Key.Key_R, held=SHIFT)
    press(strip, Qt.Key.Key_Left, Qt.Key.Key_Right, held=CTRL)
    assert gone == [(both,)]
    assert turns == [(both, 90), (both, -90)]
    assert moves == [(both, 0), (both, 2)], "places among the other four: p1 p4 p5 p6"
    assert strip.selected_ids == both


def test_the_first_page_does_not_ask_to_move_further_forward_nor_the_last_further_back(
    strip: PageStrip,
) -> None:
    strip.set_pages(pages(3))
    moves = heard(strip.move_wanted)
    strip.select("p1")
    press(strip, Qt.Key.Key_Left, held=CTRL)
    strip.select("p3")
    press(strip, Qt.Key.Key_Right, held=CTRL)
    assert moves == []


def test_pages_that_have_moved_stay_chosen(strip: PageStrip) -> None:
    strip.set_pages(pages(5))
    strip.select("p4")
    turned = heard(strip.chosen)
    strip.set_pages([page(f"p{number}") for number in (4, 1, 2, 3, 5)])
    assert strip.selected_ids == ["p4"] and strip.chosen_id == "p4" and turned == []
    assert [words(strip, row) for row in range(5)] == [f"Page {number}, Good" for number in range(1, 6)]
    assert strip.pages.ids == ["p4", "p1", "p2", "p3", "p5"]


# -- both sides of a sheet -------------------------------------------------------------------------------------


def test_both_sides_of_a_sheet_are_chosen_and_let_go_together(sheets: PageStrip) -> None:
    sheets.select("back")
    assert sheets.selected_ids == ["front", "back"] and sheets.chosen_id == "back"
    press(sheets, Qt.Key.Key_Left)
    assert sheets.selected_ids == ["front", "back"] and sheets.chosen_id == "front"
    at = sheets.visualRect(sheets.model().index(1, 0)).center()
    QTest.mouseClick(sheets.viewport(), Qt.MouseButton.LeftButton, CTRL, at)
    assert sheets.selected_ids == []
    QTest.mouseClick(sheets.viewport(), Qt.MouseButton.LeftButton, CTRL, at)
    assert sheets.selected_ids == ["front", "back"]


def test_a_sheet_moves_and_is_passed_as_one(sheets: PageStrip) -> None:
    moves = heard(sheets.move_wanted)
    sheets.select("back")
    press(sheets, Qt.Key.Key_Left, Qt.Key.Key_Right, held=CTRL)
    assert moves == [(["front", "back"], 0), (["front", "back"], 2)]
    sheets.select("two")
    press(sheets, Qt.Key.Key_Left, Qt.Key.Key_Right, held=CTRL)
    assert moves[2:] == [(["two"], 1), (["two"], 5)]


def test_pages_that_become_a_sheet_are_chosen_together_from_then_on(strip: PageStrip) -> None:
    strip.set_pages(pages(3))
    strip.select("p1")
    picked = heard(strip.selection_changed)
    strip.set_pages([page("p1", sheet="s"), page("p2", sheet="s", back=True), page("p3")])
    assert picked == [(["p1", "p2"],)]
