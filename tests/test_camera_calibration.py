"""A board seen by a lens that is known: drawn, found, and the lens recovered from it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from station.calibration.camera.board import Board, boxes, draw_board
from station.calibration.camera.intrinsics import calibrate
from station.calibration.camera.pose import Camera, tilts_of
from station.calibration.camera.views import (
    Missing,
    Unusable,
    View,
    corners_per_cell,
    distinct,
    find_view,
    missing,
)
from station.imaging.cv import cv
from station.model.image import Pixels
from station.model.quality import Status
from tests.boards import BOARD, LENS, MORE, STANDS, Stand, photographed, reasons, rotation, seen, value


@pytest.fixture(scope="module")
def photographs() -> list[View]:
    found = [find_view(photographed(stand), BOARD) for stand in STANDS]
    return [view for view in found if isinstance(view, View)]


# -- the board ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dpi", [72.0, 150.0])
def test_the_board_is_drawn_where_its_millimetres_say(dpi: float) -> None:
    drawn = draw_board(BOARD, dpi)
    assert drawn.shape == (round(204 * dpi / 25.4), round(294 * dpi / 25.4))  # 54 and 12 * 30 mm, 12 mm beside
    view = find_view(drawn, BOARD)
    assert isinstance(view, View)
    assert len(view.ids) == 8 * 5
    expected = (BOARD.corners[view.ids, :2] + 12) * dpi / 25.4 - 0.5
    assert np.abs(view.corners - expected).max() < 0.1


def test_the_boards_ink_is_the_same_in_boxes_and_in_pixels() -> None:
    # 25.4 dots per inch times twenty: a pixel of 0.05 mm, and every box ends on whole ones (1.5 mm / 0.05).
    small = Board(5, 4, 2.0)
    drawn = draw_board(small, 508)
    ink = np.zeros(drawn.shape, bool)
    for box in boxes(small):
        left, top, right, bottom = (round(at / 0.05) for at in (box.left, box.top, box.right, box.bottom))
        assert not ink[top:bottom, left:right].any()
        ink[top:bottom, left:right] = True
    assert np.array_equal(drawn == 0, ink)
    assert set(np.unique(drawn)) == {0, 255}


def test_a_pixel_half_covered_has_half_the_light() -> None:
    # 20 dots in 20.5 mm: the first black square begins at 0.4 * 20.5 = 8.2 mm, 8 pixels on a pixel of 1.025 mm.
    drawn = draw_board(Board(3, 3, 20.5), 25.4)
    # It covers 0.8 of pixel 8 in its own rows: 0.2 of the light is (1.055 * 0.2 ** (1 / 2.4) - 0.055) * 255.
    assert drawn[20, 7:10].tolist() == [255, 124, 0]


@pytest.mark.parametrize("size", [(2, 6, 30.0), (11, 10, 30.0), (9, 6, 0.0)])
def test_a_board_that_cannot_be_is_refused(size: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="board"):
        Board(*size)


# -- views ----------------------------------------------------------------------------------------------------


def test_corners_are_found_to_a_tenth_of_a_pixel(photographs: list[View]) -> None:
    assert len(photographs) == len(STANDS)
    for stand, view in zip(STANDS, photographs, strict=True):
        truth = seen(stand)
        both, here, there = np.intersect1d(view.ids, truth.ids, return_indices=True)
        assert len(both) == len(view.ids)
        off = view.corners[here] - truth.corners[there]
        assert np.sqrt((off**2).sum(axis=1).mean()) < 0.1


def test_a_lean_is_told_roughly_before_the_lens_is_known(photographs: list[View]) -> None:
    for stand, view in zip(STANDS, photographs, strict=True):
        assert np.abs(np.subtract(view.tilts, tilts_of(rotation(*stand[3:])))).max() < 8


UNUSABLE: dict[str, Callable[[Pixels], Pixels]] = {
    "no_board": lambda frame: np.full_like(frame, 128),
    "few_corners": lambda frame: np.where(np.arange(frame.shape[1]) < 220, frame, 128).astype(np.uint8),
    "blurred": lambda frame: np.asarray(cv().GaussianBlur(frame, (0, 0), 2.1)),
}


@pytest.mark.parametrize("reason", UNUSABLE)
def test_a_frame_without_a_usable_board_says_why(reason: str) -> None:
    frame = photographed((0.5, 0.5, 320.0, 5.0, 5.0))
    assert isinstance(find_view(frame, BOARD), View)
    assert find_view(UNUSABLE[reason](frame), BOARD) == Unusable(reason)


def test_a_hand_that_moves_blurs_one_direction_and_is_noticed() -> None:
    frame = photographed((0.5, 0.5, 300.0, 5.0, 5.0))
    assert find_view(np.asarray(cv().blur(frame, (8, 1))), BOARD) == Unusable("blurred")


def test_nothing_seen_yet_lacks_everything() -> None:
    everywhere = tuple((row, column) for row in range(4) for column in range(4))
    assert missing([]) == Missing(everywhere, (5, 5), 20)


def test_twenty_careful_views_lack_nothing(photographs: list[View]) -> None:
    assert not missing(photographs)
    assert corners_per_cell(photographs).sum() == sum(len(view.ids) for view in photographs)


def test_a_corner_of_the_field_needs_half_of_what_the_others_need() -> None:
    def view(count: int, x: float, y: float) -> View:
        return View((640, 480), np.arange(count, dtype=np.int32), np.full((count, 2), (x, y)))

    # The cells are 160 x 120 px: (1, 1) of pixels lies in cell (0, 0), (161, 1) in row 0, column 1.
    lacking = missing([view(5, 1, 1), view(9, 161, 1), view(10, 321, 1), view(4, 639, 479)])
    assert {(0, 0), (0, 2)}.isdisjoint(lacking.cells)
    assert {(0, 1), (3, 3)} <= set(lacking.cells)


def test_one_frame_twenty_times_is_one_view() -> None:
    views = [seen((0.5, 0.5, 330.0, 20.0, 20.0), noise_px=0.2, seed=seed) for seed in range(20)]
    assert distinct(views) == (0,)
    assert missing(views).views == 19
    assert missing(views).tilts == (4, 4)
    found = calibrate(views, BOARD)
    assert (found.status, found.missing.views) == (Status.FAIL, 19)
    assert found.dropped == tuple(range(1, 20))


@pytest.mark.parametrize("shape", [(1, 1), (3, 5, 3), (480, 640, 3)])
def test_any_frame_may_come(shape: tuple[int, ...]) -> None:
    frame = np.random.default_rng(7).integers(0, 256, shape).astype(np.uint8)
    frame.setflags(write=False)
    assert find_view(frame, BOARD) == Unusable("no_board")


def test_a_frame_in_colour_gives_the_view_of_the_grey_one() -> None:
    grey = photographed(STANDS[4])
    colour = np.repeat(grey[..., None], 3, axis=2)
    colour.setflags(write=False)
    first, second = find_view(grey, BOARD), find_view(colour, BOARD)
    assert isinstance(first, View)
    assert isinstance(second, View)
    assert np.array_equal(first.corners, second.corners)


# -- intrinsics -----------------------------------------------------------------------------------------------


def test_a_known_lens_is_recovered_from_drawn_frames(photographs: list[View]) -> None:
    found = calibrate(photographs, BOARD)
    assert (found.status, found.reasons, found.missing) == (Status.PASS, (), Missing())
    camera = found.camera
    assert camera is not None
    assert (camera.fx, camera.fy) == pytest.approx((LENS.fx, LENS.fy), rel=0.001)
    assert (camera.cx, camera.cy) == pytest.approx((LENS.cx, LENS.cy), abs=0.7)
    assert camera.distortion[0] == pytest.approx(LENS.distortion[0], abs=0.002)
    assert value(found.figures, "reprojection_rms") < 0.08
    assert value(found.figures, "corner_displacement") == pytest.approx(LENS.corner_displacement, abs=1.0)


def taken(stands: Sequence[Stand] = STANDS, camera: Camera = LENS, *, noise_px: float = 0.1) -> list[View]:
    return [seen(stand, camera, noise_px=noise_px, seed=number) for number, stand in enumerate(stands)]


def test_figures_say_what_noise_was_put_in() -> None:
    found = calibrate(taken(), BOARD)
    assert found.status is Status.PASS
    # 0.1 px in x and in y is 0.1414 as a distance; 128 parameters (8 and 6 a view) take their part of it.
    values = 2 * sum(len(view.ids) for view in taken())
    expected = 0.1414 * np.sqrt(1 - 128 / values)
    assert value(found.figures, "reprojection_rms") == pytest.approx(expected, rel=0.05)
    # (326 - 319.5) / 640 = 1.02 %, (235 - 239.5) / 480 = 0.94 %.
    assert value(found.figures, "principal_point_off") == pytest.approx(1.02, abs=0.3)
    assert [figure.unit for figure in found.figures] == ["px", "px", "%", "%", "%", "px"]


def test_the_displacement_in_the_corners_is_that_of_the_formula() -> None:
    lens = Camera(641, 481, 600.0, 600.0, 320.0, 240.0, (-0.1, 0.0, 0.0, 0.0))
    # r = hypot(320, 240) / 600 = 2 / 3; f * |k1| * r ** 3 = 600 * 0.1 * 8 / 27.
    assert lens.corner_displacement == pytest.approx(160 / 9)


def test_views_of_one_side_are_refused_and_the_empty_cells_named() -> None:
    left = [(0.2 + 0.03 * (n % 5), 0.4 + 0.01 * n, 540.0, *stand[3:]) for n, stand in enumerate(STANDS)]
    found = calibrate(taken(left), BOARD)
    assert (found.status, found.reasons) == (Status.FAIL, ("poor_coverage",))
    assert {(row, 3) for row in range(4)} <= set(found.missing.cells)
    assert not {(1, 0), (2, 1)} & set(found.missing.cells)
    assert found.camera is None
    assert reasons(found.figures) == {"poor_coverage"}


def test_too_few_views_are_refused_and_their_number_named() -> None:
    found = calibrate(taken(STANDS[:17]), BOARD)
    assert found.reasons == ("few_views",)
    assert found.missing.views == 3
    assert calibrate([], BOARD).reasons == ("few_views", "poor_coverage")


def test_views_that_do_not_lean_never_pass() -> None:
    upright = [(*stand[:3], 0.0, 0.0) for stand in MORE]
    found = calibrate(taken(upright), BOARD)
    assert found.status is Status.FAIL
    assert {"poor_tilts", "no_solution"} & set(found.reasons)


def test_views_that_lean_about_one_axis_say_which_one_is_missing() -> None:
    aside = [(*stand[:3], 0.0, 25.0 * (-1) ** number) for number, stand in enumerate(MORE)]
    found = calibrate(taken(aside), BOARD)
    assert "poor_tilts" in found.reasons
    assert found.missing.tilts == (5, 0)


def test_a_view_gone_wrong_is_left_out_once() -> None:
    views = [*taken(), seen(MORE[24], noise_px=2.0)]
    found = calibrate(views, BOARD)
    assert found.dropped == (20,)
    assert found.status is Status.PASS
    assert len(found.view_rms) == 20


def test_what_is_left_after_a_wrong_view_must_still_be_enough() -> None:
    views = taken()
    views[3] = seen(STANDS[3], noise_px=3.0)
    found = calibrate(views, BOARD)
    assert (found.reasons, found.dropped, found.missing.views) == (("few_views",), (3,), 1)


def test_coarse_corners_warn_and_worse_ones_fail() -> None:
    assert calibrate(taken(MORE, noise_px=0.26), BOARD).reasons == ("elevated_rms",)
    assert calibrate(taken(MORE, noise_px=0.26), BOARD).status is Status.WARN
    assert "high_rms" in calibrate(taken(MORE, noise_px=0.5), BOARD).reasons


def test_a_zoom_moved_between_the_views_is_noticed() -> None:
    moved = replace(LENS, fx=LENS.fx * 1.03, fy=LENS.fy * 1.03)
    views = [seen(stand, (LENS, moved)[number % 2]) for number, stand in enumerate(MORE)]
    found = calibrate(views, BOARD)
    assert found.status is Status.FAIL
    assert "halves_differ" in found.reasons


def test_a_principal_point_far_from_the_centre_is_refused() -> None:
    found = calibrate(taken(camera=replace(LENS, cx=360.0)), BOARD)
    assert found.reasons == ("principal_point_off",)  # (360 - 319.5) / 640 = 6.3 %


def test_frames_of_two_sizes_are_not_one_camera() -> None:
    views = taken()
    views[0] = replace(views[0], size=(1280, 960))
    assert "mixed_sizes" in calibrate(views, BOARD).reasons


def test_same_views_same_intrinsics() -> None:
    first = calibrate(taken(), BOARD)
    assert calibrate(taken(), BOARD) == first
