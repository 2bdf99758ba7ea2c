"""A picture looked at closely: what the screen can show and the picture does not hold is brought anew."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from station.errors import StorageDamaged
from station.flow.views import PageView
from station.model.adjustment import Adjustment
from station.model.image import PictureRef, Pixels
from station.model.quality import Region
from station.model.record import Attachment, AttachmentKind
from tests.strip import ORIGIN
from ui.screens.sheet import LONGEST_PX, Sheet
from ui.theme import apply_theme
from ui.widgets.picture_view import PictureView

PATIENCE_MS = 30_000
SIDE = 432
"""A view with 400 pixels of room between its margins of 16."""

MIDDLE = QPoint(SIDE // 2, SIDE // 2)
BASE, TILE, OTHER = 10, 200, 90


def flat(side: int, level: int) -> Pixels:
    return np.full((side, side, 3), level, np.uint8)


class Source:
    """Keeps what it is asked for; the test answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[Region, int, Future[Pixels]]] = []

    def __call__(self, region: Region, longest_px: int) -> "Future[Pixels]":
        answer: Future[Pixels] = Future()
        self.asked.append((region, longest_px, answer))
        return answer

    def answer(self, number: int, level: int = TILE) -> None:
        """Bring what was asked for, as large as was asked."""
        region, longest_px, answer = self.asked[number]
        tall = round(longest_px * region.height / max(region.width, region.height))
        wide = round(longest_px * region.width / max(region.width, region.height))
        answer.set_result(np.full((tall, wide, 3), level, np.uint8))


@pytest.fixture
def view(qtbot: Any, qapp: Any) -> Iterator[PictureView]:
    apply_theme(qapp, "light")
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(SIDE, SIDE)
    with qtbot.waitExposed(made, timeout=PATIENCE_MS):
        made.show()
    yield made


def level(view: PictureView, at: QPoint = MIDDLE) -> int:
    return view.grab().toImage().pixelColor(at).red()


def closer(view: PictureView, times: int = 4) -> None:
    """Zoom in, 1.25 at a time: four times make 2.44."""
    for _ in range(times):
        QTest.keyClick(view, Qt.Key.Key_Plus)


def rest(view: PictureView, qtbot: Any) -> None:
    """Wait until the hand has rested."""
    qtbot.waitUntil(lambda: not view._pause.isActive(), timeout=PATIENCE_MS)


@pytest.fixture
def source(view: PictureView) -> Source:
    """A picture of 400 x 400 on the screen whose source has 2000 x 2000."""
    view.show_picture(flat(400, BASE), "Page 1")
    made = Source()
    view.set_source(made, 2000)
    return made


def test_what_is_seen_is_asked_for_once_when_the_hand_rests_and_painted(
    view: PictureView, source: Source, qtbot: Any
) -> None:
    rest(view, qtbot)
    assert source.asked == [], "whole, the picture is as sharp as the screen"
    closer(view)
    qtbot.waitUntil(lambda: bool(source.asked), timeout=PATIENCE_MS)
    ((region, longest_px, _),) = source.asked
    # 2.4414 times closer the picture is 976.6 px wide; of it 432 are seen, and a quarter more on each side.
    assert region.width == pytest.approx(432 * 1.5 / 976.56, abs=0.002)
    assert region.left == pytest.approx((1 - region.width) / 2, abs=0.002)
    assert longest_px == 648
    assert level(view) == BASE
    source.answer(0)
    qtbot.waitUntil(lambda: level(view) == TILE, timeout=PATIENCE_MS)
    QTest.keyClick(view, Qt.Key.Key_0)
    assert level(view) == BASE, "whole again, the tile is not needed"


def test_a_small_move_needs_no_other_tile_and_a_large_one_does(
    view: PictureView, source: Source, qtbot: Any
) -> None:
    closer(view)
    qtbot.waitUntil(lambda: bool(source.asked), timeout=PATIENCE_MS)
    source.answer(0)
    qtbot.waitUntil(lambda: level(view) == TILE, timeout=PATIENCE_MS)
    QTest.keyClick(view, Qt.Key.Key_Right)
    rest(view, qtbot)
    assert len(source.asked) == 1
    for _ in range(4):
        QTest.keyClick(view, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(source.asked) == 2, timeout=PATIENCE_MS)
    assert source.asked[1][0].left + source.asked[1][0].width == pytest.approx(1.0)


def test_no_more_is_asked_for_than_the_source_holds(view: PictureView, source: Source, qtbot: Any) -> None:
    closer(view, 30)
    qtbot.waitUntil(lambda: bool(source.asked), timeout=PATIENCE_MS)
    region, longest_px, _ = source.asked[0]
    assert longest_px == pytest.approx(region.width * 2000, abs=1)


def test_a_picture_that_is_all_there_is_asks_for_nothing(view: PictureView, qtbot: Any) -> None:
    view.show_picture(flat(400, BASE))
    source = Source()
    view.set_source(source, 400)
    closer(view, 8)
    rest(view, qtbot)
    assert source.asked == []


def test_only_one_tile_is_under_way_and_the_newest_wish_follows_it(
    view: PictureView, source: Source, qtbot: Any
) -> None:
    closer(view)
    qtbot.waitUntil(lambda: bool(source.asked), timeout=PATIENCE_MS)
    for _ in range(2):
        closer(view, 2)
        rest(view, qtbot)
    assert len(source.asked) == 1
    source.answer(0, OTHER)
    qtbot.waitUntil(lambda: len(source.asked) == 2, timeout=PATIENCE_MS)
    assert source.asked[1][0].width < source.asked[0][0].width / 2
    source.answer(1)
    qtbot.waitUntil(lambda: level(view) == TILE, timeout=PATIENCE_MS)
    assert len(source.asked) == 2


def test_a_tile_of_the_former_page_is_never_shown(view: PictureView, source: Source, qtbot: Any) -> None:
    closer(view)
    qtbot.waitUntil(lambda: bool(source.asked), timeout=PATIENCE_MS)
    view.show_picture(flat(400, OTHER), "Page 2")
    other = Source()
    view.set_source(other, 2000)
    closer(view)
    qtbot.waitUntil(lambda: bool(other.asked), timeout=PATIENCE_MS)
    source.answer(0)
    other.answer(0, TILE + 1)
    qtbot.waitUntil(lambda: level(view) == TILE + 1, timeout=PATIENCE_MS)
    view.show_picture(flat(400, OTHER), "Page 3")
    closer(view)
    assert level(view) == OTHER, "a tile that was shown goes with its page"
    view.show_picture(None)
    assert level(view) not in (BASE, OTHER, TILE, TILE + 1)


@pytest.mark.parametrize("end", [lambda f: f.set_exception(StorageDamaged(what="picture")), Future.cancel])
def test_a_part_that_cannot_be_had_leaves_the_picture(
    view: PictureView, source: Source, qtbot: Any, end: Callable[["Future[Pixels]"], object]
) -> None:
    closer(view)
    qtbot.waitUntil(lambda: bool(source.asked), timeout=PATIENCE_MS)
    end(source.asked[0][2])
    closer(view, 1)
    qtbot.waitUntil(lambda: len(source.asked) == 2, timeout=PATIENCE_MS)
    assert level(view) == BASE
    source.answer(1)
    qtbot.waitUntil(lambda: level(view) == TILE, timeout=PATIENCE_MS)


def test_a_double_click_goes_to_the_pictures_own_size_and_back(view: PictureView, source: Source) -> None:
    left = Qt.MouseButton.LeftButton
    QTest.mouseDClick(view, left, Qt.KeyboardModifier.NoModifier, MIDDLE)
    assert view.zoom == pytest.approx(5.0), "2000 of the source over 400 on the screen"
    QTest.mouseDClick(view, left, Qt.KeyboardModifier.NoModifier, MIDDLE)
    assert view.zoom == 1.0


def test_fine_lines_become_grey_and_do_not_drop_out_in_the_whole_picture(view: PictureView) -> None:
    lines = np.full((1600, 1600, 3), 255, np.uint8)
    lines[::4] = 0  # a quarter black: 191 on average
    view.show_picture(lines)
    seen = view.grab().toImage()
    rows = [seen.pixelColor(MIDDLE.x(), row).red() for row in range(100, 300)]
    assert min(rows) > 150 and max(rows) < 230


# -- the sheet -------------------------------------------------------------------------------------------------


class Archive:
    """Answers for pictures and parts of them when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int, Region | None, Future[Pixels]]] = []

    def picture(self, attachment_id: str, longest_px: int, region: Region | None = None) -> "Future[Pixels]":
        answer: Future[Pixels] = Future()
        self.asked.append((attachment_id, longest_px, region, answer))
        return answer


def page(attachment_id: str, adjustment: Adjustment = Adjustment()) -> PageView:  # noqa: B008
    ref = PictureRef("0" * 64, "image/png", 1, 3600, 3600)
    made = Attachment(attachment_id, AttachmentKind.DOCUMENT, ref, ORIGIN, adjustment=adjustment)
    return PageView(made, flat(120, BASE))


@pytest.fixture
def sheet(qtbot: Any, qapp: Any) -> Iterator[Sheet]:
    apply_theme(qapp, "light")
    made = Sheet(Archive())  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(SIDE, SIDE)
    with qtbot.waitExposed(made, timeout=PATIENCE_MS):
        made.show()
    yield made


def bring(sheet: Sheet, qtbot: Any, number: int, level: int) -> None:
    sheet._station.asked[number][3].set_result(flat(LONGEST_PX, level))  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: not sheet.loading, timeout=PATIENCE_MS)


def test_a_sheet_asks_the_station_for_the_part_that_is_looked_at(sheet: Sheet, qtbot: Any) -> None:
    archive: Archive = sheet._station  # type: ignore[assignment]
    sheet.show_page(page("p1"))
    closer(sheet, 4)
    zoom = sheet.zoom
    bring(sheet, qtbot, 0, OTHER)
    assert sheet.zoom == zoom, "the whole picture changes nothing of what is looked at"
    assert level(sheet) == OTHER
    closer(sheet, 8)
    qtbot.waitUntil(lambda: len(archive.asked) == 2, timeout=PATIENCE_MS)
    attachment_id, longest_px, region, answer = archive.asked[1]
    assert attachment_id == "p1" and region is not None
    assert longest_px == pytest.approx(region.width * 3600, abs=1)
    answer.set_result(flat(longest_px, TILE))
    qtbot.waitUntil(lambda: level(sheet) == TILE, timeout=PATIENCE_MS)


def test_a_page_that_was_turned_is_brought_anew_and_its_former_picture_dropped(
    sheet: Sheet, qtbot: Any
) -> None:
    archive: Archive = sheet._station  # type: ignore[assignment]
    sheet.show_page(page("p1"))
    sheet.show_page(page("p1"))
    assert len(archive.asked) == 1, "the same page stays as it is"
    sheet.show_page(page("p1", Adjustment(turn=90)))
    assert len(archive.asked) == 2
    archive.asked[0][3].set_result(flat(LONGEST_PX, TILE))
    bring(sheet, qtbot, 1, OTHER)
    assert level(sheet) == OTHER
